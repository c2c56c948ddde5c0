using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Postings;

public static class RebuildPostings
{
    /// <param name="JournalVersion">The version to which they have to come.</param>
    public sealed record RebuildAnswer(long JournalVersion);

    public static void Map(RouteGroupBuilder market) => market.MapPost("/postings/rebuild", Handle)
        .RequireAuthorization(Roles.Operator)
        .WithTags("Postings")
        .WithName("rebuild-postings")
        .WithSummary("Throw the postings away and write them anew from the journal")
        .WithDescription("Changes nothing in the ledger. Until they have come as far as the journal, questions about the past answer 503 postings-behind.")
        .Produces<RebuildAnswer>();

    internal static async Task<IResult> Handle(string market, Ledgers ledgers, PostingStore postings, PostingHeads heads, CancellationToken cancellationToken)
    {
        // Before, lest anybody still rely on what is about to go; after, because the leader goes on booking until it is gone.
        heads[market] = PostingHead.Start;
        try
        {
            await postings.Forget(market, cancellationToken);
        }
        finally
        {
            heads[market] = PostingHead.Start;
        }
        return TypedResults.Ok(new RebuildAnswer(ledgers[market].Engine.Version));
    }
}
