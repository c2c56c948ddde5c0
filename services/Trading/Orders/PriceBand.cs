using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Trading.Orders;

/// <summary>
/// How far from the previous close a price may lie (涨跌幅). The limits are rounded to the tick: inward, so that the
/// percentage is never exceeded (74.63 within 10 % is 67.17 to 82.09), or where the pack says so to the nearest.
/// </summary>
public readonly record struct PriceBand(long LowMinor, long HighMinor)
{
    private const int Whole = 10_000;

    public bool Contains(Price price) => Contains(price.MinorPerUnit);

    public bool Contains(long minor) => minor >= LowMinor && minor <= HighMinor;

    /// <summary>Null where the pack sets no band, or there is no close to measure it from.</summary>
    public static PriceBand? Of(Instrument instrument, Price? previousClose) => Of(instrument, instrument.PriceBandBasisPoints, previousClose);

    /// <summary>The band of blocks, measured from the same close.</summary>
    public static PriceBand? OfBlocks(Instrument instrument, Price? previousClose) =>
        Of(instrument, instrument.BlockPriceBandBasisPoints, previousClose);

    private static PriceBand? Of(Instrument instrument, int? basisPoints, Price? previousClose)
    {
        if (basisPoints is not { } points || previousClose is not { } close)
            return null;
        var (low, high) = ((Int128)close.MinorPerUnit * (Whole - points), (Int128)close.MinorPerUnit * (Whole + points));
        var step = (Int128)Whole * instrument.TickMinor;
        var (addedToLow, addedToHigh) = instrument.BandRounding == BandRounding.Nearest ? (step / 2, step / 2) : (step - 1, 0);
        return new PriceBand(Narrow((low + addedToLow) / step * instrument.TickMinor), Narrow((high + addedToHigh) / step * instrument.TickMinor));
    }

    private static long Narrow(Int128 minor) => minor > long.MaxValue ? long.MaxValue : (long)minor;
}
