using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Contracts.Verification.V1;
using MassTransit;

namespace CarbonMarket.Verification.Http;

/// <summary>Allocation, Settlement and Audit as far as Verification meets them: on the bus.</summary>
internal sealed class OtherServices : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Heard> _heard = [];
    private readonly IBusControl _bus;

    private OtherServices(string rabbitMq) => _bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.Host(new Uri(rabbitMq));
        rabbit.ReceiveEndpoint("others-played-by-the-test", queue =>
        {
            queue.ConcurrentMessageLimit = 1;
            queue.Handler<EmissionsAccepted>(context => Hear(context.MessageId, context.Message));
            queue.Handler<EmissionsAmended>(context => Hear(context.MessageId, context.Message));
            queue.Handler<EventsRecorded>(context => Hear(context.MessageId, context.Message));
        });
    });

    public static async Task<OtherServices> Start(string rabbitMq)
    {
        var others = new OtherServices(rabbitMq);
        await others._bus.StartAsync();
        return others;
    }

    /// <summary>What Settlement was told of a report, in order.</summary>
    public IReadOnlyList<(Guid? MessageId, EmissionsAccepted Message)> AcceptedOf(Guid report)
    {
        lock (_gate)
            return [.. from heard in _heard
                       where heard.Message is EmissionsAccepted accepted && accepted.ReportId == report
                       select (heard.MessageId, (EmissionsAccepted)heard.Message)];
    }

    /// <summary>By how much accepted figures of a report have changed, in order; each once.</summary>
    public IReadOnlyList<EmissionsAmended> AmendedOf(Guid report)
    {
        lock (_gate)
            return [.. _heard.Select(heard => heard.Message).OfType<EmissionsAmended>().Where(amended => amended.ReportId == report).Distinct()];
    }

    /// <summary>What the audit log was told of a report, each event once.</summary>
    public IReadOnlyList<EventsRecorded.Entry> RecordedOf(Guid report)
    {
        lock (_gate)
            return [.. _heard.Select(heard => heard.Message).OfType<EventsRecorded>().SelectMany(envelope => envelope.Entries)
                .Where(entry => entry.StreamId == report).DistinctBy(entry => entry.EventId)];
    }

    public Task Say(EntityCovered covered) => _bus.Publish(covered);

    public async ValueTask DisposeAsync() => await _bus.StopAsync(CancellationToken.None);

    private Task Hear(Guid? messageId, object message)
    {
        lock (_gate)
            _heard.Add(new Heard(messageId, message));
        return Task.CompletedTask;
    }

    private sealed record Heard(Guid? MessageId, object Message);
}
