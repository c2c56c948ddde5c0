using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.MarketData;

/// <summary>
/// A market's public data as they follow from its journal and from nothing else: no clock, no chance. Whoever folds the
/// same journal, after a restart or on another machine, gives every message the same sequence.
/// </summary>
/// <param name="packs">The market's rules, every version, oldest first.</param>
public sealed class MarketDataFold(ImmutableArray<PolicyPack> packs)
{
    /// <summary>
    /// Raised when the same journal would give other messages or sequences than before. Consumers that come with a place
    /// of an older format begin with a snapshot.
    /// </summary>
    public const int Format = 6;

    private readonly Dictionary<Guid, PublicOrder> _orders = [];
    private readonly SortedDictionary<string, InstrumentFeed> _feeds = new(StringComparer.Ordinal);
    // What stops instruments or the market; participants' controls are nobody else's business.
    private readonly ControlsInForce _stops = new();
    private long _lastPriority;
    private Guid _incoming;

    /// <summary>Of the journal, as far as it has been folded; always the end of a command.</summary>
    public long Version { get; private set; }

    /// <summary>The version that led to the newest message.</summary>
    public long LastToldVersion { get; private set; }

    internal IEnumerable<KeyValuePair<string, InstrumentFeed>> Feeds => _feeds;

    /// <summary>The increments that a command leads to: for each instrument one in each channel, or several where that is too large.</summary>
    public IReadOnlyList<MarketDataMessage> Evolve(CommittedCommand command)
    {
        if (command.FirstVersion != Version + 1)
            throw new InvalidDataException($"The market's data stand at version {Version}; {command.FirstVersion} does not follow.");
        Version = command.LastVersion;
        DateTimeOffset? at = null;
        foreach (var @event in command.Events.OfType<MarketEvent>())
        {
            at = @event.At;
            Evolve(@event);
        }
        _incoming = Guid.Empty;
        if (at is null)
            return [];
        var messages = new List<MarketDataMessage>();
        var pack = packs.InForce(at.Value);
        foreach (var feed in _feeds.Values)
            feed.Tell(Version, pack, at.Value, messages);
        if (messages.Count > 0)
            LastToldVersion = Version;
        return messages;
    }

    public MarketDataMessage Snapshot(Instrument rules, MarketDataChannel channel) =>
        (_feeds.GetValueOrDefault(rules.Id) ?? new InstrumentFeed(rules.Id, StatusOf(rules.Id))).Snapshot(channel, rules, Version);

    public MarketDataState Save() => new()
    {
        Version = Version,
        LastToldVersion = LastToldVersion,
        Orders =
        [
            .. _orders.Values.OrderBy(order => order.Priority).Select(order => new PublicOrderState(
                order.OrderId, order.Number, order.Instrument, order.Side, order.Price, order.Quantity, order.Filled)),
        ],
        Instruments = [.. _feeds.Values.Select(feed => feed.Save())],
        Stops = _stops.Save(),
    };

    public static MarketDataFold Load(ImmutableArray<PolicyPack> packs, MarketDataState saved)
    {
        var fold = new MarketDataFold(packs) { Version = saved.Version, LastToldVersion = saved.LastToldVersion };
        fold._stops.Load(saved.Stops);
        foreach (var instrument in saved.Instruments)
            fold._feeds.Add(instrument.Instrument, InstrumentFeed.Load(instrument, fold.StatusOf(instrument.Instrument)));
        foreach (var order in saved.Orders)
            fold.Enter(order.OrderId, order.Number, order.Instrument, order.Side, order.Price, order.Quantity, order.Filled, rests: true);
        foreach (var feed in fold._feeds.Values)
        {
            // They were told before.
            feed.Book.TakeOrderChanges();
            feed.Book.TakeLevelChanges();
        }
        return fold;
    }

    /// <summary>Facts that change nothing anybody may see are passed over.</summary>
    private void Evolve(MarketEvent @event)
    {
        switch (@event)
        {
            case OrderAccepted e: Accept(e); break;
            case OrderReduced e: Reduce(e); break;
            case OrderReplaced e: Replace(e); break;
            case OrderCancelled e: Remove(e.OrderId); break;
            case OrderLapsed e: Remove(e.OrderId); break;
            case TradeExecuted e: Trade(e); break;
            case TradingDayOpened e: Open(e); break;
            case TradingDayClosed e: Close(e); break;
            case AuctionAnnounced e: FeedOf(e.Instrument).Announce(e); break;
            case AuctionRescheduled e: Reschedule(e); break;
            case AuctionClosed e: FeedOf(e.Instrument).Close(e); break;
            case CallUncrossed e: FeedOf(e.Instrument).Uncross(e); break;
            case FixedPriceSaleAnnounced e: FeedOf(e.Instrument).Announce(e); break;
            case FixedPriceSaleClosed e: Close(e); break;
            case ControlImposed { ParticipantId: null } e: Stop(e); break;
            case ControlLifted { ParticipantId: null } e: Resume(e); break;
        }
    }

    private void Accept(OrderAccepted accepted)
    {
        _incoming = accepted.OrderId;
        Enter(
            accepted.OrderId, accepted.Number, accepted.Instrument, accepted.Side, accepted.Price, accepted.Quantity, Quantity.Zero,
            rests: accepted.TimeInForce is not (TimeInForce.Ioc or TimeInForce.Fok));
    }

    private void Reduce(OrderReduced reduced)
    {
        var order = _orders[reduced.OrderId];
        BookOf(order).Shrink(order, reduced.By);
        order.Quantity -= reduced.By;
    }

    private void Replace(OrderReplaced replaced)
    {
        _incoming = replaced.OrderId;
        var order = _orders[replaced.OrderId];
        BookOf(order).Leave(order);
        (order.Price, order.Quantity, order.Priority) = (replaced.Price, replaced.Quantity, ++_lastPriority);
        BookOf(order).Join(order);
    }

    private void Remove(Guid orderId)
    {
        if (_orders.Remove(orderId, out var order))
            BookOf(order).Leave(order);
    }

    /// <summary>
    /// Orders take part in the book alone. Beside it the ids are those of bids, sales and negotiations, which everybody is
    /// told, and an order may have been given one of them.
    /// </summary>
    private void Trade(TradeExecuted trade)
    {
        var (buy, sell) = Trades.Trade.IsListed(trade)
            ? (_orders.GetValueOrDefault(trade.BuyOrderId), _orders.GetValueOrDefault(trade.SellOrderId))
            : (null, null);
        Side? aggressor = buy?.OrderId == _incoming ? Side.Buy : sell?.OrderId == _incoming ? Side.Sell : null;
        var resting = aggressor switch { Side.Buy => sell?.Number, Side.Sell => buy?.Number, _ => null };
        var pack = packs.InForce(trade.At);
        FeedOf(trade.Instrument).Trade(trade, pack, aggressor, resting);
        if (pack.Instrument(trade.Instrument)?.Composite is { } composite)
            FeedOf(composite).Trade(trade, pack, aggressor, resting);
        Fill(buy, trade.Quantity);
        Fill(sell, trade.Quantity);
    }

    private void Fill(PublicOrder? order, Quantity quantity)
    {
        if (order is null)
            return;
        BookOf(order).Shrink(order, quantity);
        order.Filled += quantity;
        if (order.Remaining.IsZero)
            _orders.Remove(order.OrderId);
    }

    private void Reschedule(AuctionRescheduled auction)
    {
        foreach (var feed in _feeds.Values)
            feed.Reschedule(auction);
    }

    private void Close(FixedPriceSaleClosed sale)
    {
        foreach (var feed in _feeds.Values)
            feed.Close(sale);
    }

    private void Stop(ControlImposed stop)
    {
        // Its instruments are told from here on, also those of which nothing else has been told.
        var pack = packs.InForce(stop.At);
        foreach (var rules in pack.Instruments.Concat(pack.Composites))
            FeedOf(rules.Id);
        _stops.Impose(stop);
        TellStatus();
    }

    private void Resume(ControlLifted lifted)
    {
        _stops.Lift(lifted.ControlId);
        TellStatus();
    }

    private void TellStatus()
    {
        foreach (var (instrument, feed) in _feeds)
            feed.Show(StatusOf(instrument));
    }

    private TradingStatus StatusOf(string instrument) => TradingStatus.Of(_stops.StopOf(instrument));

    private void Open(TradingDayOpened opened)
    {
        var pack = packs.InForce(opened.At);
        foreach (var rules in pack.Instruments.Concat(pack.Composites))
            FeedOf(rules.Id).OpenDay(rules, opened.Day);
    }

    private void Close(TradingDayClosed closed)
    {
        foreach (var close in closed.Closes)
            FeedOf(close.Instrument).CloseDay(close.Price);
        var pack = packs.InForce(closed.At);
        foreach (var composite in pack.Composites)
            FeedOf(composite.Id).CloseDay(composite, pack.StartOfDay(closed.Day));
    }

    private void Enter(
        Guid orderId, long number, string instrument, Side side, Price price, Quantity quantity, Quantity filled, bool rests)
    {
        var order = new PublicOrder
        {
            OrderId = orderId, Number = number, Instrument = instrument, Side = side, Price = price, Quantity = quantity, Filled = filled,
            Priority = ++_lastPriority,
        };
        _orders.Add(orderId, order);
        if (rests)
            BookOf(order).Join(order);
    }

    private PublicBook BookOf(PublicOrder order) => FeedOf(order.Instrument).Book;

    private InstrumentFeed FeedOf(string instrument)
    {
        if (!_feeds.TryGetValue(instrument, out var feed))
            _feeds.Add(instrument, feed = new InstrumentFeed(instrument, StatusOf(instrument)));
        return feed;
    }
}

/// <summary>Where the fold stands, in a form that can be stored.</summary>
public sealed record MarketDataState
{
    public required long Version { get; init; }

    public required long LastToldVersion { get; init; }

    /// <summary>In the order of their priority.</summary>
    public required ImmutableArray<PublicOrderState> Orders { get; init; }

    public required ImmutableArray<InstrumentFeedState> Instruments { get; init; }

    public required ControlsSnapshot Stops { get; init; }
}

public sealed record PublicOrderState(
    Guid OrderId, long Number, string Instrument, Side Side, Price Price, Quantity Quantity, Quantity Filled);

/// <param name="Sequences">By channel, in the order of <see cref="MarketDataChannel"/>.</param>
public sealed record InstrumentFeedState(
    string Instrument, ImmutableArray<long> Sequences, DateTimeOffset? At, Ticker? Ticker, Price? LastClose,
    ImmutableArray<PublicTrade> RecentTrades, ImmutableArray<Bar> Bars, ImmutableArray<AuctionNotice> OpenAuctions, AuctionNotice? Indication,
    ImmutableArray<SaleNotice> OpenSales);
