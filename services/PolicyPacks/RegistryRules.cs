using System.Collections.Immutable;

namespace CarbonMarket.PolicyPacks;

/// <summary>What the registry (登记簿) keeps and how it may move.</summary>
public sealed record RegistryRules
{
    /// <summary>First characters of the market's account numbers.</summary>
    public required string AccountNumberPrefix { get; init; }

    /// <summary>When a delay runs; null: at any hour of any day.</summary>
    public WorkingHours? WorkingHours { get; init; }

    /// <summary>Working hours until an account on the list of trusted ones counts as trusted; null: none.</summary>
    public int? TrustDelayWorkingHours { get; init; }

    /// <summary>
    /// Clearing runs of later trading days in which a trade that could not be delivered is tried again; null: it has failed
    /// at once.
    /// </summary>
    public int? UndeliveredTradeRetries { get; init; }

    /// <summary>What of the fees of trades goes to the risk reserve (风险准备金), in 0.01 %; null: nothing.</summary>
    public int? RiskReserveBasisPoints { get; init; }

    public required ImmutableArray<AccountType> AccountTypes { get; init; }

    /// <summary>What an account may still do that is not open; of a status that is not listed: nothing.</summary>
    public ImmutableArray<AccountStatus> AccountStatuses { get; init; } = [];

    public required ImmutableArray<TransactionType> TransactionTypes { get; init; }

    public AccountType? AccountType(string id) => AccountTypes.FirstOrDefault(type => type.Id == id);

    public AccountStatus? AccountStatus(string id) => AccountStatuses.FirstOrDefault(status => status.Id == id);

    public TransactionType? TransactionType(string id) => TransactionTypes.FirstOrDefault(type => type.Id == id);

    /// <summary>
    /// Type of the authority's account onto which allowances of entities at risk are issued instead of their own (省级账户);
    /// null: the market has none.
    /// </summary>
    public string? AllocatedInTrust => TransactionType("allocation")?.To.FirstOrDefault(type => AccountType(type)?.HeldBy == "authority");
}

/// <param name="HeldBy"><c>participant</c> or <c>authority</c>.</param>
public sealed record AccountType(string Id, string HeldBy, bool HoldsUnits, bool HoldsCash);

/// <param name="Sends">Transaction types by which it may still send.</param>
/// <param name="Receives">Transaction types by which it may still receive.</param>
public sealed record AccountStatus(string Id, ImmutableArray<string> Sends, ImmutableArray<string> Receives);

/// <summary>
/// When offices work. The days on which the market rests as the law says (statutory holidays) are no working days; the days
/// that make up for them (调休) are, though the market is closed.
/// </summary>
public sealed record WorkingHours(ImmutableArray<DayOfWeek> Days, TimeOnly Opens, TimeOnly Closes, ImmutableArray<DateOnly> MakeUpDays);

/// <summary>Who may ask for a transaction.</summary>
public enum Proposer
{
    /// <summary>It has a door of its own, or follows from something else.</summary>
    Platform,

    /// <summary>A representative of the sending account's holder.</summary>
    Holder,

    Official,
}

/// <summary>The second person (four eyes, 双人复核), never the one who asked.</summary>
public enum Approver
{
    Nobody,

    /// <summary>Another representative of the holder.</summary>
    Holder,

    Official,
}

/// <summary>How the holders of the two accounts are related.</summary>
public enum Holders
{
    Any,
    Same,
    Other,
}

/// <summary>Whether the sending account trusts the receiving one.</summary>
public enum Recipients
{
    Any,
    Trusted,
    Untrusted,
}

/// <summary>A kind of movement in the ledger: who may send, who may receive, who asks, who approves, how long it waits.</summary>
public sealed record TransactionType
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string NameZh { get; init; }

    /// <summary>Account types that may send; none: it comes from outside the ledger.</summary>
    public required ImmutableArray<string> From { get; init; }

    /// <summary>Account types that may receive; none: it leaves the ledger.</summary>
    public required ImmutableArray<string> To { get; init; }

    public required Proposer ProposedBy { get; init; }

    public required Approver ApprovedBy { get; init; }

    public Holders Holders { get; init; }

    public Recipients Recipients { get; init; }

    /// <summary>Kinds of instruments it moves; none: all.</summary>
    public ImmutableArray<InstrumentKind> Kinds { get; init; } = [];

    /// <summary>Working hours between the last approval and the movement; null: none.</summary>
    public int? DelayWorkingHours { get; init; }

    /// <summary>Types of which it undoes one transaction, named in it; none: it undoes nothing.</summary>
    public ImmutableArray<string> Reverses { get; init; } = [];

    /// <summary>
    /// An authority moves by it what it has frozen; the freeze ends for those units. What the holder has under way with them, and no
    /// official has approved, gives way.
    /// </summary>
    public bool MovesFrozen { get; init; }

    /// <summary>What the sender owes of an allocation is settled by it (待缴回).</summary>
    public bool SettlesDebts { get; init; }

    /// <summary>Units of the year they answer for leave before all others (优先使用当年度配额).</summary>
    public bool OwnYearFirst { get; init; }

    /// <summary>How many days after the original it may still be proposed; null: however late.</summary>
    public int? ReverseWithinDays { get; init; }
}
