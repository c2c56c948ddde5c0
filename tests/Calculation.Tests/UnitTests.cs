using System.Collections.Immutable;

namespace CarbonMarket.Calculation.Tests;

public sealed class UnitTests
{
    [Theory]
    [InlineData("1 MWh", "3.6", "GJ")]
    [InlineData("1 tCO2/MWh", "1", "kgCO2/kWh")]
    [InlineData("350 10^4Nm3", "3500000", "Nm3")]
    [InlineData("29307.6 kJ", "7000", "kcal")]
    [InlineData("0.03412 kgce/MJ", "0.03412", "tce/GJ")]
    [InlineData("1.33 kgce/Nm3", "13.3", "tce/10^4Nm3")]
    [InlineData("45 %", "0.45", "1")]
    [InlineData("600 MW*h", "600", "MWh")]
    [InlineData("1 10^4kWh", "10", "MWh")]
    public void Figures_are_restated_exactly_within_their_dimension(string given, string value, string unit)
    {
        var parts = given.Split(' ');
        Measure.Of(Reckoning.Number(parts[0]), parts[1]).In(Unit.Parse(unit))!.Value.Value.ShouldBe(Reckoning.Number(value));
    }

    [Theory]
    [InlineData("t", "tC")]
    [InlineData("tC", "tCO2")]
    [InlineData("GJ", "tce")]
    [InlineData("t", "10^4Nm3")]
    [InlineData("GJ/t", "GJ/10^4Nm3")]
    [InlineData("MWh", "MW")]
    [InlineData("1", "t")]
    public void Other_dimensions_are_never_converted(string one, string other) => Measure.Of(1, one).In(Unit.Parse(other)).ShouldBeNull();

    [Fact]
    public void What_is_beyond_any_decimal_in_the_other_unit_is_not_restated()
    {
        Measure.Of(10, "10^4t*10^4t*10^4t*10^4t*10^4t*10^4t*10^4t/t/t/t/t/t/t").In(Unit.Parse("t")).ShouldBeNull();
        Measure.Of(10, "GJ*GJ*GJ*GJ*GJ*GJ/kJ/kJ/kJ/kJ/kJ").In(Unit.Parse("GJ")).ShouldBeNull();
    }

    [Fact]
    public void A_figure_that_is_beyond_any_decimal_in_the_methods_unit_is_a_fault()
    {
        var calculated = Calculator.Compute(Reckoning.Emissions, new CalculationRequest(
            "entity-emissions", 2024, new DateOnly(2024, 12, 31), ImmutableSortedDictionary<string, string>.Empty,
            ImmutableSortedDictionary<string, ImmutableArray<GivenFigure>>.Empty.Add(
                "parts", [new GivenFigure(Measure.Of(1_000_000_000_000_000, "10^4tCO2*10^4tCO2*10^4tCO2*10^4tCO2/tCO2/tCO2/tCO2"), new Origin("event", "1"))])));
        var fault = calculated.Faults.ShouldHaveSingleItem();
        (fault.Field, fault.Right).ShouldBe(("parts[0]", "a figure that there is in tCO2"));
    }

    [Theory]
    [InlineData("t*t*t/t/t")]
    [InlineData("")]
    [InlineData("tonnes")]
    [InlineData("GJ//t")]
    [InlineData("GJ/")]
    [InlineData("T")]
    [InlineData("mwh")]
    public void What_is_no_unit_is_refused(string text) => Unit.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Raised_digits_are_those_on_the_line() => Unit.Parse("GJ/10⁴Nm³").ShouldBe(Unit.Parse("GJ/10^4Nm3"));

    [Fact]
    public void A_half_goes_up_and_a_floor_goes_down()
    {
        new Rounding(RoundingMode.HalfUp, 2).Apply(0.125m).ShouldBe(0.13m);
        new Rounding(RoundingMode.Floor, 0).Apply(1789.70m).ShouldBe(1789);
        new Rounding(RoundingMode.Floor, 0).Apply(-0.5m).ShouldBe(-1);
        new Rounding(RoundingMode.HalfUp, 0).Apply(0.5m).ShouldBe(1);
    }
}
