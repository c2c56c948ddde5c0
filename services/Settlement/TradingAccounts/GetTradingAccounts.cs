using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.TradingAccounts;

public static class GetTradingAccounts
{
    public static void Map(RouteGroupBuilder market) => market.MapGet("/trading-accounts", Handle)
        .ForOverseers()
        .WithTags("Trading accounts")
        .WithName("get-trading-accounts")
        .WithSummary("Trading accounts (交易账户) ordered by participant")
        .WithDescription("after: participant id of the last one seen. limit: 1-500, 100 unless said.")
        .Produces<Page<TradingAccountView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> Handle(
        string market, Ledgers ledgers, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        return TypedResults.Ok(await ledgers[market].Read(ledger => Paging.Of(
            TradingAccountView.After(ledger, after), limit, account => account.ParticipantId), cancellationToken));
    }
}
