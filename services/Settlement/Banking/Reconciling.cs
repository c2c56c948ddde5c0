using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Banking;

/// <summary>A deposit or a payment as the ledger has it.</summary>
public sealed record LedgerEntry(Guid TransactionId, bool IsDeposit, Money AmountMinor, DateTimeOffset At)
{
    public EntryKey Key => new(TransactionId, IsDeposit);
}

/// <summary>The deposit or withdrawal that an entry is, on either side.</summary>
public readonly record struct EntryKey(Guid TransactionId, bool IsDeposit);

/// <summary>An entry on which bank and ledger do not agree.</summary>
/// <param name="Code">not-in-ledger, not-at-bank, amount-differs or twice-at-bank.</param>
/// <param name="TransactionId">The deposit or withdrawal that it is, or would be, in the ledger.</param>
/// <param name="IsDeposit">True: cash that came in. False: a payment of withdrawn cash.</param>
/// <param name="Reference">The bank's own name of its entry; null: the bank does not have it.</param>
/// <param name="AccountNumber">
/// Of cash that came in, the account number the payer has written; null: there is none, or the bank does not have the entry.
/// </param>
/// <param name="BankMinor">Null: the bank does not have it.</param>
/// <param name="LedgerMinor">Null: the ledger does not have it.</param>
public sealed record BankDifference(
    string Code, Guid TransactionId, bool IsDeposit, string? Reference, string? AccountNumber, Money? BankMinor, Money? LedgerMinor);

/// <summary>What came in and was paid on a day, by the bank and by the ledger (对账).</summary>
/// <param name="Day">The legal day of the bank's statement.</param>
/// <param name="Matched">Entries on which both agree.</param>
/// <param name="BankInMinor">Came in by the bank's statement, in minor units of the currency.</param>
/// <param name="BankOutMinor">Paid by the bank's statement, in minor units of the currency.</param>
/// <param name="LedgerInMinor">Deposits that the ledger has on the day, in minor units of the currency.</param>
/// <param name="LedgerOutMinor">Payments that the ledger has on the day, in minor units of the currency.</param>
/// <param name="DifferenceCount">All differences, also those beyond the first 500.</param>
/// <param name="Differences">The first 500.</param>
public sealed record BankReconciliation(
    DateOnly Day, int Matched, Money BankInMinor, Money BankOutMinor, Money LedgerInMinor, Money LedgerOutMinor, int DifferenceCount,
    ImmutableArray<BankDifference> Differences)
{
    /// <summary>There is no difference.</summary>
    public bool Agrees => DifferenceCount == 0;

    /// <summary>Of the bank's entries, those that the ledger has on another day; on that day they are not missing at the bank.</summary>
    [JsonIgnore]
    public ImmutableArray<EntryKey> OfOtherDays { get; init; } = [];
}

/// <summary>Holds the bank's statement of a day against the ledger, entry by entry.</summary>
public static class Reconciling
{
    private const int MostShown = 500;

    /// <param name="ofDay">What the ledger has of the day.</param>
    /// <param name="ofOtherDays">What it has of the bank's entries on other days: booked late, or by hand.</param>
    /// <param name="atBankOnOtherDays">What the bank has of the ledger's entries on other days.</param>
    public static BankReconciliation Of(
        string market, DateOnly day, IReadOnlyList<BankEntry> bank, IReadOnlyList<LedgerEntry> ofDay, IReadOnlyList<LedgerEntry> ofOtherDays,
        IReadOnlySet<EntryKey> atBankOnOtherDays)
    {
        var ledger = ofDay.Concat(ofOtherDays).ToDictionary(entry => entry.Key);
        var (seen, differences) = (new HashSet<EntryKey>(), new List<BankDifference>());
        foreach (var entry in bank)
        {
            var key = entry.KeyIn(market);
            var (id, isDeposit) = key;
            var booked = ledger.GetValueOrDefault(key);
            var code = !seen.Add(key) ? "twice-at-bank" : booked is null ? "not-in-ledger" : booked.AmountMinor != entry.AmountMinor ? "amount-differs" : null;
            if (code is not null)
                differences.Add(new BankDifference(code, id, isDeposit, entry.Reference, entry.AccountNumber, entry.AmountMinor, booked?.AmountMinor));
        }
        var matched = bank.Count - differences.Count;
        differences.AddRange(ofDay.Where(entry => !seen.Contains(entry.Key) && !atBankOnOtherDays.Contains(entry.Key))
            .Select(entry => new BankDifference("not-at-bank", entry.TransactionId, entry.IsDeposit, null, null, null, entry.AmountMinor)));
        return new BankReconciliation(
            day, matched, Sum(bank.Where(entry => entry.Kind == BankNoticeKind.Credit).Select(entry => entry.AmountMinor)),
            Sum(bank.Where(entry => entry.Kind != BankNoticeKind.Credit).Select(entry => entry.AmountMinor)),
            Sum(ofDay.Where(entry => entry.IsDeposit).Select(entry => entry.AmountMinor)),
            Sum(ofDay.Where(entry => !entry.IsDeposit).Select(entry => entry.AmountMinor)), differences.Count, [.. differences.Take(MostShown)])
        {
            OfOtherDays = [.. ofOtherDays.Select(entry => entry.Key).Where(seen.Contains)],
        };
    }

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, amount) => sum + amount);
}
