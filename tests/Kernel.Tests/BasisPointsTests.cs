using System.Text.Json;
using CsCheck;

namespace CarbonMarket.Kernel.Tests;

public sealed class BasisPointsTests
{
    private const long Largest = 1_000_000_000_000_000;

    [Theory]
    [InlineData(900, 55, 5)]
    [InlineData(50, 100, 1)]
    [InlineData(49, 100, 0)]
    [InlineData(1, 10_000, 1)]
    [InlineData(Largest, 9_999, 999_900_000_000_000)]
    public void A_share_is_rounded_to_the_minor_unit_half_upwards(long amount, int points, long share) =>
        BasisPoints.Of(points).Of(Money.OfMinor(amount)).ShouldBe(Money.OfMinor(share));

    [Fact]
    public void A_share_is_what_exact_arithmetic_says() =>
        Gen.Select(Gen.Long[0, Largest], Gen.Int[0, 10_000]).Sample((amount, points) =>
            BasisPoints.Of(points).Of(Money.OfMinor(amount)).Minor == (long)Math.Round(amount * (decimal)points / 10_000, MidpointRounding.AwayFromZero));

    [Fact]
    public void However_a_purchase_is_cut_into_trades_at_its_price_or_below_its_cover_is_enough() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Long[1, 100_000], Gen.Select(Gen.Long[1, 1_000], Gen.Long[0, 100_000]).Array[1, 20]).Sample((points, limit, fills) =>
        {
            var rate = BasisPoints.Of(points);
            var cost = fills.Sum(fill => Cost(rate, fill.Item1, Math.Max(1, limit - fill.Item2)));
            cost.ShouldBeLessThanOrEqualTo(rate.Cover(Quantity.Of(fills.Sum(fill => fill.Item1)), Price.OfMinor(limit)).Minor);
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void A_share_is_none_at_least_and_all_at_most(long points)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => BasisPoints.Of(points));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<BasisPoints>($"{points}"));
    }

    [Fact]
    public void On_the_wire_it_is_a_whole_number() =>
        (JsonSerializer.Serialize(BasisPoints.Of(25)), JsonSerializer.Deserialize<BasisPoints>("25"), BasisPoints.Of(25).ToString())
            .ShouldBe(("25", BasisPoints.Of(25), "0.25 %"));

    private static long Cost(BasisPoints rate, long quantity, long price) =>
        (quantity * price) + rate.Of(Quantity.Of(quantity), Price.OfMinor(price)).Minor;
}
