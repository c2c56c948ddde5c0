using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Plans;

public static class DraftPlan
{
    private const int MostLines = 5000;
    private const long MostUnits = 1_000_000_000_000;

    public sealed record Request
    {
        /// <summary>Compliance year.</summary>
        [Required]
        public int? Year { get; init; }

        /// <summary>As the policy pack names it; one with a vintage is allocated for that year only, an offset never.</summary>
        [Required]
        public string? Instrument { get; init; }

        /// <summary>1-5000, each participant once.</summary>
        [Required]
        public IReadOnlyList<Line>? Lines { get; init; }
    }

    public sealed record Line
    {
        /// <summary>The covered entity that is allocated.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>Units of the instrument, above zero.</summary>
        [Required]
        public decimal? Quantity { get; init; }
    }

    public static void Map(RouteGroupBuilder plans) => plans.MapPut("/{planId:guid}", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithName("draft-plan")
        .WithSummary("Draft an allocation plan (配额分配方案)")
        .WithDescription(
            "The caller makes the id. A repeat with the same content answers as the first time. 409 id-reused: the id stands for "
            + "another plan, or for an installation. 422 participant-not-covered: every participant must be a covered entity that accounts for the year; "
            + "participant-withheld: allowances that are withheld are computed, not given.")
        .Produces<PlanAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="planId">Made by the caller; names the plan.</param>
    internal static async Task<IResult> Handle(
        Guid planId, Request request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = Check(request, pack);
        faults.RequireId(planId, "planId");
        if (faults.Any)
            return faults.ToProblem();
        var year = ComplianceYear.Of(request.Year!.Value);
        ImmutableArray<PlanLine> lines = [.. request.Lines!.Select(line => new PlanLine(line.ParticipantId!.Value, Quantity.Of((long)line.Quantity!.Value)))];
        var (subject, at, stream) = (context.Actor().Subject, clock.GetUtcNow(), await session.StreamOfPlan(planId, cancellationToken));
        var decision = await session.AgainAfterClash(async () =>
        {
            var standing = await session.Standing(pack.Market, year, lines.Select(line => line.ParticipantId), cancellationToken);
            var command = new AllocationPlanCommand.Draft(pack.Market, planId, year, request.Instrument!, lines, standing, subject, at);
            return await session.Decide<AllocationPlan, AllocationPlanEvent>(
                stream, plan => AllocationPlan.Decide(plan, command), cancellationToken);
        });
        return await session.AnswerPlan(stream, decision, cancellationToken);
    }

    /// <summary>The plan as it now stands, or the refusal.</summary>
    internal static async Task<IResult> AnswerPlan(
        this IQuerySession session, Guid stream, Decision<AllocationPlanEvent> decision, CancellationToken cancellationToken)
    {
        var plan = decision is Decision<AllocationPlanEvent>.Accepted
            ? await session.LoadAsync<PlanSummary>(stream, cancellationToken)
            : null;
        return decision.ToHttp(() => Results.Ok(PlanAnswer.Of(plan!)));
    }

    private static Faults Check(Request request, PolicyPack pack)
    {
        var faults = new Faults();
        faults.RequireYear(request.Year, pack.Compliance.FirstYear, "$.year");
        var instrument = request.Instrument is { } id ? pack.Instrument(id) : null;
        faults.Require(instrument is not null, "$.instrument", "unknown-instrument",
            $"'{request.Instrument}' is no instrument of {pack.Market}: {string.Join(", ", pack.Instruments.Select(known => known.Id))}.");
        faults.Require(instrument?.Kind != InstrumentKind.Offset, "$.instrument", "offset-not-allocated",
            $"{request.Instrument} is an offset: reductions are certified (核证), and nobody is allocated any.");
        if (instrument?.Vintage is { } vintage)
            faults.Require(vintage == request.Year, "$.instrument", "wrong-vintage", $"{instrument.Id} is issued for {vintage}, not for {request.Year}.");
        var lines = request.Lines ?? [];
        faults.Require(lines.Count is >= 1 and <= MostLines, "$.lines", "plan-size", $"A plan has 1-{MostLines} lines, not {lines.Count}.");
        if (lines.Count > MostLines)
            return faults;
        var seen = new HashSet<Guid>();
        for (var index = 0; index < lines.Count; index++)
            CheckLine(faults, lines[index], $"$.lines[{index}]", seen);
        return faults;
    }

    private static void CheckLine(Faults faults, Line? line, string path, HashSet<Guid> seen)
    {
        if (!faults.Require(line is not null, path, "required", "A line, not null."))
            return;
        faults.RequireId(line!.ParticipantId, $"{path}.participantId");
        if (line.ParticipantId is { } participant)
            faults.Require(seen.Add(participant), $"{path}.participantId", "repeated-item", $"{participant} has a line already.");
        // A fraction is a fault of its own rather than an unreadable body, so that it is named with the others.
        faults.Require(line.Quantity is >= 1 and <= MostUnits && decimal.IsInteger(line.Quantity.Value), $"{path}.quantity", "invalid-quantity", $"A whole number of units from 1 to {MostUnits}.");
    }
}
