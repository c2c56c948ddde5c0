using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

public sealed class AuctionClearingSpecs
{
    private static readonly AuctionTerms Purchase = new(AuctionDirection.Purchase);

    [Fact]
    public void A_sale_goes_to_the_highest_bids_and_all_pay_the_lowest_winning_price()
    {
        var result = Clear(AuctionTerms.Usual, 100, 50, Bid("a", 50, 60), Bid("b", 40, 80), Bid("c", 30, 55), Bid("d", 10, 55), Bid("e", 5, 51));
        Awards(result).ShouldBe([("b", 40, 55), ("a", 50, 55), ("c", 10, 55)]);
        (result.Outcome, result.MarginalPrice, result.QuantityBid).ShouldBe((AuctionOutcome.Sold, Price.OfMinor(55), 135L));
    }

    [Fact]
    public void A_purchase_goes_to_the_lowest_offers_and_all_are_paid_the_highest_winning_price()
    {
        var result = Clear(Purchase, 100, 90, Bid("a", 50, 60), Bid("b", 40, 80), Bid("c", 30, 55), Bid("d", 5, 91));
        Awards(result).ShouldBe([("c", 30, 80), ("a", 50, 80), ("b", 20, 80)]);
        (result.MarginalPrice, result.QuantityBid).ShouldBe((Price.OfMinor(80), 120L), "An offer above the reserve price is none.");
    }

    [Fact]
    public void Pay_as_bid_takes_each_winner_at_its_own_price()
    {
        var asBid = new AuctionTerms(Pricing: AuctionPricing.PayAsBid);
        var result = Clear(asBid, 100, 50, Bid("a", 50, 60), Bid("b", 40, 80), Bid("c", 30, 55));
        Awards(result).ShouldBe([("b", 40, 80), ("a", 50, 60), ("c", 10, 55)]);
        result.MarginalPrice.ShouldBe(Price.OfMinor(55));
        AuctionReport.RevenueOf(result.Awards).ShouldBe(Money.OfMinor((40 * 80) + (50 * 60) + (10 * 55)));
    }

    [Fact]
    public void What_nobody_bids_for_is_not_sold()
    {
        Clear(AuctionTerms.Usual, 100, 50, Bid("a", 99, 60)).Outcome.ShouldBe(AuctionOutcome.PartlySold);
        Clear(AuctionTerms.Usual, 100, 50, Bid("a", 100, 60)).Outcome.ShouldBe(AuctionOutcome.Sold);
        var none = Clear(AuctionTerms.Usual, 100, 50);
        (none.Outcome, none.AbortReason, none.MarginalPrice, none.Sold).ShouldBe((AuctionOutcome.Aborted, "no-bids", null, Quantity.Zero));
        Clear(AuctionTerms.Usual, 100, 50, Bid("a", 100, 49)).AbortReason.ShouldBe("no-bids");
        Clear(Purchase, 100, 50, Bid("a", 100, 51)).AbortReason.ShouldBe("no-bids");
    }

    [Fact]
    public void Below_the_minimum_cover_nothing_is_sold_and_at_it_everything_that_was_bid_for()
    {
        var covered = new AuctionTerms(MinimumCoverBasisPoints: 9_990);
        var short1 = Clear(covered, 1_000, 50, Bid("a", 998, 60), Bid("low", 500, 49));
        (short1.Outcome, short1.AbortReason, short1.QuantityBid).ShouldBe((AuctionOutcome.Aborted, "cover-too-low", 998L));
        short1.Awards.ShouldBeEmpty();
        Clear(covered, 1_000, 50, Bid("a", 999, 60)).Outcome.ShouldBe(AuctionOutcome.PartlySold);
        Clear(new AuctionTerms(MinimumCoverBasisPoints: 15_000), 1_000, 50, Bid("a", 1_000, 60), Bid("b", 499, 60)).AbortReason.ShouldBe("cover-too-low");
        Clear(new AuctionTerms(MinimumCoverBasisPoints: 15_000), 1_000, 50, Bid("a", 1_000, 60), Bid("b", 500, 60)).Outcome.ShouldBe(AuctionOutcome.Sold);
    }

    [Fact]
    public void Equal_bids_at_the_margin_win_by_time()
    {
        Awards(Clear(AuctionTerms.Usual, 100, 50, Bid("a", 60, 60), Bid("b", 60, 60), Bid("c", 60, 60))).ShouldBe([("a", 60, 60), ("b", 40, 60)]);
        Awards(Clear(AuctionTerms.Usual, 100, 50, Bid("c", 60, 60), Bid("b", 60, 60), Bid("a", 60, 60))).ShouldBe([("c", 60, 60), ("b", 40, 60)]);
    }

    [Fact]
    public void Or_by_their_shares_rounded_down_to_the_lot_and_what_is_left_goes_by_time_a_lot_to_each()
    {
        var shares = new AuctionTerms(TieBreak: TieBreak.ProRata);
        Awards(Clear(shares, 100, 50, Bid("top", 30, 61), Bid("a", 60, 60), Bid("b", 60, 60), Bid("c", 60, 60)))
            .ShouldBe([("top", 30, 60), ("a", 24, 60), ("b", 23, 60), ("c", 23, 60)]);
        Awards(Clear(shares, 100, 50, Bid("a", 10, 60), Bid("b", 290, 60))).ShouldBe([("a", 4, 60), ("b", 96, 60)]);
        Awards(AuctionClearing.Clear(shares, Quantity.Of(100), Price.OfMinor(50), lotSize: 10, [Bid("a", 60, 60), Bid("b", 60, 60), Bid("c", 60, 60)]))
            .ShouldBe([("a", 40, 60), ("b", 30, 60), ("c", 30, 60)]);
        Awards(Clear(shares, 2, 50, Bid("a", 1, 60), Bid("b", 1, 60), Bid("c", 1, 60))).ShouldBe([("a", 1, 60), ("b", 1, 60)]);
    }

    [Fact]
    public void The_largest_quantities_are_still_exact()
    {
        const long most = 1_000_000_000_000_000;
        var shares = new AuctionTerms(TieBreak: TieBreak.ProRata, MinimumCoverBasisPoints: 1_000_000);
        var bids = Enumerable.Range(0, 2_000).Select(i => Bid($"{i}", most, 1)).ToArray();
        var result = Clear(shares, most, 1, bids);
        result.Sold.ShouldBe(Quantity.Of(most));
        result.Awards.ShouldAllBe(award => award.Quantity == Quantity.Of(most / 2_000));
    }

    [Fact]
    public void The_cover_ratio_is_rounded_half_up_to_the_hundredth_and_only_in_the_report()
    {
        Cover(1_222_500, 300_000).ShouldBe(4.08m);
        Cover(1_044, 1_000).ShouldBe(1.04m);
        Cover(1_045, 1_000).ShouldBe(1.05m);
        Cover(0, 1_000).ShouldBe(0m);
    }

    [Fact]
    public void The_bounds_are_the_lowest_and_the_highest_price_bid()
    {
        BidBounds.Of([Price.OfMinor(7), Price.OfMinor(3), Price.OfMinor(5)]).ShouldBe(new BidBounds(Price.OfMinor(3), Price.OfMinor(7)));
        BidBounds.Of([]).ShouldBeNull();
    }

    private static AuctionResult Clear(AuctionTerms terms, long offered, long reserve, params SealedBid[] bids) =>
        AuctionClearing.Clear(terms, Quantity.Of(offered), Price.OfMinor(reserve), lotSize: 1, bids);

    /// <summary>Each bid of another bidder, whose name it has.</summary>
    private static SealedBid Bid(string name, long quantity, long price) => new(Id(name), Id(name), Quantity.Of(quantity), Price.OfMinor(price));

    private static IEnumerable<(string Bid, long Quantity, long Price)> Awards(AuctionResult result)
    {
        var names = new[] { "a", "b", "c", "d", "e", "top", "low" }.ToDictionary(Id, name => name);
        return result.Awards.Select(award => (names[award.BidId], award.Quantity.Value, award.Price.MinorPerUnit));
    }

    private static decimal Cover(long bid, long offered) => new AuctionReport(Quantity.Of(offered), Quantity.Zero, null, Money.Zero, bid, null).CoverRatio;
}
