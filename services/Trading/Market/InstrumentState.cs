using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.Market;

/// <summary>One instrument's book and its figures of the open day.</summary>
public sealed class InstrumentState
{
    private OrderTerms? _terms;

    internal InstrumentState(OpenOrders orders) => Book = new OrderBook(orders);

    public OrderBook Book { get; }

    /// <summary>The last official close; null before the first.</summary>
    public Price? LastClose { get; private set; }

    /// <summary>Of the open day's last listed trade; null: there has been none.</summary>
    public Price? LastPrice { get; private set; }

    /// <summary>Units traded today, in all modes.</summary>
    public long Volume { get; private set; }

    private long ListedVolume { get; set; }

    private Int128 ListedTurnover { get; set; }

    /// <summary>What orders keep today. Follows from the rules and the last close and is worked out anew when either changes.</summary>
    internal OrderTerms TermsOf(Instrument rules, Price? reference) =>
        _terms is { } known && ReferenceEquals(known.Rules, rules) && known.Reference == reference ? known : _terms = OrderTerms.Of(rules, reference);

    public void Count(TradeExecuted trade)
    {
        Volume += trade.Quantity.Value;
        if (!Trade.IsListed(trade))
            return;
        LastPrice = trade.Price;
        ListedVolume += trade.Quantity.Value;
        ListedTurnover += (Int128)trade.Quantity.Value * trade.Price.MinorPerUnit;
    }

    /// <summary>The day's official close, what is traded beside the book left out; null on a day without a trade in the book.</summary>
    public Price? MeanPrice(long tickMinor) => ClosingPrice.Mean(ListedVolume, ListedTurnover, tickMinor);

    /// <summary>Until the book has traded for the first time prices are measured from the base price, whatever it is by then.</summary>
    public void EndDay(Price? close)
    {
        if (LastClose is not null || ListedVolume > 0)
            LastClose = close;
        LastPrice = null;
        (Volume, ListedVolume, ListedTurnover) = (0, 0, 0);
    }

    public InstrumentSnapshot Save(string instrument) => new(instrument, LastClose, Volume, ListedVolume, ListedTurnover, LastPrice);

    internal static InstrumentState Load(InstrumentSnapshot saved, OpenOrders orders) => new(orders)
    {
        LastClose = saved.LastClose,
        LastPrice = saved.LastPrice,
        Volume = saved.Volume,
        ListedVolume = saved.ListedVolume,
        ListedTurnover = saved.ListedTurnover,
    };
}

public sealed record InstrumentSnapshot(
    string Instrument, Price? LastClose, long Volume, long ListedVolume, Int128 ListedTurnover, Price? LastPrice);
