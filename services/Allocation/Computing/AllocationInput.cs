using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Calculation;

namespace CarbonMarket.Allocation.Computing;

public enum Stage
{
    /// <summary>预分配: part of last year's emissions, before this year's are verified.</summary>
    PreAllocation,

    /// <summary>核定: by formula from verified figures; what was issued before is netted (多退少补).</summary>
    Final,

    /// <summary>调整: determined anew after a report was amended, or a withholding ended.</summary>
    Adjustment,
}

/// <summary>A figure that goes into the computation, and where it came from.</summary>
public sealed record GivenValue(decimal Value, string Unit, string Kind, string Reference)
{
    [JsonIgnore]
    public GivenFigure Figure => new(Measure.Of(Value, Unit), new Origin(Kind, Reference));
}

/// <param name="Categories">Several where units are reported together: the least favourable counts.</param>
/// <param name="SpecialCase">As the pack names it; null: none.</param>
/// <param name="Figures">By the names of the methods' inputs.</param>
/// <param name="InTrust">It was shut before the final allocation, and by the rules of the year what is still issued for it goes onto the province's account.</param>
public sealed record UnitInput(
    Guid InstallationId, ImmutableArray<string> Categories, string? SpecialCase, ImmutableSortedDictionary<string, GivenValue> Figures, bool InTrust = false)
{
    public bool SaysTheSame(UnitInput other) => this with { Categories = other.Categories, Figures = other.Figures } == other
        && Categories.SequenceEqual(other.Categories) && Figures.SequenceEqual(other.Figures);
}

/// <param name="Division">Where it lies in the year.</param>
/// <param name="Withheld">Why its allowances are withheld; null: they are not.</param>
/// <param name="Verified">Its accepted emissions of the year.</param>
/// <param name="ReportVersion">The version of the report they were accepted with.</param>
/// <param name="Before">Issued to it for the year so far, returns taken off.</param>
/// <param name="BeforePlan">The last plan that did so.</param>
/// <param name="HasFinal">Whether its final figure has been approved.</param>
/// <param name="InTrust">What is withheld of its final figure is issued onto the province's account.</param>
/// <param name="BeforeInTrust">Of what was issued to it so far, onto the province's account.</param>
/// <param name="HasOthers">It had other installations in the year, which are not allocated here: what was accepted was not emitted by these alone.</param>
public sealed record EntityInput(
    Guid ParticipantId, string? Division, string? Withheld, GivenValue? Verified, long? ReportVersion, long Before, Guid? BeforePlan, bool HasFinal,
    ImmutableArray<UnitInput> Units, bool InTrust = false, long BeforeInTrust = 0, bool HasOthers = false)
{
    public bool SaysTheSame(EntityInput other) => this with { Units = other.Units } == other
        && Units.Length == other.Units.Length && Units.Zip(other.Units).All(pair => pair.First.SaysTheSame(pair.Second));
}

/// <summary>
/// Everything an allocation is computed from, but for the packs, which it names. Stored with the plan: who has it and the
/// packs can compute the plan again, to the last bit.
/// </summary>
/// <param name="AsOf">The legal day whose factors hold.</param>
/// <param name="Share">Of the pre-allocation, where the province set one lower than the rules'.</param>
/// <param name="PolicyPack">Version of the market's pack.</param>
/// <param name="MethodPacks">Version of each method pack, by id.</param>
/// <param name="Balances">Balance values that have been published, by category.</param>
/// <param name="Entities">In order of participant.</param>
public sealed record AllocationInput(
    string Market, int Year, Stage Stage, string Instrument, DateOnly AsOf, decimal? Share, string PolicyPack,
    ImmutableSortedDictionary<string, string> MethodPacks, ImmutableSortedDictionary<string, GivenValue> Balances, ImmutableArray<EntityInput> Entities)
{
    /// <summary>The same of the same entities; packs and day are those of who asks.</summary>
    public bool SaysTheSame(AllocationInput other) => Balances.SequenceEqual(other.Balances)
        && Entities.Length == other.Entities.Length && Entities.Zip(other.Entities).All(pair => pair.First.SaysTheSame(pair.Second));
}
