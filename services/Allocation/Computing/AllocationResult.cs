using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Allocation.Computing;

/// <summary>What one installation is allocated.</summary>
/// <param name="InstallationId">As it was named when it was registered.</param>
/// <param name="Category">By which it was computed.</param>
/// <param name="SpecialCase">Why it is not allocated by formula (特殊情形), as the pack names it; null: no special case.</param>
/// <param name="Treatment">How it was allocated, by what the rules of the year say of its special case.</param>
/// <param name="Allowances">In units of the instrument.</param>
/// <param name="Traces">SHA-256 of the traces that led to the figure, in order.</param>
public sealed record UnitFigure(Guid InstallationId, string Category, string? SpecialCase, Treatment Treatment, long Allowances, ImmutableArray<string> Traces);

/// <summary>What one entity is allocated, in units of the instrument.</summary>
/// <param name="ParticipantId">The covered entity.</param>
/// <param name="Division">Code of the division it lies in; null: nobody has said where.</param>
/// <param name="UnitTotal">Its installations together, before the rules for entities.</param>
/// <param name="Allowances">After them: what it should have for the year at this stage.</param>
/// <param name="Before">What it was issued so far.</param>
/// <param name="Issued">Issued by this plan.</param>
/// <param name="Returned">To be given back (应缴回).</param>
/// <param name="Withheld">Would be issued, but is withheld.</param>
/// <param name="ReportVersion">The version of its emissions report that went in with its accepted figure; null: none is accepted.</param>
/// <param name="Units">Its installations.</param>
/// <param name="Traces">SHA-256 of the traces of the entity's own figures.</param>
/// <param name="InTrust">Issued by this plan onto the province's account for it (省级账户).</param>
public sealed record EntityFigure(
    Guid ParticipantId, string? Division, long UnitTotal, long Allowances, long Before, long Issued, long Returned, long Withheld,
    long? ReportVersion, ImmutableArray<UnitFigure> Units, ImmutableArray<string> Traces, long InTrust = 0)
{
    /// <summary>What its allocation changes by: units issued to whomever, less those to be given back.</summary>
    [JsonIgnore]
    public long Change => Issued + InTrust - Returned;

    /// <summary>Every amount and every trace.</summary>
    public bool SaysTheSame(EntityFigure? other) => other is not null
        && this with { Units = other.Units, Traces = other.Traces } == other
        && Traces.SequenceEqual(other.Traces)
        && Units.Length == other.Units.Length
        && Units.Zip(other.Units).All(pair => pair.First with { Traces = pair.Second.Traces } == pair.Second && pair.First.Traces.SequenceEqual(pair.Second.Traces));
}

/// <summary>Why an entity cannot be allocated yet.</summary>
/// <param name="ParticipantId">The entity.</param>
/// <param name="InstallationId">Null: it concerns the entity as a whole.</param>
/// <param name="Code">What stands against it; stable.</param>
/// <param name="Reason">The same in words.</param>
public sealed record Obstacle(Guid ParticipantId, Guid? InstallationId, string Code, string Reason);

/// <param name="Figure">Null: something stands against it.</param>
/// <param name="Traces">Of the installations first, then of the entity.</param>
public sealed record EntityResult(EntityFigure? Figure, ImmutableArray<Trace> Traces, ImmutableArray<Obstacle> Obstacles);
