using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Trading.Tests.Market;

/// <summary>Something that came of a command, as a test compares it.</summary>
internal readonly record struct Happening(char Kind, Guid Order, Guid Other, long Quantity, long Price)
{
    public bool IsTrade => Kind == 'T';

    public static Happening Trade(Guid buy, Guid sell, long quantity, long price) => new('T', buy, sell, quantity, price);

    /// <summary>What is left of an order goes.</summary>
    public static Happening Gone(Guid order, long quantity) => new('G', order, Guid.Empty, quantity, 0);

    public static Happening Less(Guid order, long by) => new('L', order, Guid.Empty, by, 0);
}

internal sealed class NaiveOrder
{
    public required Guid Id { get; init; }

    public required Guid Who { get; init; }

    /// <summary>When it was accepted; a replacement does not change it.</summary>
    public required int Number { get; init; }

    public required Instrument Rules { get; init; }

    public required bool Buys { get; init; }

    public required long Price { get; set; }

    public required long Remaining { get; set; }

    public DateOnly? GoodTill { get; init; }

    public string Instrument => Rules.Id;

    public required decimal FeeRate { get; init; }

    /// <summary>Each unit at its limit with its fee, rounded up.</summary>
    public long Cost => Remaining * (Price + (long)Math.Ceiling(Price * FeeRate));

    public long Fee(long units, long price) => (long)Math.Round(units * price * FeeRate, MidpointRounding.AwayFromZero);

    public bool Reaches(long price) => Buys ? Price >= price : Price <= price;

    public NaiveOrder Copy() => (NaiveOrder)MemberwiseClone();
}

/// <summary>
/// The market as one would explain it: one list of open orders in the order in which they queue, searched and sorted whenever
/// somebody asks, and nothing reserved but by adding up what is open. Slow and plainly right.
/// </summary>
internal sealed class NaiveMarket
{
    private readonly Dictionary<(Guid, string), long> _units = [];
    private readonly Dictionary<(Guid, string), long> _boughtToday = [];
    private readonly Dictionary<Guid, long> _cash = [];

    /// <summary>By whom and, for units, of which instrument.</summary>
    public Dictionary<(Guid Who, string? Instrument), long> Frozen { get; } = [];

    public List<NaiveOrder> Open { get; private set; } = [];

    public long Fees { get; private set; }

    public void FundCash(Guid who, long minor) => _cash[who] = _cash.GetValueOrDefault(who) + minor;

    public void FundUnits(Guid who, string instrument, long units) => Add(_units, who, instrument, units);

    public long FreeCash(Guid who) => _cash.GetValueOrDefault(who) - Frozen.GetValueOrDefault((who, null))
        - Open.Where(order => order.Who == who && order.Buys).Sum(order => order.Cost);

    public long Sellable(Guid who, Instrument rules) => _units.GetValueOrDefault((who, rules.Id)) - Frozen.GetValueOrDefault((who, rules.Id))
        - Open.Where(order => order.Who == who && !order.Buys && order.Instrument == rules.Id).Sum(order => order.Remaining)
        - (rules.SameDayResaleBanned ? _boughtToday.GetValueOrDefault((who, rules.Id)) : 0);

    public NaiveOrder? Best(string instrument, bool buys) => InLine(instrument, buys).FirstOrDefault();

    /// <summary>Of one side, in the order in which they would be met.</summary>
    public IEnumerable<NaiveOrder> InLine(string instrument, bool buys)
    {
        var side = Open.Where(order => order.Instrument == instrument && order.Buys == buys);
        return buys ? side.OrderByDescending(order => order.Price) : side.OrderBy(order => order.Price);
    }

    /// <summary>What an order would trade at once.</summary>
    public long Tradable(NaiveOrder order)
    {
        var copy = new NaiveMarket { Open = Open.ConvertAll(open => open.Copy()) };
        return copy.Continuous(order.Copy(), minimum: 0, rests: true).Where(happening => happening.Kind == 'T').Sum(happening => happening.Quantity);
    }

    public List<Happening> Continuous(NaiveOrder order, long minimum, bool rests)
    {
        if (minimum > 0 && Tradable(order) < minimum)
            return [Happening.Gone(order.Id, order.Remaining)];
        var happenings = new List<Happening>();
        foreach (var resting in InLine(order.Instrument, !order.Buys).Where(resting => order.Reaches(resting.Price)).ToList())
        {
            if (order.Remaining == 0)
                break;
            if (resting.Who != order.Who)
                Trade(order, resting, resting.Price, happenings);
            else if (!PreventSelfTrade(order, resting, happenings))
                return happenings;
        }
        if (order.Remaining > 0 && rests)
            Open.Add(order);
        else if (order.Remaining > 0)
            happenings.Add(Happening.Gone(order.Id, order.Remaining));
        return happenings;
    }

    public List<Happening> Replace(Guid id, long price, long remaining, bool inCall)
    {
        var order = Open.Single(open => open.Id == id);
        if (price == order.Price && remaining <= order.Remaining)
        {
            var by = order.Remaining - remaining;
            order.Remaining = remaining;
            return by == 0 ? [] : [Happening.Less(id, by)];
        }
        Open.Remove(order);
        (order.Price, order.Remaining) = (price, remaining);
        if (!inCall)
            return Continuous(order, minimum: 0, rests: true);
        Open.Add(order);
        return [];
    }

    public List<Happening> Cancel(Func<NaiveOrder, bool> which)
    {
        var gone = Open.Where(which).Select(order => Happening.Gone(order.Id, order.Remaining)).ToList();
        Open.RemoveAll(order => which(order));
        return gone;
    }

    /// <summary>Keeps an amount back; orders that counted on it go, the newest first.</summary>
    /// <param name="rules">Null: cash.</param>
    public List<Happening> Freeze(Guid who, Instrument? rules, long amount)
    {
        var missing = amount - (rules is null ? FreeCash(who) : Sellable(who, rules with { SameDayResaleBanned = false }));
        var gone = new HashSet<NaiveOrder>();
        foreach (var order in Open.Where(order => order.Who == who && order.Buys == rules is null && (rules is null || order.Instrument == rules.Id))
            .OrderByDescending(order => order.Number))
        {
            if (missing <= 0)
                break;
            missing -= rules is null ? order.Cost : order.Remaining;
            gone.Add(order);
        }
        Frozen[(who, rules?.Id)] = amount;
        return Cancel(gone.Contains);
    }

    /// <summary>Tries every price, then pairs; begins again whenever somebody would have met itself.</summary>
    public List<Happening> Uncross(Instrument rules, long? near)
    {
        var prevented = new List<Happening>();
        while (Price(rules, near) is { } price)
        {
            var before = prevented.Count;
            var trades = Pair(rules, price, prevented);
            if (prevented.Count > before)
                continue;
            var happenings = prevented;
            foreach (var (bid, ask, quantity) in trades)
                Trade(bid, ask, price, happenings, quantity);
            return happenings;
        }
        return prevented;
    }

    public List<Happening> EndDay(DateOnly day, Func<NaiveOrder, bool> outsideTheNextBand)
    {
        var ends = Open.Where(order => order.GoodTill is not { } last || last <= day || outsideTheNextBand(order)).ToHashSet();
        _boughtToday.Clear();
        return Cancel(ends.Contains);
    }

    /// <summary>Nothing is met after the last day it was good till, trading day or not.</summary>
    public List<Happening> Lapse(DateOnly today) => Cancel(order => order.GoodTill < today);

    private long? Price(Instrument rules, long? near)
    {
        var side = Open.Where(order => order.Instrument == rules.Id).ToList();
        if (!side.Exists(order => order.Buys) || !side.Exists(order => !order.Buys))
            return null;
        var (low, high) = (side.Where(order => !order.Buys).Min(order => order.Price), side.Where(order => order.Buys).Max(order => order.Price));
        long? best = null;
        var (volume, unmatched, surplus) = (0L, 0L, 0L);
        for (var price = low; price <= high; price += rules.TickMinor)
        {
            var demand = side.Where(order => order.Buys && order.Price >= price).Sum(order => order.Remaining);
            var supply = side.Where(order => !order.Buys && order.Price <= price).Sum(order => order.Remaining);
            var distance = Math.Abs(price - (near ?? low)) - Math.Abs((best ?? price) - (near ?? low));
            var (trades, left) = (Math.Min(demand, supply), Math.Abs(demand - supply));
            if (best is null || trades > volume || (trades == volume && (left < unmatched
                || (left == unmatched && (distance < 0 || (distance == 0 && surplus > 0))))))
                (best, volume, unmatched, surplus) = (price, trades, left, demand - supply);
        }
        return volume > 0 ? best : null;
    }

    private List<(NaiveOrder Bid, NaiveOrder Ask, long Quantity)> Pair(Instrument rules, long price, List<Happening> prevented)
    {
        var pairs = new List<(NaiveOrder, NaiveOrder, long)>();
        var (buyers, sellers) = (InLine(rules.Id, buys: true).Where(order => order.Reaches(price)).ToList(), InLine(rules.Id, buys: false).Where(order => order.Reaches(price)).ToList());
        var volume = Math.Min(buyers.Sum(order => order.Remaining), sellers.Sum(order => order.Remaining));
        var taken = new Dictionary<NaiveOrder, long>();
        long Left(NaiveOrder order) => order.Remaining - taken.GetValueOrDefault(order);
        while (volume > 0 && buyers.Find(order => Left(order) > 0) is { } bid && sellers.Find(order => Left(order) > 0) is { } ask)
        {
            if (bid.Who != ask.Who)
            {
                var quantity = Math.Min(volume, Math.Min(Left(bid), Left(ask)));
                pairs.Add((bid, ask, quantity));
                taken[bid] = taken.GetValueOrDefault(bid) + quantity;
                taken[ask] = taken.GetValueOrDefault(ask) + quantity;
                volume -= quantity;
                continue;
            }
            var both = Math.Min(Left(bid), Left(ask));
            var bidIsLater = Open.IndexOf(bid) > Open.IndexOf(ask);
            var (bidLoses, askLoses) = rules.SelfTrade == SelfTradePrevention.ReduceBoth ? (both, both)
                : (rules.SelfTrade == SelfTradePrevention.CancelIncoming) == bidIsLater ? (Left(bid), 0L) : (0L, Left(ask));
            Lose(bid, bidLoses, prevented);
            Lose(ask, askLoses, prevented);
        }
        Open.RemoveAll(order => order.Remaining == 0);
        return pairs;
    }

    private static void Lose(NaiveOrder order, long quantity, List<Happening> happenings)
    {
        if (quantity == 0)
            return;
        happenings.Add(quantity == order.Remaining ? Happening.Gone(order.Id, quantity) : Happening.Less(order.Id, quantity));
        order.Remaining -= quantity;
    }

    /// <summary>False: the incoming order has ended.</summary>
    private bool PreventSelfTrade(NaiveOrder order, NaiveOrder resting, List<Happening> happenings)
    {
        switch (order.Rules.SelfTrade)
        {
            case SelfTradePrevention.CancelIncoming:
                happenings.Add(Happening.Gone(order.Id, order.Remaining));
                return false;
            case SelfTradePrevention.CancelResting:
                happenings.AddRange(Cancel(open => open == resting));
                return true;
            default:
                var quantity = Math.Min(order.Remaining, resting.Remaining);
                Lose(resting, quantity, happenings);
                Lose(order, quantity, happenings);
                Open.RemoveAll(open => open.Remaining == 0);
                return true;
        }
    }

    private void Trade(NaiveOrder one, NaiveOrder other, long price, List<Happening> happenings, long? quantity = null)
    {
        var units = quantity ?? Math.Min(one.Remaining, other.Remaining);
        var (buy, sell) = one.Buys ? (one, other) : (other, one);
        happenings.Add(Happening.Trade(buy.Id, sell.Id, units, price));
        _cash[buy.Who] = _cash.GetValueOrDefault(buy.Who) - (units * price) - buy.Fee(units, price);
        _cash[sell.Who] = _cash.GetValueOrDefault(sell.Who) + (units * price) - sell.Fee(units, price);
        Fees += buy.Fee(units, price) + sell.Fee(units, price);
        Add(_units, buy.Who, buy.Instrument, units);
        Add(_units, sell.Who, sell.Instrument, -units);
        Add(_boughtToday, buy.Who, buy.Instrument, units);
        one.Remaining -= units;
        other.Remaining -= units;
        Open.RemoveAll(order => order.Remaining == 0);
    }

    private static void Add(Dictionary<(Guid, string), long> to, Guid who, string instrument, long units) =>
        to[(who, instrument)] = to.GetValueOrDefault((who, instrument)) + units;
}
