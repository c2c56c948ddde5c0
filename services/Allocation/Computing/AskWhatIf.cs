using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Computing;

/// <summary>What a year comes to as things are, and as they would be.</summary>
/// <param name="Year">Compliance year.</param>
/// <param name="Stage">The stage that was asked for.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Now">Units allocated as things are.</param>
/// <param name="Then">Units allocated with the changes.</param>
/// <param name="Difference">Then less now, in units of the instrument.</param>
/// <param name="Cap">Null: the year has none.</param>
/// <param name="CapLeftThen">What would be left of the cap; below zero: it would be exceeded.</param>
/// <param name="Divisions">By division, those within another not counted again in it.</param>
/// <param name="Installations">Those that differ, and those that are on one side only; the first thousand.</param>
/// <param name="DifferingInstallations">How many differ.</param>
/// <param name="Obstacles">Why entities cannot be allocated with the changes; the first thousand.</param>
public sealed record WhatIfAnswer(
    int Year, Stage Stage, string Instrument, long Now, long Then, long Difference, long? Cap, long? CapLeftThen,
    IReadOnlyList<WhatIfAnswer.OfDivision> Divisions, IReadOnlyList<WhatIfAnswer.OfInstallation> Installations, int DifferingInstallations,
    IReadOnlyList<Obstacle> Obstacles)
{
    /// <param name="Division">Null: nobody has said where they lie.</param>
    /// <param name="Name">In Chinese; null: nobody has said where they lie.</param>
    /// <param name="Now">Units allocated as things are.</param>
    /// <param name="Then">Units allocated with the changes.</param>
    /// <param name="Difference">Then less now.</param>
    public sealed record OfDivision(string? Division, string? Name, long Now, long Then, long Difference);

    /// <param name="ParticipantId">The entity it is computed for.</param>
    /// <param name="InstallationId">As it was named when it was registered.</param>
    /// <param name="Now">Units allocated as things are; 0 also where it is not there now.</param>
    /// <param name="Then">Units allocated with the changes; 0 also where it is not there then.</param>
    /// <param name="Difference">Then less now.</param>
    public sealed record OfInstallation(Guid ParticipantId, Guid InstallationId, long Now, long Then, long Difference);
}

/// <summary>Runs a year otherwise (情景测算): another version of the methods, another list, another balance value. Nothing is stored.</summary>
public static class AskWhatIf
{
    private const int MostListed = 1000;
    private const int LongestPack = 2_000_000;
    private const int MostValues = 20;

    public sealed record Request
    {
        /// <summary>What is asked of the year, as of a plan.</summary>
        [Required]
        public ComputePlan.Request? Plan { get; init; }

        /// <summary>Versions of method packs that are shipped, by id.</summary>
        public IReadOnlyDictionary<string, string>? MethodPacks { get; init; }

        /// <summary>A method pack of one's own, as the text of its file; instead of the shipped one of its id.</summary>
        public string? MethodPack { get; init; }

        /// <summary>Balance values, by category.</summary>
        public IReadOnlyDictionary<string, FileInstallations.FigureAsked>? Balances { get; init; }

        /// <summary>Who would not be on the list.</summary>
        public IReadOnlyList<Guid>? Without { get; init; }
    }

    public static void Map(RouteGroupBuilder market) => market.MapPost("/what-ifs", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithTags("Allocation plans")
        .WithName("ask-what-if")
        .WithSummary("Run a year otherwise (情景测算) and compare; nothing is stored")
        .WithDescription("Entities that cannot be allocated on a side count nothing there; obstacles name them. 400 invalid-input names every fault, those of a method pack with their paths.")
        .Produces<WhatIfAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> Handle(
        Request request, HttpContext context, IQuerySession session, PolicyPackCatalog catalog, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var (faults, own) = Check(request, pack);
        if (faults.Any)
            return faults.ToProblem();
        var asked = ComputePlan.Question(request.Plan!);
        var records = await session.Records(pack.Market, asked.Year, asked.Instrument, cancellationToken);
        var now = AllocationGathering.Gather(pack, asked, pack.NewestMethods(), records, clock.GetUtcNow());
        var input = Changed(now, request);
        var then = new AllocationRun(
            pack.Allocation, id => own?.Id == id ? own : Calculation.MethodPacks.Find(id, input.MethodPacks[id])!, input);
        var comparison = new Comparison([.. now.RunOf(catalog).Entities()], [.. then.Entities()]);
        return Results.Ok(comparison.Answer(asked, pack.Allocation, records.Year?.CapOf(asked.Instrument)?.Value, records.Year?.DrawnOf(asked.Instrument).Value ?? 0));
    }

    private static AllocationInput Changed(AllocationInput input, Request request) => input with
    {
        MethodPacks = input.MethodPacks.SetItems(request.MethodPacks ?? ImmutableDictionary<string, string>.Empty),
        Balances = input.Balances.SetItems((request.Balances ?? ImmutableDictionary<string, FileInstallations.FigureAsked>.Empty)
            .Select(balance => KeyValuePair.Create(balance.Key, new GivenValue(balance.Value.Value!.Value, balance.Value.Unit!, "assumption", "what-if")))),
        Entities = [.. input.Entities.Where(entity => request.Without?.Contains(entity.ParticipantId) is not true)],
    };

    private static (Faults Faults, MethodPack? Own) Check(Request request, PolicyPack pack)
    {
        var faults = request.Plan is null ? new Faults() : ComputePlan.Check(request.Plan, pack);
        faults.Require(request.Plan is not null, "$.plan", "required", "What is asked of the year.");
        var known = pack.NewestMethods();
        foreach (var (id, version) in request.MethodPacks ?? ImmutableDictionary<string, string>.Empty)
            faults.Require(known.ContainsKey(id) && version is not null && Calculation.MethodPacks.Find(id, version) is not null, $"$.methodPacks.{id}", "unknown-value", $"No version {version} of {id} is shipped here.");
        var balances = request.Balances ?? ImmutableDictionary<string, FileInstallations.FigureAsked>.Empty;
        faults.Require(balances.Count <= MostValues, "$.balances", "batch-size", $"{MostValues} values at most.");
        foreach (var (category, figure) in balances.Take(MostValues))
        {
            faults.Require(pack.Allocation.Categories.Any(each => each.Id == category), $"$.balances.{category}", "unknown-category", $"'{category}' is no category of {pack.Market}.");
            FileInstallations.CheckFigure(faults, "balance", figure, $"$.balances.{category}");
        }
        faults.Require(request.Without is null or { Count: <= ComputePlan.MostEntities }, "$.without", "batch-size", $"{ComputePlan.MostEntities} participants at most.");
        return (faults, Own(request.MethodPack, known, faults));
    }

    private static MethodPack? Own(string? text, ImmutableSortedDictionary<string, string> known, Faults faults)
    {
        if (text is null || !faults.Require(text.Length <= LongestPack, "$.methodPack", "out-of-range", $"{LongestPack} characters at most."))
            return null;
        try
        {
            var pack = MethodPackReading.Parse("$.methodPack", text);
            faults.Require(known.ContainsKey(pack.Id), "$.methodPack", "unknown-value", $"The market computes by {string.Join(", ", known.Keys)}, not by {pack.Id}.");
            return pack;
        }
        catch (InvalidMethodPackException exception)
        {
            foreach (var fault in exception.Faults)
                faults.Add("$.methodPack", "invalid-method-pack", fault.ToString());
            return null;
        }
    }

    private sealed class Comparison(IReadOnlyList<EntityResult> now, IReadOnlyList<EntityResult> then)
    {
        public WhatIfAnswer Answer(AllocationQuestion asked, AllocationRules rules, long? cap, long drawn)
        {
            var (before, after) = (Total(now), Total(then));
            var installations = Installations();
            var issued = Figures(then).Sum(figure => figure.Change);
            return new WhatIfAnswer(
                asked.Year, asked.Stage, asked.Instrument, before, after, after - before, cap, cap - drawn - issued, Divisions(rules),
                [.. installations.Take(MostListed)], installations.Count, [.. then.SelectMany(result => result.Obstacles).Take(MostListed)]);
        }

        private List<WhatIfAnswer.OfDivision> Divisions(AllocationRules rules)
        {
            var (before, after) = (ByDivision(now), ByDivision(then));
            return
            [
                .. before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(code =>
                {
                    var (one, other) = (before.GetValueOrDefault(code), after.GetValueOrDefault(code));
                    return new WhatIfAnswer.OfDivision(code.Length == 0 ? null : code, rules.Division(code)?.NameZh, one, other, other - one);
                }),
            ];
        }

        private List<WhatIfAnswer.OfInstallation> Installations()
        {
            var (before, after) = (ByInstallation(now), ByInstallation(then));
            return
            [
                .. before.Keys.Union(after.Keys).Order()
                    .Select(key => (Key: key, Now: before.GetValueOrDefault(key), Then: after.GetValueOrDefault(key)))
                    .Where(each => each.Now != each.Then || !before.ContainsKey(each.Key) || !after.ContainsKey(each.Key))
                    .Select(each => new WhatIfAnswer.OfInstallation(each.Key.Participant, each.Key.Installation, each.Now, each.Then, each.Then - each.Now)),
            ];
        }

        private static long Total(IEnumerable<EntityResult> results) => Figures(results).Sum(figure => figure.Allowances);

        private static Dictionary<string, long> ByDivision(IEnumerable<EntityResult> results) => Figures(results)
            .GroupBy(figure => figure.Division ?? string.Empty, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(figure => figure.Allowances), StringComparer.Ordinal);

        private static Dictionary<(Guid Participant, Guid Installation), long> ByInstallation(IEnumerable<EntityResult> results) =>
            Figures(results).SelectMany(figure => figure.Units.Select(unit => (Key: (figure.ParticipantId, unit.InstallationId), unit.Allowances)))
                .ToDictionary(each => each.Key, each => each.Allowances);

        private static IEnumerable<EntityFigure> Figures(IEnumerable<EntityResult> results) => results.Select(result => result.Figure).OfType<EntityFigure>();
    }
}
