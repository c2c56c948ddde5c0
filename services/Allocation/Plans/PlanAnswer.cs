namespace CarbonMarket.Allocation.Plans;

/// <param name="Status">drafted or approved.</param>
/// <param name="Quantity">Units of the instrument, over all lines.</param>
/// <param name="DraftedBy">Subject of the token that drafted it.</param>
/// <param name="Lines">Left out of lists.</param>
public sealed record PlanAnswer(
    Guid PlanId, int Year, string Instrument, string Status, int LineCount, long Quantity, string DraftedBy,
    DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, IReadOnlyList<PlanAnswer.Line>? Lines)
{
    /// <param name="Quantity">Units of the instrument.</param>
    public sealed record Line(Guid ParticipantId, long Quantity);

    public static PlanAnswer Of(PlanSummary plan) => new(
        plan.Id, plan.Year, plan.Instrument, plan.Status, plan.Lines, plan.Quantity, plan.DraftedBy, plan.DraftedAt,
        plan.ApprovedBy, plan.ApprovedAt, null);

    public static PlanAnswer Of(AllocationPlan plan) => new(
        plan.Id, plan.Year.Value, plan.Instrument, plan.IsApproved ? "approved" : "drafted", plan.Lines.Length,
        plan.Lines.Sum(line => line.Quantity.Value), plan.DraftedBy, plan.DraftedAt, plan.ApprovedBy, plan.ApprovedAt,
        [.. plan.Lines.Select(line => new Line(line.ParticipantId, line.Quantity.Value))]);
}
