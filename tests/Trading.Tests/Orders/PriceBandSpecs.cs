using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Orders;
using CsCheck;

namespace CarbonMarket.Trading.Tests.Orders;

public sealed class PriceBandSpecs
{
    [Fact]
    public void A_band_is_rounded_inward_so_that_the_percentage_is_never_exceeded()
    {
        Band(close: 7_463, points: 1_000, tick: 1).ShouldBe(new PriceBand(6_717, 8_209));
        Band(close: 7_463, points: 3_000, tick: 1).ShouldBe(new PriceBand(5_225, 9_701));
        Band(close: 7_460, points: 1_000, tick: 5).ShouldBe(new PriceBand(6_715, 8_205));
    }

    [Fact]
    public void A_band_is_rounded_to_the_nearest_tick_where_the_pack_says_so()
    {
        PriceBand.Of(Instrument(1, 1_000) with { BandRounding = BandRounding.Nearest }, Price.OfMinor(5_296)).ShouldBe(new PriceBand(4_766, 5_826));
        PriceBand.Of(Instrument(1, 1_000) with { BandRounding = BandRounding.Nearest }, Price.OfMinor(7_465)).ShouldBe(new PriceBand(6_719, 8_212));
    }

    [Fact]
    public void Without_a_rule_or_a_close_there_is_no_band()
    {
        PriceBand.Of(Instrument(1, points: null), Price.OfMinor(100)).ShouldBeNull();
        PriceBand.Of(Instrument(1, points: 1_000), null).ShouldBeNull();
    }

    [Fact]
    public void A_band_is_the_widest_on_the_tick_that_keeps_the_percentage() =>
        Gen.Select(Gen.Long[1, 1_000_000_000], Gen.Int[0, 9_999], Gen.Long[1, 500]).Sample((close, points, tick) =>
        {
            var band = Band(close, points, tick);
            var (low, high) = ((decimal)close * (10_000 - points) / 10_000, (decimal)close * (10_000 + points) / 10_000);
            return band.LowMinor % tick == 0 && band.HighMinor % tick == 0
                && band.LowMinor >= low && band.LowMinor - tick < low
                && band.HighMinor <= high && band.HighMinor + tick > high;
        });

    private static PriceBand Band(long close, int points, long tick) =>
        PriceBand.Of(Instrument(tick, points), Price.OfMinor(close))!.Value;

    private static Instrument Instrument(long tick, int? points) => new()
    {
        Id = "X", Name = "X", NameZh = "X", Unit = "tCO2e", LotSize = 1, TickMinor = tick, PriceBandBasisPoints = points,
    };
}
