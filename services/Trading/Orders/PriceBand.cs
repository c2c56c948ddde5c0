using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Trading.Orders;

/// <summary>
/// How far from the previous close a price in the book may lie (涨跌幅). The limits are rounded inward to the tick, so the
/// percentage is never exceeded: 74.63 within 10 % is 67.17 to 82.09.
/// </summary>
public readonly record struct PriceBand(long LowMinor, long HighMinor)
{
    private const int Whole = 10_000;

    public bool Contains(Price price) => Contains(price.MinorPerUnit);

    public bool Contains(long minor) => minor >= LowMinor && minor <= HighMinor;

    /// <summary>Null where the pack sets no band, or there is no close to measure it from.</summary>
    public static PriceBand? Of(Instrument instrument, Price? previousClose) =>
        instrument.PriceBandBasisPoints is { } points && previousClose is { } close
            ? new PriceBand(Low(close, points, instrument.TickMinor), High(close, points, instrument.TickMinor))
            : null;

    private static long Low(Price close, int points, long tick)
    {
        var exact = (Int128)close.MinorPerUnit * (Whole - points);
        var step = (Int128)Whole * tick;
        return Narrow((exact + step - 1) / step * tick);
    }

    private static long High(Price close, int points, long tick)
    {
        var exact = (Int128)close.MinorPerUnit * (Whole + points);
        var step = (Int128)Whole * tick;
        return Narrow(exact / step * tick);
    }

    private static long Narrow(Int128 minor) => minor > long.MaxValue ? long.MaxValue : (long)minor;
}
