using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.Verification.Plans;

/// <summary>How a figure of a source stream is determined (数据获取方式).</summary>
public enum Basis
{
    /// <summary>Metered or sampled every month, with evidence.</summary>
    Measured,

    /// <summary>The default that the method pack has for it.</summary>
    Default,
}

/// <summary>A measuring instrument (计量器具).</summary>
/// <param name="Code">What the plan names it by.</param>
/// <param name="Name">What people call it.</param>
/// <param name="AccuracyPercent">Its accuracy class: the largest error allowed, in percent.</param>
/// <param name="CalibrationMonths">Months from one calibration to the next.</param>
public sealed record Meter(string Code, string Name, decimal AccuracyPercent, int CalibrationMonths);

/// <summary>A source stream (排放源): what is burned, used or bought, and the method of a pack its emissions are computed by.</summary>
/// <param name="Code">What the plan names it by.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Method">As the method pack names it: combustion-ncv, purchased-electricity.</param>
/// <param name="Scope">The words the method asks for: fuel, material, area.</param>
/// <param name="Part">The list of the plan's balance that it counts in: <c>carbonProducts</c>; null where the plan has none.</param>
public sealed record StreamPlan(string Code, string Name, string Method, ImmutableSortedDictionary<string, string> Scope, string? Part = null)
{
    public bool Says(StreamPlan other) => this with { Scope = other.Scope } == other && Scope.SequenceEqual(other.Scope);
}

/// <summary>How one input of a stream's method is determined.</summary>
/// <param name="Stream">Code of the stream.</param>
/// <param name="Input">An input of the stream's method.</param>
/// <param name="Basis">Whether it is measured, or a default stands in for it.</param>
/// <param name="Meter">Code of the instrument; null where it is no reading of one.</param>
/// <param name="Procedure">How, where and how often.</param>
public sealed record PlannedInput(string Stream, string Input, Basis Basis, string? Meter, string Procedure);

/// <summary>What a unit makes of its fuel's heat.</summary>
public enum UnitKind
{
    /// <summary>Power alone (纯凝).</summary>
    Condensing,

    /// <summary>Power and heat (热电联产).</summary>
    Cogeneration,

    /// <summary>Power, and perhaps heat, by gas turbines (燃气).</summary>
    Gas,
}

/// <summary>A generating unit (发电机组).</summary>
/// <param name="Code">What the plan names it by.</param>
/// <param name="CapacityMw">On its nameplate (铭牌容量).</param>
/// <param name="Kind">What it makes of its fuel's heat.</param>
/// <param name="ApprovedCapacityMw">What was approved (核准容量); null: it is not said.</param>
public sealed record GeneratingUnit(string Code, decimal CapacityMw, UnitKind Kind, decimal? ApprovedCapacityMw = null);

/// <param name="Balance">The method whose lists the streams are put into, as in the carbon mass balance (碳质量平衡) of a steel entity; null: they are added up.</param>
/// <param name="Units">Never empty; null: the entity has none.</param>
public sealed record PlanContent(
    ImmutableArray<Meter> Meters, ImmutableArray<StreamPlan> Streams, ImmutableArray<PlannedInput> Inputs, string? Balance = null,
    ImmutableArray<GeneratingUnit>? Units = null)
{
    public bool Says(PlanContent other) =>
        Balance == other.Balance && Meters.SequenceEqual(other.Meters) && Inputs.SequenceEqual(other.Inputs)
        && (Units ?? []).SequenceEqual(other.Units ?? []) && Streams.Length == other.Streams.Length && Streams.Zip(other.Streams).All(pair => pair.First.Says(pair.Second));
}

/// <param name="Pack">Id and version of the method pack that the methods are of.</param>
/// <param name="Reason">Why the version before is revised: facilities, fuels, instruments or methods that change; null: none is given.</param>
/// <param name="Covered">Whether the participant must account for the year.</param>
/// <param name="Late">Whether the day has passed by which the year's first version is filed.</param>
public sealed record SubmitPlan(
    string Market, Guid PlanId, Guid ParticipantId, ComplianceYear Year, string Pack, string PackVersion, PlanContent Content, string? Reason,
    bool Covered, bool Late, DateTimeOffset At);

// Stored for ever: change only by adding.
public abstract record PlanEvent
{
    private PlanEvent()
    {
    }

    /// <param name="PlanVersion">Counts the filings, from 1.</param>
    /// <param name="Late">The first version came after its day; a revision is due when something changes, and is never late.</param>
    public sealed record PlanFiled(
        string Market, Guid PlanId, Guid ParticipantId, ComplianceYear Year, long PlanVersion, string Pack, string PackVersion, PlanContent Content,
        string? Reason, bool Late, DateTimeOffset At) : PlanEvent;
}
