using CsCheck;
using static CarbonMarket.Calculation.Tests.Reckoning;

namespace CarbonMarket.Calculation.Tests;

public sealed class DecimalPowerTests
{
    /// <summary>Two decimals that agree to 24 significant digits.</summary>
    private static bool Agree(decimal one, decimal other) => Math.Abs(one - other) <= Math.Max(Math.Abs(one), 1) * 0.000_000_000_000_000_000_000_001m;

    [Theory]
    [InlineData("1", "2.7182818284590452353602874714")]
    [InlineData("0.5", "1.6487212707001281468486507878")]
    [InlineData("-1", "0.3678794411714423215955237702")]
    [InlineData("10", "22026.465794806716516957900645")]
    [InlineData("0", "1")]
    public void The_exponential_is_that_of_the_tables(string x, string value) => Agree(DecimalPower.Exp(Number(x)), Number(value)).ShouldBeTrue();

    [Theory]
    [InlineData("2", "0.6931471805599453094172321215")]
    [InlineData("10", "2.3025850929940456840179914547")]
    [InlineData("1.015", "0.0148886124937506548354097450")]
    [InlineData("1", "0")]
    public void So_is_the_logarithm(string x, string value) => Agree(DecimalPower.Ln(Number(x)), Number(value)).ShouldBeTrue();

    [Fact]
    public void A_power_of_a_half_squared_is_the_number() => Gen.Decimal[0.01m, 1000m].Sample(x =>
    {
        var root = DecimalPower.Pow(x, 0.5m);
        return Math.Abs((root * root) - x) <= x * 0.000_000_000_000_000_000_000_1m;
    });

    [Fact]
    public void Whole_powers_are_products()
    {
        DecimalPower.Pow(1.015m, 3).ShouldBe(1.015m * 1.015m * 1.015m);
        DecimalPower.Pow(2, -2).ShouldBe(0.25m);
        DecimalPower.Pow(-2, 3).ShouldBe(-8);
        DecimalPower.Pow(7, 0).ShouldBe(1);
    }

    [Fact]
    public void What_has_no_value_says_so()
    {
        Should.Throw<ArithmeticException>(() => DecimalPower.Pow(-1, 0.5m));
        Should.Throw<OverflowException>(() => DecimalPower.Exp(100));
        DecimalPower.Exp(-100).ShouldBe(0);
    }
}
