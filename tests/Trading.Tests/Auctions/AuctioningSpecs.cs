using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

public sealed class AuctioningSpecs
{
    private static readonly Guid Sale = Id("sale");
    private static readonly DateTimeOffset Closing = At(14, 0);

    private static readonly AuctionAnnounced Announced =
        new(Sale, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), At(10, 0), Closing, At(9, 0));

    private static readonly PolicyPack Shorter = Pack with
    {
        Version = "2", ValidFrom = Monday.AddDays(1),
        Trading = Pack.Trading with
        {
            Holidays = [.. Pack.Trading.Holidays, Monday.AddDays(3)],
            Sessions = [new Session(Session.Continuous, new TimeOnly(9, 30), new TimeOnly(14, 0))],
        },
    };

    private static readonly MarketEvent[] Funded = [Issued(Cem, 100), Cash(Ann, 100_000), Cash(Bob, 100_000), Announced];

    [Fact]
    public void Announcing_a_sale_reserves_the_sellers_units()
    {
        Spec.Given(Issued(Cem, 100)).When(Announce()).Then(Announced);
        Spec.Given(Issued(Cem, 100)).When(Announce()).ThenState(market => market.Accounts[Cem].Units[Plain].Free.ShouldBe(0));
        Spec.Given(Issued(Cem, 99)).When(Announce()).ThenRejected("insufficient-units");
        Spec.Given().When(Announce()).ThenRejected("insufficient-units");
    }

    [Fact]
    public void Only_what_was_issued_to_be_auctioned_is_sold_in_a_sellers_name()
    {
        Spec.Given(Units(Cem, 100)).When(Announce()).ThenRejected("not-for-auction");
        Spec.Given(Units(Cem, 50), Issued(Cem, 99)).When(Announce()).ThenRejected("not-for-auction");
        var again = Announce(closes: At(15, 0)) with { AuctionId = Id("again"), Quantity = Quantity.Of(60) };
        var open = Spec.Given(Units(Cem, 60), Issued(Cem, 100), Cash(Ann, 100_000), Cash(Bob, 100_000)).After(Announce());
        open.When(again).ThenRejected("not-for-auction");
        open.After(Bid(Ann, "a1", 40, 60), new AdvanceTime(Closing)).When(again with { At = Closing }).ThenEvents(events =>
            events.OfType<AuctionAnnounced>().Single().Quantity.ShouldBe(Quantity.Of(60), "What was not sold may be announced again."));
        open.After(Bid(Ann, "a1", 41, 60), new AdvanceTime(Closing)).When(again with { At = Closing }).ThenRejected("not-for-auction");
    }

    [Fact]
    public void A_sale_closes_on_a_trading_day_before_it_ends()
    {
        var seller = Spec.Given(Issued(Cem, 100));
        seller.When(Announce(closes: At(15, 1))).ThenRejected("auction-outside-trading-day");
        seller.When(Announce(closes: At(12, 0, daysLater: 5))).ThenRejected("auction-outside-trading-day");
        seller.When(Announce(closes: At(15, 0))).ThenState(market => market.OpenAuctions.Count.ShouldBe(1));
        seller.When(Announce(closes: At(9, 30))).ThenRejected("auction-times");
        seller.When(Announce(at: At(14, 0))).ThenRejected("auction-times");
    }

    /// <summary>From Tuesday on trading ends at two o'clock, and Thursday is a holiday.</summary>
    [Fact]
    public void Whether_a_sale_closes_on_a_trading_day_is_said_by_the_rules_of_that_day()
    {
        var seller = Under(new MarketModel([Pack with { ValidTo = Monday }, Shorter])).Given(Issued(Cem, 100));
        seller.When(Announce(closes: At(15, 0))).ThenEvents(events => events.ShouldHaveSingleItem());
        seller.When(Announce(closes: At(15, 0, daysLater: 1))).ThenRejected("auction-outside-trading-day");
        seller.When(Announce(closes: At(12, 0, daysLater: 3))).ThenRejected("auction-outside-trading-day");
        seller.When(Announce(closes: At(14, 0, daysLater: 1))).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    /// <summary>They were published after the announcement; its trades would open a day that is over.</summary>
    [Fact]
    public void A_sale_whose_close_later_rules_leave_without_a_trading_day_is_aborted()
    {
        var late = At(15, 0, daysLater: 1);
        var announced = Announced with { ClosesAt = late };
        var model = new MarketModel([Pack with { ValidTo = Monday }, Shorter]);
        Under(model).Given(Issued(Cem, 100), Cash(Ann, 100_000), announced)
            .After(Bid(Ann, "a1", 40, 60), Buy(Ann, "b1", 1, 50, at: At(10, 0, daysLater: 1)))
            .When(new AdvanceTime(late)).ThenEvents(events =>
            {
                events.OfType<TradingDayClosed>().ShouldHaveSingleItem().At.ShouldBe(At(14, 0, daysLater: 1));
                events.OfType<TradeExecuted>().ShouldBeEmpty();
                events.OfType<AuctionClosed>().Single().Figures!.AbortReason.ShouldBe("outside-trading-day");
            });
    }

    [Fact]
    public void A_bid_reserves_its_cash_at_its_limit()
    {
        Spec.Given(Funded).When(Bid(Ann, "a1", 40, 60)).Then(new BidAccepted(Id("a1"), Sale, Ann, Quantity.Of(40), Price.OfMinor(60), Morning));
        Spec.Given(Funded).When(Bid(Ann, "a1", 40, 60)).ThenState(market => market.Accounts[Ann].Cash.Reserved.ShouldBe(2_400));
    }

    [Fact]
    public void Every_rule_of_bidding_has_its_code()
    {
        var auction = Spec.Given(Funded);
        auction.When(Bid(Ann, "a1", 40, 49)).ThenRejected("bid-below-reserve");
        auction.When(Bid(Ann, "a1", 101, 60)).ThenRejected("bid-above-supply");
        auction.When(Bid(Ann, "a1", 100, 1_001)).ThenRejected("insufficient-cash");
        auction.When(Bid(Cem, "c1", 1, 60)).ThenRejected("bid-by-seller");
        auction.When(Bid(Ann, "a1", 1, 60, At(9, 59))).ThenRejected("auction-not-open");
        auction.When(Bid(Ann, "a1", 1, 60, Closing)).ThenRejected("auction-closed");
        auction.When(Bid(Ann, "a1", 0, 60)).ThenRejected("quantity-off-lot");
        auction.When(Bid(Ann, "a1", 1, 60) with { AuctionId = Id("other") }).ThenRejected("unknown-auction");
        auction.After(Bid(Ann, "a1", 1, 60)).When(Bid(Ann, "a1", 2, 60)).ThenRejected("id-reused");
        auction.After(Bid(Ann, "a1", 1, 60)).When(Bid(Bob, "a1", 1, 60)).ThenRejected("id-reused");
    }

    [Fact]
    public void The_highest_bids_win_and_all_pay_the_lowest_winning_price() =>
        Spec.Given(Funded)
            .After(Bid(Ann, "a1", 50, 60), Bid(Bob, "b1", 40, 80), Bid(Ann, "a2", 30, 55), Bid(Bob, "b2", 10, 55), Bid(Ann, "a3", 5, 51))
            .When(new AdvanceTime(Closing))
            .Then(
                new TradingDayOpened(Monday, EndOfMonday, Closing),
                Won(1, Bob, "b1", 40, 55), Won(2, Ann, "a1", 50, 55), Won(3, Ann, "a2", 10, 55),
                new BidLapsed(Id("a2"), Sale, Ann, Quantity.Of(20), Closing),
                new BidLapsed(Id("b2"), Sale, Bob, Quantity.Of(10), Closing),
                new BidLapsed(Id("a3"), Sale, Ann, Quantity.Of(5), Closing),
                Closed(55, sold: 100, bids: 5, bidFor: 135, new AuctionFigures(
                    AuctionOutcome.Sold, null, null, Money.OfMinor(100 * 55), new BidBounds(Price.OfMinor(51), Price.OfMinor(80)), 2, 2)));

    [Fact]
    public void Winners_pay_the_clearing_price_and_all_else_is_released() =>
        Spec.Given(Funded).After(Bid(Ann, "a1", 50, 60), Bid(Bob, "b1", 40, 80)).When(new AdvanceTime(Closing)).ThenState(market =>
        {
            market.Accounts[Ann].Cash.PendingOut.ShouldBe(50 * 60);
            market.Accounts[Bob].Cash.PendingOut.ShouldBe(40 * 60);
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
            market.Accounts[Bob].Cash.Reserved.ShouldBe(0);
            market.Accounts[Cem].Units[Plain].Free.ShouldBe(10, "Unsold units return to the seller.");
            market.Accounts[Cem].Units[Plain].PendingOut.ShouldBe(90);
            market.Accounts[Cem].Cash.PendingIn.ShouldBe(90 * 60);
        });

    [Fact]
    public void A_sale_without_bids_closes_without_a_price_and_opens_no_day() =>
        Spec.Given(Funded).When(new AdvanceTime(Closing)).Then(Closed(
            null, sold: 0, bids: 0, bidFor: 0, new AuctionFigures(AuctionOutcome.Aborted, "no-bids", null, Money.Zero, null, 0, 0)));

    [Fact]
    public void Nothing_happens_before_the_legal_moment() =>
        Spec.Given(Funded).After(Bid(Ann, "a1", 50, 60)).When(new AdvanceTime(Closing.AddTicks(-1))).ThenNothing();

    [Fact]
    public void Sales_due_together_close_in_order_of_their_moments_and_then_the_day()
    {
        var later = Announced with { AuctionId = Id("second"), Quantity = Quantity.Of(10), ClosesAt = At(15, 0) };
        var first = Announced with { Quantity = Quantity.Of(10) };
        Spec.Given(Issued(Cem, 100), Cash(Ann, 100_000), later, first)
            .After(Bid(Ann, "a1", 10, 60), Bid(Ann, "a2", 10, 70) with { AuctionId = Id("second") })
            .When(new AdvanceTime(At(9, 0, daysLater: 1))).ThenEvents(events => events.Select(e => e.GetType().Name).ShouldBe(
            [
                nameof(TradingDayOpened), nameof(TradeExecuted), nameof(AuctionClosed), nameof(TradeExecuted), nameof(AuctionClosed),
                nameof(TradingDayClosed),
            ]));
    }

    [Fact]
    public void An_order_after_the_closing_finds_the_auction_closed_even_if_the_clock_was_not_followed() =>
        Spec.Given(Funded).After(Bid(Ann, "a1", 50, 60)).When(Buy(Ann, "b1", 1, 40, at: At(14, 30))).ThenEvents(events =>
        {
            events.OfType<AuctionClosed>().Single().At.ShouldBe(Closing);
            events[^1].ShouldBe(Accepted(Buy(Ann, "b1", 1, 40, at: At(14, 30))));
        });

    private static AnnounceAuction Announce(DateTimeOffset? closes = null, DateTimeOffset? at = null) =>
        new(Sale, Plain, Quantity.Of(100), Price.OfMinor(50), At(10, 0), closes ?? Closing, Cem, at ?? At(9, 0));

    private static PlaceBid Bid(Guid participant, string bid, long quantity, long price, DateTimeOffset? at = null) =>
        new(Id(bid), Sale, participant, Quantity.Of(quantity), Price.OfMinor(price), at ?? Morning);

    private static TradeExecuted Won(long sequence, Guid buyer, string bid, long quantity, long price) => new(
        sequence, DeterministicGuid.From(Id(bid), "trade", sequence), Plain, Id(bid), Sale, buyer, Cem, Quantity.Of(quantity),
        Price.OfMinor(price), TradeMode.Auction, Monday, Closing) { OfIssue = true };

    private static AuctionClosed Closed(long? price, long sold, int bids, long bidFor, AuctionFigures figures) => new(
        Sale, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), At(10, 0), Closing, price is { } minor ? Price.OfMinor(minor) : null,
        Quantity.Of(sold), bids, bidFor, Closing) { Figures = figures };
}
