using CarbonMarket.Contracts.Verification.V1;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.Verification.Reports;
using JasperFx.Events;
using Marten;
using MassTransit;

namespace CarbonMarket.Verification;

/// <summary>What Verification promises the other services: the figures that count, and how a later one differs.</summary>
public sealed class Publishing(IBus bus, ILogger<Publishing> logger, IServiceProvider services) : IntegrationPublisher(bus, logger)
{
    protected override async Task<IReadOnlyList<Promise>> Translate(IReadOnlyList<IEvent> page, CancellationToken cancellationToken)
    {
        var promises = new List<Promise>();
        foreach (var recorded in page)
        {
            if (Accepted(recorded) is not { } accepted)
                continue;
            promises.Add(new Promise(accepted, recorded));
            if (accepted.ReportVersion > 1 && await Before(recorded, cancellationToken) is { } before)
                promises.Add(new Promise(Amended(before, accepted), recorded));
        }

        return promises;
    }

    private static EmissionsAccepted? Accepted(IEvent recorded) => recorded.Data switch
    {
        ReportEvent.ReportAccepted e => new EmissionsAccepted
        {
            Market = e.Market, ParticipantId = e.ParticipantId, ReportId = e.ReportId, ReportVersion = e.ReportVersion, Year = e.Year.Value,
            VerifiedTonnes = e.Verified.Value, AcceptedAt = e.At,
        },
        ReportEvent.ReportDetermined e => new EmissionsAccepted
        {
            Market = e.Market, ParticipantId = e.ParticipantId, ReportId = e.ReportId, ReportVersion = e.ReportVersion, Year = e.Year.Value,
            VerifiedTonnes = e.Verified.Value, AcceptedAt = e.At,
        },
        _ => null,
    };

    /// <summary>What counted until this event; null: nothing. Amendments are rare, so the report's history is read again.</summary>
    private async Task<EmissionsAccepted?> Before(IEvent recorded, CancellationToken cancellationToken)
    {
        // The store is made with its subscriptions, so it is there only once they run.
        await using var session = services.GetRequiredService<IDocumentStore>().QuerySession();
        var history = await session.Events.FetchStreamAsync(recorded.StreamId, recorded.Version - 1, token: cancellationToken);
        return history.Select(Accepted).LastOrDefault(accepted => accepted is not null);
    }

    private static EmissionsAmended Amended(EmissionsAccepted before, EmissionsAccepted now) => new()
    {
        Market = now.Market,
        ParticipantId = now.ParticipantId,
        ReportId = now.ReportId,
        ReportVersion = now.ReportVersion,
        PreviousReportVersion = before.ReportVersion,
        Year = now.Year,
        VerifiedTonnes = now.VerifiedTonnes,
        PreviousVerifiedTonnes = before.VerifiedTonnes,
        DeltaTonnes = now.VerifiedTonnes - before.VerifiedTonnes,
        AcceptedAt = now.AcceptedAt,
    };
}
