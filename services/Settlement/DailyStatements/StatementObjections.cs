using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.DailyStatements;

public static class StatementObjections
{
    private const int LongestText = 2_000;

    /// <param name="TradingDay">The day of the statement, ISO 8601.</param>
    /// <param name="Text">What is wrong with it; up to 2,000 characters.</param>
    public sealed record NewObjection(DateOnly? TradingDay = null, string? Text = null);

    /// <param name="Upheld">True: what is wrong is put right by a correction.</param>
    /// <param name="Answer">Up to 2,000 characters.</param>
    public sealed record NewDecision(bool? Upheld = null, string? Answer = null);

    public static void Map(RouteGroupBuilder objections)
    {
        objections.MapPut("/{objectionId:guid}", Make)
            .ForAParticipant(Roles.Emitter, Roles.Trader)
            .WithName("object-to-statement")
            .WithSummary("Object to a daily statement in writing (异议)")
            .WithDescription(
                "Before the market opens again after the day; silence is acceptance. One for each statement. 409 command-id-reused, id-reused; 422 in order of "
                + "precedence: no-trading-account, day-not-cleared, objection-too-late, objection-already-made.")
            .Produces<StatementObjection>()
            .Changes();
        objections.MapPost("/{objectionId:guid}/decision", Settle)
            .RequireAuthorization(Roles.Regulator)
            .WithName("decide-statement-objection")
            .WithSummary("Answer an objection to a daily statement, as an official")
            .WithDescription("A statement is never changed: what is put right is a new transaction, a correction. 404 unknown-objection; 422 already-decided.")
            .Produces<StatementObjection>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
        objections.MapGet("/", Many)
            .WithName("list-statement-objections")
            .WithSummary("Objections to daily statements in the order in which they came")
            .WithDescription(
                "A participant sees its own; regulator, operator and auditor see all. open: only those that nobody has answered. after: the next of an earlier page. "
                + "limit: 1-500, 100 unless said.")
            .Produces<Page<StatementObjection>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="objectionId">Made by the caller; names the objection.</param>
    internal static async Task<IResult> Make(
        string market, Guid objectionId, NewObjection asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(objectionId, "objectionId");
        faults.Require(asked.TradingDay is not null, "$.tradingDay", "required", "An ISO 8601 date: 2021-06-01.");
        faults.RequireText(asked.Text, LongestText, "$.text");
        return faults.Any ? faults.ToProblem() : await ledgers[market].Answer(
            context.CommandId(objectionId), new ObjectToStatement(objectionId, asked.TradingDay!.Value, asked.Text!, context.Person(), clock.GetUtcNow()),
            ledger => ledger.Objections.Find(objectionId), context, cancellationToken);
    }

    /// <param name="objectionId">The objection, as the participant named it.</param>
    internal static async Task<IResult> Settle(
        string market, Guid objectionId, NewDecision asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Require(asked.Upheld is not null, "$.upheld", "required", "true or false.");
        faults.RequireText(asked.Answer, LongestText, "$.answer");
        if (faults.Any)
            return faults.ToProblem();
        // Asked before there is anything to decide, it must not stand refused for ever.
        if (await ledgers[market].Read(ledger => ledger.Objections.Find(objectionId), cancellationToken) is null)
            return Problem.NotFound("unknown-objection", $"There is no objection {objectionId} in {market}.");
        var commandId = context.CommandId(DeterministicGuid.From(objectionId, $"decision:{context.Actor().Subject}:{asked.Upheld}:{asked.Answer}"));
        return await ledgers[market].Answer(
            commandId, new DecideObjection(objectionId, asked.Upheld!.Value, asked.Answer!, context.Person(), clock.GetUtcNow()),
            ledger => ledger.Objections.Find(objectionId), context, cancellationToken);
    }

    /// <param name="open">True: only those that no official has answered.</param>
    internal static async Task<IResult> Many(
        string market, HttpContext context, Ledgers ledgers, CancellationToken cancellationToken, bool open = false, int? after = null, int? limit = null)
    {
        var faults = Paging.Check(limit);
        faults.Require(after is null or >= 0, "after", "invalid-cursor", "The next of an earlier page.");
        if (faults.Any)
            return faults.ToProblem();
        var (all, own) = (context.User.SeesEverything(), context.User.ParticipantId());
        var page = await ledgers[market].Read(ledger => Paging.Of(
            ledger.Objections.After(after ?? 0).Where(entry =>
                (all || entry.Objection.ParticipantId == own) && !(open && entry.Objection.Upheld is not null)),
            limit, entry => entry.Number), cancellationToken);
        return TypedResults.Ok(new Page<StatementObjection>([.. page.Items.Select(entry => entry.Objection)], page.Next));
    }
}
