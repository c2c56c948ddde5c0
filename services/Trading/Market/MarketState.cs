using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Trading.Market;

/// <summary>
/// Everything one market knows, in memory, owned by the engine's writer and changed by events alone: replaying the journal
/// gives it back. Bounded: orders stay until the next day opens, closed auctions and trades as long as they are recent.
/// </summary>
public sealed class MarketState
{
    private readonly MatchPlan _plan = new();
    private readonly Dictionary<Guid, Order> _orders = [];
    // Those good till a date, the first to end on top; an order that has ended otherwise goes when it comes to the top.
    private readonly PriorityQueue<Order, DateTimeOffset> _goodTill = new();
    private readonly MarketAuctions _auctions = new();
    private readonly Dictionary<Guid, TradingAccount> _accounts = [];
    // The next first.
    private readonly List<PendingCall> _calls = [];
    private readonly Dictionary<string, InstrumentState> _instruments = new(StringComparer.Ordinal);
    private DateTimeOffset? _nextDue;

    public MarketState() => OpenOrders = new OpenOrders(Balances);

    /// <summary>The legal time of the market's newest fact; it never goes back, whatever the clocks at the edge say.</summary>
    public DateTimeOffset Now { get; set; }

    public DateOnly? OpenDay { get; private set; }

    public DateTimeOffset? DayEndsAt { get; private set; }

    public DateOnly? LastClosedDay { get; private set; }

    public long LastTradeSequence { get; set; }

    public long LastOrderNumber { get; set; }

    /// <summary>Counts the times an order has joined the end of a queue.</summary>
    public long LastPriority { get; set; }

    /// <summary>Number of the first order of the open (or last) day: those from here on are in <see cref="Orders"/>.</summary>
    public long FirstOrderKept { get; private set; } = 1;

    /// <summary>
    /// Orders accepted on the open day, or until it opens on the day before, finished ones included; and those of earlier
    /// days that are open still.
    /// </summary>
    public IReadOnlyDictionary<Guid, Order> Orders => _orders;

    /// <summary>Ids of the orders that are no longer in <see cref="Orders"/>.</summary>
    public UsedIds PastOrders { get; } = new();

    /// <inheritdoc cref="MarketAuctions.Kept"/>
    public IReadOnlyDictionary<Guid, Auction> Auctions => _auctions.Kept;

    public IReadOnlyDictionary<Guid, Auction> OpenAuctions => _auctions.Open;

    /// <inheritdoc cref="MarketAuctions.Past"/>
    public UsedIds PastAuctions => _auctions.Past;

    /// <summary>Negotiations of block trades.</summary>
    public Negotiations Blocks { get; } = new();

    /// <summary>Fixed-price sales of the authority's reserve.</summary>
    public ReserveSales Sales { get; } = new();

    /// <summary>The call auction that closes next, on the open day or, put off, on another.</summary>
    public PendingCall? NextCall => _calls.Count > 0 ? _calls[0] : null;

    public IReadOnlyDictionary<Guid, TradingAccount> Accounts => _accounts;

    public IReadOnlyDictionary<string, InstrumentState> Instruments => _instruments;

    /// <summary>Trades that clearing has not come to, by sequence.</summary>
    public SortedDictionary<long, TradeExecuted> Uncleared { get; } = [];

    /// <summary>Units that the registry holds where they lie.</summary>
    public RegistryHolds RegistryHolds { get; } = new();

    /// <summary>Released, not yet moved by Settlement.</summary>
    public Dictionary<Guid, WithdrawalReleased> Withdrawals { get; } = [];

    /// <summary>Ids of the withdrawals that Settlement has moved.</summary>
    public UsedIds PastWithdrawals { get; } = new();

    /// <summary>Numbers of the fundings that have arrived.</summary>
    public ArrivedNumbers Fundings { get; } = new();

    public RecentTrades RecentTrades { get; } = new();

    public ControlsInForce Controls { get; } = new();

    internal Balances Balances { get; } = new();

    internal OpenOrders OpenOrders { get; }

    /// <summary>
    /// The next legal moment at which something ends by itself: a halt, an auction, an offer, a sale, an order's last day, or
    /// the open day.
    /// </summary>
    public DateTimeOffset? NextDue => NextLapse is { } lapse && !(_nextDue <= lapse) ? lapse : _nextDue;

    /// <summary>
    /// When what follows here from a fact of the ledger takes effect: at the ledger's time, but not before what has happened here
    /// already, and not after what happens by itself first.
    /// </summary>
    public DateTimeOffset Effective(DateTimeOffset told)
    {
        var at = told > Now ? told : Now;
        return NextDue is { } due && due < at ? due : at;
    }

    /// <summary>When the next open order's last day has ended, whether anything was traded on it or not.</summary>
    public DateTimeOffset? NextLapse
    {
        get
        {
            while (_goodTill.TryPeek(out var order, out var until))
            {
                if (order.Status == OrderStatus.Open)
                    return until;
                _goodTill.Dequeue();
            }
            return null;
        }
    }

    /// <summary>
    /// What is overdue and where it leads, worked out for a command and good for the next until a fact changes the market.
    /// It follows from the state and is no part of it.
    /// </summary>
    public Outlook? Outlook { get; set; }

    /// <summary>What a participant has of an instrument, to read.</summary>
    internal ref readonly Amounts AmountsOf(Guid participantId, string instrument) =>
        ref Balances[_accounts.TryGetValue(participantId, out var account) ? account.PlaceOf(instrument) : Balances.None];

    /// <summary>The account to change, made when first needed; deciders read <see cref="Accounts"/>.</summary>
    public TradingAccount AccountOf(Guid participantId)
    {
        if (!_accounts.TryGetValue(participantId, out var account))
            _accounts.Add(participantId, account = new TradingAccount(participantId, Balances));
        return account;
    }

    /// <summary>The instrument to change, made when first needed; deciders read <see cref="BookOf"/>.</summary>
    public InstrumentState InstrumentOf(string instrument)
    {
        if (!_instruments.TryGetValue(instrument, out var state))
            _instruments.Add(instrument, state = new InstrumentState(OpenOrders));
        return state;
    }

    /// <summary>The book to read; of an instrument nobody has ordered yet, an empty one.</summary>
    public OrderBook BookOf(string instrument) =>
        _instruments.TryGetValue(instrument, out var state) ? state.Book : new OrderBook(OpenOrders);

    /// <summary>What orders of the instrument keep today.</summary>
    internal OrderTerms TermsOf(Instrument rules) =>
        _instruments.TryGetValue(rules.Id, out var state) ? state.TermsOf(rules, ReferencePrice(rules)) : OrderTerms.Of(rules, ReferencePrice(rules));

    /// <summary>What an order would meet; good until the next is asked for.</summary>
    internal MatchPlan Plan(string instrument, in IncomingOrder order)
    {
        _plan.Make(OpenOrders, BookOf(instrument), order);
        return _plan;
    }

    /// <summary>In a call an order meets nobody and rests.</summary>
    internal MatchPlan PlanToGather(in IncomingOrder order)
    {
        _plan.Gather(order);
        return _plan;
    }

    /// <summary>What prices are measured from: the last close, or the base price the authority set before the first.</summary>
    public Price? ReferencePrice(Instrument rules) =>
        (_instruments.TryGetValue(rules.Id, out var state) ? state.LastClose : null)
        ?? (rules.BasePriceMinor is { } minor ? Price.OfMinor(minor) : null);

    /// <summary>The newest price of the book: of the open day's last listed trade, or what today's prices are measured from.</summary>
    internal Price? LatestPrice(Instrument rules) =>
        (_instruments.TryGetValue(rules.Id, out var state) ? state.LastPrice : null) ?? ReferencePrice(rules);

    /// <summary>The open orders of a side, in the order in which they would be met.</summary>
    internal IEnumerable<Order> OrdersOf(string instrument, Side side) =>
        BookOf(instrument).Known(side);

    public void Hold(Order order)
    {
        _orders.Add(order.OrderId, order);
        AccountOf(order.ParticipantId).Orders.Add(order);
        if (order is { Until: { } until, Status: OrderStatus.Open })
            _goodTill.Enqueue(order, until);
    }

    /// <inheritdoc cref="MarketAuctions.Keep"/>
    public void Keep(Auction auction)
    {
        _auctions.Keep(auction);
        _nextDue = NextMoment();
    }

    public void Reschedule(Guid auctionId, DateTimeOffset opensAt, DateTimeOffset closesAt)
    {
        var auction = _auctions.Open[auctionId];
        (auction.OpensAt, auction.ClosesAt) = (opensAt, closesAt);
        _nextDue = NextMoment();
    }

    /// <inheritdoc cref="Negotiations.Keep"/>
    public void Keep(Block block)
    {
        Blocks.Keep(block);
        _nextDue = NextMoment();
    }

    /// <inheritdoc cref="ReserveSales.Keep"/>
    public void Keep(FixedPriceSale sale)
    {
        Sales.Keep(sale);
        _nextDue = NextMoment();
    }

    /// <summary>
    /// The finished orders of the days before go when a new day comes: the store keeps them, here only their ids stay.
    /// </summary>
    public void BeginDay(DateOnly day, DateTimeOffset endsAt, IEnumerable<PendingCall> calls)
    {
        (OpenDay, DayEndsAt) = (day, endsAt);
        _calls.AddRange(calls);
        SortCalls();
        _nextDue = NextMoment();
        FirstOrderKept = LastOrderNumber + 1;
        foreach (var order in _orders.Values.Where(order => order.Status != OrderStatus.Open).OrderBy(order => order.Number).ToList())
        {
            PastOrders.Add(order.OrderId);
            _orders.Remove(order.OrderId);
        }
        foreach (var account in _accounts.Values)
            account.Orders.RemoveAll(order => order.Status != OrderStatus.Open);
        // Else it would hold on to every order good till a date that has ended before it.
        _goodTill.Clear();
        _goodTill.EnqueueRange(_orders.Values.Where(order => order.Until is not null).Select(order => (order, order.Until!.Value)));
    }

    public PendingCall? NextCallOf(string instrument) => _calls.Find(call => call.Instrument == instrument);

    /// <summary>The call of that moment is over, and whatever of it or of an earlier one was put off.</summary>
    public void EndCall(string instrument, DateTimeOffset closesAt)
    {
        _calls.RemoveAll(call => call.Instrument == instrument && (call.ClosesAt == closesAt || call.PutOff));
        _nextDue = NextMoment();
    }

    /// <summary>It may be put off to another day.</summary>
    public void PutOff(PendingCall call)
    {
        _calls.Add(call);
        SortCalls();
        _nextDue = NextMoment();
    }

    public void EndDay()
    {
        _calls.RemoveAll(call => !call.PutOff);
        (LastClosedDay, OpenDay, DayEndsAt) = (OpenDay, null, null);
        _nextDue = NextMoment();
        foreach (var account in _accounts.Values)
            account.EndDay();
    }

    /// <summary>Finds anew what is due next, after the controls have changed.</summary>
    public void Schedule() => _nextDue = NextMoment();

    /// <summary>As it stands now, whatever changes later: of orders and trades only those that can still change are copied.</summary>
    public MarketSnapshot Save()
    {
        var auctions = _auctions.Save();
        return new MarketSnapshot
        {
            Format = MarketSnapshot.CurrentFormat,
            Now = Now,
            OpenDay = OpenDay,
            DayEndsAt = DayEndsAt,
            LastClosedDay = LastClosedDay,
            LastTradeSequence = LastTradeSequence,
            LastOrderNumber = LastOrderNumber,
            LastPriority = LastPriority,
            FirstOrderKept = FirstOrderKept,
            Instruments = [.. _instruments.OrderBy(instrument => instrument.Key, StringComparer.Ordinal).Select(instrument => instrument.Value.Save(instrument.Key))],
            Accounts = [.. _accounts.Values.OrderBy(account => account.ParticipantId).Select(account => account.Save())],
            Orders = [.. _orders.Values.Select(order => order.Status == OrderStatus.Open ? order.Copy() : order)],
            OpenAuctions = auctions.Open,
            ClosedAuctions = auctions.Closed,
            Blocks = Blocks.Save(),
            Sales = Sales.Save(),
            Calls = [.. _calls],
            Uncleared = [.. Uncleared.Values],
            RecentTrades = [.. RecentTrades.After(0)],
            Withdrawals = [.. Withdrawals.Values.OrderBy(withdrawal => withdrawal.WithdrawalId)],
            Fundings = [.. Fundings.Ranges],
            PastOrders = PastOrders.Save(),
            PastAuctions = PastAuctions.Save(),
            PastWithdrawals = PastWithdrawals.Save(),
            RegistryHolds = [.. RegistryHolds.All],
            Controls = Controls.Save(),
        };
    }

    public static MarketState Load(MarketSnapshot saved)
    {
        var market = new MarketState
        {
            Now = saved.Now,
            OpenDay = saved.OpenDay,
            DayEndsAt = saved.DayEndsAt,
            LastClosedDay = saved.LastClosedDay,
            LastTradeSequence = saved.LastTradeSequence,
            LastOrderNumber = saved.LastOrderNumber,
            LastPriority = saved.LastPriority,
            FirstOrderKept = saved.FirstOrderKept,
        };
        foreach (var instrument in saved.Instruments)
            market._instruments.Add(instrument.Instrument, InstrumentState.Load(instrument, market.OpenOrders));
        foreach (var account in saved.Accounts)
            market._accounts.Add(account.ParticipantId, TradingAccount.Load(account, market.Balances));
        foreach (var order in saved.Orders)
            market.Hold(order.Copy());
        foreach (var order in market._orders.Values.Where(order => order.Status == OrderStatus.Open).OrderBy(order => order.Priority))
            market.Queue(order);
        market._auctions.Load(saved.OpenAuctions, saved.ClosedAuctions, saved.PastAuctions);
        if (saved.Blocks is { } blocks)
            market.Blocks.Load(blocks);
        if (saved.Sales is { } sales)
            market.Sales.Load(sales);
        market._calls.AddRange(saved.Calls);
        foreach (var trade in saved.Uncleared)
            market.Uncleared.Add(trade.Sequence, trade);
        foreach (var trade in saved.RecentTrades)
            market.RecentTrades.Add(trade);
        foreach (var withdrawal in saved.Withdrawals)
            market.Withdrawals.Add(withdrawal.WithdrawalId, withdrawal);
        market.Fundings.Load(saved.Fundings);
        market.PastOrders.Load(saved.PastOrders);
        market.PastWithdrawals.Load(saved.PastWithdrawals);
        foreach (var hold in saved.RegistryHolds ?? [])
            market.RegistryHolds.Note(hold);
        if (saved.Controls is { } controls)
            market.Controls.Load(controls);
        market._nextDue = market.NextMoment();
        return market;
    }

    /// <summary>Puts an order back into its book that a snapshot tells of, whose reservation stands already.</summary>
    private void Queue(Order order)
    {
        var account = AccountOf(order.ParticipantId);
        var place = OpenOrders.Place(
            order.Number, account.Cash.Place, account.UnitsOf(order.Instrument).Place, order.Side, order.Price.MinorPerUnit,
            order.Remaining.Value, order.FeeBasisPoints);
        OpenOrders.Name(place, order);
        OpenOrders.Join(InstrumentOf(order.Instrument).Book, place);
    }

    private void SortCalls() => _calls.Sort((one, other) =>
        one.ClosesAt != other.ClosesAt ? one.ClosesAt.CompareTo(other.ClosesAt) : string.CompareOrdinal(one.Instrument, other.Instrument));

    private DateTimeOffset? NextMoment() =>
        new[] { _auctions.NextDue, NextCall?.ClosesAt, Blocks.NextDue, Sales.NextDue, Controls.NextEnd, DayEndsAt }.Min();
}
