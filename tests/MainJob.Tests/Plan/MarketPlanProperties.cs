using CarbonMarket.MainJob.Registry;
using CsCheck;

namespace CarbonMarket.MainJob.Plan;

public sealed class MarketPlanProperties
{
    /// <summary>Any seed, and a market that crosses nothing, everything, or something between.</summary>
    private static readonly Gen<PlayedMarket> Markets =
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, 100], Gen.Int[1, 40], (seed, crossed, part) =>
            new PlayedMarket(PartOf(Shipped.Extract, part), seed, crossed).Play());

    [Fact]
    public void Everybody_can_surrender_what_the_registry_published() => Sample(market =>
        Shipped.Extract.Operators.All(row => market.Holdings.Of(row.Id) is { Registry: >= 0, Trading: >= 0 }));

    [Fact]
    public void Nobody_offers_what_it_needs_for_the_year() => Sample(market => market.Years.All(played =>
        played.Offers.All(offer => played.Opening.Of(offer.OperatorId) is var held
            && held.Trading >= offer.Amount
            && held.Sum - offer.Amount >= market.Plan.Due(offer.OperatorId, played.Year))));

    [Fact]
    public void Nobody_sells_more_than_it_offers() => Sample(market => market.Years.All(played =>
        played.Sessions.All(session => session.Where(each => each.Orders.Any(order => order.Side == Side.Sell)).All(each =>
            each.Orders.Sum(order => order.Quantity) <= played.Offers.Single(offer => offer.OperatorId == each.OperatorId).Amount))));

    [Fact]
    public void The_final_auction_offers_exactly_what_is_still_lacking() => Sample(market => market.Years.All(played =>
        played.Final is null || played.Final.Quantity == played.Final.Bids.Sum(bids => bids.Quantity)));

    [Fact]
    public void The_first_auction_leaves_no_more_than_the_bids_take() => Sample(market => market.Years.All(played =>
        played.First is null || played.First.Quantity <= played.First.Bids.Sum(bids => bids.Quantity)));

    [Fact]
    public void Nobody_bids_for_more_than_is_on_sale() => Sample(market => market.Years.All(played =>
        new[] { played.First, played.Final }.OfType<AuctionPlan>().All(auction =>
            auction.Bids.SelectMany(each => each.Bids).All(bid => bid.Quantity <= auction.Quantity))));

    [Fact]
    public void The_cash_deposited_covers_every_bid_and_order_of_the_year() => Sample(market => market.Years.All(played =>
        CostByOperator(played).All(cost => played.Deposits.Single(cash => cash.OperatorId == cost.Key).Amount >= cost.Value)));

    [Fact]
    public void No_bid_is_below_the_reserve_price() => Sample(market => market.Years.All(played =>
        new[] { played.First, played.Final }.OfType<AuctionPlan>().All(auction =>
            auction.Bids.SelectMany(each => each.Bids).All(bid => bid.PriceMinor >= auction.ReservePriceMinor && bid.Quantity > 0))));

    [Fact]
    public void Every_id_is_used_once() => Sample(market => market.Years.SelectMany(IdsOf) is var ids
        && ids.Distinct().Count() == ids.Count());

    [Fact]
    public void The_same_seed_plays_the_same_market()
    {
        var (first, second) = (new PlayedMarket(Shipped.Extract, 1, 70).Play(), new PlayedMarket(Shipped.Extract, 1, 70).Play());
        first.Years.SelectMany(IdsOf).ShouldBe(second.Years.SelectMany(IdsOf));
        foreach (var row in Shipped.Extract.Operators)
            first.Holdings.Of(row.Id).ShouldBe(second.Holdings.Of(row.Id));
    }

    [Fact]
    public void Another_seed_plays_another_market() => new PlayedMarket(Shipped.Extract, 2, 70).Play().Years.SelectMany(IdsOf)
        .ShouldNotBe(new PlayedMarket(Shipped.Extract, 1, 70).Play().Years.SelectMany(IdsOf));

    private static void Sample(Func<PlayedMarket, bool> holds) => Markets.Sample(holds, iter: 20, threads: 1);

    private static RegistryExtract PartOf(RegistryExtract extract, int part) =>
        extract with { Operators = [.. extract.Operators.Where((_, index) => index % part == 0)] };

    /// <summary>The most an operator can have spent and bound at once: everything it bid in one place after the other.</summary>
    private static Dictionary<string, long> CostByOperator(PlayedMarket.YearPlayed played)
    {
        var costs = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var bids in new[] { played.First, played.Final }.OfType<AuctionPlan>().SelectMany(auction => auction.Bids))
            costs[bids.OperatorId] = Math.Max(costs.GetValueOrDefault(bids.OperatorId), bids.Bids.Sum(bid => bid.Quantity * bid.PriceMinor));
        foreach (var orders in played.Sessions.SelectMany(session => session))
        {
            var cost = orders.Orders.Where(order => order.Side == Side.Buy).Sum(order => order.Quantity * order.PriceMinor);
            if (cost > 0)
                costs[orders.OperatorId] = Math.Max(costs.GetValueOrDefault(orders.OperatorId), cost);
        }
        return costs;
    }

    private static List<Guid> IdsOf(PlayedMarket.YearPlayed played) =>
    [
        .. played.Offers.Select(offer => offer.Id),
        .. played.Deposits.Select(cash => cash.Id),
        .. new[] { played.First, played.Final }.OfType<AuctionPlan>()
            .SelectMany(auction => auction.Bids.SelectMany(each => each.Bids).Select(bid => bid.BidId).Prepend(auction.AuctionId)),
        .. played.Sessions.SelectMany(session => session.SelectMany(each => each.Orders.Select(order => order.OrderId))),
    ];
}
