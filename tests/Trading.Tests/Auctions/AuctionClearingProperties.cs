using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

/// <summary>What holds of every auction, whatever its terms and bids.</summary>
public sealed class AuctionClearingProperties
{
    private const long Iterations = 5_000;

    private static readonly Gen<AuctionTerms> Terms = Gen.Select(
        Gen.Enum<AuctionDirection>(), Gen.Enum<AuctionPricing>(),
        Gen.Int[1, 20_000].Nullable(), Gen.Enum<TieBreak>(),
        (direction, pricing, cover, tie) => new AuctionTerms(direction, pricing, cover, null, tie));

    /// <summary>Few prices, so that there are many ties; quantities in whole lots.</summary>
    private static readonly Gen<Case> Cases =
        from lot in Gen.OneOf(Gen.Const(1L), Gen.Const(10L), Gen.Const(7L))
        from terms in Terms
        from offered in Gen.Long[1, 60]
        from reserve in Gen.Long[1, 8]
        from bids in Gen.Select(Gen.Long[1, 30], Gen.Long[1, 8], Gen.Int[0, 4]).Array[0, 25]
        select new Case(
            terms, Quantity.Of(offered * lot), Price.OfMinor(reserve), lot,
            [.. bids.Select((bid, i) => new SealedBid(Id($"bid {i}"), Id($"bidder {bid.Item3}"), Quantity.Of(bid.Item1 * lot), Price.OfMinor(bid.Item2)))]);

    [Fact]
    public void Awards_never_exceed_the_supply_nor_the_bid_and_come_in_whole_lots() => Cases.Sample(
        auction =>
        {
            var result = auction.Clear();
            result.Sold.ShouldBeLessThanOrEqualTo(auction.Offered);
            result.Awards.Select(award => award.BidId).ShouldBeUnique();
            foreach (var award in result.Awards)
            {
                award.Quantity.Value.ShouldBeInRange(1, auction.Bid(award.BidId).Quantity.Value);
                (award.Quantity.Value % auction.Lot).ShouldBe(0);
                award.ParticipantId.ShouldBe(auction.Bid(award.BidId).ParticipantId);
            }
        }, iter: Iterations);

    [Fact]
    public void Everything_is_sold_that_is_bid_for_unless_the_auction_is_aborted() => Cases.Sample(
        auction =>
        {
            var result = auction.Clear();
            var good = auction.Bids.Where(bid => auction.IsGood(bid.Price)).Sum(bid => bid.Quantity.Value);
            result.QuantityBid.ShouldBe(good);
            var covered = auction.Terms.MinimumCoverBasisPoints is not { } least || good * 10_000 >= least * auction.Offered.Value;
            result.AbortReason.ShouldBe(good == 0 ? "no-bids" : covered ? null : "cover-too-low");
            result.Sold.Value.ShouldBe(result.AbortReason is null ? Math.Min(good, auction.Offered.Value) : 0);
            result.Outcome.ShouldBe(
                result.Sold.IsZero ? AuctionOutcome.Aborted : result.Sold == auction.Offered ? AuctionOutcome.Sold : AuctionOutcome.PartlySold);
        }, iter: Iterations);

    [Fact]
    public void No_better_bid_loses_to_a_worse_one() => Cases.Sample(
        auction =>
        {
            var result = auction.Clear();
            if (result.MarginalPrice is not { } marginal)
                return;
            var won = result.Awards.ToDictionary(award => award.BidId, award => award.Quantity);
            foreach (var bid in auction.Bids.Where(bid => auction.IsBetter(bid.Price, marginal)))
                won.GetValueOrDefault(bid.BidId).ShouldBe(bid.Quantity, "What is better than the margin wins in full.");
            auction.Bids.Where(bid => auction.IsBetter(marginal, bid.Price) && won.ContainsKey(bid.BidId)).ShouldBeEmpty();
            auction.IsGood(marginal).ShouldBeTrue();
        }, iter: Iterations);

    [Fact]
    public void Ties_are_broken_as_the_terms_say() => Cases.Sample(
        auction =>
        {
            var result = auction.Clear();
            var won = result.Awards.ToDictionary(award => award.BidId, award => award.Quantity.Value);
            var tied = auction.Bids.Where(bid => bid.Price == result.MarginalPrice).ToList();
            var (asked, left) = (tied.Sum(bid => bid.Quantity.Value), tied.Sum(bid => won.GetValueOrDefault(bid.BidId)));
            foreach (var (bid, i) in tied.Select((bid, i) => (bid, i)))
            {
                var part = won.GetValueOrDefault(bid.BidId);
                if (auction.Terms.TieBreak == TieBreak.Time)
                    part.ShouldBe(Math.Clamp(left - tied.Take(i).Sum(earlier => earlier.Quantity.Value), 0, bid.Quantity.Value));
                else
                    (part * asked).ShouldBeInRange((bid.Quantity.Value * left) - (auction.Lot * asked) + 1, (bid.Quantity.Value * left) + (auction.Lot * asked));
            }
        }, iter: Iterations);

    [Fact]
    public void The_money_paid_is_the_sum_of_the_awards_and_nobody_pays_more_than_its_bid() => Cases.Sample(
        auction =>
        {
            var result = auction.Clear();
            AuctionReport.RevenueOf(result.Awards).Minor.ShouldBe(result.Awards.Sum(award => award.Quantity.Value * award.Price.MinorPerUnit));
            foreach (var award in result.Awards)
            {
                auction.IsBetter(award.Price, auction.Bid(award.BidId).Price).ShouldBeFalse("A winner pays its limit or less; in a purchase is paid it or more.");
                award.Price.ShouldBe(auction.Terms.Pricing == AuctionPricing.Uniform ? result.MarginalPrice!.Value : auction.Bid(award.BidId).Price);
            }
        }, iter: Iterations);

    [Fact]
    public void Paying_as_bid_brings_a_seller_no_less_and_costs_a_buyer_no_more_than_one_price() => Cases.Sample(
        auction =>
        {
            var uniform = (auction with { Terms = auction.Terms with { Pricing = AuctionPricing.Uniform } }).Clear();
            var asBid = (auction with { Terms = auction.Terms with { Pricing = AuctionPricing.PayAsBid } }).Clear();
            asBid.Awards.Select(award => (award.BidId, award.Quantity)).ShouldBe(uniform.Awards.Select(award => (award.BidId, award.Quantity)));
            var gain = AuctionReport.RevenueOf(asBid.Awards).Minor - AuctionReport.RevenueOf(uniform.Awards).Minor;
            (auction.Terms.Direction == AuctionDirection.Sale ? gain : -gain).ShouldBeGreaterThanOrEqualTo(0);
        }, iter: Iterations);

    [Fact]
    public void The_same_bids_in_the_same_order_give_the_same_result() => Cases.Sample(
        auction =>
        {
            var (first, second) = (auction.Clear(), auction.Clear());
            second.Awards.ShouldBe(first.Awards);
            (second with { Awards = first.Awards }).ShouldBe(first);
        }, iter: Iterations);

    private sealed record Case(AuctionTerms Terms, Quantity Offered, Price Reserve, long Lot, SealedBid[] Bids)
    {
        public AuctionResult Clear() => AuctionClearing.Clear(Terms, Offered, Reserve, Lot, Bids);

        public SealedBid Bid(Guid id) => Bids.Single(bid => bid.BidId == id);

        public bool IsBetter(Price one, Price other) => Terms.Direction == AuctionDirection.Sale ? one > other : one < other;

        public bool IsGood(Price price) => !IsBetter(Reserve, price);
    }
}
