using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.MarketData;

/// <summary>
/// An instrument's day. Prices are those of the book: auctions and blocks count in volume and turnover only. A day that
/// has closed stays until the next opens.
/// </summary>
/// <param name="TradingDay">The legal day it is about; null before the first.</param>
/// <param name="DayOpen">From the day's first order until its end.</param>
/// <param name="LastMinor">The day's latest trade in the book, in minor units of the currency per unit; null: there has been none.</param>
/// <param name="OpenMinor">
/// First trade of the day (开盘价); on a day that closed without one, the reference; null: there has been none.
/// </param>
/// <param name="HighMinor">The day's highest trade in the book; null: there has been none.</param>
/// <param name="LowMinor">The day's lowest trade in the book; null: there has been none.</param>
/// <param name="CloseMinor">
/// The official close (收盘价): the mean of the day's trades in the book weighted by volume, half up to the tick, or the reference on a
/// day without one; null until the day is over.
/// </param>
/// <param name="ReferenceMinor">
/// Close of the day before, or the base price (前收盘价): what band and change are measured from; null: there is neither.
/// </param>
/// <param name="ChangeMinor">
/// The close, or before it the last price, less the reference, in minor units per unit; below zero: it fell; null: there is nothing to
/// compare.
/// </param>
/// <param name="ChangeBasisPoints">
/// The same (涨跌幅) in 0.01 % of the reference, rounded half away from zero; null: there is nothing to compare.
/// </param>
/// <param name="LowestPriceMinor">
/// Lower end of the day's band, in minor units per unit, rounded to the tick as the pack says; null: no band.
/// </param>
/// <param name="HighestPriceMinor">Upper end of it; null: no band.</param>
/// <param name="Volume">Units traded on the day, beside the book too.</param>
/// <param name="TurnoverMinor">What the units traded cost together (成交额), in minor units of the currency, without fees.</param>
/// <param name="Trades">How many trades the day has had, beside the book too.</param>
public sealed record Ticker(
    DateOnly? TradingDay, bool DayOpen, Price? LastMinor, Price? OpenMinor, Price? HighMinor, Price? LowMinor, Price? CloseMinor,
    Price? ReferenceMinor, long? ChangeMinor, long? ChangeBasisPoints, long? LowestPriceMinor, long? HighestPriceMinor, long Volume,
    long TurnoverMinor, long Trades)
{
    /// <summary>A day begins, or nothing has happened yet.</summary>
    public static Ticker Of(Instrument rules, Price? lastClose, DateOnly? day)
    {
        var reference = lastClose ?? (rules.BasePriceMinor is { } minor ? Price.OfMinor(minor) : null);
        var band = PriceBand.Of(rules, reference);
        return new Ticker(
            day, day is not null, null, null, null, null, null, reference, null, null, band?.LowMinor, band?.HighMinor, 0, 0, 0);
    }

    public Ticker After(TradeExecuted trade)
    {
        var counted = this with
        {
            Volume = Volume + trade.Quantity.Value,
            TurnoverMinor = Turnover.Add(TurnoverMinor, trade),
            Trades = Trades + 1,
        };
        return !Trade.IsListed(trade) ? counted : (counted with
        {
            LastMinor = trade.Price,
            OpenMinor = OpenMinor ?? trade.Price,
            HighMinor = HighMinor is { } high && high >= trade.Price ? high : trade.Price,
            LowMinor = LowMinor is { } low && low <= trade.Price ? low : trade.Price,
        }).Measured(trade.Price);
    }

    public Ticker Closed(Price? close) =>
        (this with { DayOpen = false, CloseMinor = close, OpenMinor = OpenMinor ?? ReferenceMinor }).Measured(close);

    private Ticker Measured(Price? price) => price is { } at && ReferenceMinor is { } reference
        ? this with
        {
            ChangeMinor = at.MinorPerUnit - reference.MinorPerUnit,
            ChangeBasisPoints = ClosingPrice.ChangeBasisPoints(at, reference),
        }
        : this;
}

/// <summary>What units traded cost together. Stays at the largest number rather than stop the market's data.</summary>
internal static class Turnover
{
    public static long Add(long sum, TradeExecuted trade) =>
        (long)Int128.Min(long.MaxValue, sum + ((Int128)trade.Quantity.Value * trade.Price.MinorPerUnit));
}
