using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Allocation.Computing;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Bench.Compliance;

/// <summary>
/// The final allocation of a year of power plants, computed and traced: every figure of every unit and entity with the JSON of
/// its trace. In turns with a tenth of the entities, which tells whether one costs the same among many.
/// </summary>
internal sealed class AllocationStage(int entities, int rounds)
{
    private const int Of = 2024;
    private static readonly string[] Categories = ["coal-conventional-over-300mw", "coal-conventional-to-300mw", "coal-unconventional", "gas"];

    private readonly Random _random = new(4711);
    private readonly PolicyPack _pack = PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Versions("gansu")[^1];

    public object Run(CancellationToken cancellationToken)
    {
        var all = Input(entities);
        var few = all with { Entities = [.. all.Entities.Take(Math.Max(1, entities / 10))] };
        var (large, small) = (new List<double>(), new List<double>());
        Figures.Say("Warming up ...");
        Measure(few);
        var (traces, bytes) = (0, 0L);
        for (var round = 1; round <= rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            small.Add(Measure(few).Seconds / few.Entities.Length);
            (var seconds, traces, bytes) = Measure(all);
            large.Add(seconds);
            Figures.Say($"Round {round} of {rounds}, {entities} entities: {seconds:f2} s, {traces} traces");
        }
        return new
        {
            Allocation = new
            {
                Entities = entities,
                Units = all.Entities.Sum(entity => entity.Units.Length),
                Rounds = rounds,
                Seconds = large.Median().Rounded(),
                EntitiesPerSecond = (entities / large.Median()).Rounded(),
                Traces = traces,
                TraceMegabytes = (bytes / 1e6).Rounded(),
                CostOfOneAmongAllToOneAmongATenth = (large.Median() / entities / small.Median()).Rounded(),
            },
        };
    }

    private (double Seconds, int Traces, long Bytes) Measure(AllocationInput input)
    {
        var (started, traces, bytes) = (Stopwatch.GetTimestamp(), 0, 0L);
        foreach (var result in new AllocationRun(_pack.Allocation, MethodPacks.Newest, input).Entities())
        {
            if (result.Figure is null)
                throw new InvalidOperationException(string.Join("; ", result.Obstacles));
            traces += result.Traces.Length;
            foreach (var trace in result.Traces)
                bytes += trace.ToJson().Length;
        }
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, traces, bytes);
    }

    private AllocationInput Input(int count) => new(
        "gansu", Of, Stage.Final, $"CEA-{Of}", new DateOnly(Of + 1, 9, 20), null, _pack.Version,
        ImmutableSortedDictionary<string, string>.Empty.Add(MethodPacks.Allowances, MethodPacks.Newest(MethodPacks.Allowances).Version),
        ImmutableSortedDictionary<string, GivenValue>.Empty, [.. Enumerable.Range(0, count).Select(Entity)]);

    private EntityInput Entity(int number)
    {
        var units = Enumerable.Range(0, _random.Next(1, 4)).Select(unit => Unit(number, unit)).ToImmutableArray();
        var verified = units.Sum(unit => unit.Figures["verified"].Value);
        return new EntityInput(
            DeterministicGuid.From(Guid.Empty, "participant", number), null, null, Given(verified, "tCO2"), 1, (long)(verified * 0.7m), Guid.Empty, false, units);
    }

    private UnitInput Unit(int entity, int number)
    {
        var (category, generation) = (Categories[_random.Next(Categories.Length)], _random.Next(100_000, 4_000_000));
        var figures = ImmutableSortedDictionary<string, GivenValue>.Empty
            .Add("generation", Given(generation, "MWh")).Add("heat", Given(_random.Next(0, 2_000_000), "GJ"))
            .Add("verified", Given((int)(generation * 0.8), "tCO2")).Add("loadFactor", Given(_random.Next(30, 90), "%"));
        return new UnitInput(DeterministicGuid.From(Guid.Empty, "unit", (entity * 10L) + number), [category], null, figures);
    }

    private static GivenValue Given(decimal value, string unit) => new(value, unit, "event", "018f2d3c-7a10-7000-8000-000000000001");
}
