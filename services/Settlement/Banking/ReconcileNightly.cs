using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Banking;

/// <summary>
/// Holds the bank's statement of every legal day against the ledger, soon after the day is over, from the first day on which
/// cash moved; a day that time jumped over has its turn with the rest. A day that differs is looked at again every night,
/// until both agree on it.
/// </summary>
public sealed class ReconcileNightly(
    EachBank banks, Ledgers ledgers, LedgerEntries entries, ReconcileBank reconcile, Reconciliations reconciliations, BankAlarm alarm, MarketClock clock) : ILeaderDuty
{
    private const int MostDiffering = 1000;
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public string Name => "bank reconciliation";

    public bool IsReady => true;

    public Task Run(CancellationToken untilLost) => banks.Repeat("reconciliations", Glance, (ledger, bank) =>
    {
        var reconciled = default(DateOnly?);
        return async cancellationToken =>
        {
            if (ledger.Packs[0].LegalDay(clock.GetUtcNow()).AddDays(-1) is var yesterday && reconciled != yesterday)
                reconciled = await Reconcile(ledger.Engine.Partition, bank, yesterday, cancellationToken) ? yesterday : null;
        };
    }, untilLost);

    /// <returns>False: the postings are behind, and it goes on where it has stopped.</returns>
    private async Task<bool> Reconcile(string market, ISettlementBank bank, DateOnly yesterday, CancellationToken cancellationToken)
    {
        var differing = await reconciliations.Before(market, DateOnly.MaxValue, differing: true, MostDiffering, cancellationToken);
        // Also a process that leads for the first time, or again, knows now what the one before it knew, and no more than that.
        alarm.Tell(market, [.. differing.Select(each => (each.Found.Day, each.Found.DifferenceCount))]);
        // The oldest first: what the ledger has later than the bank is found there, and then no longer missed on its own day.
        foreach (var each in differing.Reverse())
        {
            if (await reconcile.Record(market, bank, each.Found.Day, clock.GetUtcNow(), cancellationToken) is null)
                return false;
        }
        foreach (var day in await Missing(market, yesterday, cancellationToken))
        {
            if (await reconcile.Record(market, bank, day, clock.GetUtcNow(), cancellationToken) is null)
                return false;
        }
        return true;
    }

    private async Task<List<DateOnly>> Missing(string market, DateOnly yesterday, CancellationToken cancellationToken)
    {
        var first = await entries.First(market, cancellationToken) is { } moved && ledgers[market].Packs[0].LegalDay(moved) is var day && day < yesterday ? day : yesterday;
        var known = await reconciliations.Days(market, first, cancellationToken);
        return [.. Enumerable.Range(0, yesterday.DayNumber - first.DayNumber + 1).Select(first.AddDays).Where(each => !known.Contains(each))];
    }
}
