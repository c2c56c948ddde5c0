using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using Marten;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>Puts alerts into their cases, each once, however often it is raised.</summary>
public sealed class RecordAlerts(IDocumentStore store, SurveillanceInstruments instruments)
{
    /// <param name="alerts">Of one market, at least one; in one transaction.</param>
    public async Task Record(IReadOnlyList<Alert> alerts, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        session.Carry(new Provenance(Fact(alerts[0]), Fact(alerts[^1]), Actor.Platform("trading")));
        var decisions = await session.DecideEach<Alert, SurveillanceCase, CaseEvent>(
            alerts, alert => alert.CaseId, (state, alert) => SurveillanceCase.Decide(state, new CaseCommand.Raise(alert)), SurveillanceCase.After,
            cancellationToken);
        foreach (var (alert, decision) in alerts.Zip(decisions))
        {
            if (decision is Decision<CaseEvent>.Accepted { Events.IsEmpty: false })
                instruments.Raised(alert);
        }
    }

    /// <summary>The fact of the market's journal that completed the pattern.</summary>
    private static string Fact(Alert alert) => string.Create(CultureInfo.InvariantCulture, $"{alert.Market}:{alert.Proofs[^1].Version}");
}
