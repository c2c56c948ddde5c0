using System.Collections.Immutable;

namespace CarbonMarket.MainJob.Registry;

/// <summary>What a registry published about its operators: the years, and one row for each operator, by id.</summary>
/// <param name="Years">The years with an emissions column, ascending, without a gap.</param>
public sealed record RegistryExtract(ImmutableArray<int> Years, ImmutableArray<Operator> Operators)
{
    public int FirstYear => Years[0];

    public int LastYear => Years[^1];

    public long PublishedSurrendered => Operators.Sum(row => row.CumulativeSurrenders);
}

/// <param name="Id">The registry's number; the only thing of the operator's identity that enters the market.</param>
/// <param name="LastYear">Null while the operator goes on.</param>
/// <param name="Emissions">One cell for each year of the extract.</param>
/// <param name="Allocation">Free allocation by year; years without any are left out.</param>
/// <param name="PublishedStatus">Status after the last year; null where the registry publishes none (closed).</param>
public sealed record Operator(
    string Id,
    int FirstYear,
    int? LastYear,
    ImmutableSortedDictionary<int, EmissionCell> Emissions,
    long CumulativeEmissions,
    long CumulativeSurrenders,
    ImmutableSortedDictionary<int, long> Allocation,
    string? PublishedStatus)
{
    public long AllocatedIn(int year) => Allocation.GetValueOrDefault(year);

    /// <summary>Whether the year lies within the operator's first and last.</summary>
    public bool AccountsFor(int year) => year >= FirstYear && !(year > LastYear);

    public bool IsExcludedIn(int year) => Emissions[year].IsExcluded;

    /// <summary>Null: nothing was reported for that year.</summary>
    public long? EmittedIn(int year) => Emissions[year].Tonnes;
}

/// <summary>A cell of the emissions columns: a number of tonnes, nothing reported, or excluded for that year.</summary>
public readonly record struct EmissionCell(long? Tonnes, bool IsExcluded)
{
    public static EmissionCell NotReported => default;

    public static EmissionCell Excluded => new(null, IsExcluded: true);

    public static EmissionCell Of(long tonnes) => new(tonnes, IsExcluded: false);
}
