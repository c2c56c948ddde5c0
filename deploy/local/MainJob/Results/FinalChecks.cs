using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Play;

namespace CarbonMarket.MainJob.Results;

/// <summary>Asks every service what came of it all, once the last event has reached the audit log.</summary>
public sealed class FinalChecks(Scene scene, MarketJob job)
{
    private const int Phases = 3;

    private static readonly string[] Stores = ["identity", "allocation", "verification", "trading", "settlement"];

    public async Task<(JobResult Result, StatusComparison Statuses, AuditSummary Audit)> Run(
        IBoard board, Func<double> seconds, CancellationToken stopping)
    {
        var chapter = board.Chapter("Checks", Phases);
        chapter.Begin("mirror and ledger");
        var ledger = new Ledger(scene);
        await ledger.IsMirrored("Trading's mirror to equal the ledger", stopping);
        await ledger.IsBooked("Allocation to know what was issued", stopping);
        await ledger.IsReconciledWithTheBank("the bank's statements to be reconciled", stopping);
        var conservation = await Ask<Conservation>(Scene.Settlement("conservation"), stopping);
        var reconciliation = await Ask<Reconciliation>(Scene.Trading("reconciliation"), stopping);
        chapter.Begin("audit log");
        var (audit, inStores) = await Audited(stopping);
        chapter.Note($"{audit.Events:N0} events");
        chapter.Begin("statuses");
        var statuses = new StatusComparison(scene.Extract, scene.Cast, await scene.Market.List<ComplianceEntry>(
            scene.Cast.Regulator.Client, Scene.Settlement("compliance"), stopping));
        chapter.End();
        var units = conservation.Instruments.Where(each =>
            string.Equals(each.Instrument, Scene.Instrument, StringComparison.Ordinal)).ToList();
        return (new JobResult(
            scene.Extract.Operators.Length, statuses.Count, statuses.Matching,
            units.Sum(each => each.Issued), units.Sum(each => each.Held), units.Sum(each => each.Surrendered),
            scene.Extract.PublishedSurrendered, job.Trades.Count, job.Trades.Sum(trade => trade.Quantity),
            job.AuctionsHeld, conservation.Balanced, reconciliation.Matches, audit.Events, audit.Verified, inStores,
            Math.Round(seconds(), 1)), statuses, audit);
    }

    /// <summary>Waits until the log holds as many events as the stores do and no store grows any more, then has it proved.</summary>
    private async Task<(AuditSummary Audit, long InStores)> Audited(CancellationToken stopping)
    {
        long inStores = -1;
        try
        {
            await scene.Waiting.Until("the audit log to hold every event", async () =>
            {
                var before = inStores;
                inStores = await CountStores(stopping);
                var logged = (await Ask<EventsHead>("audit/events/head", stopping)).Events;
                return inStores == before && logged == inStores ? null : $"It holds {logged}, the stores {inStores}.";
            }, stopping);
        }
        catch (TimeoutException)
        {
            // The result says what the log holds; the difference is told with the others.
        }
        return (await Ask<AuditSummary>("audit/summary", stopping), inStores);
    }

    private async Task<long> CountStores(CancellationToken stopping)
    {
        long sum = 0;
        foreach (var service in Stores)
            sum += (await Ask<EventsHead>($"{service}/events/head", stopping)).Events;
        return sum;
    }

    private Task<T> Ask<T>(string path, CancellationToken stopping) =>
        scene.Market.Get<T>(scene.Cast.Auditor.Client, path, stopping);
}
