using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Settlement.Postings;

public static class GetHoldings
{
    /// <param name="AccountId">The account asked about.</param>
    /// <param name="Number">Of the account, with its check digits.</param>
    /// <param name="ParticipantId">Its holder; the empty GUID for an account of the authority.</param>
    /// <param name="AsOf">The legal time asked for; null: none was.</param>
    /// <param name="KnownAt">The time of recording asked for; null: none was.</param>
    /// <param name="Version">The journal's version that the two times come to.</param>
    /// <param name="Holdings">By asset and vintage; what it had nothing of is left out.</param>
    public sealed record HoldingsAnswer(
        Guid AccountId, string Number, Guid ParticipantId, DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Version, IReadOnlyList<AssetBalance> Holdings);

    public static void Map(RouteGroupBuilder accounts) => accounts.MapGet("/{accountId:guid}/holdings", Handle)
        .WithName("get-account-holdings")
        .WithSummary("What an account had at a legal time, as it was known at another")
        .WithDescription(
            "For its holder, the regulator, the operator and the auditor. asOf: legal time, now unless said. knownAt: what was recorded by then, all unless "
            + "said. 404 unknown-account; 403 account-not-yours; 503 postings-behind: ask again.")
        .Produces<HoldingsAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    /// <param name="accountId">The account, as requests name it.</param>
    internal static async Task<IResult> Handle(
        string market, Guid accountId, HttpContext context, Asking asking, PostingHistory history, CancellationToken cancellationToken,
        DateTimeOffset? asOf = null, DateTimeOffset? knownAt = null)
    {
        if (await asking.Account(market, accountId, cancellationToken) is not { } account)
            return Problem.NotFound("unknown-account", $"There is no account {accountId} in {market}.");
        if (!context.User.MaySee(account.ParticipantId))
            return Problem.Forbidden("account-not-yours", "The account belongs to another participant.");
        if (await asking.Through(market, asOf, knownAt, cancellationToken) is not { } through)
            return Asking.Behind(context);
        return TypedResults.Ok(new HoldingsAnswer(
            account.AccountId, account.Number!, account.ParticipantId, asOf, knownAt, through,
            await history.Holdings(market, accountId, through, cancellationToken)));
    }
}
