using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using static CarbonMarket.Trading.Tests.Auctions.AnAuction;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

public sealed class BiddingSpecs
{
    [Fact]
    public void An_offer_in_a_purchase_reserves_the_units()
    {
        var purchase = OpenSpec.Given(Funded).After(Buys());
        purchase.When(Bid(Ann, "a1", 40, 45)).Then(new BidAccepted(Id("a1"), ItsId, Ann, Quantity.Of(40), Price.OfMinor(45), Morning));
        purchase.When(Bid(Ann, "a1", 40, 45)).ThenState(market =>
        {
            market.Accounts[Ann].Units[Plain].Reserved.ShouldBe(40);
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
        });
    }

    [Fact]
    public void Every_rule_of_offering_has_its_code()
    {
        var purchase = OpenSpec.Given([.. Funded, Units(Id("small"), 5)]).After(Buys());
        purchase.When(Bid(Ann, "a1", 40, 51)).ThenRejected("bid-above-reserve");
        purchase.When(Bid(Ann, "a1", 101, 45)).ThenRejected("bid-above-supply");
        purchase.When(Bid(Id("small"), "s1", 6, 45)).ThenRejected("insufficient-units");
        purchase.When(Bid(Id("nobody"), "n1", 6, 45)).ThenRejected("insufficient-units");
        purchase.When(Bid(Cem, "c1", 1, 45)).ThenRejected("bid-by-buyer");
        purchase.When(Bid(Ann, "a1", 1, 45, At(9, 59))).ThenRejected("auction-not-open", "The auction opens at 2021-03-01T10:00:00+00:00.");
        purchase.When(Bid(Ann, "a1", 1, 45, Closing)).ThenRejected("auction-closed");
    }

    [Fact]
    public void Units_bought_today_are_not_offered_today_where_the_rules_ban_resale()
    {
        var purchase = OpenSpec.Given(Units(Bob, 100, Ruled), Units(Ann, 20, Ruled), Cash(Ann, 10_000_000), Cash(Cem, 10_000_000))
            .After(
                Buys(instrument: Ruled, reserve: 7_500), Sell(Bob, "s", 100, 7_460, Ruled, at: At(10, 0)), Buy(Ann, "b", 100, 7_460, Ruled, at: At(10, 0)));
        purchase.When(Bid(Ann, "a1", 30, 7_500)).ThenRejected("same-day-resale");
        purchase.When(Bid(Ann, "a1", 20, 7_500)).ThenState(market => market.Accounts[Ann].Units[Ruled].Reserved.ShouldBe(20));
    }

    [Fact]
    public void One_bidders_standing_bids_together_stay_within_the_largest_share()
    {
        var auction = OpenSpec.Given(Funded).After(Sells(new AuctionTerms(LargestShareBasisPoints: 2_599)), Bid(Ann, "a1", 15, 60));
        auction.When(Bid(Ann, "a2", 11, 60)).ThenRejected("bid-above-share");
        auction.When(Bid(Bob, "b1", 26, 60)).ThenRejected("bid-above-share");
        auction.When(Bid(Ann, "a2", 10, 60)).ThenState(market => market.Auctions[ItsId].Bids.Count().ShouldBe(2));
        auction.After(Withdraw(Ann, "a1")).When(Bid(Ann, "a2", 25, 60)).ThenState(market => market.Auctions[ItsId].Bids.Count().ShouldBe(1));
        auction.When(Bid(Ann, "a2", 25, 60, replaces: "a1")).ThenState(market => market.Auctions[ItsId].Bids.Single().Quantity.ShouldBe(Quantity.Of(25)));
    }

    [Fact]
    public void Without_a_share_of_their_own_bids_together_may_be_for_more_than_is_on_sale() =>
        OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 100, 60)).When(Bid(Ann, "a2", 100, 55))
            .ThenState(market => market.Auctions[ItsId].Bids.Count().ShouldBe(2));

    [Fact]
    public void A_bid_withdrawn_before_the_close_releases_what_it_reserved()
    {
        var sale = OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 60));
        sale.When(Withdraw(Ann, "a1")).Then(new BidWithdrawn(Id("a1"), ItsId, Ann, Quantity.Of(40), Morning));
        sale.When(Withdraw(Ann, "a1")).ThenState(market => market.Accounts[Ann].Cash.Reserved.ShouldBe(0));
        var purchase = OpenSpec.Given(Funded).After(Buys(), Bid(Ann, "a1", 40, 45));
        purchase.When(Withdraw(Ann, "a1")).ThenState(market => market.Accounts[Ann].Units[Plain].Reserved.ShouldBe(0));
        sale.After(Withdraw(Ann, "a1")).When(Withdraw(Ann, "a1")).ThenNothing();
    }

    [Fact]
    public void Nobody_withdraws_the_bid_of_another_or_one_that_binds()
    {
        var sale = OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 60));
        sale.When(Withdraw(Bob, "a1")).ThenRejected("unknown-bid");
        sale.When(Withdraw(Ann, "a2")).ThenRejected("unknown-bid");
        sale.When(Withdraw(Ann, "a1") with { AuctionId = Id("other") }).ThenRejected("unknown-auction");
        sale.When(Withdraw(Ann, "a1", Closing)).ThenRejected("auction-closed");
        sale.When(Withdraw(Ann, "a1", Closing.AddTicks(-1))).ThenState(market => market.Auctions[ItsId].Bids.ShouldBeEmpty());
    }

    [Fact]
    public void A_withdrawn_bid_wins_nothing_and_counts_for_nothing() =>
        OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 80), Bid(Bob, "b1", 40, 60), Withdraw(Ann, "a1")).When(Close).ThenState(market =>
        {
            var auction = market.Auctions[ItsId];
            (auction.ClearingPrice, auction.Sold, auction.Bidders).ShouldBe((Price.OfMinor(60), Quantity.Of(40), 1));
            auction.Figures!.Bounds.ShouldBe(new BidBounds(Price.OfMinor(60), Price.OfMinor(60)));
            auction.Bid(Id("a1"))!.Won.ShouldBe(Quantity.Zero);
            market.Accounts[Ann].Cash.PendingOut.ShouldBe(0);
        });

    [Fact]
    public void A_bid_is_changed_by_another_in_its_place_that_queues_anew_and_may_use_what_it_reserved()
    {
        var all = OpenSpec.Given(Units(Cem, 100), Cash(Ann, 6_000), Cash(Bob, 6_000)).After(Sells(), Bid(Ann, "a1", 100, 60));
        all.When(Bid(Ann, "a2", 80, 75)).ThenRejected("insufficient-cash");
        all.When(Bid(Ann, "a2", 80, 76, replaces: "a1")).ThenRejected("insufficient-cash");
        all.When(Bid(Ann, "a2", 80, 75, replaces: "a1")).Then(
            new BidWithdrawn(Id("a1"), ItsId, Ann, Quantity.Of(100), Morning),
            new BidAccepted(Id("a2"), ItsId, Ann, Quantity.Of(80), Price.OfMinor(75), Morning));
        all.When(Bid(Ann, "a2", 80, 75, replaces: "a1")).ThenState(market => market.Accounts[Ann].Cash.Reserved.ShouldBe(6_000));
        all.After(Bid(Bob, "b1", 100, 60), Bid(Ann, "a2", 100, 60, replaces: "a1")).When(Close)
            .ThenState(market => market.Auctions[ItsId].Bid(Id("b1"))!.Won.ShouldBe(Quantity.Of(100)));
    }

    [Fact]
    public void Only_an_own_standing_bid_is_replaced_and_an_id_stays_used()
    {
        var sale = OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 60));
        sale.When(Bid(Bob, "b1", 10, 60, replaces: "a1")).ThenRejected("unknown-bid");
        sale.When(Bid(Ann, "a2", 10, 60, replaces: "a3")).ThenRejected("unknown-bid");
        sale.After(Withdraw(Ann, "a1")).When(Bid(Ann, "a2", 10, 60, replaces: "a1")).ThenRejected("unknown-bid");
        sale.After(Withdraw(Ann, "a1")).When(Bid(Ann, "a1", 41, 60)).ThenRejected("id-reused");
        sale.After(Withdraw(Ann, "a1")).When(Bid(Ann, "a1", 40, 60)).ThenNothing();
    }

    [Fact]
    public void Nobody_keeps_the_others_out_with_bids_it_takes_back()
    {
        var market = OpenModel.Initial();
        foreach (var @event in (MarketEvent[])[.. Funded, Announced])
            market = OpenModel.Evolve(market, @event);
        for (var number = 0; number < Bidding.MostBidsOfOne; number++)
        {
            market = OpenModel.Evolve(market, new BidAccepted(Id($"{number}"), ItsId, Ann, Quantity.Of(1), Price.OfMinor(50), Morning));
            market = OpenModel.Evolve(market, new BidWithdrawn(Id($"{number}"), ItsId, Ann, Quantity.Of(1), Morning));
        }
        Refused(market, Bid(Ann, "one more", 1, 60)).ShouldBe("too-many-own-bids");
        Refused(market, Bid(Bob, "b1", 1, 60)).ShouldBeNull();
        for (var number = Bidding.MostBidsOfOne; number < Bidding.MostBids; number++)
            market = OpenModel.Evolve(market, new BidAccepted(Id($"{number}"), ItsId, Id($"bidder {number}"), Quantity.Of(1), Price.OfMinor(50), Morning));
        Refused(market, Bid(Bob, "b1", 1, 60)).ShouldBe("too-many-bids");
    }

    private static AuctionAnnounced Announced { get; } =
        new(ItsId, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), Opening, Closing, At(9, 0)) { OnOwnBehalf = true };

    private static string? Refused(MarketState market, PlaceBid bid) =>
        (OpenModel.Decide(market, bid) as Decision<MarketEvent>.Rejected)?.Code;
}
