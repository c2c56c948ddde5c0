using CarbonMarket.Contracts.Audit.V1;
using MassTransit;

namespace CarbonMarket.Audit.Log;

/// <summary>
/// A service committed events; the log takes them over. An envelope the log cannot take (an event that contradicts one it
/// holds, a body that is not JSON) goes to the error queue with its reason, and the summary shows that the log is not complete.
/// </summary>
public sealed class WhenEventsRecorded(AuditLog log) : IConsumer<EventsRecorded>
{
    public Task Consume(ConsumeContext<EventsRecorded> context) => log.Append(context.Message, context.CancellationToken);
}
