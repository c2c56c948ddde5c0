using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;

namespace CarbonMarket.Settlement.Debts;

public static class DebtsOfParticipants
{
    private const int LongestGround = 500;

    /// <param name="ParticipantId">The entity whose coming allocations are cut.</param>
    /// <param name="Reason">not-surrendered, false-report, borrowed or other.</param>
    /// <param name="Quantity">Units to be kept back.</param>
    /// <param name="Ground">The decision it rests on; up to 500 characters.</param>
    public sealed record NewDeduction(Guid? ParticipantId = null, string? Reason = null, long? Quantity = null, string? Ground = null);

    /// <param name="ParticipantId">The entity whose allocation was too high.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Vintage">Where the instrument has units of several.</param>
    /// <param name="Final">What should have been allocated in all; 0: nothing.</param>
    /// <param name="Ground">The decision it rests on; up to 500 characters.</param>
    public sealed record NewReduction(Guid? ParticipantId = null, string? Instrument = null, int? Vintage = null, long? Final = null, string? Ground = null);

    /// <param name="DebtId">The id of the reduction by which it is owed.</param>
    /// <param name="Instrument">What is to be returned, as the policy pack names it.</param>
    /// <param name="Quantity">Units that were issued beyond the final figure.</param>
    /// <param name="Settled">Units returned or taken back so far.</param>
    /// <param name="Outstanding">Still to be returned.</param>
    /// <param name="Ground">The decision it rests on.</param>
    /// <param name="At">Legal time of the reduction.</param>
    public sealed record DebtView(Guid DebtId, string Instrument, Quantity Quantity, Quantity Settled, Quantity Outstanding, string Ground, DateTimeOffset At);

    /// <param name="DeductionId">Made by the official who imposed it; names the deduction.</param>
    /// <param name="Reason">not-surrendered, false-report, borrowed or other.</param>
    /// <param name="Quantity">Units to be kept back in all.</param>
    /// <param name="Deducted">Units kept back from allocations so far.</param>
    /// <param name="Remainder">Still to be kept back.</param>
    /// <param name="Ground">The decision it rests on.</param>
    /// <param name="At">Legal time at which it was imposed.</param>
    public sealed record DeductionView(Guid DeductionId, string Reason, Quantity Quantity, Quantity Deducted, Quantity Remainder, string Ground, DateTimeOffset At);

    /// <param name="ParticipantId">The participant asked about.</param>
    /// <param name="Debts">What it owes (待缴回): issued to it beyond what a final figure left.</param>
    /// <param name="Deductions">What is kept back from its coming allocations (核减).</param>
    /// <param name="Past">Null: as it is now.</param>
    public sealed record DebtsView(
        Guid ParticipantId, ImmutableArray<DebtView> Debts, ImmutableArray<DeductionView> Deductions, PastMoment? Past = null);

    public static void Map(RouteGroupBuilder market)
    {
        market.MapPut("/deductions/{deductionId:guid}", Deduct)
            .RequireAuthorization(Roles.Regulator)
            .WithTags("Debts")
            .WithName("impose-deduction")
            .WithSummary("Keep units back from an entity's coming allocations (核减)")
            .WithDescription("The oldest deduction goes first; what an allocation does not cover goes on to the next. 409 command-id-reused, id-reused; 422 deduction-not-lawful, surrender-in-review.")
            .Produces<DebtsView>()
            .Changes();
        market.MapPut("/allocation-reductions/{reductionId:guid}", Reduce)
            .RequireAuthorization(Roles.Regulator)
            .WithTags("Debts")
            .WithName("reduce-allocation")
            .WithSummary("Reduce an allocation to its final figure (多退少补)")
            .WithDescription(
                "What was only kept back goes back to its deductions; what was issued is owed (待缴回) and settled by the returns the policy pack knows. "
                + "409 command-id-reused, id-reused; 422 unknown-instrument, allocation-not-above.")
            .Produces<DebtsView>()
            .Changes();
        market.MapGet("/participants/{participantId:guid}/debts", Of)
            .WithTags("Debts")
            .WithName("get-debts")
            .WithSummary("Units a participant owes from its allocations, and what is kept back from coming ones")
            .WithDescription(
                "asOf: legal time, now unless said. knownAt: what was recorded by then, all unless said. 403 not-yours; 503 postings-behind: ask again.")
            .Produces<DebtsView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    /// <param name="deductionId">Made by the caller; names the deduction.</param>
    internal static async Task<IResult> Deduct(
        string market, Guid deductionId, NewDeduction asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(deductionId, "deductionId");
        faults.RequireId(asked.ParticipantId, "$.participantId");
        faults.Require(ReasonOf(asked.Reason) is not null, "$.reason", "unknown-value", "not-surrendered, false-report, borrowed or other.");
        faults.RequireQuantity(asked.Quantity, "$.quantity");
        faults.RequireText(asked.Ground, LongestGround, "$.ground");
        return faults.Any ? faults.ToProblem() : await ledgers[market].Answer(context.CommandId(deductionId), new ImposeDeduction(
            deductionId, asked.ParticipantId!.Value, ReasonOf(asked.Reason)!.Value, Quantity.Of(asked.Quantity!.Value), asked.Ground!, context.Person(),
            clock.GetUtcNow()), state => View(state, asked.ParticipantId.Value), context, cancellationToken);
    }

    /// <param name="reductionId">Made by the caller; names the reduction.</param>
    internal static async Task<IResult> Reduce(
        string market, Guid reductionId, NewReduction asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(reductionId, "reductionId");
        faults.RequireId(asked.ParticipantId, "$.participantId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequireVintage(asked.Vintage, "$.vintage");
        faults.Require(asked.Final is >= 0 and <= Requirements.LargestQuantity, "$.final", "out-of-range", $"Whole units, 0-{Requirements.LargestQuantity}.");
        faults.RequireText(asked.Ground, LongestGround, "$.ground");
        return faults.Any ? faults.ToProblem() : await ledgers[market].Answer(context.CommandId(reductionId), new ReduceAllocation(
            reductionId, asked.ParticipantId!.Value, asked.Instrument!, asked.Vintage is { } year ? ComplianceYear.Of(year) : null, Quantity.Of(asked.Final!.Value),
            asked.Ground!, context.Person(), clock.GetUtcNow()), state => View(state, asked.ParticipantId.Value), context, cancellationToken);
    }

    /// <param name="participantId">The participant asked about.</param>
    internal static async Task<IResult> Of(
        string market, Guid participantId, HttpContext context, PastEntities entities, CancellationToken cancellationToken,
        DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null) => context.User.MaySee(participantId)
            ? await entities.Answer(
                market, participantId, asOf, knownAt, context, (ledger, _, past) => TypedResults.Ok(View(ledger, participantId, past)), cancellationToken)
            : Problem.Forbidden("not-yours", "A participant sees its own debts.");

    internal static DebtsView View(LedgerState ledger, Guid participantId, PastMoment? past = null) => new(
        participantId,
        [.. ledger.Debts.DebtsOf(participantId).Select(debt => new DebtView(debt.DebtId, debt.Instrument, debt.Quantity, debt.Settled, debt.Outstanding, debt.Ground, debt.At))],
        [
            .. ledger.Debts.DeductionsOf(participantId).Select(cut => new DeductionView(
                cut.DeductionId, TextOf(cut.Reason), cut.Quantity, cut.Deducted, cut.Remainder, cut.Ground, cut.At)),
        ],
        past);

    private static DeductionReason? ReasonOf(string? text) => text switch
    {
        "not-surrendered" => DeductionReason.NotSurrendered,
        "false-report" => DeductionReason.FalseReport,
        "borrowed" => DeductionReason.Borrowed,
        "other" => DeductionReason.Other,
        _ => null,
    };

    private static string TextOf(DeductionReason reason) => reason switch
    {
        DeductionReason.NotSurrendered => "not-surrendered",
        DeductionReason.FalseReport => "false-report",
        DeductionReason.Borrowed => "borrowed",
        _ => "other",
    };
}
