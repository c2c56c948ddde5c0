using CarbonMarket.Settlement.Ledger;
using NpgsqlTypes;

namespace CarbonMarket.Settlement.Postings;

/// <summary>
/// Units as numbers that no two have in common: the number of their series (instrument and vintage) before the serial.
/// So one index of ranges finds a unit among all series, which each begin with serial 1.
/// </summary>
internal static class UnitRange
{
    // Four trillion units to a series, two million series.
    private const int SerialBits = 42;
    private const long MostSerials = 1L << SerialBits;

    public static long KeyOf(int series, long serial) => serial is > 0 and < MostSerials
        ? ((long)series << SerialBits) | serial
        : throw new ArgumentOutOfRangeException(nameof(serial), serial, $"A serial lies in 1-{MostSerials - 1}.");

    public static NpgsqlRange<long> Of(int series, SerialRange serials) => new(KeyOf(series, serials.First), KeyOf(series, serials.Last));

    public static SerialRange Serials(NpgsqlRange<long> units)
    {
        var plain = Plain(units);
        return new SerialRange(plain.First & (MostSerials - 1), plain.Last & (MostSerials - 1));
    }

    public static NpgsqlRange<long>[] Multirange(IEnumerable<SerialRange> serials) =>
        [.. serials.Select(range => new NpgsqlRange<long>(range.First, range.Last))];

    /// <summary>The server gives ranges with their upper end left out.</summary>
    public static SerialRange Plain(NpgsqlRange<long> range) => new(
        range.LowerBoundIsInclusive ? range.LowerBound : range.LowerBound + 1, range.UpperBoundIsInclusive ? range.UpperBound : range.UpperBound - 1);
}
