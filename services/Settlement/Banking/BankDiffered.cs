using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Banking;

public sealed record ReportBankDifferences(DateOnly Day, int DifferenceCount, ImmutableArray<BankDifference> Differences, DateTimeOffset At) : LedgerCommand(At);

/// <summary>The settlement bank's statement of a day did not agree with the ledger (对账不符): an alarm.</summary>
/// <param name="Day">The legal day of the statement.</param>
/// <param name="DifferenceCount">All differences.</param>
/// <param name="Differences">The first hundred, with what either side has.</param>
public sealed record BankDiffered(DateOnly Day, int DifferenceCount, ImmutableArray<BankDifference> Differences, DateTimeOffset At) : LedgerEvent(At);

/// <summary>That they differ is written down and moves nothing: what was wrong is booked, or put right at the bank.</summary>
public static class ReportingBankDifferences
{
    public static Decision<LedgerEvent> Decide(ReportBankDifferences c) => Accept(new BankDiffered(c.Day, c.DifferenceCount, c.Differences, c.At));
}
