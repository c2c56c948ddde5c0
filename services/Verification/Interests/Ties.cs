using CarbonMarket.Kernel;

namespace CarbonMarket.Verification.Interests;

/// <summary>What ties a verifier to an entity whose report it is to verify, as far as it is known when it is asked.</summary>
/// <param name="Group">The group both belong to; null: none.</param>
/// <param name="Compiled">Whose report the verifier or one of its group compiled, and when: a report that bars it here; null: none.</param>
/// <param name="YearsInARow">Years just before for which the verifier, or one of its group, verified this entity.</param>
/// <param name="MostYearsInARow">Null: no limit.</param>
public sealed record Ties(string? Group, Compiled? Compiled, int YearsInARow, int? MostYearsInARow)
{
    public static readonly Ties None = new(null, null, 0, null);

    /// <summary>The refusal that a conflict of interest (利益冲突) leads to; null: there is none. In order of precedence.</summary>
    public Decision<TEvent>? Conflict<TEvent>(Guid verifier, Guid entity) => this switch
    {
        _ when verifier == entity =>
            Decision<TEvent>.Reject("conflict-of-interest", $"Participant {verifier} would verify its own report."),
        { Compiled: { } c } => Decision<TEvent>.Reject(
            "conflict-compiled", $"{c.CompilerParticipantId} compiled the report of {c.ParticipantId} for {c.Year}; it, or its group, does not verify here."),
        { Group: { } group } => Decision<TEvent>.Reject("conflict-group", $"Verifier {verifier} and entity {entity} belong to the group {group}."),
        { MostYearsInARow: { } most } when YearsInARow >= most => Decision<TEvent>.Reject(
            "conflict-rotation", $"Verifier {verifier}, or its group, has verified {entity} for {YearsInARow} years in a row; the most are {most}."),
        _ => null,
    };
}

public sealed record Compiled(Guid CompilerParticipantId, Guid ParticipantId, ComplianceYear Year);
