using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.TradingDays;

/// <summary>The official close (收盘价) of a day and how far it lies from the one before (涨跌幅).</summary>
public static class ClosingPrice
{
    private const int Whole = 10_000;

    /// <summary>
    /// The volume-weighted mean of the day's trades in the book, rounded half up to the tick. Null on a day without such
    /// trades, when the previous close rolls over.
    /// </summary>
    /// <param name="volume">Units traded in the book.</param>
    /// <param name="turnover">What they cost together, in minor units.</param>
    public static Price? Mean(long volume, Int128 turnover, long tickMinor)
    {
        if (volume == 0)
            return null;
        var unit = (Int128)volume * tickMinor;
        var ticks = ((2 * turnover) + unit) / (2 * unit);
        return Price.OfMinor((long)(Int128.Max(ticks, 1) * tickMinor));
    }

    /// <summary>Change from the previous close in 0.01 %, rounded half away from zero; below zero when the price fell.</summary>
    public static long ChangeBasisPoints(Price close, Price previous)
    {
        var change = ((Int128)close.MinorPerUnit - previous.MinorPerUnit) * Whole;
        var half = Int128.Sign(change) * (Int128)previous.MinorPerUnit;
        return checked((long)(((2 * change) + half) / (2 * (Int128)previous.MinorPerUnit)));
    }
}
