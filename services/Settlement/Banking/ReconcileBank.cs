using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.Banking;

/// <summary>Holds the settlement bank's statement of a day against the ledger, and raises the alarm where they differ.</summary>
public sealed class ReconcileBank(
    Ledgers ledgers, LedgerEntries entries, Asking asking, Reconciliations reconciliations, BankAlarm alarm, ILogger<ReconcileBank> logger)
{
    /// <summary>As both are now; of what is found nothing follows. Throws <see cref="HttpRequestException"/> while the bank is away, <see cref="TaskCanceledException"/> while it says nothing.</summary>
    /// <returns>Null: the postings are too far behind.</returns>
    public async Task<BankReconciliation?> Find(string market, ISettlementBank bank, DateOnly day, CancellationToken cancellationToken)
    {
        if (await asking.Through(market, null, null, cancellationToken) is null)
            return null;
        var statement = await bank.StatementOf(day, cancellationToken);
        var rules = ledgers[market].Packs[0];
        var ofDay = await entries.Between(market, rules.StartOfDay(day), rules.EndOfDay(day), cancellationToken);
        var missing = statement.Select(entry => entry.TransactionIdIn(market)).Except(ofDay.Select(entry => entry.TransactionId)).ToList();
        var ofOtherDays = missing.Count == 0 ? [] : await entries.Of(market, missing, cancellationToken);
        var unseen = ofDay.Select(entry => entry.Key).Except(statement.Select(entry => entry.KeyIn(market))).ToHashSet();
        return Reconciling.Of(market, day, statement, ofDay, ofOtherDays, await AtBankOnOtherDays(market, bank, day, unseen, cancellationToken));
    }

    /// <summary>
    /// Of the ledger's entries of a day, those that the bank has on another: that day's reconciliation has found them, or they are on
    /// the statement of the day that follows, because the bank's clock is ahead.
    /// </summary>
    private async Task<HashSet<EntryKey>> AtBankOnOtherDays(
        string market, ISettlementBank bank, DateOnly day, HashSet<EntryKey> unseen, CancellationToken cancellationToken)
    {
        if (unseen.Count == 0)
            return [];
        var found = await reconciliations.FoundOnOtherDays(market, unseen.Select(entry => entry.TransactionId), cancellationToken);
        if (!unseen.IsSubsetOf(found))
            found.UnionWith((await bank.StatementOf(day.AddDays(1), cancellationToken)).Select(entry => entry.KeyIn(market)));
        return found;
    }

    /// <summary>The same, kept for good; the alarm is raised or ends with it.</summary>
    /// <param name="at">Legal time.</param>
    public async Task<RecordedReconciliation?> Record(string market, ISettlementBank bank, DateOnly day, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await Find(market, bank, day, cancellationToken) is not { } found)
            return null;
        if (!found.Agrees)
            await Raise(market, found, at, cancellationToken);
        // Kept last: should this end before, the day is not reconciled and is looked at again.
        var recorded = new RecordedReconciliation(at, found);
        await reconciliations.Keep(market, recorded, cancellationToken);
        alarm.Tell(market, day, found.DifferenceCount);
        return recorded;
    }

    /// <summary>What is found again night after night is one event: its id is what was found.</summary>
    private async Task Raise(string market, BankReconciliation found, DateTimeOffset at, CancellationToken cancellationToken)
    {
        logger.LogCritical("The bank's statement of {Day:O} differs from the ledger of {Market}: {Count} differences, first {First}",
            found.Day, market, found.DifferenceCount, found.Differences[0]);
        var command = new ReportBankDifferences(found.Day, found.DifferenceCount, [.. found.Differences.Take(BankAlarm.MostDifferencesTold)], at);
        var id = DeterministicGuid.From($"{Ledgers.Service}:{market}:bank-differs:{found.Day:O}:{found.DifferenceCount}:{JsonSerializer.Serialize(command.Differences)}");
        var name = id.ToString("D", System.Globalization.CultureInfo.InvariantCulture);
        await ledgers[market].Record(id, command, new Provenance(name, name, Actor.Platform(Ledgers.Service)), cancellationToken);
    }
}
