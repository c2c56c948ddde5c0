using System.Collections.Immutable;

namespace CarbonMarket.PolicyPacks;

public sealed record ComplianceRules
{
    private const string StatusRuleUnlessSaid = "cumulative-abc";

    /// <summary>First year whose emissions (or energy use) are accounted for.</summary>
    public required int FirstYear { get; init; }

    /// <summary>What is surrendered: <c>tCO2e</c> or <c>tce</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Last legal day for the annual report, in the year after.</summary>
    public required MonthDay ReportDeadline { get; init; }

    /// <summary>Last legal day for surrender (清缴), in the year after.</summary>
    public required MonthDay SurrenderDeadline { get; init; }

    /// <summary>How what an entity owes and surrendered becomes a status: the name of a rule that the ledger knows.</summary>
    public string StatusRule { get; init; } = StatusRuleUnlessSaid;

    /// <summary>Days before the surrender deadline on which an entity that is short is told so; none: never.</summary>
    public ImmutableArray<int> NoticeDays { get; init; } = [];

    /// <summary>Which vintages answer for which years; none: any for all.</summary>
    public ImmutableArray<UsableVintages> UsableVintages { get; init; } = [];

    public ImmutableArray<CarryOverRules> CarryOvers { get; init; } = [];

    /// <summary>Years for which the authority set other days.</summary>
    public ImmutableArray<DeadlinesOfYear> Exceptions { get; init; } = [];
}

/// <summary>Other last days for one year's report or surrender; null keeps the rule's day.</summary>
public sealed record DeadlinesOfYear(int Year, DateOnly? Report, DateOnly? Surrender);

/// <summary>Vintages that answer for some compliance years.</summary>
/// <param name="Late">For arrears, once the year's surrender deadline has passed; otherwise until then.</param>
/// <param name="ValidFrom">First legal day of the rule; null: from the first.</param>
/// <param name="ValidTo">Last legal day; null: until further notice.</param>
public sealed record UsableVintages(int FirstYear, int LastYear, int FirstVintage, int LastVintage, bool Late, DateOnly? ValidFrom, DateOnly? ValidTo)
{
    public bool IsFor(int year, bool late, DateOnly day) =>
        FirstYear <= year && year <= LastYear && Late == late && (ValidFrom is null || ValidFrom <= day) && (ValidTo is null || day <= ValidTo);
}

/// <summary>
/// How old vintages become a new one (结转): a base amount and a multiple of what was sold net of what was bought, both
/// parameters of the new year, and never more than was held at the snapshot.
/// </summary>
public sealed record CarryOverRules
{
    /// <summary>The vintage that is issued.</summary>
    public required int IntoYear { get; init; }

    public required int FirstVintage { get; init; }

    public required int LastVintage { get; init; }

    /// <summary>Calendar years whose trades count as net sales.</summary>
    public required int FirstTradingYear { get; init; }

    public required int LastTradingYear { get; init; }

    public required DateOnly SnapshotDay { get; init; }

    /// <summary>Local time of the snapshot; what is held when that minute begins counts.</summary>
    public required TimeOnly SnapshotTime { get; init; }

    /// <summary>First legal day of requests.</summary>
    public required DateOnly Opens { get; init; }

    /// <summary>By the day of their requests.</summary>
    public required ImmutableArray<CarryOverBatch> Batches { get; init; }

    /// <summary>Whoever surrendered late for one of these years carries nothing over.</summary>
    public ImmutableArray<int> BarredIfLate { get; init; } = [];

    public bool Carries(int vintage) => FirstVintage <= vintage && vintage <= LastVintage;
}

/// <param name="RequestsTo">Last legal day of its requests.</param>
/// <param name="ProcessedOn">The legal day on which they are carried out.</param>
public sealed record CarryOverBatch(DateOnly RequestsTo, DateOnly ProcessedOn);
