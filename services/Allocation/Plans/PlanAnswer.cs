using CarbonMarket.Allocation.Computing;

namespace CarbonMarket.Allocation.Plans;

/// <param name="PlanId">Made by the official who drafted it.</param>
/// <param name="Year">Compliance year that is allocated for.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Status">drafted or approved.</param>
/// <param name="LineCount">Lines it has; one for each participant and account.</param>
/// <param name="Quantity">Units of the instrument, over all lines.</param>
/// <param name="DraftedBy">Subject of the token that drafted it.</param>
/// <param name="DraftedAt">Legal time.</param>
/// <param name="ApprovedBy">Subject of the other official's token; null while nobody has approved it.</param>
/// <param name="ApprovedAt">Legal time; null while nobody has approved it.</param>
/// <param name="Lines">Null in lists.</param>
public sealed record PlanAnswer(
    Guid PlanId, int Year, string Instrument, string Status, int LineCount, long Quantity, string DraftedBy,
    DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, IReadOnlyList<PlanAnswer.Line>? Lines)
{
    /// <summary>pre-allocation, final or adjustment; null: its amounts were given.</summary>
    public Stage? Stage { get; init; }

    /// <summary>Whether everybody may read it.</summary>
    public bool Published { get; init; }

    /// <param name="ParticipantId">The covered entity that is allocated.</param>
    /// <param name="Quantity">Units of the instrument.</param>
    /// <param name="InTrust">Onto the province's account (省级账户), not its own.</param>
    public sealed record Line(Guid ParticipantId, long Quantity, bool InTrust = false);

    public static PlanAnswer Of(PlanSummary plan) => new(
        plan.PlanId, plan.Year, plan.Instrument, plan.Status, plan.Lines, plan.Quantity, plan.DraftedBy, plan.DraftedAt,
        plan.ApprovedBy, plan.ApprovedAt, null) { Stage = plan.Stage, Published = plan.Published };

    public static PlanAnswer Of(AllocationPlan plan) => new(
        plan.PlanId, plan.Year.Value, plan.Instrument, plan.IsApproved ? "approved" : "drafted", plan.Lines.Length,
        plan.Lines.Sum(line => line.Quantity.Value), plan.DraftedBy, plan.DraftedAt, plan.ApprovedBy, plan.ApprovedAt,
        [.. plan.Lines.Select(line => new Line(line.ParticipantId, line.Quantity.Value, line.InTrust))]) { Stage = plan.Computation?.Input.Stage, Published = plan.IsPublished };
}
