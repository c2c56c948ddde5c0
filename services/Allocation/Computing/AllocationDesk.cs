using System.Collections.Immutable;
using CarbonMarket.Allocation.AcceptedEmissions;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Allocation.Years;
using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;
using Marten;

namespace CarbonMarket.Allocation.Computing;

/// <summary>Reads what a computation needs from the store.</summary>
internal static class AllocationDesk
{
    /// <summary>The newest version of each method pack the market's categories name.</summary>
    public static ImmutableSortedDictionary<string, string> NewestMethods(this PolicyPack pack) => pack.Allocation.Categories
        .Select(category => category.MethodPack).Distinct(StringComparer.Ordinal)
        .ToImmutableSortedDictionary(id => id, id => MethodPacks.Newest(id).Version, StringComparer.Ordinal);

    public static async Task<MarketRecords> Records(this IQuerySession session, string market, int year, string instrument, CancellationToken cancellationToken)
    {
        var entities = await session.Query<CoveredEntity>().Where(entity => entity.Market == market).ToListAsync(cancellationToken);
        var installations = await session.Query<Installation>().Where(unit => unit.Market == market).ToListAsync(cancellationToken);
        var figures = await session.Query<AcceptedFigures>().Where(known => known.Market == market).ToListAsync(cancellationToken);
        var drawn = await session.LoadAsync<AllocationYear>(AllocationYear.StreamId(market, year), cancellationToken);
        return new MarketRecords(entities, installations, figures, drawn, await session.ApprovedPlans(market, year, instrument, cancellationToken));
    }

    /// <summary>In the order of their approval.</summary>
    public static async Task<IReadOnlyList<AllocationPlan>> ApprovedPlans(
        this IQuerySession session, string market, int year, string instrument, CancellationToken cancellationToken)
    {
        var summaries = await session.Query<PlanSummary>()
            .Where(plan => plan.Market == market && plan.Year == year && plan.Instrument == instrument && plan.ApprovedBy != null).ToListAsync(cancellationToken);
        var plans = new List<AllocationPlan>();
        foreach (var summary in summaries.OrderBy(plan => plan.ApprovedAt).ThenBy(plan => plan.PlanId))
            plans.Add((await session.Events.AggregateStreamAsync<AllocationPlan>(summary.Id, token: cancellationToken))!);
        return plans;
    }

    /// <summary>The version of the market's pack that an input names.</summary>
    public static PolicyPack PackIn(this AllocationInput input, PolicyPackCatalog catalog) =>
        catalog.Versions(input.Market).First(pack => pack.Version == input.PolicyPack);

    /// <summary>The computation an input stands for, by the packs it names.</summary>
    public static AllocationRun RunOf(this AllocationInput input, PolicyPackCatalog catalog) => new(
        input.PackIn(catalog).Allocation,
        id => MethodPacks.Find(id, input.MethodPacks[id]) ?? throw new InvalidOperationException($"Method pack {id} {input.MethodPacks[id]} is not shipped."),
        input);
}
