using System.Text.Json;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.TradingDays;

public sealed class TradingDaySpecs
{
    private static readonly MarketEvent[] Funded =
        [Cash(Ann, 10_000_000), Issued(Bob, 1_000), Cash(Cem, 10_000_000), Units(Bob, 500, Ruled)];

    [Fact]
    public void Orders_lapse_with_their_day_and_give_back_what_they_held()
    {
        var (bid, offer) = (Buy(Ann, "b1", 10, 100), Sell(Bob, "s1", 5, 101));
        Spec.Given(Funded).After(bid, offer).When(new AdvanceTime(EndOfMonday)).Then(
            new OrderLapsed(bid.OrderId, Ann, Quantity.Of(10), EndOfMonday),
            new OrderLapsed(offer.OrderId, Bob, Quantity.Of(5), EndOfMonday),
            Closed(0, new InstrumentClose(Plain, null, 0), new InstrumentClose(Ruled, Price.OfMinor(7_460), 0)));
        Spec.Given(Funded).After(bid, offer).When(new AdvanceTime(EndOfMonday)).ThenState(market =>
        {
            market.Orders.Values.ShouldAllBe(order => order.Status == OrderStatus.Lapsed);
            market.BookOf(Plain).Count.ShouldBe(0);
            market.Accounts[Ann].Cash.Free.ShouldBe(10_000_000);
            market.Accounts[Bob].Units[Plain].Free.ShouldBe(1_000);
            market.LastClosedDay.ShouldBe(Monday);
            market.OpenDay.ShouldBeNull();
        });
    }

    [Fact]
    public void An_order_is_judged_by_the_rules_of_its_legal_day()
    {
        var second = Pack with
        {
            Version = "2",
            ValidFrom = Monday.AddDays(1),
            Instruments = [.. Pack.Instruments.Select(instrument => instrument.Id == Plain ? instrument with { LotSize = 100 } : instrument)],
        };
        var model = new MarketModel([Pack, second]);
        var market = Funded.Aggregate(model.Initial(), model.Evolve);
        model.Decide(market, Buy(Ann, "b1", 10, 100)).ShouldBeOfType<Decision<MarketEvent>.Accepted>();
        model.Decide(market, Buy(Ann, "b1", 10, 100, at: At(10, 0, daysLater: 1))).ShouldBeOfType<Decision<MarketEvent>.Rejected>();
    }

    [Fact]
    public void While_the_book_has_never_traded_prices_are_measured_from_the_base_price_of_the_day()
    {
        var lower = Pack.With(Ruled, rules => rules with { BasePriceMinor = 5_000 }) with { Version = "2", ValidFrom = Monday.AddDays(1) };
        var model = new MarketModel([Pack, lower]);
        MarketState After(params MarketCommand[] commands) => commands.Aggregate(Funded.Aggregate(model.Initial(), model.Evolve), (market, command) =>
            ((Decision<MarketEvent>.Accepted)model.Decide(market, command)).Events.Aggregate(market, model.Evolve));
        Decision<MarketEvent> Tomorrow(MarketState market) => model.Decide(market, Buy(Ann, "b2", 10, 5_200, Ruled, at: At(10, 0, daysLater: 1)));

        Tomorrow(After(Buy(Ann, "b1", 10, 100), new AdvanceTime(EndOfMonday))).ShouldBeOfType<Decision<MarketEvent>.Accepted>();
        Tomorrow(After(Buy(Ann, "b1", 10, 7_460, Ruled), Sell(Bob, "s1", 10, 7_460, Ruled), new AdvanceTime(EndOfMonday)))
            .ShouldBeOfType<Decision<MarketEvent>.Rejected>().Code.ShouldBe("price-outside-band");
    }

    [Fact]
    public void Yesterdays_orders_are_forgotten_when_the_next_day_opens() =>
        Spec.Given(Funded).After(Buy(Ann, "b1", 10, 100), new AdvanceTime(EndOfMonday))
            .When(Buy(Ann, "b2", 1, 100, at: At(10, 0, daysLater: 1))).ThenState(market =>
            {
                market.Orders.Keys.ShouldBe([Id("b2")]);
                market.Accounts[Ann].Orders.Count.ShouldBe(1);
            });

    [Fact]
    public void An_order_of_an_earlier_day_is_not_placed_again()
    {
        var old = Buy(Ann, "b1", 10, 100);
        var tuesday = Spec.Given(Funded).After(old, new AdvanceTime(EndOfMonday), Buy(Ann, "b2", 1, 100, at: At(10, 0, daysLater: 1)));
        tuesday.When(old with { At = At(10, 1, daysLater: 1) }).ThenRejected("id-reused");
        tuesday.When(old with { At = At(10, 1, daysLater: 1), ParticipantId = Cem }).ThenRejected("id-reused");
        tuesday.After(new AdvanceTime(EndOfMonday.AddDays(1))).When(old with { At = At(10, 0, daysLater: 3) }).ThenRejected("id-reused");
    }

    [Fact]
    public void The_close_is_the_volume_weighted_mean_rounded_half_up_to_the_tick() =>
        Spec.Given(Funded)
            .After(
                Sell(Bob, "s1", 10, 7_460, Ruled), Buy(Ann, "b1", 10, 7_460, Ruled),
                Sell(Bob, "s2", 10, 7_465, Ruled), Buy(Ann, "b2", 10, 7_465, Ruled))
            .When(new AdvanceTime(EndOfMonday)).ThenEvents(events =>
                CloseOf(events, Ruled).ShouldBe(new InstrumentClose(Ruled, Price.OfMinor(7_465), 20), "7462.5 is half a tick: up."));

    [Fact]
    public void The_close_rolls_over_days_without_trades_and_the_band_follows_it() =>
        Spec.Given(Funded)
            .After(
                Sell(Bob, "s1", 10, 8_000, Ruled), Buy(Ann, "b1", 10, 8_000, Ruled), new AdvanceTime(EndOfMonday),
                Buy(Ann, "b2", 1, 1, at: At(10, 0, daysLater: 1)), new AdvanceTime(At(15, 0, daysLater: 1)))
            .When(Buy(Ann, "b3", 10, 8_800, Ruled, at: At(10, 0, daysLater: 3)))
            .ThenState(market => market.Instruments[Ruled].LastClose.ShouldBe(Price.OfMinor(8_000)));

    [Fact]
    public void A_day_nobody_traded_on_never_opens() => Spec.Given(Funded).When(new AdvanceTime(At(16, 0))).ThenNothing();

    [Fact]
    public void A_day_stays_open_over_the_lunch_break_and_its_orders_with_it() =>
        Spec.Given(Funded).After(Buy(Ann, "b1", 10, 100)).When(new AdvanceTime(At(12, 0))).ThenNothing();

    [Fact]
    public void An_order_of_the_next_day_first_ends_the_day_that_nobody_ended()
    {
        var (old, fresh) = (Buy(Ann, "b1", 10, 100), Sell(Bob, "s1", 10, 100, at: At(10, 0, daysLater: 1)));
        Spec.Given(Funded).After(old).When(fresh).Then(
            new OrderLapsed(old.OrderId, Ann, Quantity.Of(10), EndOfMonday),
            Closed(0, new InstrumentClose(Plain, null, 0), new InstrumentClose(Ruled, Price.OfMinor(7_460), 0)),
            new TradingDayOpened(Monday.AddDays(1), EndOfMonday.AddDays(1), fresh.At),
            Accepted(fresh, 2));
    }

    [Fact]
    public void Refused_latecomers_share_one_outlook_on_the_day_that_nobody_ended()
    {
        var market = Overdue();
        Model.Decide(market, Buy(Ann, "late", 1, 100, at: At(15, 1))).ShouldBeOfType<Decision<MarketEvent>.Rejected>();
        var outlook = market.Outlook.ShouldNotBeNull("The end of the day was worked out.");
        Model.Decide(market, Sell(Bob, "later", 1, 100, at: At(15, 2))).ShouldBeOfType<Decision<MarketEvent>.Rejected>();
        market.Outlook.ShouldBeSameAs(outlook, "Once is enough: each time costs a copy of the market.");
        Model.Evolve(market, Cash(Ann, 5));
        market.Outlook.ShouldBeNull("A new fact may change what lies ahead.");
    }

    [Fact]
    public void What_is_decided_does_not_depend_on_who_was_refused_before()
    {
        MarketCommand[] commands =
        [
            Buy(Ann, "late", 1, 100, at: At(18, 0)), new AdvanceTime(At(14, 0)), Buy(Ann, "in time", 1, 100, at: At(14, 30)), new AdvanceTime(EndOfMonday),
            Buy(Ann, "late", 1, 100, at: At(18, 0)), new AdvanceTime(At(18, 0)), Buy(Ann, "next day", 1, 100, at: At(10, 0, daysLater: 1)),
        ];
        var market = Overdue();
        foreach (var command in commands)
            Text(Model.Decide(market, command)).ShouldBe(Text(Model.Decide(Overdue(), command)), command.ToString());
    }

    [Fact]
    public void The_close_of_the_day_names_the_last_trade() =>
        Spec.Given(Funded).After(Sell(Bob, "s1", 10, 100), Buy(Ann, "b1", 4, 100), Buy(Cem, "b2", 4, 100))
            .When(new AdvanceTime(EndOfMonday)).ThenEvents(events =>
                events.OfType<TradingDayClosed>().Single().LastTradeSequence.ShouldBe(2));

    [Fact]
    public void Closing_a_closed_day_changes_nothing() =>
        Spec.Given(Funded).After(Buy(Ann, "b1", 10, 100), new AdvanceTime(EndOfMonday)).When(new AdvanceTime(At(18, 0))).ThenNothing();

    /// <summary>An auction has ended at two and the day at three, and nobody has told the market yet.</summary>
    private static MarketState Overdue() => new MarketCommand[]
    {
        Buy(Ann, "b1", 10, 100),
        new AnnounceAuction(Id("sale"), Plain, Quantity.Of(10), Price.OfMinor(50), At(10, 0), At(14, 0), Bob, Morning),
        new PlaceBid(Id("bid"), Id("sale"), Cem, Quantity.Of(10), Price.OfMinor(60), Morning),
    }.Aggregate(
        Funded.Aggregate(Model.Initial(), Model.Evolve),
        (market, command) => ((Decision<MarketEvent>.Accepted)Model.Decide(market, command)).Events.Aggregate(market, Model.Evolve));

    private static string Text(Decision<MarketEvent> decision) => decision is Decision<MarketEvent>.Accepted accepted
        ? string.Join('\n', accepted.Events.Select(e => JsonSerializer.Serialize(e, e.GetType())))
        : decision.ToString()!;

    private static TradingDayClosed Closed(long lastTrade, params InstrumentClose[] closes) => new(Monday, lastTrade, [.. closes], EndOfMonday);

    private static InstrumentClose CloseOf(IEnumerable<MarketEvent> events, string instrument) =>
        events.OfType<TradingDayClosed>().Single().Closes.Single(close => close.Instrument == instrument);
}
