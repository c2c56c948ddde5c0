using System.Collections.Immutable;

namespace CarbonMarket.PolicyPacks;

/// <summary>
/// How allowances are computed (配额分配). A pack that says nothing knows plans with given amounts only; the formulas
/// themselves and their factors are in the method packs that the categories name.
/// </summary>
public sealed record AllocationRules
{
    /// <summary>Where covered entities are (行政区划), by code.</summary>
    public ImmutableArray<Division> Divisions { get; init; } = [];

    public ImmutableArray<AllocationCategory> Categories { get; init; } = [];

    public ImmutableArray<SpecialCase> SpecialCases { get; init; } = [];

    public Division? Division(string code) => Divisions.FirstOrDefault(division => division.Code == code);

    /// <summary>The category as it holds for a compliance year; null where it holds in none.</summary>
    public AllocationCategory? Category(string id, int year) => Categories.FirstOrDefault(category => category.Id == id && category.Holds(year));

    /// <summary>
    /// What a special case (特殊情形) that an installation was found to be means in a year; by formula where the rules of the year say
    /// nothing of it. Whether it is one of the installation's categories was asked when it was found: what was computed stands.
    /// </summary>
    public Treatment Treatment(string? specialCase, int year) => Case(specialCase)?.In(year)?.Treatment ?? PolicyPacks.Treatment.ByFormula;

    /// <summary>What the rules of a year say of a special case of an installation of these categories; null: nothing.</summary>
    public TreatmentOfYears? TreatmentOf(string? specialCase, ImmutableArray<string> categories, int year) =>
        Case(specialCase)?.In(year) is { } treatment && treatment.IsFor(categories) ? treatment : null;

    private SpecialCase? Case(string? id) => SpecialCases.FirstOrDefault(known => known.Id == id);
}

/// <summary>A province, prefecture or area.</summary>
/// <param name="Code">GB/T 2260 where it has one.</param>
/// <param name="Within">The division whose territory it lies in, so that totals count it once.</param>
public sealed record Division(string Code, string Name, string NameZh, string? Within);

/// <summary>A kind of installation (机组类别、行业) and the methods it is allocated by, for a span of years.</summary>
/// <param name="Instrument">What is allocated: the instrument's id without its vintage.</param>
/// <param name="MethodPack">Where the methods are.</param>
/// <param name="Scope">The words the method is asked with.</param>
/// <param name="Method">Allowances of an installation.</param>
/// <param name="Pre">Its pre-allocation (预分配); null: there is none.</param>
/// <param name="Floor">What the installation gets at least (豁免), from what the method gave; null: none.</param>
/// <param name="Entity">What an entity gets from the allowances of its installations; null: their sum.</param>
/// <param name="Issue">What is issued or returned when the final figure stands (多退少补).</param>
/// <param name="Benchmark">The factor by which the less favourable of two categories is found; null: they are never merged.</param>
public sealed record AllocationCategory(
    string Id, string Name, string NameZh, int FirstYear, int LastYear, string Instrument, string MethodPack,
    ImmutableSortedDictionary<string, string> Scope, string Method, string? Pre, string? Floor, string? Entity, IssueMethod Issue, string? Benchmark)
{
    public bool Holds(int year) => FirstYear <= year && year <= LastYear;
}

/// <param name="Method">The method's id.</param>
/// <param name="Final">Its input for the final figure.</param>
/// <param name="Before">Its input for what was allocated before.</param>
public sealed record IssueMethod(string Method, string Final, string Before);

public enum Treatment
{
    ByFormula,

    /// <summary>Nothing is allocated; what was emitted is owed all the same.</summary>
    NotAllocated,

    /// <summary>As much as was verified.</summary>
    AsVerified,
}

/// <summary>A case that is not allocated by formula, as it was treated year by year.</summary>
public sealed record SpecialCase(string Id, string Name, string NameZh, ImmutableArray<TreatmentOfYears> Treatments)
{
    /// <summary>Null: the rules of the year say nothing of it.</summary>
    public TreatmentOfYears? In(int year) => Treatments.FirstOrDefault(treatment => treatment.FirstYear <= year && year <= treatment.LastYear);
}

/// <param name="InTrust">What is still to be issued at the final allocation is issued onto the province's account (省级账户).</param>
public sealed record TreatmentOfYears(int FirstYear, int LastYear, Treatment Treatment, bool InTrust = false)
{
    /// <summary>The categories it holds for; none named: all.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>It holds for each of them.</summary>
    public bool IsFor(ImmutableArray<string> categories) => Categories.IsEmpty || categories.All(Categories.Contains);
}
