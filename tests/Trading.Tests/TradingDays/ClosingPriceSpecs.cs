using CarbonMarket.Kernel;
using CarbonMarket.Trading.TradingDays;
using CsCheck;

namespace CarbonMarket.Trading.Tests.TradingDays;

public sealed class ClosingPriceSpecs
{
    [Theory]
    [InlineData(2, 201, 1, 101)]
    [InlineData(3, 301, 1, 100)]
    [InlineData(2, 205, 5, 105)]
    [InlineData(1, 1, 5, 5)]
    public void The_mean_is_rounded_half_up_to_the_tick_and_is_one_tick_at_least(long volume, long turnover, long tick, long close) =>
        ClosingPrice.Mean(volume, turnover, tick).ShouldBe(Price.OfMinor(close));

    [Fact]
    public void Without_trades_there_is_no_mean() => ClosingPrice.Mean(0, 0, 1).ShouldBeNull();

    [Theory]
    [InlineData(5_422, 5_706, -498)]
    [InlineData(5_123, 4_800, 673)]
    [InlineData(20_001, 20_000, 1)]
    [InlineData(19_999, 20_000, -1)]
    [InlineData(40_001, 40_000, 0)]
    [InlineData(100, 100, 0)]
    public void A_change_is_rounded_half_away_from_nothing(long close, long previous, long basisPoints) =>
        ClosingPrice.ChangeBasisPoints(Price.OfMinor(close), Price.OfMinor(previous)).ShouldBe(basisPoints);

    [Fact]
    public void The_mean_lies_between_the_prices_traded() =>
        Gen.Select(Gen.Long[1, 1_000_000], Gen.Long[1, 100_000]).Array[1, 20].Sample(trades =>
        {
            var mean = ClosingPrice.Mean(trades.Sum(trade => trade.Item2), trades.Sum(trade => trade.Item1 * trade.Item2), 1)!.Value;
            return mean.MinorPerUnit >= trades.Min(trade => trade.Item1) && mean.MinorPerUnit <= trades.Max(trade => trade.Item1);
        });
}
