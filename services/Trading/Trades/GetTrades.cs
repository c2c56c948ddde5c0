using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Marten;

namespace CarbonMarket.Trading.Trades;

public static class GetTrades
{
    public static void Map(RouteGroupBuilder market) => market.MapGet("/trades", Handle)
        .WithTags("Trades")
        .WithName("list-trades")
        .WithSummary("The market's trades in order of their sequence")
        .WithDescription(
            "after: the last sequence already seen. Pages have no gaps: whoever follows the sequence has seen every trade. Participants "
            + "see themselves as buyer or seller and nobody else; regulator, operator and auditor see both sides.")
        .Produces<Page<TradeAnswer>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> Handle(
        string market, long? after, int? limit, HttpContext context, Venues venues, IDocumentStore store, CancellationToken cancellationToken)
    {
        var faults = Paging.Check(limit);
        faults.Require(after is null or >= 0, "after", "out-of-range", "A sequence is not below zero.");
        if (faults.Any)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        var found = await Find(venues[market], store, after ?? 0, size + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(
            [.. found.Select(trade => trade.As(id => id is { } participant && context.User.MaySee(participant)))],
            size, trade => trade.Sequence));
    }

    private static async Task<IReadOnlyList<TradeAnswer>> Find(
        Venue venue, IDocumentStore store, long after, int most, CancellationToken cancellationToken)
    {
        var (first, kept) = await venue.Read(market => (market.RecentTrades.First, Kept(market, after, most)), cancellationToken);
        if (after >= first - 1)
            return kept;
        await using var session = store.QuerySession();
        var older = await session.Query<TradeView>()
            .Where(trade => trade.Market == venue.Stream && trade.Sequence > after && trade.Sequence < first)
            .OrderBy(trade => trade.Sequence).Take(most).ToListAsync(cancellationToken);
        // Documents follow the journal in order, so what is there has no gap; what they have not reached yet is left out.
        var reached = after + older.Count;
        return [.. older.Select(view => view.Trade).Concat(reached + 1 == first ? kept : []).Take(most)];
    }

    private static ImmutableArray<TradeAnswer> Kept(MarketState market, long after, int most) =>
        [.. market.RecentTrades.After(after).Take(most).Select(TradeAnswer.Of)];
}
