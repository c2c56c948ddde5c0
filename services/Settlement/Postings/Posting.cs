using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Postings;

/// <summary>One side of a movement (分录): what one account gave or got, and what it then had.</summary>
/// <param name="Version">Version of the market's journal with the fact that says so.</param>
/// <param name="LedgerVersion">That version as the ledger counts: its own facts only, refusals left out.</param>
/// <param name="Line">Numbers the postings of one fact, from 1.</param>
/// <param name="In">What the account got; zero when it gave.</param>
/// <param name="Out">What the account gave; zero when it got.</param>
/// <param name="VintageBalance">What it then had of the asset and vintage.</param>
/// <param name="Balance">What it then had of the asset, all vintages.</param>
/// <param name="At">Legal time.</param>
/// <param name="RecordedAt">When the journal was written.</param>
public sealed record Posting(
    long Version, long LedgerVersion, int Line, Guid AccountId, Guid CounterAccountId, string Asset, ComplianceYear? Vintage, long In, long Out,
    long VintageBalance, long Balance, ImmutableArray<SerialRange> Serials, string Type, Guid TransactionId, DateTimeOffset At, DateTimeOffset RecordedAt);

/// <summary>A fact as it stands in the journal.</summary>
public sealed record JournalFact(long Version, DateTimeOffset RecordedAt, object Data);

/// <summary>
/// A place in the journal from which on another legal time counts, or at which other facts were recorded. An entry counts
/// (生效) from its legal time, but never before an entry that precedes it: no account ever had less than nothing, and every
/// moment is a place in the journal. Times of recording are told apart in the same way.
/// </summary>
public sealed record Moment(long Version, DateTimeOffset CountsFrom, DateTimeOffset RecordedAt);

/// <summary>How far the postings have come in a market's journal.</summary>
public sealed record PostingHead(long Version, long LedgerVersion, DateTimeOffset CountsFrom, DateTimeOffset RecordedAt)
{
    public static PostingHead Start { get; } = new(0, 0, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
