using CarbonMarket.Allocation.AcceptedEmissions;
using CarbonMarket.Allocation.Clock;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Allocation.Objections;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Allocation.Years;
using JasperFx.Events.Projections;
using Marten;

namespace CarbonMarket.Allocation;

/// <summary>The names under which events are stored for ever, and the documents folded from them.</summary>
internal static class History
{
    public static void Configure(StoreOptions store)
    {
        store.Events.MapEventType<ClockSet>("clock.set.v1");
        store.Events.MapEventType<CoveredEntityEvent.CoverageBegan>("covered-entity.coverage-began.v1");
        store.Events.MapEventType<CoveredEntityEvent.CoverageChanged>("covered-entity.coverage-changed.v1");
        store.Events.MapEventType<CoveredEntityEvent.YearExcluded>("covered-entity.year-excluded.v1");
        store.Events.MapEventType<CoveredEntityEvent.ExclusionReversed>("covered-entity.exclusion-reversed.v1");
        store.Events.MapEventType<CoveredEntityEvent.DivisionAssigned>("covered-entity.division-assigned.v1");
        store.Events.MapEventType<CoveredEntityEvent.CoverageEnded>("covered-entity.coverage-ended.v1");
        store.Events.MapEventType<CoveredEntityEvent.PredecessorsNamed>("covered-entity.predecessors-named.v1");
        store.Events.MapEventType<CoveredEntityEvent.WithholdingBegan>("covered-entity.withholding-began.v1");
        store.Events.MapEventType<CoveredEntityEvent.WithholdingEnded>("covered-entity.withholding-ended.v1");
        store.Events.MapEventType<EmissionsNoted>("accepted-emissions.noted.v1");
        store.Events.MapEventType<InstallationEvent.InstallationRegistered>("installation.registered.v1");
        store.Events.MapEventType<InstallationEvent.InstallationClassified>("installation.classified.v1");
        store.Events.MapEventType<InstallationEvent.InstallationTransferred>("installation.transferred.v1");
        store.Events.MapEventType<InstallationEvent.InstallationClosed>("installation.closed.v1");
        store.Events.MapEventType<InstallationEvent.ActivityFiled>("installation.activity-filed.v1");
        store.Events.MapEventType<AllocationYearEvent.BalancePublished>("allocation-year.balance-published.v1");
        store.Events.MapEventType<AllocationYearEvent.YearCapped>("allocation-year.capped.v1");
        store.Events.MapEventType<AllocationYearEvent.CapDrawn>("allocation-year.cap-drawn.v1");
        store.Events.MapEventType<AllocationPlanEvent.PlanDrafted>("plan.drafted.v1");
        store.Events.MapEventType<AllocationPlanEvent.PlanApproved>("plan.approved.v1");
        store.Events.MapEventType<AllocationPlanEvent.PlanComputed>("plan.computed.v1");
        store.Events.MapEventType<AllocationPlanEvent.PlanContinued>("plan.continued.v1");
        store.Events.MapEventType<AllocationPlanEvent.PlanPublished>("plan.published.v1");
        store.Events.MapEventType<BookingNoted>("plan.booking-noted.v1");
        store.Events.MapEventType<PlanObjectionEvent.ObjectionFiled>("plan-objection.filed.v1");
        store.Events.MapEventType<PlanObjectionEvent.ObjectionDecided>("plan-objection.decided.v1");
        store.Projections.Add<ClockProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<CoveredEntityProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<AcceptedFiguresProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<InstallationProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<AllocationYearProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<AllocationPlanProjection>(ProjectionLifecycle.Live);
        store.Projections.Add<PlanSummaryProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<PlanBookingProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<PlanObjectionProjection>(ProjectionLifecycle.Inline);
        store.Schema.For<CoveredEntity>().Index(entity => entity.Market);
        store.Schema.For<AcceptedFigures>().Index(figures => figures.Market);
        store.Schema.For<Installation>().Index(installation => installation.Market);
        store.Schema.For<PlanSummary>().Index(plan => plan.Market);
        store.Schema.For<PlanBooking>().Index(booking => booking.PlanId);
        store.Schema.For<PlanObjection>().Index(objection => objection.Market);
    }
}
