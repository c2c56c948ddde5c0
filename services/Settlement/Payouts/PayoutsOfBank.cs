using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Payouts;

public static class PayoutsOfBank
{
    private const int LongestText = 200;

    /// <param name="BankReference">The bank's own name of its entry; up to 200 characters.</param>
    /// <param name="Refusal">Why the bank has not paid, up to 200 characters; null: it has.</param>
    public sealed record NewAnswer(string? BankReference = null, string? Refusal = null);

    public static void Map(RouteGroupBuilder market)
    {
        market.MapGet("/payouts", Open)
            .ForOverseers()
            .WithTags("Cash")
            .WithName("list-payouts")
            .WithSummary("Withdrawn cash that the settlement bank has not paid yet (在途出金)")
            .WithDescription("By withdrawal. after: id of the last one seen. limit: 1-500, 100 unless said.")
            .Produces<Page<Payout>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        market.MapPost("/payouts/{withdrawalId:guid}/answer", Answer)
            .RequireAuthorization(Roles.Operator)
            .WithTags("Cash")
            .WithName("answer-payout")
            .WithSummary("Enter by hand what the settlement bank has done with a payment")
            .WithDescription(
                "For a bank that is not connected, or has told its answer otherwise. Paid: the cash has left. Refused: it goes back to the trading account, and the bank is "
                + "not handed the order any more; one that it has by then it may still pay, which the reconciliation shows. The same again changes nothing. "
                + "404 unknown-payout; 422 payout-answered.")
            .Produces<PayoutAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Changes();
    }

    internal static async Task<IResult> Open(
        string market, Ledgers ledgers, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        return TypedResults.Ok(await ledgers[market].Read(ledger => Paging.Of(ledger.Payouts.After(after), limit, payout => payout.WithdrawalId), cancellationToken));
    }

    /// <param name="withdrawalId">The withdrawal whose payment it is.</param>
    internal static async Task<IResult> Answer(
        string market, Guid withdrawalId, NewAnswer asked, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireText(asked.BankReference, LongestText, "$.bankReference");
        if (asked.Refusal is not null)
            faults.RequireText(asked.Refusal, LongestText, "$.refusal");
        if (faults.Any)
            return faults.ToProblem();
        var ledger = ledgers[market];
        // Answered before it was asked, it must not stand refused for ever.
        if (!await ledger.Read(state => state.Payouts.Find(withdrawalId) is not null || state.Payouts.AnswerTo(withdrawalId) is not null, cancellationToken))
            return Problem.NotFound("unknown-payout", $"No payment of withdrawal {withdrawalId} was asked of the bank.");
        return await ledger.Answer(
            context.CommandId(DeterministicGuid.From(withdrawalId, $"answer:{asked.BankReference}:{asked.Refusal}")),
            new AnswerPayout(withdrawalId, asked.BankReference!, asked.Refusal, clock.GetUtcNow()),
            state => state.Payouts.AnswerTo(withdrawalId), context, cancellationToken);
    }
}
