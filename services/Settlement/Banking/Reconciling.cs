using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Banking;

/// <summary>A deposit or a payment as the ledger has it.</summary>
public sealed record LedgerEntry(Guid TransactionId, bool IsDeposit, Money AmountMinor, DateTimeOffset At);

/// <summary>An entry on which bank and ledger do not agree.</summary>
/// <param name="Code">not-in-ledger, not-at-bank, amount-differs or twice-at-bank.</param>
/// <param name="TransactionId">The deposit or withdrawal that it is, or would be, in the ledger.</param>
/// <param name="BankMinor">Null: the bank does not have it.</param>
/// <param name="LedgerMinor">Null: the ledger does not have it.</param>
public sealed record BankDifference(
    string Code, Guid TransactionId, bool IsDeposit, string? Reference, string? AccountNumber, Money? BankMinor, Money? LedgerMinor);

/// <summary>What came in and was paid on a day, by the bank and by the ledger (对账).</summary>
/// <param name="Matched">Entries on which both agree.</param>
/// <param name="Differences">The first 500.</param>
public sealed record BankReconciliation(
    DateOnly Day, int Matched, Money BankInMinor, Money BankOutMinor, Money LedgerInMinor, Money LedgerOutMinor, int DifferenceCount,
    ImmutableArray<BankDifference> Differences)
{
    public bool Agrees => DifferenceCount == 0;
}

/// <summary>Holds the bank's statement of a day against the ledger, entry by entry.</summary>
public static class Reconciling
{
    private const int MostShown = 500;

    /// <param name="ofDay">What the ledger has of the day.</param>
    /// <param name="ofOtherDays">What it has of the bank's entries on other days: booked late, or by hand.</param>
    public static BankReconciliation Of(
        string market, DateOnly day, IReadOnlyList<BankEntry> bank, IReadOnlyList<LedgerEntry> ofDay, IReadOnlyList<LedgerEntry> ofOtherDays)
    {
        var ledger = ofDay.Concat(ofOtherDays).ToDictionary(entry => (entry.TransactionId, entry.IsDeposit));
        var (seen, differences) = (new HashSet<(Guid, bool)>(), new List<BankDifference>());
        foreach (var entry in bank)
        {
            var (id, isDeposit) = (entry.TransactionIdIn(market), entry.Kind == BankNoticeKind.Credit);
            var booked = ledger.GetValueOrDefault((id, isDeposit));
            var code = !seen.Add((id, isDeposit)) ? "twice-at-bank" : booked is null ? "not-in-ledger" : booked.AmountMinor != entry.AmountMinor ? "amount-differs" : null;
            if (code is not null)
                differences.Add(new BankDifference(code, id, isDeposit, entry.Reference, entry.AccountNumber, entry.AmountMinor, booked?.AmountMinor));
        }
        var matched = bank.Count - differences.Count;
        differences.AddRange(ofDay.Where(entry => !seen.Contains((entry.TransactionId, entry.IsDeposit)))
            .Select(entry => new BankDifference("not-at-bank", entry.TransactionId, entry.IsDeposit, null, null, null, entry.AmountMinor)));
        return new BankReconciliation(
            day, matched, Sum(bank.Where(entry => entry.Kind == BankNoticeKind.Credit).Select(entry => entry.AmountMinor)),
            Sum(bank.Where(entry => entry.Kind != BankNoticeKind.Credit).Select(entry => entry.AmountMinor)),
            Sum(ofDay.Where(entry => entry.IsDeposit).Select(entry => entry.AmountMinor)),
            Sum(ofDay.Where(entry => !entry.IsDeposit).Select(entry => entry.AmountMinor)), differences.Count, [.. differences.Take(MostShown)]);
    }

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, amount) => sum + amount);
}
