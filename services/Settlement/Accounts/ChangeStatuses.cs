using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Accounts;

public static class ChangeStatuses
{
    private const int LongestGround = 500;

    /// <param name="Status">open, restricted, suspended, closing or closed.</param>
    /// <param name="Ground">Why, and by which rule; up to 500 characters.</param>
    public sealed record NewStatus(string? Status = null, string? Ground = null);

    public static void Map(RouteGroupBuilder accounts) => accounts.MapPut("/{accountId:guid}/status/{changeId:guid}", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithName("change-account-status")
        .WithSummary("Restrict, suspend, close or reopen an account")
        .WithDescription(
            "The policy pack says for each status which transactions may still leave the account and which may come. 409 command-id-reused, id-reused; "
            + "422 in order of precedence: unknown-account, account-of-authority, status-out-of-order, four-eyes (to let it send or receive more "
            + "takes another official than the one who made it what it is), account-not-empty.")
        .Produces<AccountView>()
        .Changes();

    /// <param name="accountId">An account of a participant.</param>
    /// <param name="changeId">Made by the caller; names this change.</param>
    internal static async Task<IResult> Handle(
        string market, Guid accountId, Guid changeId, NewStatus asked, HttpContext context, Ledgers ledgers, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(changeId, "changeId");
        faults.Require(asked.Status is not null && AccountStatuses.Ways.ContainsKey(asked.Status), "$.status", "unknown-value",
            "open, restricted, suspended, closing or closed.");
        faults.RequireText(asked.Ground, LongestGround, "$.ground");
        if (faults.Any)
            return faults.ToProblem();
        var (ledger, at) = (ledgers[market], clock.GetUtcNow());
        var outcome = await ledger.Execute(
            context.CommandId(changeId), new ChangeAccountStatus(changeId, accountId, asked.Status!, asked.Ground!, context.Person(), at),
            context.Provenance(), cancellationToken);
        await LedgerDuties.GoOn(ledger, at, cancellationToken);
        var view = await ledger.Read(state => state.Accounts.Find(accountId) is { } account ? AccountView.Of(account) : null, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(view));
    }
}
