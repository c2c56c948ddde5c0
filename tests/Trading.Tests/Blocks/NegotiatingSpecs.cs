using CarbonMarket.Kernel;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Blocks;

public sealed class NegotiatingSpecs
{
    private static readonly Guid Deal = Id("deal");
    private static readonly DateTimeOffset Afternoon = At(13, 30);

    /// <summary>Ann has cash for a little more than a thousand units, Bob has two thousand of these.</summary>
    private static readonly MarketEvent[] Funded = [Cash(Ann, 8_000_000), Cash(Bob, 1), Units(Bob, 2_000, Ruled), Cash(Cem, 1)];

    [Fact]
    public void An_offer_holds_what_it_promises()
    {
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann)).Then(
            new BlockOffered(Deal, Ruled, Ann, Bob, Side.Sell, Quantity.Of(1_000), Price.OfMinor(7_500), EndOfMonday, Afternoon));
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann)).ThenState(market =>
        {
            market.Accounts[Bob].Units[Ruled].Reserved.ShouldBe(1_000);
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
        });
        Spec.Given(Funded).When(Offer(Ann, Side.Buy, Bob)).ThenState(market =>
        {
            market.Accounts[Ann].Cash.Reserved.ShouldBe(7_500_000);
            market.Accounts[Ann].Units[Ruled].Ordered.ShouldBe(1_000);
            market.Accounts[Bob].Units[Ruled].Reserved.ShouldBe(0);
        });
    }

    [Fact]
    public void Who_offers_has_what_it_promises()
    {
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, quantity: 2_010)).ThenRejected("insufficient-units");
        Spec.Given(Funded).When(Offer(Ann, Side.Buy, Bob, quantity: 1_070)).ThenRejected("insufficient-cash");
        Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann, quantity: 1_010)).When(Offer(Bob, Side.Sell, Ann) with { BlockId = Id("other") })
            .ThenRejected("insufficient-units");
    }

    [Fact]
    public void A_block_is_of_the_size_at_which_the_book_ends()
    {
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, quantity: 990)).ThenRejected("quantity-not-block");
        Spec.Given(Funded).When(Sell(Bob, "s", 1_000, 7_500, Ruled)).ThenRejected("quantity-not-listed");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann) with { Instrument = Plain }).ThenRejected("no-blocks");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann) with { Instrument = "GOLD" }).ThenRejected("unknown-instrument");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, quantity: 1_005)).ThenRejected("quantity-off-lot");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, price: 7_501)).ThenRejected("price-off-tick");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, quantity: 1_000_000_000_000)).ThenRejected("value-too-large");
    }

    [Theory]
    [InlineData(5_225, true)]
    [InlineData(5_220, false)]
    [InlineData(9_695, true)]
    [InlineData(9_700, false)]
    public void A_block_has_a_band_of_its_own_around_the_listed_close(long price, bool within)
    {
        var asked = Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, price: price));
        if (within)
            asked.ThenState(market => market.Blocks.Open.Count.ShouldBe(1));
        else
            asked.ThenRejected("price-outside-band");
    }

    [Fact]
    public void Blocks_have_hours_of_their_own()
    {
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, at: Morning)).ThenRejected("outside-session");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, at: At(12, 59))).ThenRejected(
            "outside-session", "RULED trades in blocks on trading days at 13:00-15:00, not on 2021-03-01 at 12:59:00.");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, at: EndOfMonday)).ThenRejected("outside-session");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann, at: At(13, 30, daysLater: 2))).ThenRejected("outside-session");
    }

    [Fact]
    public void A_block_has_two_sides()
    {
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Bob)).ThenRejected("block-with-oneself");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Id("nobody"))).ThenRejected("unknown-counterparty");
    }

    [Fact]
    public void Accepting_makes_the_trade_at_once()
    {
        var trade = Agreed(1_000, 7_500);
        Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann)).When(Accept(Ann, 1)).Then(new TradingDayOpened(Monday, EndOfMonday, Afternoon), trade);
        Spec.Given([.. Funded, DayOpened]).After(Offer(Ann, Side.Buy, Bob)).When(Accept(Bob, 1)).Then(trade);
    }

    [Theory]
    [InlineData(Side.Sell)]
    [InlineData(Side.Buy)]
    public void After_the_trade_each_side_has_promised_and_nothing_is_held(Side offered)
    {
        var (maker, taker) = offered == Side.Sell ? (Bob, Ann) : (Ann, Bob);
        Spec.Given(Funded).After(Offer(maker, offered, taker)).When(Accept(taker, 1)).ThenState(market =>
        {
            var (cash, units) = (market.Accounts[Ann].Cash, market.Accounts[Bob].Units[Ruled]);
            (cash.Reserved, cash.PendingOut).ShouldBe((0, 7_500_000));
            (units.Reserved, units.PendingOut).ShouldBe((0, 1_000));
            (market.Accounts[Ann].Units[Ruled].PendingIn, market.Accounts[Ann].Units[Ruled].Ordered).ShouldBe((1_000, 0));
            market.Accounts[Bob].Cash.PendingIn.ShouldBe(7_500_000);
            market.Blocks.Find(Deal)!.Status.ShouldBe(BlockStatus.Agreed);
        });
    }

    [Fact]
    public void Who_accepts_has_what_it_takes()
    {
        var offered = Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann));
        offered.After(Buy(Ann, "b", 10, 7_460, Ruled, at: Afternoon), Buy(Ann, "b2", 60, 7_460, Ruled, at: Afternoon)).When(Accept(Ann, 1))
            .ThenRejected("insufficient-cash");
        Spec.Given(Funded).After(Offer(Ann, Side.Buy, Bob), Sell(Bob, "s", 990, 7_500, Ruled, at: Afternoon), Sell(Bob, "s2", 20, 7_500, Ruled, at: Afternoon))
            .When(Accept(Bob, 1)).ThenRejected("insufficient-units");
    }

    [Fact]
    public void What_was_bought_today_is_not_sold_today()
    {
        var bought = Spec.Given([.. Funded, Cash(Bob, 9_000_000)]).After(Offer(Bob, Side.Sell, Ann), Accept(Ann, 1));
        bought.When(Offer(Ann, Side.Sell, Bob) with { BlockId = Id("back") }).ThenRejected("same-day-resale");
        bought.After(Offer(Bob, Side.Buy, Ann) with { BlockId = Id("back") }).When(Accept(Ann, 1) with { BlockId = Id("back") })
            .ThenRejected("same-day-resale");
        bought.When(Offer(Ann, Side.Sell, Bob, at: At(13, 30, daysLater: 1)) with { BlockId = Id("back") })
            .ThenEvents(events => events[^1].ShouldBeOfType<BlockOffered>());
    }

    [Fact]
    public void A_counter_offer_moves_the_reservation_to_who_makes_it()
    {
        var countered = Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann));
        countered.When(Counter(Ann, 1, 1_010, 7_400)).Then(
            new BlockCountered(Deal, Ann, Bob, 2, Quantity.Of(1_010), Price.OfMinor(7_400), EndOfMonday, Afternoon));
        countered.When(Counter(Ann, 1, 1_010, 7_400)).ThenState(market =>
        {
            market.Accounts[Bob].Units[Ruled].Reserved.ShouldBe(0);
            market.Accounts[Ann].Cash.Reserved.ShouldBe(1_010 * 7_400);
        });
        countered.After(Counter(Ann, 1, 1_010, 7_400)).When(Accept(Bob, 2)).ThenEvents(events => events[^1].ShouldBe(Agreed(1_010, 7_400)));
        countered.After(Counter(Ann, 1, 1_010, 7_400)).When(Counter(Bob, 2, 1_000, 7_450)).ThenState(market =>
        {
            market.Accounts[Bob].Units[Ruled].Reserved.ShouldBe(1_000);
            market.Accounts[Ann].Cash.Reserved.ShouldBe(0);
            market.Accounts[Ann].Units[Ruled].Ordered.ShouldBe(0);
        });
    }

    [Fact]
    public void A_counter_offer_keeps_the_rules_of_an_offer()
    {
        var offered = Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann));
        offered.When(Counter(Ann, 1, 990, 7_400)).ThenRejected("quantity-not-block");
        offered.When(Counter(Ann, 1, 1_000, 5_220)).ThenRejected("price-outside-band");
        offered.When(Counter(Ann, 1, 2_000, 7_400)).ThenRejected("insufficient-cash");
        offered.When(Counter(Ann, 1, 1_000, 7_400) with { ExpiresAt = At(15, 1) }).ThenRejected("block-expiry");
    }

    [Fact]
    public void Only_the_terms_that_were_seen_are_accepted()
    {
        var countered = Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann), Counter(Ann, 1, 1_000, 7_400), Counter(Bob, 2, 1_000, 7_450));
        countered.When(Accept(Ann, 1)).ThenRejected("offer-changed");
        countered.When(Accept(Ann, 4)).ThenRejected("offer-changed");
        countered.When(Counter(Ann, 1, 1_000, 7_400)).ThenRejected("offer-changed");
        countered.When(Accept(Ann, 3)).ThenEvents(events => events[^1].ShouldBe(Agreed(1_000, 7_450)));
    }

    [Fact]
    public void Nobody_answers_its_own_terms_or_those_of_others()
    {
        var offered = Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann));
        offered.When(Accept(Bob, 1)).ThenRejected("own-offer");
        offered.When(Counter(Bob, 1, 1_000, 7_400)).ThenRejected("own-offer");
        offered.When(Accept(Cem, 1)).ThenRejected("unknown-block");
        offered.When(Counter(Cem, 1, 1_000, 7_400)).ThenRejected("unknown-block");
        offered.When(new EndBlock(Deal, Cem, Afternoon)).ThenRejected("unknown-block");
        offered.When(Accept(Ann, 1) with { BlockId = Id("other") }).ThenRejected("unknown-block");
    }

    [Fact]
    public void Either_side_may_end_it_and_gives_back_what_was_held()
    {
        var offered = Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann));
        offered.When(new EndBlock(Deal, Bob, Afternoon)).Then(new BlockEnded(Deal, Ann, Bob, BlockEnding.Withdrawn, Afternoon));
        offered.When(new EndBlock(Deal, Ann, Afternoon)).Then(new BlockEnded(Deal, Ann, Bob, BlockEnding.Declined, Afternoon));
        offered.When(new EndBlock(Deal, Ann, Afternoon)).ThenState(market => market.Accounts[Bob].Units[Ruled].Free.ShouldBe(2_000));
        var ended = offered.After(new EndBlock(Deal, Ann, Afternoon));
        ended.When(new EndBlock(Deal, Bob, Afternoon)).ThenNothing();
        ended.When(Accept(Ann, 1)).ThenRejected("block-finished");
        ended.When(Counter(Ann, 1, 1_000, 7_400)).ThenRejected("block-finished");
        offered.After(Accept(Ann, 1)).When(new EndBlock(Deal, Bob, Afternoon)).ThenRejected("block-finished");
    }

    [Fact]
    public void Terms_expire_when_they_say_or_with_the_session()
    {
        var noted = Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann) with { ExpiresAt = At(14, 0) });
        noted.When(new AdvanceTime(At(14, 0).AddTicks(-1))).ThenNothing();
        noted.When(new AdvanceTime(At(14, 0))).Then(new BlockEnded(Deal, Ann, Bob, BlockEnding.Expired, At(14, 0)));
        noted.When(new AdvanceTime(At(14, 0))).ThenState(market => market.Accounts[Bob].Units[Ruled].Reserved.ShouldBe(0));
        noted.When(Accept(Ann, 1) with { At = At(14, 0) }).ThenRejected("block-finished");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann) with { ExpiresAt = Afternoon }).ThenRejected("block-expiry");
        Spec.Given(Funded).When(Offer(Bob, Side.Sell, Ann) with { ExpiresAt = EndOfMonday.AddTicks(1) }).ThenRejected("block-expiry");
    }

    [Fact]
    public void Terms_that_expire_as_the_day_ends_go_before_it() =>
        Spec.Given([.. Funded, DayOpened]).After(Offer(Bob, Side.Sell, Ann)).When(new AdvanceTime(At(9, 0, daysLater: 1))).ThenEvents(events =>
            events.Select(e => (e.GetType().Name, e.At)).ShouldBe([(nameof(BlockEnded), EndOfMonday), (nameof(TradingDayClosed), EndOfMonday)]));

    [Fact]
    public void A_counter_offer_has_a_time_of_its_own() =>
        Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann) with { ExpiresAt = At(14, 0) }, Counter(Ann, 1, 1_000, 7_400) with { ExpiresAt = At(14, 30) })
            .When(Accept(Bob, 2) with { At = At(14, 15) }).ThenEvents(events => events[^1].ShouldBe(Agreed(1_000, 7_400) with { At = At(14, 15) }));

    [Fact]
    public void Blocks_do_not_make_the_listed_close()
    {
        var traded = Spec.Given(Funded).After(
            Offer(Bob, Side.Sell, Ann, price: 7_900), Accept(Ann, 1), new AdvanceTime(EndOfMonday));
        traded.When(new AdvanceTime(At(15, 1))).ThenState(market => market.ReferencePrice(Pack.Instrument(Ruled)!).ShouldBe(Price.OfMinor(7_460)));
        Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann, price: 7_900), Accept(Ann, 1)).When(new AdvanceTime(EndOfMonday)).ThenEvents(events =>
            events.OfType<TradingDayClosed>().Single().Closes.ShouldContain(new InstrumentClose(Ruled, Price.OfMinor(7_460), 1_000)));
    }

    [Fact]
    public void An_id_stands_for_one_negotiation()
    {
        var offered = Spec.Given(Funded).After(Offer(Bob, Side.Sell, Ann));
        offered.When(Offer(Bob, Side.Sell, Ann)).ThenNothing();
        offered.After(Counter(Ann, 1, 1_000, 7_400)).When(Offer(Bob, Side.Sell, Ann)).ThenNothing();
        offered.When(Offer(Bob, Side.Sell, Ann, price: 7_505)).ThenRejected("id-reused");
        offered.When(Offer(Bob, Side.Sell, Cem)).ThenRejected("id-reused");
        offered.When(Offer(Ann, Side.Buy, Bob)).ThenRejected("id-reused");
        offered.When(Offer(Bob, Side.Sell, Ann) with { ExpiresAt = At(14, 0) }).ThenRejected("id-reused");
        offered.After(Accept(Ann, 1)).When(Accept(Ann, 1)).ThenNothing();
        offered.After(Accept(Ann, 1)).When(Accept(Bob, 1)).ThenRejected("block-finished");
    }

    [Fact]
    public void An_id_is_known_when_its_negotiation_is_no_longer_kept()
    {
        var market = Funded.Aggregate(Model.Initial(), Model.Evolve);
        for (var i = 0; i <= Negotiations.FinishedKept; i++)
        {
            market = Take(market, Offer(Bob, Side.Sell, Ann) with { BlockId = Id($"deal {i}") });
            market = Take(market, new EndBlock(Id($"deal {i}"), Bob, Afternoon));
        }
        market.Blocks.Kept.Count().ShouldBe(Negotiations.FinishedKept);
        market = Model.ReadSnapshot(Model.WriteSnapshot(market));
        Model.Decide(market, Offer(Bob, Side.Sell, Ann) with { BlockId = Id("deal 0") })
            .ShouldBeOfType<Decision<MarketEvent>.Rejected>().Code.ShouldBe("id-reused");
        Model.Decide(market, Offer(Bob, Side.Sell, Ann) with { BlockId = Id("deal 1") })
            .ShouldBeOfType<Decision<MarketEvent>.Accepted>().Events.ShouldBeEmpty();
    }

    [Fact]
    public void There_is_an_end_to_offers_and_to_counter_offers()
    {
        var market = new[] { Cash(Ann, 1_000_000_000), Cash(Cem, 1), Units(Bob, 200_000, Ruled), Units(Cem, 200_000, Ruled) }.Aggregate(Model.Initial(), Model.Evolve);
        for (var i = 0; i < Pack.Trading.MostOpenBlocks; i++)
            market = Take(market, Offer(Bob, Side.Sell, Ann) with { BlockId = Id($"deal {i}") });
        Refusal(market, Offer(Bob, Side.Sell, Ann)).ShouldBe("too-many-blocks");
        market = Take(market, Offer(Cem, Side.Sell, Bob));
        for (var version = 1; version < Negotiating.MostTerms; version++)
        {
            market = version == 1
                ? Take(market, new EndBlock(Id("deal 0"), Bob, Afternoon), Offer(Bob, Side.Sell, Ann) with { BlockId = Id("long") }, Counter(Ann, 1, 1_000, 7_400) with { BlockId = Id("long") })
                : Take(market, Counter(version % 2 == 0 ? Bob : Ann, version, 1_000, 7_400) with { BlockId = Id("long") });
        }
        Refusal(market, Counter(Bob, Negotiating.MostTerms, 1_000, 7_400) with { BlockId = Id("long") }).ShouldBe("too-many-counters");
        Take(market, Accept(Bob, Negotiating.MostTerms) with { BlockId = Id("long") }).LastTradeSequence.ShouldBe(1);
    }

    [Fact]
    public void How_many_a_participant_may_open_is_the_packs_to_say() =>
        Under(Pack with { Trading = Pack.Trading with { MostOpenBlocks = 1 } }).Given(Cash(Ann, 1), Units(Bob, 200_000, Ruled))
            .After(Offer(Bob, Side.Sell, Ann)).When(Offer(Bob, Side.Sell, Ann) with { BlockId = Id("another") }).ThenRejected("too-many-blocks");

    [Fact]
    public void The_market_has_room_for_so_many_negotiations()
    {
        var market = new[] { Cash(Ann, 1) }.Aggregate(Model.Initial(), Model.Evolve);
        for (var i = 0; i < Negotiating.MostOpen; i++)
        {
            var seller = Id($"seller {i / Pack.Trading.MostOpenBlocks}");
            if (i % Pack.Trading.MostOpenBlocks == 0)
                market = Model.Evolve(market, Units(seller, 1_000_000, Ruled));
            market = Take(market, Offer(seller, Side.Sell, Ann) with { BlockId = Id($"deal {i}") });
        }
        market = Model.Evolve(market, Units(Bob, 2_000, Ruled));
        Refusal(market, Offer(Bob, Side.Sell, Ann)).ShouldBe("too-many-blocks");
    }

    [Fact]
    public void An_offer_whose_cover_fails_in_clearing_is_pulled()
    {
        var today = At(13, 30, daysLater: 1);
        var resold = Spec.Given(Funded).After(
            Offer(Bob, Side.Sell, Ann), Accept(Ann, 1), new AdvanceTime(EndOfMonday),
            Offer(Ann, Side.Sell, Cem, at: today) with { BlockId = Id("resold") });
        var failure = new RecordOutcome(Trade.IdOf(Deal, 1), 1, false, "uncovered", today);
        resold.When(failure).ThenEvents(events => events[^1].ShouldBe(new BlockEnded(Id("resold"), Cem, Ann, BlockEnding.CoverLost, today)));
        resold.When(failure).ThenState(market => market.Accounts[Ann].Units[Ruled].Free.ShouldBe(0));
    }

    [Fact]
    public void A_snapshot_older_than_blocks_is_still_read()
    {
        var market = Funded.Aggregate(Model.Initial(), Model.Evolve);
        var text = System.Text.Json.Nodes.JsonNode.Parse(Model.WriteSnapshot(market))!.AsObject();
        text.Remove("blocks").ShouldBeTrue();
        text.Remove("sales").ShouldBeTrue();
        var read = Model.ReadSnapshot(System.Text.Encoding.UTF8.GetBytes(text.ToJsonString()));
        Take(read, Offer(Bob, Side.Sell, Ann)).Blocks.Open.Count.ShouldBe(1);
    }

    private static OfferBlock Offer(
        Guid from, Side side, Guid to, long quantity = 1_000, long price = 7_500, DateTimeOffset? at = null) =>
        new(Deal, from, to, Ruled, side, Quantity.Of(quantity), Price.OfMinor(price), null, at ?? Afternoon);

    private static CounterBlock Counter(Guid from, int version, long quantity, long price) =>
        new(Deal, from, version, Quantity.Of(quantity), Price.OfMinor(price), null, Afternoon);

    private static AcceptBlock Accept(Guid from, int version) => new(Deal, from, version, Afternoon);

    private static TradeExecuted Agreed(long quantity, long price) => new(
        1, Trade.IdOf(Deal, 1), Ruled, Deal, Deal, Ann, Bob, Quantity.Of(quantity), Price.OfMinor(price), TradeMode.Block, Monday, Afternoon);

    private static MarketState Take(MarketState market, params MarketCommand[] commands) => commands.Aggregate(market, (state, command) =>
        Model.Decide(state, command).ShouldBeOfType<Decision<MarketEvent>.Accepted>().Events.Aggregate(state, Model.Evolve));

    private static string Refusal(MarketState market, MarketCommand command) =>
        Model.Decide(market, command).ShouldBeOfType<Decision<MarketEvent>.Rejected>().Code;
}
