using System.Globalization;

namespace CarbonMarket.Calculation;

/// <summary>A figure with its unit (计量值). Kernel's <c>Quantity</c> is what a market counts; this is what a meter says.</summary>
public readonly record struct Measure(decimal Value, Unit Unit)
{
    public static Measure Of(decimal value, string unit) => new(value, Unit.Parse(unit));

    /// <summary>The same in another unit; null where that is of another dimension, or no decimal holds the figure there.</summary>
    public Measure? In(Unit unit)
    {
        if (Unit.Equals(unit))
            return this;
        if (!Unit.SameDimension(unit))
            return null;
        try
        {
            var (times, over) = Unit.To(unit);
            return new Measure(times == over ? Value : Value * times / over, unit);
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} {Unit}");
}
