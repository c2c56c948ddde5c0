using CarbonMarket.Allocation.Clock;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Plans;
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
        store.Events.MapEventType<AllocationPlanEvent.PlanDrafted>("plan.drafted.v1");
        store.Events.MapEventType<AllocationPlanEvent.PlanApproved>("plan.approved.v1");
        store.Projections.Add<ClockProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<CoveredEntityProjection>(ProjectionLifecycle.Inline);
        store.Projections.Add<AllocationPlanProjection>(ProjectionLifecycle.Live);
        store.Projections.Add<PlanSummaryProjection>(ProjectionLifecycle.Inline);
        store.Schema.For<CoveredEntity>().Index(entity => entity.Market);
        store.Schema.For<PlanSummary>().Index(plan => plan.Market);
    }
}
