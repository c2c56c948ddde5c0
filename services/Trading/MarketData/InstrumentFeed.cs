using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.MarketData;

/// <summary>One instrument's (or composite quote's) channels: where each stands, its sequence, and what has happened since it was last told.</summary>
/// <param name="status">As it stands, which nobody has to be told.</param>
internal sealed class InstrumentFeed(string instrument, TradingStatus status)
{
    public const int TradesKept = 100;

    private readonly long[] _sequences = new long[Enum.GetValues<MarketDataChannel>().Length];
    private readonly Queue<PublicTrade> _recentTrades = new();
    private readonly Dictionary<Guid, AuctionNotice> _openAuctions = [];
    private readonly List<PublicTrade> _newTrades = [];
    private readonly List<AuctionNotice> _newNotices = [];
    private readonly Dictionary<Guid, SaleNotice> _openSales = [];
    private readonly List<SaleNotice> _newSales = [];
    private TradingStatus _status = status;
    private bool _statusChanged;
    private AuctionNotice? _indication;
    private Ticker? _ticker;
    private bool _tickerChanged;
    private Price? _lastClose;
    private DateTimeOffset? _at;

    public PublicBook Book { get; } = new();

    public BarSeries Bars { get; } = new();

    private bool HasChanged => Book.HasChanged || _newTrades.Count > 0 || _tickerChanged || Bars.HasChanged || _newNotices.Count > 0
        || _statusChanged || _newSales.Count > 0;

    public void Trade(TradeExecuted trade, PolicyPack pack, Side? aggressor, long? restingOrder)
    {
        var told = new PublicTrade(
            trade.Sequence, trade.TradeId, trade.Price, trade.Quantity, trade.Mode, aggressor, restingOrder, trade.TradingDay, trade.At);
        _newTrades.Add(told);
        _recentTrades.Enqueue(told);
        if (_recentTrades.Count > TradesKept)
            _recentTrades.Dequeue();
        if (Trades.Trade.IsListed(trade))
            Bars.Add(trade, pack);
        if (_ticker is not null)
            Show(_ticker.After(trade));
        if (trade.Mode == TradeMode.FixedPrice && _openSales.TryGetValue(trade.SellOrderId, out var sale))
            _newSales.Add(_openSales[sale.SaleId] = sale with { Kind = SaleNoticeKind.Bought, Sold = sale.Sold + trade.Quantity });
    }

    public void OpenDay(Instrument rules, DateOnly day) => Show(Ticker.Of(rules, _lastClose, day));

    /// <summary>As in the market itself, there is no close to measure from before the book has traded.</summary>
    public void CloseDay(Price? close)
    {
        if (_lastClose is not null || _ticker?.LastMinor is not null)
            _lastClose = close;
        if (_ticker is not null)
            Show(_ticker.Closed(close));
    }

    /// <summary>A composite closes as its instruments do: at the mean of all that traded in their books, or as the day before.</summary>
    /// <param name="day">When the legal day began.</param>
    public void CloseDay(Instrument composite, DateTimeOffset day)
    {
        var traded = Bars.Current.FirstOrDefault(bar => bar.Interval == BarInterval.Day && bar.StartsAt == day);
        CloseDay(ClosingPrice.Mean(traded?.Volume ?? 0, traded?.TurnoverMinor ?? 0, composite.TickMinor) ?? _lastClose);
    }

    public void Announce(AuctionAnnounced auction) => _newNotices.Add(_openAuctions[auction.AuctionId] = new AuctionNotice(
        AuctionNoticeKind.Announced, auction.AuctionId, auction.Quantity, auction.ReservePrice, auction.OpensAt, auction.ClosesAt,
        Purchase: auction.BuyerParticipantId is not null));

    /// <summary>Nothing where the auction is another instrument's.</summary>
    public void Reschedule(AuctionRescheduled auction)
    {
        if (!_openAuctions.TryGetValue(auction.AuctionId, out var known))
            return;
        _newNotices.Add(_openAuctions[auction.AuctionId] = known with
        {
            Kind = AuctionNoticeKind.Rescheduled, OpensAt = auction.OpensAt, ClosesAt = auction.ClosesAt,
        });
    }

    public void Close(AuctionClosed auction)
    {
        _openAuctions.Remove(auction.AuctionId);
        _newNotices.Add(new AuctionNotice(
            AuctionNoticeKind.Closed, auction.AuctionId, auction.Quantity, auction.ClearingPrice, auction.OpensAt, auction.ClosesAt, auction.Sold,
            auction.Bids, auction.QuantityBid, Purchase: auction.BuyerParticipantId is not null));
    }

    public void Announce(FixedPriceSaleAnnounced sale) => _newSales.Add(_openSales[sale.SaleId] = new SaleNotice(
        SaleNoticeKind.Announced, sale.SaleId, sale.Quantity, sale.Price, sale.OpensAt, sale.ClosesAt, sale.MostPerBuyer, Quantity.Zero));

    /// <summary>Nothing where the sale is another instrument's.</summary>
    public void Close(FixedPriceSaleClosed closed)
    {
        if (_openSales.Remove(closed.SaleId, out var sale))
            _newSales.Add(sale with { Kind = SaleNoticeKind.Closed, Sold = closed.Sold, Reason = closed.Reason });
    }

    public void Show(TradingStatus status) => (_status, _statusChanged) = (status, _statusChanged || status != _status);

    public void Uncross(CallUncrossed call)
    {
        _indication = null;
        _newNotices.Add(new AuctionNotice(
            AuctionNoticeKind.Uncrossed, null, call.Volume, call.Price, null, call.At, Surplus: call.Surplus));
    }

    /// <summary>One increment for each channel in which something has happened; of very much, several.</summary>
    /// <param name="pack">The rules of the moment.</param>
    public void Tell(long version, PolicyPack pack, DateTimeOffset at, List<MarketDataMessage> messages)
    {
        if (!HasChanged)
            return;
        _at = at;
        if (Book.HasChanged && pack.Instrument(instrument) is { } rules && pack.SessionAt(at, rules) is { Mode: Session.Call })
            Indicate(rules);
        foreach (var trades in MessageParts.Increments([.. _newTrades]))
            messages.Add(Next(MarketDataChannel.Trades, version) with { Trades = trades });
        foreach (var orders in MessageParts.Increments(Book.TakeOrderChanges()))
            messages.Add(Next(MarketDataChannel.Orders, version) with { Orders = orders });
        foreach (var levels in MessageParts.Increments(Book.TakeLevelChanges()))
            messages.Add(Next(MarketDataChannel.Depth, version) with { Depth = levels });
        if (_tickerChanged)
            messages.Add(Next(MarketDataChannel.Ticker, version) with { Ticker = _ticker });
        if (Bars.HasChanged)
            messages.Add(Next(MarketDataChannel.Bars, version) with { Bars = Bars.TakeChanges() });
        if (_newNotices.Count > 0)
            messages.Add(Next(MarketDataChannel.Auctions, version) with { Auctions = [.. _newNotices] });
        if (_statusChanged)
            messages.Add(Next(MarketDataChannel.Status, version) with { Status = _status });
        if (_newSales.Count > 0)
            messages.Add(Next(MarketDataChannel.Sales, version) with { Sales = [.. _newSales] });
        _newTrades.Clear();
        _newNotices.Clear();
        _newSales.Clear();
        (_tickerChanged, _statusChanged) = (false, false);
    }

    /// <param name="rules">Tell the band where no day has opened yet.</param>
    public MarketDataMessage Snapshot(MarketDataChannel channel, Instrument rules, long version)
    {
        var message = new MarketDataMessage(instrument, channel, _sequences[(int)channel], IsSnapshot: true, version, _at);
        return channel switch
        {
            MarketDataChannel.Orders => message with { Orders = Book.Orders },
            MarketDataChannel.Depth => message with { Depth = Book.Levels },
            MarketDataChannel.Trades => message with { Trades = [.. _recentTrades] },
            MarketDataChannel.Ticker => message with { Ticker = _ticker ?? Ticker.Of(rules, _lastClose, day: null) },
            MarketDataChannel.Bars => message with { Bars = Bars.Current },
            MarketDataChannel.Status => message with { Status = _status },
            MarketDataChannel.Sales => message with { Sales = [.. _openSales.Values.OrderBy(sale => sale.ClosesAt).ThenBy(sale => sale.SaleId)] },
            _ => message with
            {
                Auctions =
                [
                    .. _openAuctions.Values.OrderBy(auction => auction.ClosesAt).ThenBy(auction => auction.AuctionId),
                    .. _indication is { } call ? [call] : (ReadOnlySpan<AuctionNotice>)[],
                ],
            },
        };
    }

    public InstrumentFeedState Save() => new(
        instrument, [.. _sequences], _at, _ticker, _lastClose, [.. _recentTrades], Bars.Current,
        [.. _openAuctions.Values.OrderBy(auction => auction.AuctionId)], _indication,
        [.. _openSales.Values.OrderBy(sale => sale.SaleId)]);

    public static InstrumentFeed Load(InstrumentFeedState saved, TradingStatus status)
    {
        var feed = new InstrumentFeed(saved.Instrument, status) { _at = saved.At, _ticker = saved.Ticker, _lastClose = saved.LastClose, _indication = saved.Indication };
        saved.Sequences.CopyTo(feed._sequences);
        foreach (var trade in saved.RecentTrades)
            feed._recentTrades.Enqueue(trade);
        foreach (var auction in saved.OpenAuctions)
            feed._openAuctions.Add(auction.AuctionId!.Value, auction);
        foreach (var sale in saved.OpenSales)
            feed._openSales.Add(sale.SaleId, sale);
        feed.Bars.Load(saved.Bars);
        return feed;
    }

    /// <summary>A call is told of when it comes to something else than before.</summary>
    private void Indicate(Instrument rules)
    {
        // Before a day has opened it has no trade, and the ticker still tells of the day before.
        var today = _ticker is { DayOpen: true } ? _ticker : Ticker.Of(rules, _lastClose, day: null);
        var found = Book.Uncrossed((today.LastMinor ?? today.ReferenceMinor)?.MinorPerUnit, rules.TickMinor);
        var indication = new AuctionNotice(
            AuctionNoticeKind.Indication, null, found?.Volume ?? Quantity.Zero, found?.Price, null, null, Surplus: found?.Surplus ?? 0);
        if (indication != _indication)
            _newNotices.Add(_indication = indication);
    }

    private void Show(Ticker ticker) => (_ticker, _tickerChanged) = (ticker, true);

    private MarketDataMessage Next(MarketDataChannel channel, long version) =>
        new(instrument, channel, ++_sequences[(int)channel], IsSnapshot: false, version, _at);
}
