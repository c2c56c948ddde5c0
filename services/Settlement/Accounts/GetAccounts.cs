using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Accounts;

public static class GetAccounts
{
    public static void Map(RouteGroupBuilder accounts)
    {
        accounts.MapGet("/{accountId:guid}", One)
            .WithName("get-account")
            .WithSummary("One account with its units and cash")
            .WithDescription("For its holder, the regulator, the operator and the auditor. 404 unknown-account; 403 account-not-yours.")
            .Produces<AccountView>()
            .ProducesProblem(StatusCodes.Status403Forbidden);
        accounts.MapGet("/authority", OfAuthority)
            .ForOverseers()
            .WithName("get-authority-accounts")
            .WithSummary("The authority's own accounts (登记机构账户): units and cash that are no participant's")
            .WithDescription("Among them the fees of trades (fees, 手续费) and the risk reserve (risk-reserve, 风险准备金), where the policy pack has them.")
            .Produces<ImmutableArray<AccountView>>();
        accounts.MapGet("/", Many)
            .WithName("get-accounts")
            .WithSummary("Accounts in the order they were opened")
            .WithDescription("A participant sees its own. participantId: those of one participant. limit: 1-500, 100 unless said.")
            .Produces<Page<AccountView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    /// <param name="accountId">Made by whoever opened it.</param>
    internal static async Task<IResult> One(
        string market, Guid accountId, HttpContext context, Ledgers ledgers, CancellationToken cancellationToken)
    {
        var found = await ledgers[market].Read(
            ledger => ledger.Accounts.Find(accountId) is { } account ? AccountView.Of(account) : null, cancellationToken);
        return found switch
        {
            null => Problem.NotFound("unknown-account", $"There is no account {accountId} in {market}."),
            _ when !context.User.MaySee(found.ParticipantId) =>
                Problem.Forbidden("account-not-yours", "The account belongs to another participant."),
            _ => TypedResults.Ok(found),
        };
    }

    internal static async Task<IResult> OfAuthority(string market, Ledgers ledgers, CancellationToken cancellationToken) => TypedResults.Ok(
        await ledgers[market].Read(ledger => ledger.Accounts.OfAuthority.Select(AccountView.Of).ToImmutableArray(), cancellationToken));

    /// <param name="participantId">Accounts of this participant only; left out: of all that the caller may see.</param>
    internal static async Task<IResult> Many(
        string market, HttpContext context, Ledgers ledgers, CancellationToken cancellationToken,
        Guid? participantId = null, string? after = null, int? limit = null)
    {
        var faults = Paging.Check(limit);
        var seen = 0;
        faults.Require(after is null || (int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out seen) && seen >= 0),
            "after", "invalid-cursor", "The next of an earlier page.");
        if (faults.Any)
            return faults.ToProblem();
        var holder = participantId ?? (context.User.SeesEverything() ? null : context.User.ParticipantId());
        if (holder is { } one && !context.User.MaySee(one))
            return Problem.Forbidden("account-not-yours", "A participant sees its own accounts.");
        return TypedResults.Ok(await ledgers[market].Read(ledger => Page(ledger, seen, holder, limit), cancellationToken));
    }

    /// <summary>On the writer, so nothing is shown that is not on the page.</summary>
    private static Page<AccountView> Page(LedgerState ledger, int seen, Guid? holder, int? limit)
    {
        var page = Paging.Of(ledger.Accounts.OpenedAfter(seen, holder), limit, opened => opened.Place);
        return new Page<AccountView>([.. page.Items.Select(opened => AccountView.Of(opened.Account))], page.Next);
    }
}
