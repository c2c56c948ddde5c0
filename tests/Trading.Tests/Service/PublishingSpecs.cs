using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using JasperFx.Events;
using static CarbonMarket.Trading.Tests.TheMarket;
using DayClosed = CarbonMarket.Trading.TradingDays.TradingDayClosed;

namespace CarbonMarket.Trading.Tests.Service;

public sealed class PublishingSpecs
{
    private static readonly Guid Here = Venues.StreamOf("here");
    private static readonly Guid There = Venues.StreamOf("there");

    [Fact]
    public void Trades_travel_in_envelopes_of_up_to_500_without_a_gap()
    {
        var promises = Translate([.. Enumerable.Range(1, 1_200).Select(i => Recorded(Trade(i)))]);
        promises.Select(promise => (TradesExecuted)promise.Message).Select(e => (e.FromSequence, e.ToSequence, e.Trades.Count))
            .ShouldBe([(1, 500, 500), (501, 1_000, 500), (1_001, 1_200, 200)]);
        promises.Cast<Promise>().Select(promise => ((TradeExecuted)promise.Source.Data).Sequence).ShouldBe([1, 501, 1_001]);
    }

    [Fact]
    public void The_end_of_a_day_follows_the_trades_it_speaks_of_and_later_trades_follow_it()
    {
        var promises = Translate(
            [Recorded(Trade(1)), Recorded(DayOpened), Recorded(Trade(2)), Recorded(new DayClosed(Monday, 2, [], EndOfMonday)), Recorded(Trade(3))]);
        promises.Select(promise => promise.Message.GetType()).ShouldBe([typeof(TradesExecuted), typeof(TradingDayClosed), typeof(TradesExecuted)]);
        ((TradesExecuted)promises[0].Message).ToSequence.ShouldBe(2);
        ((TradingDayClosed)promises[1].Message).TradingDay.ShouldBe("2021-03-01");
        ((TradesExecuted)promises[2].Message).FromSequence.ShouldBe(3);
    }

    [Fact]
    public void Each_market_has_envelopes_of_its_own()
    {
        var promises = Translate([Recorded(Trade(1)), Recorded(Trade(7), There), Recorded(Trade(2)), Recorded(Trade(8), There)]);
        promises.Select(promise => (TradesExecuted)promise.Message).Select(e => (e.Market, e.FromSequence, e.ToSequence))
            .ShouldBe([("here", 1, 2), ("there", 7, 8)], ignoreOrder: true);
    }

    [Fact]
    public void What_a_market_that_runs_here_no_more_has_promised_is_not_skipped()
    {
        var markets = new MarketStreams(["here"], Venues.StreamOf);
        Should.Throw<InvalidOperationException>(() => Publishing.Translate([Recorded(Trade(1), There)], stream => markets[stream]).ToList())
            .Message.ShouldContain(There.ToString());
    }

    [Fact]
    public void Private_facts_stay_private() => Translate([Recorded(DayOpened), Recorded(Cash(Ann, 5))]).ShouldBeEmpty();

    private static List<Promise> Translate(IReadOnlyList<IEvent> page) =>
        [.. Publishing.Translate(page, stream => stream == Here ? "here" : "there")];

    private static Event<T> Recorded<T>(T fact, Guid? stream = null)
        where T : MarketEvent => new(fact) { Id = Guid.CreateVersion7(), StreamId = stream ?? Here };

    private static TradeExecuted Trade(long sequence) => new(
        sequence, Id($"trade {sequence}"), Plain, Id("b"), Id("s"), Ann, Bob, Quantity.Of(1), Price.OfMinor(100), TradeMode.Continuous,
        Monday, Morning);
}
