using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Engagements;
using CarbonMarket.Verification.Plans;
using Marten;

namespace CarbonMarket.Verification.Calculations;

/// <param name="ParticipantId">The emitter.</param>
/// <param name="Year">Compliance year.</param>
/// <param name="PlanVersion">The plan as it stands, which the streams and methods are of.</param>
/// <param name="TotalTonnes">Whole tonnes of CO2; null while anything is missing or cannot be computed.</param>
/// <param name="TraceSha256">Of the total's trace.</param>
/// <param name="Parts">Emissions by stream and month, as far as they can be computed.</param>
/// <param name="BalanceTraceSha256">Of the trace by which the plan's balance puts the streams together; null where they are added up.</param>
/// <param name="Missing">Figures that the plan measures and no evidence gives.</param>
/// <param name="Corrections">What instruments metered while they were not calibrated or out of tolerance, as it counts (计量器具校准修正).</param>
/// <param name="Faults">What cannot be computed, and what would be right.</param>
public sealed record YearAnswer(
    Guid ParticipantId, int Year, long PlanVersion, decimal? TotalTonnes, string? TraceSha256, IReadOnlyList<YearAnswer.Part> Parts,
    IReadOnlyList<MissingFigure> Missing, IReadOnlyList<Uncomputed> Faults, string? BalanceTraceSha256,
    IReadOnlyList<YearAnswer.Correction> Corrections)
{
    /// <param name="Stream">Code of the plan's stream.</param>
    /// <param name="Month">1 to 12.</param>
    /// <param name="Tonnes">Of CO2, rounded as the method says.</param>
    /// <param name="TraceSha256">Of the trace of how it came about.</param>
    public sealed record Part(string Stream, int Month, decimal Tonnes, string TraceSha256);

    /// <param name="Stream">Code of the plan's stream.</param>
    /// <param name="Month">1 to 12.</param>
    /// <param name="Input">The input of its method that was corrected.</param>
    /// <param name="Metered">As it was metered, rounded as the method says.</param>
    /// <param name="Corrected">To the disadvantage of the emitter, in the same unit.</param>
    /// <param name="Unit">Of both figures.</param>
    /// <param name="TraceSha256">Of the trace of the correction.</param>
    public sealed record Correction(string Stream, int Month, string Input, decimal Metered, decimal Corrected, string Unit, string TraceSha256);

    public static YearAnswer Of(QualityPlan plan, YearOfEvidence year) => new(
        plan.ParticipantId, plan.Year.Value, plan.PlanVersion, year.Total?.Result, year.Total?.Hash(),
        [.. year.Parts.Select(part => new Part(part.Stream, part.Month, part.Trace.Result, part.Trace.Hash()))], year.Missing, year.Faults,
        year.Balance?.Hash(),
        [.. year.Corrections.Select(corrected => new Correction(
            corrected.Stream, corrected.Month, corrected.Input, corrected.Trace.Inputs.Single(input => input.Name == "metered").Entries[0].Value,
            corrected.Trace.Result, corrected.Trace.Measure.Unit.ToString(), corrected.Trace.Hash()))]);
}

public static class GetYear
{
    public static void Map(RouteGroupBuilder evidence)
    {
        evidence.MapGet("/{participantId:guid}/{year:int}/emissions", Emissions)
            .WithName("get-emissions-of-evidence")
            .WithSummary("What the evidence of a year comes to by its plan (排放量核算), and what is missing; an emitter sees its own only, an appointed verifier those of its entities")
            .WithDescription("Computed anew each time from the plan and the months as they stand; nothing is filed by it.")
            .Produces<YearAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        evidence.MapGet("/{participantId:guid}/{year:int}/traces/{sha256}", OneTrace)
            .WithName("get-trace-of-evidence")
            .WithSummary("How one figure of a year's emissions came about (计算过程), as the verifier of traces takes it")
            .WithDescription("By the hash that the emissions name. Once plan or evidence are other ones, so are the traces. 404 unknown-trace.")
            .Produces<Trace>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="participantId">The emitter.</param>
    /// <param name="year">Compliance year.</param>
    internal static async Task<IResult> Emissions(
        Guid participantId, int year, HttpContext context, IQuerySession session, CancellationToken cancellationToken) =>
        await session.ComputeFor(participantId, year, context, cancellationToken) is { } computed
            ? Results.Ok(YearAnswer.Of(computed.Plan, computed.Year))
            : NoPlan(participantId, year);

    /// <param name="participantId">The emitter.</param>
    /// <param name="year">Compliance year.</param>
    /// <param name="sha256">Of the trace, as the emissions name it.</param>
    internal static async Task<IResult> OneTrace(
        Guid participantId, int year, string sha256, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        // Its own JSON, byte for byte: that is what the hash is of.
        return (await session.ComputeFor(participantId, year, context, cancellationToken))?.Year.Find(sha256) is { } trace
            ? Results.Text(trace.ToJson(), "application/json")
            : Problem.NotFound("unknown-trace", $"The evidence of {year} of {participantId} gives no trace {sha256} that you may see.");
    }

    internal static IResult NoPlan(Guid participantId, int year) =>
        Problem.NotFound("unknown-quality-plan", $"There is no quality-control plan for {year} of {participantId} that you may see.");

    /// <summary>Null where there is no plan that the caller may see.</summary>
    internal static async Task<ComputedYear?> ComputeFor(
        this IQuerySession session, Guid participantId, int year, HttpContext context, CancellationToken cancellationToken) =>
        ComplianceYear.IsValid(year) && await session.Sees(context, participantId, ComplianceYear.Of(year), cancellationToken)
            ? await session.Compute(context.Market().Market, participantId, ComplianceYear.Of(year), cancellationToken)
            : null;
}
