using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace CarbonMarket.Kernel;

/// <summary>
/// A share in 0.01 %, none to all: what a side of a trade pays in fees (手续费率), or what of the fees goes to the risk reserve.
/// <para>
/// The one place that rounds them: an amount is rounded to the minor unit, half of one upwards, once for each trade. So whoever
/// knows a trade's quantity, price and rate comes to the same fee.
/// </para>
/// </summary>
[JsonConverter(typeof(BasisPointsJsonConverter))]
public readonly record struct BasisPoints
{
    private const int Whole = 10_000;

    private readonly ushort _value;

    private BasisPoints(ushort value) => _value = value;

    public static BasisPoints None => default;

    public int Value => _value;

    public bool IsNone => _value == 0;

    public static BasisPoints Of(long value) => value is >= 0 and <= Whole
        ? new((ushort)value)
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"A share lies between 0 and {Whole} basis points.");

    /// <summary>The share of an amount; never more than the amount.</summary>
    public Money Of(Money amount) => IsNone ? Money.Zero : Money.OfMinor(Share(amount.Minor, roundedBy: Whole / 2));

    /// <summary>The fee of a trade.</summary>
    public Money Of(Quantity quantity, Price price) => IsNone ? Money.Zero : Of(quantity * price);

    /// <summary>
    /// What a purchase at that price or a better one, in however many trades, never costs more than: each unit with its fee
    /// rounded up.
    /// </summary>
    public Money Cover(Quantity quantity, Price price) => Money.OfMinor(Cover(quantity.Value, price.MinorPerUnit));

    /// <inheritdoc cref="Cover(Quantity, Price)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Cover(long quantity, long price) => checked(quantity * (IsNone ? price : WithFee(price)));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_value / 100}.{_value % 100:00} %");

    // Apart, so that where there is no fee nothing is in the way of who multiplies.
    private long WithFee(long price) => checked(price + Share(price, roundedBy: Whole - 1));

    // In two parts, so that no product is too large: of whole ten thousands the share is whole.
    private long Share(long amount, int roundedBy)
    {
        var (wholes, rest) = Math.DivRem(amount, Whole);
        return checked(wholes * _value) + ((rest * _value) + roundedBy) / Whole;
    }
}
