using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Accounts;

public static class TrustAccounts
{
    /// <param name="AccountId">The account that is trusted.</param>
    /// <param name="From">Legal time from which transfers to it count as transfers to a trusted account.</param>
    public sealed record TrustedAccount(Guid AccountId, DateTimeOffset From);

    /// <param name="AccountId">The account that trusts them.</param>
    /// <param name="Accounts">By id; at most a hundred.</param>
    public sealed record TrustedAccounts(Guid AccountId, IReadOnlyList<TrustedAccount> Accounts);

    public static void Map(RouteGroupBuilder accounts)
    {
        accounts.MapPut("/{accountId:guid}/trusted/{trustedAccountId:guid}", Trust)
            .ForAParticipant(Roles.Emitter, Roles.Trader)
            .WithName("trust-account")
            .WithSummary("Put an account on the list of those the caller's account trusts (信任账户)")
            .WithDescription(
                "It counts after the delay of the policy pack, so that a stolen key cannot trust itself and be quick. In order of precedence: 422 "
                + "unknown-account; 403 account-not-yours; 422 unknown-account (trusted), trusts-itself, too-many-trusted.")
            .Produces<TrustedAccounts>()
            .Changes();
        accounts.MapDelete("/{accountId:guid}/trusted/{trustedAccountId:guid}", Distrust)
            .ForAParticipant(Roles.Emitter, Roles.Trader)
            .WithName("distrust-account")
            .WithSummary("Strike an account off the list, at once")
            .WithDescription("In order of precedence: 422 unknown-account; 403 account-not-yours; 422 unknown-account (trusted), trusts-itself.")
            .Produces<TrustedAccounts>()
            .Changes();
        accounts.MapGet("/{accountId:guid}/trusted", Get)
            .WithName("get-trusted-accounts")
            .WithSummary("The accounts that an account trusts")
            .WithDescription("For its holder, the regulator, the operator and the auditor. 404 unknown-account; 403 account-not-yours.")
            .Produces<TrustedAccounts>()
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="accountId">An account of the caller's.</param>
    /// <param name="trustedAccountId">The account it is to trust.</param>
    internal static Task<IResult> Trust(
        string market, Guid accountId, Guid trustedAccountId, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken) =>
        Set(market, accountId, trustedAccountId, trusted: true, context, ledgers, clock, cancellationToken);

    /// <param name="accountId">An account of the caller's.</param>
    /// <param name="trustedAccountId">The account it trusts no longer.</param>
    internal static Task<IResult> Distrust(
        string market, Guid accountId, Guid trustedAccountId, HttpContext context, Ledgers ledgers, TimeProvider clock, CancellationToken cancellationToken) =>
        Set(market, accountId, trustedAccountId, trusted: false, context, ledgers, clock, cancellationToken);

    /// <param name="accountId">The account whose list it is.</param>
    internal static async Task<IResult> Get(string market, Guid accountId, HttpContext context, Ledgers ledgers, CancellationToken cancellationToken)
    {
        var (holder, found) = await ledgers[market].Read(
            ledger => ledger.Accounts.Find(accountId) is { } account ? (account.ParticipantId, View(account)) : default, cancellationToken);
        return found is null ? Problem.NotFound("unknown-account", $"There is no account {accountId} in {market}.")
            : !context.User.MaySee(holder) ? Problem.Forbidden("account-not-yours", "The account belongs to another participant.")
            : TypedResults.Ok(found);
    }

    private static Task<IResult> Set(
        string market, Guid accountId, Guid trustedAccountId, bool trusted, HttpContext context, Ledgers ledgers, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (ledger, at) = (ledgers[market], clock.GetUtcNow());
        // On and off again are two acts, and either said twice changes nothing. The moment does not tell them apart: legal time may stand.
        return ledger.Answer(
            context.CommandId(ledger.IdOfWord(accountId, $"trust:{trustedAccountId}:{trusted}")),
            new TrustAccount(accountId, trustedAccountId, trusted, context.User.ParticipantId(), at),
            state => state.Accounts.Find(accountId) is { } account ? View(account) : null, context, cancellationToken);
    }

    private static TrustedAccounts View(Account account) =>
        new(account.Id, [.. account.Trusted.Select(entry => new TrustedAccount(entry.Key, entry.Value))]);
}
