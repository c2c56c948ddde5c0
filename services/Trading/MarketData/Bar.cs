using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.MarketData;

/// <summary>How much legal time a bar stands for.</summary>
public enum BarInterval
{
    [JsonStringEnumMemberName("1m")]
    Minute,

    [JsonStringEnumMemberName("5m")]
    FiveMinutes,

    [JsonStringEnumMemberName("1h")]
    Hour,

    [JsonStringEnumMemberName("1d")]
    Day,
}

/// <summary>The trades in the book of one stretch of legal time (K线). A stretch without trades has no bar.</summary>
/// <param name="Interval">1m, 5m, 1h or 1d of legal time.</param>
/// <param name="StartsAt">Stretches are counted from the beginning of the market's legal day.</param>
/// <param name="OpenMinor">The stretch's first trade, in minor units of the currency per unit.</param>
/// <param name="HighMinor">Its highest price, in minor units per unit.</param>
/// <param name="LowMinor">Its lowest price, in minor units per unit.</param>
/// <param name="CloseMinor">The stretch's last trade, in minor units per unit; of a day this is not the official close.</param>
/// <param name="Volume">Units traded in the book.</param>
/// <param name="TurnoverMinor">What they cost together (成交额), in minor units of the currency, without fees.</param>
/// <param name="Trades">How many trades they came in.</param>
public sealed record Bar(
    BarInterval Interval, DateTimeOffset StartsAt, Price OpenMinor, Price HighMinor, Price LowMinor, Price CloseMinor, long Volume,
    long TurnoverMinor, long Trades)
{
    public static Bar Of(BarInterval interval, DateTimeOffset startsAt, TradeExecuted trade) => new(
        interval, startsAt, trade.Price, trade.Price, trade.Price, trade.Price, trade.Quantity.Value, Turnover.Add(0, trade), 1);

    public Bar After(TradeExecuted trade) => this with
    {
        HighMinor = HighMinor >= trade.Price ? HighMinor : trade.Price,
        LowMinor = LowMinor <= trade.Price ? LowMinor : trade.Price,
        CloseMinor = trade.Price,
        Volume = Volume + trade.Quantity.Value,
        TurnoverMinor = Turnover.Add(TurnoverMinor, trade),
        Trades = Trades + 1,
    };

    /// <param name="day">When the legal day began.</param>
    public static DateTimeOffset StartOf(BarInterval interval, DateTimeOffset day, DateTimeOffset at) => LengthOf(interval) is { } length
        ? day + TimeSpan.FromTicks((at - day).Ticks / length.Ticks * length.Ticks)
        : day;

    /// <summary>Null: a legal day, which may have 23 hours, or 25.</summary>
    private static TimeSpan? LengthOf(BarInterval interval) => interval switch
    {
        BarInterval.Minute => TimeSpan.FromMinutes(1),
        BarInterval.FiveMinutes => TimeSpan.FromMinutes(5),
        BarInterval.Hour => TimeSpan.FromHours(1),
        _ => null,
    };
}
