using System.Text.Json;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// One pattern as a fold over a market's facts: it hears those it overrides, keeps what it needs of them and raises alerts by
/// <see cref="Moment.Raise"/>. It reads no clock and keeps nothing that grows without end. It is called for every order and
/// every trade of the market, beside the matching, so the ordinary fact costs it a look-up or two and no memory. A fact proves
/// at most one alert of a pattern against a participant: what has proved one is let go.
/// </summary>
internal abstract class Pattern(AbusePattern kind)
{
    public AbusePattern Kind { get; } = kind;

    public virtual void Funded(Moment now, AccountFunded funded)
    {
    }

    /// <summary>The order has been accepted, and has met nobody yet.</summary>
    public virtual void Ordered(Moment now, in WatchedOrder order)
    {
    }

    /// <summary>The order is for more or for less than it was; one that is cancelled, for what of it has traded.</summary>
    public virtual void Resized(Moment now, in WatchedOrder order)
    {
    }

    /// <param name="reason">One of <see cref="Orders.CancelReason"/>.</param>
    public virtual void Cancelled(Moment now, in WatchedOrder order, string reason)
    {
    }

    public virtual void Traded(Moment now, TradeExecuted trade)
    {
    }

    public virtual void DayClosed(Moment now, TradingDayClosed closed)
    {
    }

    public abstract JsonElement Save();

    public abstract void Load(JsonElement saved);
}
