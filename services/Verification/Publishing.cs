using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.Verification.Reports;
using JasperFx.Events;
using MassTransit;

namespace CarbonMarket.Verification;

/// <summary>What Verification promises the other services: the figures that count.</summary>
public sealed class Publishing(IBus bus, ILogger<Publishing> logger) : IntegrationPublisher(bus, logger)
{
    protected override IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) =>
        from recorded in page
        where recorded.Data is ReportEvent.ReportAccepted
        let accepted = (ReportEvent.ReportAccepted)recorded.Data
        select new Promise(Message(accepted), recorded);

    private static EmissionsAccepted Message(ReportEvent.ReportAccepted e) => new()
    {
        Market = e.Market,
        ParticipantId = e.ParticipantId,
        ReportId = e.ReportId,
        ReportVersion = e.ReportVersion,
        Year = e.Year.Value,
        VerifiedTonnes = e.Verified.Value,
        AcceptedAt = e.At,
    };
}
