using System.Globalization;
using System.Text.Json.Serialization;

namespace CarbonMarket.Kernel;

/// <summary>Tonnes of CO2 equivalent (吨二氧化碳当量). A whole tonne is the smallest unit, so nothing ever rounds.</summary>
[JsonConverter(typeof(TonnesJsonConverter))]
public readonly record struct Tonnes : IComparable<Tonnes>
{
    private Tonnes(long value) => Value = value;

    public long Value { get; }

    public static Tonnes Zero => default;

    public static Tonnes Of(long value) => new(WholeNumber.NotNegative(value));

    public static Tonnes operator +(Tonnes left, Tonnes right) => new(checked(left.Value + right.Value));

    /// <summary>Below zero is a bug and fails here: a shortfall is a fact of its own, never a negative amount.</summary>
    public static Tonnes operator -(Tonnes left, Tonnes right) => Of(checked(left.Value - right.Value));

    public static bool operator <(Tonnes left, Tonnes right) => left.Value < right.Value;

    public static bool operator >(Tonnes left, Tonnes right) => left.Value > right.Value;

    public static bool operator <=(Tonnes left, Tonnes right) => left.Value <= right.Value;

    public static bool operator >=(Tonnes left, Tonnes right) => left.Value >= right.Value;

    public int CompareTo(Tonnes other) => Value.CompareTo(other.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} tCO2e");
}

/// <summary>Tonnes of coal equivalent (吨标准煤), the unit of energy-use rights. Never mixed with <see cref="Tonnes"/>.</summary>
[JsonConverter(typeof(TonnesCoalEquivalentJsonConverter))]
public readonly record struct TonnesCoalEquivalent : IComparable<TonnesCoalEquivalent>
{
    private TonnesCoalEquivalent(long value) => Value = value;

    public long Value { get; }

    public static TonnesCoalEquivalent Zero => default;

    public static TonnesCoalEquivalent Of(long value) => new(WholeNumber.NotNegative(value));

    public static TonnesCoalEquivalent operator +(TonnesCoalEquivalent left, TonnesCoalEquivalent right) =>
        new(checked(left.Value + right.Value));

    public static TonnesCoalEquivalent operator -(TonnesCoalEquivalent left, TonnesCoalEquivalent right) =>
        Of(checked(left.Value - right.Value));

    public static bool operator <(TonnesCoalEquivalent left, TonnesCoalEquivalent right) => left.Value < right.Value;

    public static bool operator >(TonnesCoalEquivalent left, TonnesCoalEquivalent right) => left.Value > right.Value;

    public static bool operator <=(TonnesCoalEquivalent left, TonnesCoalEquivalent right) => left.Value <= right.Value;

    public static bool operator >=(TonnesCoalEquivalent left, TonnesCoalEquivalent right) => left.Value >= right.Value;

    public int CompareTo(TonnesCoalEquivalent other) => Value.CompareTo(other.Value);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value} tce");
}

/// <summary>
/// A number of units of one tradable instrument. What one unit is worth (1 tCO2e, 1 tce) is said by the instrument in
/// the policy pack, so the book and the ledger serve every market with the same code.
/// </summary>
[JsonConverter(typeof(QuantityJsonConverter))]
public readonly record struct Quantity : IComparable<Quantity>
{
    private Quantity(long value) => Value = value;

    public long Value { get; }

    public static Quantity Zero => default;

    public bool IsZero => Value == 0;

    public static Quantity Of(long value) => new(WholeNumber.NotNegative(value));

    public static Quantity Min(Quantity left, Quantity right) => left.Value <= right.Value ? left : right;

    public static Quantity operator +(Quantity left, Quantity right) => new(checked(left.Value + right.Value));

    public static Quantity operator -(Quantity left, Quantity right) => Of(checked(left.Value - right.Value));

    public static Money operator *(Quantity quantity, Price price) =>
        Money.OfMinor(checked(quantity.Value * price.MinorPerUnit));

    public static bool operator <(Quantity left, Quantity right) => left.Value < right.Value;

    public static bool operator >(Quantity left, Quantity right) => left.Value > right.Value;

    public static bool operator <=(Quantity left, Quantity right) => left.Value <= right.Value;

    public static bool operator >=(Quantity left, Quantity right) => left.Value >= right.Value;

    public int CompareTo(Quantity other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

internal static class WholeNumber
{
    public static long NotNegative(long value) =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "An amount is never negative.");
}
