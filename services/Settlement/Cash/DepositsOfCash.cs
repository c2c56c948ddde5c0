using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Cash;

public static class DepositsOfCash
{
    /// <param name="DepositId">The line of the bank's statement, as an id; a repeat answers as the first time.</param>
    /// <param name="AccountId">A trading account.</param>
    /// <param name="AmountMinor">Minor units of the market's currency.</param>
    public sealed record NewDeposit(Guid? DepositId = null, Guid? AccountId = null, long? AmountMinor = null);

    public static void Map(RouteGroupBuilder market) => market.MapPost("/cash-deposits/batch", Handle)
        .RequireAuthorization(Roles.Operator)
        .WithTags("Cash")
        .WithName("deposit-cash")
        .WithSummary("Book up to 500 lines of the settlement bank's statement (入金)")
        .WithDescription(
            "Cash goes onto trading accounts; Trading sees it moments later. Codes of a rejected item, in order of precedence: "
            + "command-id-reused, id-reused, unknown-account, transaction-not-allowed, account-may-not-receive. A rejected item stays rejected under its id.")
        .Produces<BatchAnswer<BatchResult>>()
        .Changes();

    internal static async Task<IResult> Handle(
        string market, Batch<NewDeposit> batch, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(deposit => deposit.DepositId, (faults, deposit, path) =>
        {
            faults.RequireId(deposit.DepositId, $"{path}.depositId");
            faults.RequireId(deposit.AccountId, $"{path}.accountId");
            faults.RequireAmount(deposit.AmountMinor, $"{path}.amountMinor");
        });
        if (faults.Any)
            return faults.ToProblem();
        var at = clock.GetUtcNow();
        return await ledgers[market].Execute(batch.Items!.Select(deposit => (deposit.DepositId!.Value,
            (LedgerCommand)new DepositCash(
                deposit.DepositId.Value, deposit.AccountId!.Value, Money.OfMinor(deposit.AmountMinor!.Value), at))), context, cancellationToken);
    }
}
