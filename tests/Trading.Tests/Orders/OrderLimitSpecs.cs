using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;
using TimeInForce = CarbonMarket.Trading.Orders.TimeInForce;

namespace CarbonMarket.Trading.Tests.Orders;

public sealed class OrderLimitSpecs
{
    [Fact]
    public void An_order_larger_than_a_hand_should_slip_to_is_refused()
    {
        var limited = Funded(rules => rules with { LargestOrderQuantity = 100 });
        limited.When(Buy(Ann, "b1", 101, 10)).ThenRejected("order-too-large");
        limited.When(Buy(Ann, "b1", 100, 10)).ThenState(market => market.Orders.Count.ShouldBe(1));
    }

    [Fact]
    public void An_order_worth_more_than_a_hand_should_slip_to_is_refused()
    {
        var limited = Funded(rules => rules with { LargestOrderValueMinor = 1_000 });
        limited.When(Buy(Ann, "b1", 10, 101)).ThenRejected("order-value-too-large");
        limited.When(Buy(Ann, "b1", 10, 100)).ThenState(market => market.Orders.Count.ShouldBe(1));
        limited.After(Buy(Ann, "b1", 10, 100)).When(Replace("b1", 10, 101)).ThenRejected("order-value-too-large");
    }

    [Fact]
    public void What_is_held_and_ordered_stays_within_the_position_limit()
    {
        var limited = Funded(rules => rules with { PositionLimit = 100 });
        limited.When(Buy(Ann, "b1", 101, 10)).ThenRejected("position-limit");
        limited.After(Buy(Ann, "b1", 60, 10)).When(Buy(Ann, "b2", 41, 10)).ThenRejected("position-limit");
        limited.After(Sell(Bob, "s1", 60, 10), Buy(Ann, "b1", 60, 10)).When(Buy(Ann, "b2", 41, 10)).ThenRejected("position-limit");
        limited.After(Sell(Bob, "s1", 60, 10), Buy(Ann, "b1", 60, 10)).When(Buy(Ann, "b2", 40, 10)).ThenState(market => market.Orders.Count.ShouldBe(3));
        limited.When(Sell(Bob, "s1", 200, 10)).ThenState(market => market.Orders.Count.ShouldBe(1));
    }

    [Fact]
    public void A_replacement_counts_what_it_adds_to_the_position()
    {
        var limited = Funded(rules => rules with { PositionLimit = 100 }).After(Buy(Ann, "b1", 90, 10));
        limited.When(Replace("b1", 101, 10)).ThenRejected("position-limit");
        limited.When(Replace("b1", 100, 10)).ThenEvents(events => events.OfType<OrderReplaced>().ShouldHaveSingleItem());
        limited.After(Sell(Bob, "s1", 50, 10)).When(Replace("b1", 100, 9)).ThenEvents(events => events.OfType<OrderReplaced>().ShouldHaveSingleItem());
    }

    [Theory]
    [InlineData(TimesInForce.Day, TimeInForce.Ioc)]
    [InlineData(TimesInForce.ImmediateOrCancel, TimeInForce.Day)]
    [InlineData(TimesInForce.Day | TimesInForce.ImmediateOrCancel, TimeInForce.Fok)]
    [InlineData(TimesInForce.Day | TimesInForce.FillOrKill, TimeInForce.Gtd)]
    public void An_order_stands_as_long_as_the_instrument_lets_orders_stand(TimesInForce allowed, TimeInForce asked)
    {
        var order = Buy(Ann, "b1", 1, 10, life: asked).With(goodTill: asked == TimeInForce.Gtd ? Monday : null);
        Funded(rules => rules with { TimesInForce = allowed }).When(order).ThenRejected("time-in-force-not-allowed");
        Funded(rules => rules).When(order).ThenState(market => market.Orders.Count.ShouldBe(1));
    }

    [Fact]
    public void What_an_instrument_takes_is_told_in_the_words_of_orders() =>
        Funded(rules => rules with { TimesInForce = TimesInForce.Day | TimesInForce.ImmediateOrCancel })
            .When(Buy(Ann, "b1", 1, 100, life: TimeInForce.Fok))
            .ThenRejected("time-in-force-not-allowed", "PLAIN takes day, ioc, not fok.");

    [Fact]
    public void A_good_till_date_order_is_good_for_so_many_days_at_most()
    {
        var limited = Funded(rules => rules with { LongestGoodTillDays = 7 });
        limited.When(Buy(Ann, "b1", 1, 10, life: TimeInForce.Gtd).With(goodTill: Monday.AddDays(8))).ThenRejected("good-till-too-late");
        limited.When(Buy(Ann, "b1", 1, 10, life: TimeInForce.Gtd).With(goodTill: Monday.AddDays(-1))).ThenRejected("good-till-past");
        limited.When(Buy(Ann, "b1", 1, 10, life: TimeInForce.Gtd).With(goodTill: Monday.AddDays(7))).ThenState(market => market.Orders.Count.ShouldBe(1));
    }

    [Fact]
    public void A_participant_has_so_many_orders_open_and_finished_ones_make_room()
    {
        var limited = Under(Pack with { Trading = Pack.Trading with { MostOpenOrders = 2 } })
            .Given(Cash(Ann, 100_000), Units(Bob, 100))
            .After(Buy(Ann, "b1", 1, 10), Buy(Ann, "b2", 10, 7_400, Ruled));
        limited.When(Buy(Ann, "b3", 1, 10)).ThenRejected("too-many-open-orders");
        limited.When(Buy(Ann, "b3", 1, 10, life: TimeInForce.Ioc)).ThenState(market => market.Orders.Count.ShouldBe(3));
        limited.After(new CancelOrder(Id("b2"), Ann, Morning)).When(Buy(Ann, "b3", 1, 10)).ThenState(market => market.Accounts[Ann].OpenOrders.ShouldBe(2));
        limited.After(Sell(Bob, "s1", 1, 10)).When(Buy(Ann, "b3", 1, 10)).ThenState(market => market.Accounts[Ann].OpenOrders.ShouldBe(2));
    }

    [Fact]
    public void Open_orders_are_counted_anew_from_a_snapshot() =>
        Funded(rules => rules).After(Buy(Ann, "b1", 1, 10), Buy(Ann, "b2", 1, 10)).When(Sell(Bob, "s1", 1, 20)).ThenState(market =>
        {
            var loaded = Model.ReadSnapshot(Model.WriteSnapshot(market));
            (loaded.Accounts[Ann].OpenOrders, loaded.Accounts[Bob].OpenOrders).ShouldBe((2, 1));
        });

    [Fact]
    public void A_participant_places_so_many_orders_a_day()
    {
        var limited = Under(Pack with { Trading = Pack.Trading with { MostOrdersPerDay = 2 } }).Given(Cash(Ann, 100_000))
            .After(Buy(Ann, "b1", 1, 10), new CancelOrder(Id("b1"), Ann, Morning), Buy(Ann, "b2", 1, 10));
        limited.When(Buy(Ann, "b3", 1, 10)).ThenRejected("too-many-orders");
        limited.When(Buy(Ann, "b3", 1, 10, at: At(10, 0, 1))).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
    }

    [Fact]
    public void An_order_is_admitted_at_once_exactly_where_it_breaks_none_of_the_rules_one_by_one() =>
        Gen.Select(
                Gen.Long[0, 40], Gen.Long[-2, 40], Gen.Long[1, 3], Gen.Long[1, 3], Gen.Long[1, 40].Nullable(), Gen.Long[1, 40].Nullable(),
                Gen.Long[1, 900].Nullable(), Gen.Long[1, 40].Nullable())
            .Sample((quantity, price, lot, tick, largest, listedBelow, value, close) =>
            {
                var rules = Pack.Instrument(Ruled)! with
                {
                    LotSize = lot, TickMinor = tick, LargestOrderQuantity = largest, ListedBelowQuantity = listedBelow, LargestOrderValueMinor = value,
                };
                var terms = OrderTerms.Of(rules, close is { } minor ? Price.OfMinor(minor) : null);
                var order = Incoming(Side.Buy) with { Quantity = quantity, Price = price };
                terms.Admit(quantity, price).ShouldBe(OrderRules.Inadmissible(terms, order, filled: 0) is null);
            });

    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(1L << 62, 4)]
    public void What_is_worth_more_than_can_be_counted_is_not_admitted(long quantity, long price) =>
        OrderTerms.Of(Pack.Instrument(Plain)!, null).Admit(quantity, price).ShouldBeFalse();

    [Fact]
    public void An_order_that_passes_is_checked_without_allocating()
    {
        var rules = Pack.Instrument(Ruled)! with
        {
            LargestOrderQuantity = 900, LargestOrderValueMinor = 100_000_000, PositionLimit = 10_000, LargeTraderReportFrom = 5_000,
        };
        var terms = OrderTerms.Of(rules, Price.OfMinor(7_460));
        var balances = new Balances();
        var (cash, units) = (balances.Add(), balances.Add());
        cash.Fund(1_000_000_000);
        units.Fund(5_000);
        var (buy, sell) = (Incoming(Side.Buy, cash.Place), Incoming(Side.Sell, cash.Place));
        Refusal? Check(in IncomingOrder order) => OrderRules.Check(terms, order, balances[cash.Place], balances[units.Place]);
        Check(buy).ShouldBeNull();
        Check(sell).ShouldBeNull();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Check(buy);
            Check(sell);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static IncomingOrder Incoming(Side side, int owner = Balances.None) =>
        new(owner, side, 7_460, 500, Minimum: 0, Immediate: false, SelfTradePrevention.CancelIncoming);

    private static Testing.Spec<Trading.Market.MarketState, Trading.Market.MarketCommand, Trading.Market.MarketEvent>.Facts Funded(
        Func<Instrument, Instrument> changed) =>
        Under(Pack.With(Plain, changed)).Given(Cash(Ann, 100_000), Units(Bob, 200));

    private static ReplaceOrder Replace(string order, long quantity, long price) =>
        new(Id(order), Ann, Quantity.Of(quantity), Price.OfMinor(price), Morning);
}
