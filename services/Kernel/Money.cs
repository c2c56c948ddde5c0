using System.Globalization;
using System.Text.Json.Serialization;

namespace CarbonMarket.Kernel;

/// <summary>
/// An amount in minor units of the market's currency: fen (分, 0.01 CNY) or pence. The policy pack names the currency;
/// amounts of two markets never meet in one sum.
/// </summary>
[JsonConverter(typeof(MoneyJsonConverter))]
public readonly record struct Money : IComparable<Money>
{
    private Money(long minor) => Minor = minor;

    public long Minor { get; }

    public static Money Zero => default;

    public bool IsZero => Minor == 0;

    public static Money OfMinor(long minor) => new(WholeNumber.NotNegative(minor));

    public static Money operator +(Money left, Money right) => new(checked(left.Minor + right.Minor));

    public static Money operator -(Money left, Money right) => OfMinor(checked(left.Minor - right.Minor));

    public static bool operator <(Money left, Money right) => left.Minor < right.Minor;

    public static bool operator >(Money left, Money right) => left.Minor > right.Minor;

    public static bool operator <=(Money left, Money right) => left.Minor <= right.Minor;

    public static bool operator >=(Money left, Money right) => left.Minor >= right.Minor;

    public int CompareTo(Money other) => Minor.CompareTo(other.Minor);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Minor / 100}.{Minor % 100:00}");
}

/// <summary>A price in minor units of the market's currency per unit of the instrument; always above zero.</summary>
[JsonConverter(typeof(PriceJsonConverter))]
public readonly record struct Price : IComparable<Price>
{
    private Price(long minorPerUnit) => MinorPerUnit = minorPerUnit;

    public long MinorPerUnit { get; }

    public static Price OfMinor(long minorPerUnit) => minorPerUnit > 0
        ? new(minorPerUnit)
        : throw new ArgumentOutOfRangeException(nameof(minorPerUnit), minorPerUnit, "A price is above zero.");

    public static bool operator <(Price left, Price right) => left.MinorPerUnit < right.MinorPerUnit;

    public static bool operator >(Price left, Price right) => left.MinorPerUnit > right.MinorPerUnit;

    public static bool operator <=(Price left, Price right) => left.MinorPerUnit <= right.MinorPerUnit;

    public static bool operator >=(Price left, Price right) => left.MinorPerUnit >= right.MinorPerUnit;

    public int CompareTo(Price other) => MinorPerUnit.CompareTo(other.MinorPerUnit);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{MinorPerUnit / 100}.{MinorPerUnit % 100:00}");
}
