using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Coverage;
using Marten;

namespace CarbonMarket.Verification.Plans;

public static class FilePlan
{
    public sealed record Request
    {
        /// <summary>0-200 measuring instruments, each code once.</summary>
        [Required]
        public IReadOnlyList<MeterItem>? Meters { get; init; }

        /// <summary>1-100 source streams, each code once.</summary>
        [Required]
        public IReadOnlyList<StreamItem>? Streams { get; init; }

        /// <summary>How each input of each stream's method is determined: every one of them, once.</summary>
        [Required]
        public IReadOnlyList<InputItem>? Inputs { get; init; }

        /// <summary>
        /// A method that puts streams together, where they are not just added up: steel-entity, whose lists are fuels, carbonates,
        /// electrodes, carbonInputs and carbonProducts, which is taken off. Left out: the year is the sum of its streams.
        /// </summary>
        public string? Balance { get; init; }

        /// <summary>Up to 100 generating units, each code once; left out: there is none.</summary>
        public IReadOnlyList<UnitItem>? Units { get; init; }

        /// <summary>What changed; a revision needs it. 1-1000 characters.</summary>
        public string? Reason { get; init; }
    }

    public sealed record MeterItem
    {
        /// <summary>1-50 characters.</summary>
        [Required]
        public string? Code { get; init; }

        /// <summary>1-200 characters.</summary>
        [Required]
        public string? Name { get; init; }

        /// <summary>Accuracy class: the largest error allowed, above 0 to 100 percent.</summary>
        [Required]
        public decimal? AccuracyPercent { get; init; }

        /// <summary>Months from one calibration to the next, 1-120.</summary>
        [Required]
        public int? CalibrationMonths { get; init; }
    }

    public sealed record StreamItem
    {
        /// <summary>1-50 characters.</summary>
        [Required]
        public string? Code { get; init; }

        /// <summary>1-200 characters.</summary>
        [Required]
        public string? Name { get; init; }

        /// <summary>A method of the pack of emissions whose result is emissions that the market counts in the year: combustion-ncv, material-emissions.</summary>
        [Required]
        public string? Method { get; init; }

        /// <summary>The words the method asks for: fuel, material, area. Left out: none.</summary>
        public IReadOnlyDictionary<string, string>? Scope { get; init; }

        /// <summary>The list of the balance that the stream counts in; only with a balance, and then required.</summary>
        public string? Part { get; init; }
    }

    public sealed record InputItem
    {
        /// <summary>Code of the stream.</summary>
        [Required]
        public string? Stream { get; init; }

        /// <summary>An input of its method.</summary>
        [Required]
        public string? Input { get; init; }

        /// <summary>measured or default.</summary>
        [Required]
        public string? Basis { get; init; }

        /// <summary>Code of the instrument that reads it; left out: none does.</summary>
        public string? Meter { get; init; }

        /// <summary>How, where and how often; 1-1000 characters.</summary>
        [Required]
        public string? Procedure { get; init; }
    }

    public sealed record UnitItem
    {
        /// <summary>1-50 characters.</summary>
        [Required]
        public string? Code { get; init; }

        /// <summary>Megawatts on the nameplate, above 0 to 10000.</summary>
        [Required]
        public decimal? CapacityMw { get; init; }

        /// <summary>What was approved (核准容量), within the same bounds; left out: it is not said.</summary>
        public decimal? ApprovedCapacityMw { get; init; }

        /// <summary>condensing, cogeneration or gas.</summary>
        [Required]
        public string? Kind { get; init; }
    }

    public static void Map(RouteGroupBuilder plans) => plans.MapPut("/{year:int}", Handle)
        .RequireAuthorization(Roles.Emitter)
        .WithName("file-quality-plan")
        .WithSummary("File or revise the caller's quality-control plan (数据质量控制方案) for a year")
        .WithDescription(
            "The same content again changes nothing; other content is the next version and needs a reason. 422 plan-not-asked (the "
            + "market's rules ask for none), entity-not-covered, revision-unexplained. 400 invalid-input names every fault.")
        .Produces<PlanAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="year">Compliance year.</param>
    internal static async Task<IResult> Handle(
        int year, Request request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, methods, at, participant) = (context.Market(), MethodPacks.Newest(MethodPacks.Emissions), clock.GetUtcNow(), context.User.ParticipantId());
        if (!pack.AsksForPlans())
            return Problem.Refused("plan-not-asked", $"The rules of {pack.Market} ask for no quality-control plan.");
        var faults = PlanChecks.Check(request, year, pack, methods);
        if (faults.Any)
            return faults.ToProblem();
        var of = ComplianceYear.Of(year);
        var id = QualityPlan.IdOf(pack.Market, participant, of);
        var coverage = await session.LoadAsync<CoveredYears>(CoveredYears.IdOf(pack.Market, participant), cancellationToken);
        var command = new SubmitPlan(
            pack.Market, id, participant, of, methods.Id, methods.Version, Content(request), request.Reason,
            coverage?.Spans(of) ?? false, Late: pack.LegalDay(at) > pack.PlanBy(of), at);
        var decision = await session.AgainAfterClash(() => session.Decide<QualityPlan, PlanEvent>(
            id, plan => QualityPlan.Decide(plan, command), cancellationToken));
        var stands = await session.LoadAsync<QualityPlan>(id, cancellationToken);
        return decision.ToHttp(() => Results.Ok(PlanAnswer.Of(stands!)));
    }

    // Sorted, so that one plan is the same plan however its lists were ordered.
    private static PlanContent Content(Request request) => new(
        [.. request.Meters!.Select(item => new Meter(item.Code!, item.Name!, item.AccuracyPercent!.Value, item.CalibrationMonths!.Value))
            .OrderBy(meter => meter.Code, StringComparer.Ordinal)],
        [.. request.Streams!.Select(item => new StreamPlan(item.Code!, item.Name!, item.Method!, ScopeOf(item.Scope), item.Part))
            .OrderBy(stream => stream.Code, StringComparer.Ordinal)],
        [.. request.Inputs!.Select(item => new PlannedInput(item.Stream!, item.Input!, Words.Parse<Basis>(item.Basis)!.Value, item.Meter, item.Procedure!))
            .OrderBy(input => input.Stream, StringComparer.Ordinal).ThenBy(input => input.Input, StringComparer.Ordinal)],
        request.Balance,
        request.Units is { Count: > 0 } units
            ? [.. units.Select(item => new GeneratingUnit(item.Code!, item.CapacityMw!.Value, Words.Parse<UnitKind>(item.Kind)!.Value, item.ApprovedCapacityMw)).OrderBy(unit => unit.Code, StringComparer.Ordinal)]
            : null);

    private static ImmutableSortedDictionary<string, string> ScopeOf(IReadOnlyDictionary<string, string>? scope) =>
        (scope ?? ImmutableDictionary<string, string>.Empty).ToImmutableSortedDictionary(StringComparer.Ordinal);
}
