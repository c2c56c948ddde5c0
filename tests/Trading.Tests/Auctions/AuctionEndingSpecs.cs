using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Auctions.AnAuction;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

public sealed class AuctionEndingSpecs
{
    [Fact]
    public void In_a_purchase_the_lowest_offers_sell_to_the_initiator_at_the_highest_winning_price() =>
        OpenSpec.Given(Funded).After(Buys(), Bid(Ann, "a1", 70, 48), Bid(Bob, "b1", 60, 40), Bid(Ann, "a2", 10, 50)).When(Close).Then(
            new TradingDayOpened(Monday, EndOfMonday, Closing), Sold(1, Bob, "b1", 60, 48), Sold(2, Ann, "a1", 40, 48),
            new BidLapsed(Id("a1"), ItsId, Ann, Quantity.Of(30), Closing), new BidLapsed(Id("a2"), ItsId, Ann, Quantity.Of(10), Closing),
            new AuctionClosed(ItsId, Plain, null, Quantity.Of(100), Price.OfMinor(50), Opening, Closing, Price.OfMinor(48), Quantity.Of(100), 3, 140, Closing)
            {
                BuyerParticipantId = Cem,
                Figures = new AuctionFigures(
                    AuctionOutcome.Sold, null, null, Money.OfMinor(4_800), new BidBounds(Price.OfMinor(40), Price.OfMinor(50)), 2, 2),
            });

    [Fact]
    public void A_purchase_costs_what_was_won_and_gives_back_the_rest_of_the_cash_and_the_units() =>
        OpenSpec.Given(Funded).After(Buys(), Bid(Ann, "a1", 70, 48), Bid(Ann, "a2", 20, 50)).When(Close).ThenState(market =>
        {
            var (cem, ann) = (market.Accounts[Cem], market.Accounts[Ann]);
            (cem.Cash.Reserved, cem.Cash.PendingOut, cem.Units[Plain].PendingIn).ShouldBe((0, 90 * 50, 90));
            (ann.Units[Plain].Reserved, ann.Units[Plain].PendingOut, ann.Cash.PendingIn).ShouldBe((0, 90, 90 * 50));
        });

    [Fact]
    public void The_trades_of_a_purchase_clear_like_any_others() =>
        OpenSpec.Given(Funded).After(Buys(), Bid(Ann, "a1", 70, 48), Close, new AdvanceTime(EndOfMonday))
            .When(new RecordOutcome(Trade.IdOf(Id("a1"), 1), 1, true, null, At(16, 0))).ThenState(market =>
            {
                market.Accounts[Cem].Units[Plain].Settled.ShouldBe(170);
                market.Accounts[Cem].Cash.Settled.ShouldBe(10_000 - (70 * 48));
                market.Accounts[Ann].Units[Plain].Settled.ShouldBe(930);
                market.Accounts[Ann].Cash.Settled.ShouldBe(100_000 + (70 * 48));
            });

    [Fact]
    public void Who_pays_as_bid_gets_nothing_back_and_the_report_adds_it_up() =>
        OpenSpec.Given(Funded).After(Sells(new AuctionTerms(Pricing: AuctionPricing.PayAsBid)), Bid(Ann, "a1", 70, 60), Bid(Bob, "b1", 60, 80)).When(Close)
            .ThenState(market =>
            {
                market.Accounts[Bob].Cash.PendingOut.ShouldBe(60 * 80);
                market.Accounts[Ann].Cash.PendingOut.ShouldBe(40 * 60);
                market.Accounts.Values.Sum(account => account.Cash.Reserved).ShouldBe(0);
                market.Auctions[ItsId].Figures!.Revenue.ShouldBe(Money.OfMinor((60 * 80) + (40 * 60)));
                market.Auctions[ItsId].Bid(Id("b1"))!.WonPrice.ShouldBe(Price.OfMinor(80));
            });

    [Fact]
    public void What_a_winner_could_not_pay_for_the_authority_may_announce_again() =>
        OpenSpec.Given([.. Funded, Issued(Cem, 100)]).After(Sells() with { OnOwnBehalf = false }, Bid(Ann, "a1", 100, 60), Close, new AdvanceTime(EndOfMonday))
            .When(new RecordOutcome(Trade.IdOf(Id("a1"), 1), 1, false, "insufficient-cash", At(16, 0)))
            .ThenState(market => market.Accounts[Cem].Units[Plain].ForAuction.ShouldBe(100));

    [Fact]
    public void Pro_rata_awards_come_in_the_instruments_lots() =>
        OpenSpec.Given([.. Funded, Units(Cem, 100, Ruled)]).After(
                Sells(new AuctionTerms(TieBreak: TieBreak.ProRata), Ruled), Bid(Ann, "a1", 100, 60), Bid(Bob, "b1", 50, 60)).When(Close)
            .ThenEvents(events => events.OfType<TradeExecuted>().Select(trade => trade.Quantity.Value).ShouldBe([70, 30]));

    [Fact]
    public void Below_its_minimum_cover_an_auction_is_aborted_and_everything_released()
    {
        var sale = OpenSpec.Given(Funded).After(Sells(new AuctionTerms(MinimumCoverBasisPoints: 9_000)), Bid(Ann, "a1", 89, 60));
        sale.When(Close).Then(
            new BidLapsed(Id("a1"), ItsId, Ann, Quantity.Of(89), Closing),
            Aborted(Closing, 1, 89, new AuctionFigures(
                AuctionOutcome.Aborted, "cover-too-low", null, Money.Zero, new BidBounds(Price.OfMinor(60), Price.OfMinor(60)), 1, 0)));
        sale.When(Close).ThenState(NothingIsReserved);
        sale.After(Bid(Bob, "b1", 1, 50)).When(Close).ThenState(market => market.Auctions[ItsId].Figures!.Outcome.ShouldBe(AuctionOutcome.PartlySold));
    }

    [Fact]
    public void The_announcer_aborts_its_auction_before_the_close_with_a_reason_and_everything_is_released()
    {
        var sale = OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 60));
        sale.When(Abort(Cem)).Then(
            new BidLapsed(Id("a1"), ItsId, Ann, Quantity.Of(40), Morning),
            Aborted(Morning, 1, 40, new AuctionFigures(
                AuctionOutcome.Aborted, "by-initiator", "Not now.", Money.Zero, new BidBounds(Price.OfMinor(60), Price.OfMinor(60)), 1, 0)));
        sale.When(Abort(Cem)).ThenState(NothingIsReserved);
        sale.After(Abort(Cem)).When(new AdvanceTime(Closing)).ThenNothing();
        OpenSpec.Given(Funded).After(Buys(), Bid(Ann, "a1", 40, 45)).When(Abort(Cem)).ThenState(NothingIsReserved);
    }

    [Fact]
    public void An_official_aborts_any_auction()
    {
        OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 60)).When(Abort(null))
            .ThenState(market => market.Auctions[ItsId].Figures!.AbortReason.ShouldBe("by-authority"));
        OpenSpec.Given(Issued(Cem, 100)).After(Sells() with { OnOwnBehalf = false }).When(Abort(null)).ThenState(market =>
        {
            NothingIsReserved(market);
            market.Accounts[Cem].Units[Plain].ForAuction.ShouldBe(100, "What was not sold may be announced again.");
        });
    }

    [Fact]
    public void Nobody_else_aborts_it_nor_the_seller_in_whose_name_an_official_announced_it()
    {
        OpenSpec.Given(Funded).After(Sells()).When(Abort(Ann)).ThenRejected("not-your-auction");
        OpenSpec.Given(Issued(Cem, 100)).After(Sells() with { OnOwnBehalf = false }).When(Abort(Cem)).ThenRejected("not-your-auction");
    }

    [Fact]
    public void What_is_over_is_not_aborted()
    {
        OpenSpec.Given(Funded).When(Abort(Cem)).ThenRejected("unknown-auction");
        OpenSpec.Given(Funded).After(Sells()).When(Abort(Cem, Closing)).ThenRejected("auction-closed", "The auction was aborted (no-bids).");
        OpenSpec.Given(Funded).After(Sells(), Abort(Cem)).When(Abort(null)).ThenRejected("auction-closed");
        OpenSpec.Given(Funded).After(Sells(), Abort(Cem)).When(Bid(Ann, "a1", 1, 60))
            .ThenRejected("auction-closed", "The auction was aborted (by-initiator).");
    }

    [Fact]
    public void An_own_sale_gives_back_what_it_did_not_sell_and_leaves_alone_what_was_issued_to_be_auctioned() =>
        OpenSpec.Given([.. Funded, Issued(Cem, 30)]).After(Sells(quantity: 110), Bid(Ann, "a1", 40, 60)).When(Close).ThenState(market =>
        {
            market.Accounts[Cem].Units[Plain].Reserved.ShouldBe(0);
            market.Accounts[Cem].Units[Plain].Free.ShouldBe(90);
            market.Accounts[Cem].Units[Plain].ForAuction.ShouldBe(30);
        });

    [Fact]
    public void Events_of_before_auctions_had_terms_are_a_uniform_price_sale()
    {
        var closed = new AuctionClosed(
            ItsId, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), Opening, Closing, Price.OfMinor(60), Quantity.Of(40), 1, 40, Closing);
        MarketEvent[] old =
        [
            Issued(Cem, 100), Cash(Ann, 100_000),
            new AuctionAnnounced(ItsId, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), Opening, Closing, At(9, 0)),
            new BidAccepted(Id("a1"), ItsId, Ann, Quantity.Of(40), Price.OfMinor(60), Morning), new TradingDayOpened(Monday, EndOfMonday, Closing),
            new TradeExecuted(
                1, Trade.IdOf(Id("a1"), 1), Plain, Id("a1"), ItsId, Ann, Cem, Quantity.Of(40), Price.OfMinor(60), TradeMode.Auction, Monday, Closing),
            closed,
        ];
        OpenSpec.Given(old).When(new AdvanceTime(Closing)).ThenState(market =>
        {
            var auction = market.Auctions[ItsId];
            auction.Terms.ShouldBe(AuctionTerms.Usual);
            auction.Figures.ShouldBe(new AuctionFigures(AuctionOutcome.PartlySold, null, null, Money.OfMinor(2_400), null, null, null));
            auction.Bid(Id("a1"))!.WonPrice.ShouldBe(Price.OfMinor(60));
        });
    }

    [Fact]
    public void What_older_auctions_do_not_say_is_not_written_of_new_ones_either()
    {
        Json(new AuctionAnnounced(ItsId, Plain, Cem, Quantity.Of(1), Price.OfMinor(50), Opening, Closing, At(9, 0)))
            .ShouldBe("AuctionId,Instrument,SellerParticipantId,Quantity,ReservePrice,OpensAt,ClosesAt,At");
        Json(new AnnounceAuction(ItsId, Plain, Quantity.Of(1), Price.OfMinor(50), Opening, Closing, Cem, At(9, 0)))
            .ShouldBe("AuctionId,Instrument,Quantity,ReservePrice,OpensAt,ClosesAt,SellerParticipantId,At", "A repeat of an older command is a repeat.");
        Json(Bid(Ann, "a1", 1, 60)).ShouldBe("BidId,AuctionId,ParticipantId,Quantity,Price,At");
    }

    private static string Json<T>(T what) =>
        string.Join(',', System.Text.Json.JsonSerializer.SerializeToElement(what).EnumerateObject().Select(property => property.Name));

    private static void NothingIsReserved(MarketState market)
    {
        market.OpenAuctions.ShouldBeEmpty();
        market.Accounts.Values.ShouldAllBe(account => account.Cash.Reserved == 0 && account.Units.Values.All(units => units.Reserved == 0));
    }

    private static TradeExecuted Sold(long sequence, Guid seller, string bid, long quantity, long price) => new(
        sequence, Trade.IdOf(Id(bid), sequence), Plain, ItsId, Id(bid), Cem, seller, Quantity.Of(quantity), Price.OfMinor(price),
        TradeMode.Auction, Monday, Closing) { Purchase = true };

    private static AuctionClosed Aborted(DateTimeOffset at, int bids, long quantityBid, AuctionFigures figures) => new(
        ItsId, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), Opening, Closing, null, Quantity.Zero, bids, quantityBid, at) { Figures = figures };
}
