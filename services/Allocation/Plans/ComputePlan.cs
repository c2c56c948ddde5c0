using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CarbonMarket.Allocation.Computing;
using CarbonMarket.Allocation.Years;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Plans;

public static class ComputePlan
{
    /// <summary>Entities of one computation.</summary>
    internal const int MostEntities = 10_000;
    private const int Named = 5;

    /// <summary>What stands against more of the plan comes first.</summary>
    private static readonly ImmutableArray<string> Precedence =
        ["final-stands", "no-final-figure", "no-installation", "no-method", "balance-value-not-published", "no-accepted-figure", "unit-figures-differ", "not-computable"];

    public sealed record Request
    {
        /// <summary>Compliance year.</summary>
        [Required]
        public int? Year { get; init; }

        /// <summary>pre-allocation, final or adjustment.</summary>
        [Required]
        public string? Stage { get; init; }

        /// <summary>As the policy pack names it; one with a vintage is allocated for that year only.</summary>
        [Required]
        public string? Instrument { get; init; }

        /// <summary>Whom to allocate, 1-10000; left out: everybody on the list whose turn the stage is.</summary>
        public IReadOnlyList<Guid>? Participants { get; init; }

        /// <summary>Share of the pre-allocation (预分配比例), where the province sets one and the rules of the year let it.</summary>
        public decimal? Share { get; init; }
    }

    public static void Map(RouteGroupBuilder plans) => plans.MapPut("/{planId:guid}/computation", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithName("compute-plan")
        .WithSummary("Draft an allocation plan by computation (核定分配)")
        .WithDescription(
            "Computed from accepted figures, activity and the packs; approved by another official like any plan. A repeat answers as the first "
            + "time; 409 id-reused. All or nothing: 422 balance-value-not-published, no-accepted-figure, unit-figures-differ, "
            + "no-installation, no-method, final-stands, no-final-figure, not-computable name the first entities; a what-if lists all. "
            + "422 nothing-to-allocate, plan-size, cap-exceeded.")
        .Produces<PlanAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="planId">Made by the caller; names the plan.</param>
    internal static async Task<IResult> Handle(
        Guid planId, Request request, HttpContext context, IDocumentSession session, PolicyPackCatalog catalog, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = Check(request, pack);
        faults.RequireId(planId, "planId");
        if (faults.Any)
            return faults.ToProblem();
        var (subject, at, asked) = (context.Actor().Subject, clock.GetUtcNow(), Question(request));
        var stream = await session.StreamOfPlan(planId, cancellationToken);
        var decision = await session.AgainAfterClash(async () =>
        {
            var records = await session.Records(pack.Market, asked.Year, asked.Instrument, cancellationToken);
            var input = AllocationGathering.Gather(pack, asked, pack.NewestMethods(), records, at);
            return await session.Decide<AllocationPlan, AllocationPlanEvent>(
                stream, plan => Computed(plan, request, pack.Market, planId, input, records.Year, catalog, subject, at), cancellationToken);
        });
        return await session.AnswerPlan(stream, decision, cancellationToken);
    }

    private static Decision<AllocationPlanEvent> Computed(
        AllocationPlan? plan, Request request, string market, Guid planId, AllocationInput input, AllocationYear? year, PolicyPackCatalog catalog, string subject, DateTimeOffset at)
    {
        var computation = new Computation(input, [], year?.LastPlanOf(input.Instrument) ?? Guid.Empty);
        var command = new AllocationPlanCommand.Compute(
            market, planId, ComplianceYear.Of(input.Year), input.Instrument, request.Participants is { } named ? [.. named.Order()] : null, computation, subject, at);
        // A repeat is answered as the first time, whatever has been accepted or filed since.
        if (plan is not null)
            return AllocationPlan.Decide(plan, command);
        if (Refusal(input) is { } refusal)
            return refusal;
        var results = input.RunOf(catalog).Entities().ToList();
        if (results.SelectMany(result => result.Obstacles).ToList() is { Count: > 0 } obstacles)
            return Refused(obstacles);
        computation = computation with { Figures = [.. results.Select(result => result.Figure!)] };
        var issued = computation.Figures.Sum(figure => figure.Change);
        if (year?.CapOf(input.Instrument) is { } cap && year.DrawnOf(input.Instrument).Value + issued > cap.Value)
            return Decision<AllocationPlanEvent>.Reject("cap-exceeded",
                $"The cap of {input.Instrument} for {input.Year} is {cap}; {year.DrawnOf(input.Instrument)} units have been issued, and this plan issues {issued} more.");
        return AllocationPlan.Decide(plan, command with { Computation = computation });
    }

    private static Decision<AllocationPlanEvent>? Refusal(AllocationInput input) => input.Entities.Length switch
    {
        0 => Decision<AllocationPlanEvent>.Reject("nothing-to-allocate", $"Nobody on the list of {input.Year} is to be allocated {input.Instrument} at this stage."),
        > MostEntities => Decision<AllocationPlanEvent>.Reject("plan-size", $"A plan has up to {MostEntities} entities, not {input.Entities.Length}: name the participants."),
        _ => null,
    };

    private static Decision<AllocationPlanEvent> Refused(List<Obstacle> obstacles)
    {
        var first = obstacles.MinBy(obstacle => Precedence.IndexOf(obstacle.Code))!.Code;
        var same = obstacles.Where(obstacle => obstacle.Code == first).ToList();
        return Decision<AllocationPlanEvent>.Reject(
            first, $"{same.Count} in all: " + string.Join("; ", same.Take(Named).Select(Text)) + (same.Count > Named ? "; ..." : string.Empty));
    }

    private static string Text(Obstacle obstacle) =>
        $"{obstacle.ParticipantId}{(obstacle.InstallationId is { } unit ? $", installation {unit}" : string.Empty)}: {obstacle.Reason}";

    internal static AllocationQuestion Question(Request request) => new(
        request.Year!.Value, StageOf(request.Stage)!.Value, request.Instrument!, request.Share, request.Participants is { } named ? [.. named] : null);

    internal static Faults Check(Request request, PolicyPack pack)
    {
        var faults = new Faults();
        faults.RequireYear(request.Year, pack.Compliance.FirstYear, "$.year");
        faults.Require(StageOf(request.Stage) is not null, "$.stage", "unknown-value", "pre-allocation, final or adjustment.");
        var instrument = request.Instrument is { } id ? pack.Instrument(id) : null;
        faults.Require(instrument is not null, "$.instrument", "unknown-instrument",
            $"'{request.Instrument}' is no instrument of {pack.Market}: {string.Join(", ", pack.Instruments.Select(known => known.Id))}.");
        if (instrument?.Vintage is { } vintage)
            faults.Require(vintage == request.Year, "$.instrument", "wrong-vintage", $"{instrument.Id} is issued for {vintage}, not for {request.Year}.");
        faults.Require(request.Share is null or (> 0 and <= 1), "$.share", "out-of-range", "A share above 0, 1 at most.");
        if (request is { Share: { } share, Year: { } year } && StageOf(request.Stage) is { } stage && instrument is not null)
            faults.Require(stage == Stage.PreAllocation && TakesShare(pack.Allocation, new AllocationQuestion(year, stage, instrument.Id, share, null)), "$.share", "share-not-used",
                $"Left out: the rules take no share for the stage {request.Stage} of {instrument.Id} in {year}.");
        var named = request.Participants;
        faults.Require(named is null or { Count: >= 1 and <= MostEntities }, "$.participants", "plan-size", $"1-{MostEntities} participants, or none for all.");
        faults.Require(named is null || named.Distinct().Count() == named.Count, "$.participants", "repeated-item", "Each participant once.");
        return faults;
    }

    private static bool TakesShare(AllocationRules rules, AllocationQuestion asked) => rules.Categories.Any(
        category => category.Holds(asked.Year) && AllocationGathering.Of(category, asked) && category.Pre is { } pre
            && MethodPacks.Newest(category.MethodPack).Method(pre, asked.Year)?.Inputs.Any(input => input.Name == AllocationRun.Share) is true);

    private static Stage? StageOf(string? text) => text switch
    {
        "pre-allocation" => Stage.PreAllocation,
        "final" => Stage.Final,
        "adjustment" => Stage.Adjustment,
        _ => null,
    };
}
