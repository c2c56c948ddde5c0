using System.Collections.Immutable;

namespace CarbonMarket.PolicyPacks;

/// <summary>
/// Who verifies (核查) and when; the numbers of days are parameters. A pack that says nothing leaves it to the entity to
/// find its verifier.
/// </summary>
public sealed record VerificationRules
{
    /// <summary>Verifiers are appointed by the regulator, and only the appointed one gives a statement.</summary>
    public bool Appointed { get; init; }

    /// <summary>No statement without a visit on site (现场核查).</summary>
    public bool SiteVisit { get; init; }

    /// <summary>Who compiles reports for anybody in this market, or belongs to a group that does, verifies none here.</summary>
    public bool CompilersBarred { get; init; }

    /// <summary>An accepted report is amended only once the regulator has reopened it.</summary>
    public bool AmendedOnceReopened { get; init; }

    /// <summary>Last legal day for the verifier's statement, in the year after; null: none.</summary>
    public MonthDay? StatementDeadline { get; init; }

    /// <summary>Methods whose emissions are none of this market's, and so no source streams of a quality-control plan.</summary>
    public ImmutableArray<ExcludedMethod> ExcludedMethods { get; init; } = [];

    public bool Excludes(string method, int year) => ExcludedMethods.Any(excluded => excluded.Method == method && excluded.Holds(year));
}

/// <param name="LastYear">Null: until further notice.</param>
public sealed record ExcludedMethod(string Method, int FirstYear, int? LastYear)
{
    public bool Holds(int year) => FirstYear <= year && !(LastYear < year);
}
