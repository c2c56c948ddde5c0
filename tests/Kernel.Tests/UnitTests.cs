using System.Text.Json;
using CsCheck;

namespace CarbonMarket.Kernel.Tests;

public sealed class UnitTests
{
    private static readonly Gen<long> Amounts = Gen.Long[0, 1_000_000_000_000];

    [Fact]
    public void An_amount_is_never_negative()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Tonnes.Of(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => TonnesCoalEquivalent.Of(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => Quantity.Of(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => Money.OfMinor(-1));
    }

    [Fact]
    public void Taking_more_than_there_is_fails_instead_of_going_below_zero() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Quantity.Of(5) - Quantity.Of(6));

    [Fact]
    public void A_sum_that_no_longer_fits_fails_instead_of_wrapping()
    {
        Should.Throw<OverflowException>(() => Tonnes.Of(long.MaxValue) + Tonnes.Of(1));
        Should.Throw<OverflowException>(() => Quantity.Of(long.MaxValue) * Price.OfMinor(2));
    }

    [Fact]
    public void A_price_is_above_zero() => Should.Throw<ArgumentOutOfRangeException>(() => Price.OfMinor(0));

    [Fact]
    public void A_thousand_tonnes_at_70_12_cost_70120_00() =>
        (Quantity.Of(1_000) * Price.OfMinor(7_012)).ToString().ShouldBe("70120.00");

    [Fact]
    public void What_was_added_can_be_taken_again() =>
        Gen.Select(Amounts, Amounts).Sample((a, b) =>
            Quantity.Of(a) + Quantity.Of(b) - Quantity.Of(b) == Quantity.Of(a)
            && Money.OfMinor(a) + Money.OfMinor(b) - Money.OfMinor(b) == Money.OfMinor(a));

    [Fact]
    public void Amounts_are_plain_whole_numbers_on_the_wire()
    {
        JsonSerializer.Serialize(new { q = Quantity.Of(7), p = Price.OfMinor(4_500), y = ComplianceYear.Of(2024) })
            .ShouldBe("""{"q":7,"p":4500,"y":2024}""");
        Gen.Select(Amounts, a => Tonnes.Of(a)).Sample(t => JsonSerializer.Deserialize<Tonnes>(JsonSerializer.Serialize(t)) == t);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"7\"")]
    [InlineData("1e30")]
    public void What_is_not_a_whole_number_is_not_an_amount(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Tonnes>(json));
}
