using CarbonMarket.Kernel;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

public sealed class LargePositionSpecs
{
    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Watched =
        Under(Pack.With(Plain, rules => rules with { LargeTraderReportFrom = 50 })).Given(Cash(Ann, 100_000), Units(Bob, 100), Cash(Bob, 100_000));

    [Fact]
    public void A_holding_that_reaches_the_threshold_is_reported_once()
    {
        var almost = Watched.After(Sell(Bob, "s1", 90, 100), Buy(Ann, "b1", 49, 100));
        almost.When(Buy(Ann, "b2", 1, 100)).ThenEvents(events =>
            events.OfType<LargePositionReached>().ShouldHaveSingleItem().ShouldBe(new LargePositionReached(Ann, Plain, 50, 50, Morning)));
        almost.After(Buy(Ann, "b2", 1, 100)).When(Buy(Ann, "b3", 1, 100)).ThenEvents(events => events.OfType<LargePositionReached>().ShouldBeEmpty());
    }

    [Fact]
    public void An_order_that_rests_is_no_holding() =>
        Watched.When(Buy(Ann, "b1", 60, 100)).ThenEvents(events => events.OfType<LargePositionReached>().ShouldBeEmpty());

    [Fact]
    public void The_trades_of_one_order_are_one_report() =>
        Watched.After(Sell(Bob, "s1", 40, 100), Sell(Bob, "s2", 40, 101)).When(Buy(Ann, "b1", 80, 101)).ThenEvents(events =>
            events.OfType<LargePositionReached>().ShouldHaveSingleItem().Position.ShouldBe(80));

    [Fact]
    public void Who_falls_below_and_comes_back_is_reported_again()
    {
        var sold = Watched.After(Sell(Bob, "s1", 60, 100), Buy(Ann, "b1", 60, 100), Buy(Bob, "b2", 20, 100), Sell(Ann, "s2", 20, 100));
        sold.After(Sell(Bob, "s3", 20, 100)).When(Buy(Ann, "b3", 10, 100)).ThenEvents(events =>
            events.OfType<LargePositionReached>().ShouldHaveSingleItem().Position.ShouldBe(50));
    }

    [Fact]
    public void Units_that_arrive_count_and_so_do_those_of_a_sale_that_failed()
    {
        var arrival = new FundAccount(Id("more"), Ann, Plain, Quantity.Of(70), Money.Zero, At(8, 0));
        Watched.When(arrival).ThenEvents(events => events.OfType<LargePositionReached>().ShouldHaveSingleItem().Position.ShouldBe(70));
        var sold = Watched.After(Sell(Bob, "s1", 60, 100), Buy(Ann, "b1", 60, 100), new AdvanceTime(EndOfMonday));
        sold.When(new RecordOutcome(Trade.IdOf(Id("b1"), 1), 1, false, "held-back", At(16, 0))).ThenEvents(events =>
            events.OfType<LargePositionReached>().ShouldHaveSingleItem().ShouldBe(new LargePositionReached(Bob, Plain, 100, 50, At(16, 0))));
    }
}
