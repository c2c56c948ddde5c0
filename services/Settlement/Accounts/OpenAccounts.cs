using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Accounts;

public static class OpenAccounts
{
    /// <param name="AccountId">Made by the caller; a repeat of the same account answers as the first time.</param>
    /// <param name="ParticipantId">Its holder.</param>
    /// <param name="Type">operator-holding (登记账户) or trading (交易账户).</param>
    public sealed record NewAccount(Guid? AccountId = null, Guid? ParticipantId = null, string? Type = null);

    public static void Map(RouteGroupBuilder accounts) => accounts.MapPost("/batch", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator))
        .WithName("open-accounts")
        .WithSummary("Open up to 500 accounts (开户)")
        .WithDescription(
            "Each participant has one account of each type. An allocation that waited for the account is issued to it at once. Codes of "
            + "a rejected item, in order of precedence: unknown-account-type, account-type-of-authority, account-already-open; "
            + "command-id-reused or id-reused when the id stands for something else. A rejected item stays rejected under its id.")
        .Produces<BatchAnswer<BatchResult>>()
        .Changes();

    internal static async Task<IResult> Handle(
        string market, Batch<NewAccount> batch, HttpContext context, Ledgers ledgers, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = batch.Check(account => account.AccountId, (faults, account, path) =>
        {
            faults.RequireId(account.AccountId, $"{path}.accountId");
            faults.RequireId(account.ParticipantId, $"{path}.participantId");
            faults.RequireName(account.Type, $"{path}.type");
        });
        if (faults.Any)
            return faults.ToProblem();
        var (ledger, at) = (ledgers[market], clock.GetUtcNow());
        var answer = await ledger.Execute(batch.Items!.Select(account => (account.AccountId!.Value,
            (LedgerCommand)new OpenAccount(account.AccountId.Value, account.ParticipantId!.Value, account.Type!, at))), context, cancellationToken);
        await LedgerDuties.GoOn(ledger, at, cancellationToken);
        return answer;
    }
}
