using CarbonMarket.Allocation.Computing;
using JasperFx.Events;
using Marten.Events.Aggregation;
using static CarbonMarket.Allocation.Plans.AllocationPlanEvent;

namespace CarbonMarket.Allocation.Plans;

/// <summary>A few events at most, so a plan is always folded anew.</summary>
public sealed partial class AllocationPlanProjection : SingleStreamProjection<AllocationPlan, Guid>
{
    public AllocationPlanProjection()
    {
        IncludeType<PlanDrafted>();
        IncludeType<PlanComputed>();
        IncludeType<PlanContinued>();
        IncludeType<PlanPublished>();
        IncludeType<PlanApproved>();
    }

    // Not every stream has the id that a new one would get (see PlanStreams), and one that a plan is asked of may be an installation's.
    public override AllocationPlan? Evolve(AllocationPlan? snapshot, Guid id, IEvent e) =>
        e.Data is AllocationPlanEvent fact ? AllocationPlan.After(snapshot, fact) with { Id = id } : snapshot;
}

/// <summary>A plan without its lines, for lists.</summary>
/// <param name="Id">Of its stream.</param>
/// <param name="Status">drafted or approved.</param>
/// <param name="Lines">Number of lines.</param>
/// <param name="Quantity">Units of the instrument, over all lines.</param>
public sealed record PlanSummary(
    Guid Id, string Market, int Year, string Instrument, string Status, int Lines, long Quantity, string DraftedBy,
    DateTimeOffset DraftedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt)
{
    /// <summary>As the official named it. Documents from when it was always the stream's id as well do not say it.</summary>
    public Guid PlanId { get => field == Guid.Empty ? Id : field; init; }

    /// <summary>Null: its amounts were given.</summary>
    public Stage? Stage { get; init; }

    public bool Published { get; init; }
}

public sealed partial class PlanSummaryProjection : SingleStreamProjection<PlanSummary, Guid>
{
    public PlanSummaryProjection()
    {
        IncludeType<PlanDrafted>();
        IncludeType<PlanComputed>();
        IncludeType<PlanContinued>();
        IncludeType<PlanPublished>();
        IncludeType<PlanApproved>();
    }

    public override PlanSummary? Evolve(PlanSummary? snapshot, Guid id, IEvent e) => e.Data switch
    {
        PlanDrafted d => new(id, d.Market, d.Year.Value, d.Instrument, "drafted", d.Lines.Length,
            d.Lines.Sum(line => line.Quantity.Value), d.DraftedBy, d.At, null, null)
        {
            PlanId = d.PlanId,
        },
        PlanComputed c when AllocationPlan.LinesOf(c.Computation.Figures) is var lines => new(
            id, c.Market, c.Year.Value, c.Instrument, "drafted", lines.Length, lines.Sum(line => line.Quantity.Value), c.ComputedBy, c.At, null, null)
        {
            PlanId = c.PlanId, Stage = c.Computation.Input.Stage,
        },
        PlanContinued c when AllocationPlan.LinesOf(c.Figures) is var lines => snapshot! with
        {
            Lines = snapshot.Lines + lines.Length, Quantity = snapshot.Quantity + lines.Sum(line => line.Quantity.Value),
        },
        PlanPublished => snapshot! with { Published = true },
        PlanApproved a => snapshot! with { Status = "approved", ApprovedBy = a.ApprovedBy, ApprovedAt = a.At },
        _ => snapshot,
    };
}
