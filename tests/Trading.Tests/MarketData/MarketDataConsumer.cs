using System.Collections.Immutable;
using CarbonMarket.Trading.MarketData;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Tests.MarketData;

/// <summary>
/// What a consumer does with one instrument's messages: begins with a snapshot of each channel, applies increments, and
/// notices when one is missing.
/// </summary>
internal sealed class MarketDataConsumer
{
    private readonly Dictionary<MarketDataChannel, long> _sequences = [];
    private readonly List<OrderChange> _orders = [];
    private readonly Dictionary<(Side, long), LevelChange> _levels = [];
    private readonly Dictionary<BarInterval, Bar> _bars = [];
    private readonly Dictionary<Guid, AuctionNotice> _auctions = [];
    private readonly Dictionary<Guid, SaleNotice> _sales = [];

    public IReadOnlyDictionary<MarketDataChannel, long> Sequences => _sequences;

    public List<PublicTrade> Trades { get; } = [];

    public Ticker? Ticker { get; private set; }

    public TradingStatus? Status { get; private set; }

    public ImmutableArray<SaleNotice> Sales => [.. _sales.Values.OrderBy(sale => sale.ClosesAt).ThenBy(sale => sale.SaleId)];

    public ImmutableArray<OrderChange> Orders =>
        [.. _orders.OrderBy(order => order.Side).ThenBy(order => order.Side == Side.Buy ? -order.PriceMinor.MinorPerUnit : order.PriceMinor.MinorPerUnit)];

    public ImmutableArray<LevelChange> Depth =>
        [.. _levels.Values.OrderBy(level => level.Side).ThenBy(level => level.Side == Side.Buy ? -level.PriceMinor.MinorPerUnit : level.PriceMinor.MinorPerUnit)];

    public ImmutableArray<Bar> Bars => [.. _bars.Values.OrderBy(bar => bar.Interval)];

    public ImmutableArray<AuctionNotice> Auctions => [.. _auctions.Values.OrderBy(auction => auction.ClosesAt).ThenBy(auction => auction.AuctionId)];

    public void Take(IEnumerable<MarketDataMessage> messages)
    {
        foreach (var message in messages)
            Take(message);
    }

    /// <summary>False: messages are missing, and this one has not been applied.</summary>
    public bool Take(MarketDataMessage message)
    {
        if (message.IsSnapshot)
        {
            if (message.Part is null or 1)
                Clear(message.Channel);
        }
        else if (message.Sequence <= _sequences[message.Channel])
            return true;
        else if (message.Sequence != _sequences[message.Channel] + 1)
            return false;
        _sequences[message.Channel] = message.Sequence;
        foreach (var order in message.Orders ?? [])
            Apply(order);
        foreach (var level in message.Depth ?? [])
            Apply(level);
        Trades.AddRange(message.Trades ?? []);
        if (Trades.Count > InstrumentFeed.TradesKept)
            Trades.RemoveRange(0, Trades.Count - InstrumentFeed.TradesKept);
        Ticker = message.Ticker ?? Ticker;
        Status = message.Status ?? Status;
        foreach (var sale in message.Sales ?? [])
            Apply(sale);
        foreach (var bar in message.Bars ?? [])
            _bars[bar.Interval] = bar;
        foreach (var notice in message.Auctions ?? [])
            Apply(notice);
        return true;
    }

    private void Clear(MarketDataChannel channel)
    {
        switch (channel)
        {
            case MarketDataChannel.Orders: _orders.Clear(); break;
            case MarketDataChannel.Depth: _levels.Clear(); break;
            case MarketDataChannel.Trades: Trades.Clear(); break;
            case MarketDataChannel.Bars: _bars.Clear(); break;
            case MarketDataChannel.Auctions: _auctions.Clear(); break;
            case MarketDataChannel.Sales: _sales.Clear(); break;
        }
    }

    private void Apply(OrderChange change)
    {
        var place = _orders.FindIndex(order => order.Number == change.Number);
        switch (change.Kind)
        {
            case OrderChangeKind.Reduced:
                _orders[place] = _orders[place] with { Remaining = change.Remaining };
                break;
            case OrderChangeKind.Removed:
                _orders.RemoveAt(place);
                break;
            default:
                if (place >= 0)
                    _orders.RemoveAt(place);
                _orders.Add(change);
                break;
        }
    }

    private void Apply(LevelChange level)
    {
        if (level.Orders == 0)
            _levels.Remove((level.Side, level.PriceMinor.MinorPerUnit));
        else
            _levels[(level.Side, level.PriceMinor.MinorPerUnit)] = level;
    }

    private void Apply(SaleNotice notice)
    {
        if (notice.Kind == SaleNoticeKind.Closed)
            _sales.Remove(notice.SaleId);
        else
            _sales[notice.SaleId] = notice;
    }

    private void Apply(AuctionNotice notice)
    {
        if (notice.Kind is AuctionNoticeKind.Announced or AuctionNoticeKind.Rescheduled or AuctionNoticeKind.Indication)
            _auctions[notice.AuctionId ?? Guid.Empty] = notice;
        else
            _auctions.Remove(notice.AuctionId ?? Guid.Empty);
    }
}
