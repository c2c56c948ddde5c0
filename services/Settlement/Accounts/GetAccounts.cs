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
        accounts.MapGet("/", Many)
            .WithName("get-accounts")
            .WithSummary("Accounts in the order they were opened")
            .WithDescription("A participant sees its own. participantId: those of one participant. limit: 1-500, 100 unless said.")
            .Produces<Page<AccountView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

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
        var page = await ledgers[market].Read(ledger => Paging.Of(
            Numbered(ledger, seen).Where(numbered => holder is null || numbered.Account.ParticipantId == holder),
            limit, numbered => numbered.Number), cancellationToken);
        return TypedResults.Ok(new Page<AccountView>([.. page.Items.Select(numbered => numbered.Account)], page.Next));
    }

    /// <summary>Accounts are only ever added, so their place in the order of opening is a lasting cursor.</summary>
    private static IEnumerable<(int Number, AccountView Account)> Numbered(LedgerState ledger, int after)
    {
        for (var index = after; index < ledger.Accounts.Opened.Count; index++)
            yield return (index + 1, AccountView.Of(ledger.Accounts.Opened[index]));
    }
}
