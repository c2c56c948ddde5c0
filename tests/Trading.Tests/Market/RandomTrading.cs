using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Market;

/// <summary>
/// Commands of every kind at random, as traders, officials and the clock would give them, each with what is to come of it by
/// the rules as one would explain them.
/// </summary>
internal sealed class RandomTrading
{
    private readonly Random _random;
    private readonly PolicyPack _pack;
    private readonly IReadOnlyList<Guid> _participants;
    private readonly TwoMarkets _both;
    private readonly List<PlaceOrder> _placed = [];
    private readonly Dictionary<Guid, Guid> _kills = [];
    private readonly Dictionary<(Guid Who, string? Instrument), Guid> _freezes = [];
    private readonly List<(Guid Id, string? Instrument, DateTimeOffset EndsAt)> _halts = [];
    private DateTimeOffset _now = At(9, 15);

    public RandomTrading(int seed, PolicyPack pack, IReadOnlyList<Guid> participants, TwoMarkets both) =>
        (_random, _pack, _participants, _both) = (new Random(seed), pack, participants, both);

    public void Operate()
    {
        switch (_random.Next(1_000))
        {
            case < 660:
                Place();
                break;
            case < 740 when _both.Naive.Open.Count > 0:
                Cancel(_both.Naive.Open[_random.Next(_both.Naive.Open.Count)]);
                break;
            case < 860 when _both.Naive.Open.Count > 0:
                Replace(_both.Naive.Open[_random.Next(_both.Naive.Open.Count)]);
                break;
            case < 862:
                CancelAll();
                break;
            case < 863:
                Kill(Anybody());
                break;
            case < 865:
                Freeze(Anybody(), _random.Next(2) == 0 ? null : _pack.Instruments[_random.Next(2)]);
                break;
            case < 866 when _random.Next(2) == 0:
                Halt();
                break;
            case < 880:
                Lift();
                break;
            case < 900:
                Repeat();
                break;
            default:
                Wait();
                break;
        }
    }

    private void Place()
    {
        var rules = _pack.Instruments[_random.Next(2)];
        var (who, buys) = (Anybody(), _random.Next(2) == 0);
        var quantity = _random.Next(1, 40) * rules.LotSize;
        var life = (TimeInForce)_random.Next(4);
        var rests = life is TimeInForce.Day or TimeInForce.Gtd;
        var conditions = new OrderConditions(
            life == TimeInForce.Gtd ? _pack.LegalDay(_now).AddDays(_random.Next(4)) : null,
            _random.Next(12) == 0 ? Quantity.Of(_random.NextInt64(1, quantity + 1)) : null);
        if (rests && conditions.Minimum is null && _random.Next(8) == 0)
            conditions = conditions with { PostOnly = true };
        var order = new PlaceOrder(
            Id($"order {_both.Step}"), who, rules.Id, buys ? Side.Buy : Side.Sell, Quantity.Of(quantity),
            _random.Next(15) == 0 && !conditions.PostOnly ? null : Price.OfMinor(PriceOf(rules, buys)), life, _now)
        {
            Conditions = conditions == OrderConditions.None ? null : conditions,
        };
        _both.Let(order, () => Expected(order, rules));
    }

    /// <summary>A refusal's code, or what is to happen.</summary>
    private (string? Refusal, List<Happening> Happenings) Expected(PlaceOrder order, Instrument rules)
    {
        var (buys, rests) = (order.Side == Side.Buy, order.TimeInForce is TimeInForce.Day or TimeInForce.Gtd);
        if (_kills.ContainsKey(order.ParticipantId))
            return ("killed", []);
        if (IsHalted(rules))
            return ("halted", []);
        if (_pack.SessionAt(order.At, rules) is not { } session)
            return ("outside-session", []);
        var inCall = session.Mode == Session.Call;
        if (inCall && (!rests || order.Price is null || order.Conditions is { Minimum: not null } or { PostOnly: true }))
            return ("not-in-call", []);
        if ((order.Price?.MinorPerUnit ?? _both.Naive.Best(rules.Id, !buys)?.Price) is not { } price)
            return ("no-opposite-price", []);
        if (PriceBand.Of(rules, _both.Market.ReferencePrice(rules)) is { } band && !band.Contains(price))
            return ("price-outside-band", []);
        var naive = new NaiveOrder
        {
            Id = order.OrderId, Who = order.ParticipantId, Number = _both.Step, Rules = rules, Buys = buys, Price = price, Remaining = order.Quantity.Value,
            GoodTill = order.Conditions?.GoodTill, FeeRate = (buys ? rules.Fees!.BuyerBasisPoints : rules.Fees!.SellerBasisPoints) / 10_000m,
        };
        if (buys && naive.Cost > _both.Naive.FreeCash(order.ParticipantId))
            return ("insufficient-cash", []);
        if (!buys && order.Quantity.Value > _both.Naive.Sellable(order.ParticipantId, rules))
            return (order.Quantity.Value > _both.Naive.Sellable(order.ParticipantId, rules with { SameDayResaleBanned = false })
                ? "insufficient-units" : "same-day-resale", []);
        if (order.Conditions is { PostOnly: true } && _both.Naive.Tradable(naive) > 0)
            return ("post-only-would-trade", []);
        _placed.Add(order);
        if (!inCall)
            NobodyHasBeenPassedOver(rules);
        if (!inCall)
            return (null, _both.Naive.Continuous(
                naive, order.TimeInForce == TimeInForce.Fok ? order.Quantity.Value : order.Conditions?.Minimum?.Value ?? 0, rests));
        _both.Naive.Open.Add(naive);
        return (null, []);
    }

    private void Cancel(NaiveOrder order) =>
        _both.Let(new CancelOrder(order.Id, order.Who, _now), () => (null, _both.Naive.Cancel(open => open.Id == order.Id)));

    private void CancelAll()
    {
        var who = Anybody();
        var (instrument, side) = (_random.Next(2) == 0 ? Plain : null, _random.Next(2) == 0 ? Side.Buy : (Side?)null);
        _both.Let(new CancelAllOrders(who, instrument, side, _now), () => (null, _both.Naive.Cancel(order =>
            order.Who == who && (instrument is null || order.Instrument == instrument) && (side is null || order.Buys == (side == Side.Buy)))));
    }

    private void Kill(Guid who)
    {
        if (_kills.ContainsKey(who))
            return;
        _both.Let(Imposed(ControlKind.KillSwitch, who, null, null), () => (null, _both.Naive.Cancel(order => order.Who == who)));
        _kills[who] = Id($"control {_both.Step}");
    }

    private void Freeze(Guid who, Instrument? rules)
    {
        if (_freezes.ContainsKey((who, rules?.Id)))
            return;
        var amount = rules is null ? _random.NextInt64(1, 10_000_000) : _random.NextInt64(1, 1_000);
        _both.Let(Imposed(ControlKind.Freeze, who, rules?.Id, amount), () => (null, _both.Naive.Freeze(who, rules, amount)));
        _freezes[(who, rules?.Id)] = Id($"control {_both.Step}");
    }

    /// <summary>For up to an hour, of one instrument or of all.</summary>
    private void Halt()
    {
        var halt = (Id($"control {_both.Step}"), _random.Next(2) == 0 ? null : _pack.Instruments[_random.Next(2)].Id, _now.AddSeconds(_random.Next(1, 3_600)));
        _both.Let(new ImposeControl(halt.Item1, ControlKind.Halt, null, null, halt.Item2, null, halt.Item3, "a test", null, Official("one"), _now), () => (null, []));
        _halts.Add(halt);
    }

    private bool IsHalted(Instrument rules) => _halts.Exists(halt => halt.Instrument is null || halt.Instrument == rules.Id);

    /// <summary>While the book trades no bid reaches an offer: they would have met.</summary>
    private void NobodyHasBeenPassedOver(Instrument rules) =>
        (_both.Naive.Best(rules.Id, buys: true)?.Price >= _both.Naive.Best(rules.Id, buys: false)?.Price).ShouldBeFalse($"Step {_both.Step}: the book of {rules.Id} is crossed.");

    private ImposeControl Imposed(ControlKind kind, Guid who, string? instrument, long? amount) => new(
        Id($"control {_both.Step}"), kind, who, null, instrument, amount, null, "a test", "a court", Official("one"), _now);

    private void Lift()
    {
        if (_kills.Count > 0)
        {
            var (who, control) = _kills.First();
            _both.Let(new LiftControl(control, Id($"lift {_both.Step}"), "a test", null, Official("one"), _now), () => (null, []));
            _both.Let(new ConfirmLift(control, Id($"lift {_both.Step}"), Official("two"), _now), () => (null, []));
            _kills.Remove(who);
        }
        else if (_freezes.Count > 0)
        {
            var (frozen, control) = _freezes.First();
            _both.Let(new LiftControl(control, Id($"lift {_both.Step}"), "a test", "a court", Official("one"), _now), () => (null, []));
            _freezes.Remove(frozen);
            _both.Naive.Frozen.Remove(frozen);
        }
    }

    private static ControlActor Official(string subject) => new(subject, Guid.Empty, IsOperator: false, IsRegulator: true);

    private void Replace(NaiveOrder order)
    {
        var price = _random.Next(3) == 0 ? order.Price : PriceOf(order.Rules, order.Buys);
        var remaining = _random.Next(1, 40) * order.Rules.LotSize;
        var filled = _both.Market.Orders[order.Id].Filled;
        if ((filled.Value + remaining) % order.Rules.LotSize != 0)
            return;
        _both.Let(new ReplaceOrder(order.Id, order.Who, filled + Quantity.Of(remaining), Price.OfMinor(price), _now), () =>
        {
            if (IsHalted(order.Rules))
                return ("halted", []);
            if (_pack.SessionAt(_now, order.Rules) is not { } session)
                return ("outside-session", []);
            var inCall = session.Mode == Session.Call;
            if (price == order.Price && remaining <= order.Remaining)
                return (null, _both.Naive.Replace(order.Id, price, remaining, inCall));
            if (filled.Value + remaining >= order.Rules.ListedBelowQuantity)
                return ("quantity-not-listed", []);
            if (PriceBand.Of(order.Rules, _both.Market.ReferencePrice(order.Rules)) is { } band && !band.Contains(price))
                return ("price-outside-band", []);
            var changed = order.Copy();
            (changed.Price, changed.Remaining) = (price, remaining);
            if (order.Buys && changed.Cost > _both.Naive.FreeCash(order.Who) + order.Cost)
                return ("insufficient-cash", []);
            if (!order.Buys && remaining > _both.Naive.Sellable(order.Who, order.Rules) + order.Remaining)
                return (remaining > _both.Naive.Sellable(order.Who, order.Rules with { SameDayResaleBanned = false }) + order.Remaining
                    ? "insufficient-units" : "same-day-resale", []);
            return !inCall && _both.Market.Orders[order.Id].Conditions is { PostOnly: true } && _both.Naive.Tradable(changed) > 0
                ? ("post-only-would-trade", [])
                : (null, _both.Naive.Replace(order.Id, price, remaining, inCall));
        });
    }

    /// <summary>The market knows an order of the day again and does nothing more.</summary>
    private void Repeat()
    {
        if (_placed.Count == 0 || !_both.Market.Orders.ContainsKey(_placed[^1].OrderId))
            return;
        _both.Let(_placed[^1] with { At = _now }, () => (null, []));
    }

    private void Wait()
    {
        _now = _random.Next(200) == 0 ? _pack.StartOfDay(_pack.LegalDay(_now).AddDays(1)).AddHours(9.25) : _now.AddSeconds(_random.Next(60));
        if (_now.TimeOfDay > new TimeSpan(15, 0, 0) || !_pack.IsTradingDay(_pack.LegalDay(_now)))
            _now = _pack.StartOfDay(_pack.LegalDay(_now).AddDays(1)).AddHours(9.25);
        else if (_now.TimeOfDay > new TimeSpan(11, 30, 0) && _now.TimeOfDay < new TimeSpan(13, 0, 0) && _random.Next(3) > 0)
            _now = _pack.StartOfDay(_pack.LegalDay(_now)).AddHours(13);
        while (_both.Market.NextDue is { } due && due <= _now)
            _both.Let(new AdvanceTime(due), () => (null, Due(due)));
    }

    private List<Happening> Due(DateTimeOffset due)
    {
        var happenings = new List<Happening>();
        foreach (var halt in _halts.Where(halt => halt.EndsAt == due).OrderBy(halt => halt.Id).ToList())
        {
            _halts.Remove(halt);
            foreach (var rules in _pack.Instruments.Where(rules => !IsHalted(rules) && _pack.SessionAt(due, rules, Session.Continuous) is not null))
                happenings.AddRange(_both.Naive.Uncross(rules, _both.Market.LatestPrice(rules)?.MinorPerUnit));
        }
        foreach (var rules in _pack.Instruments.OrderBy(rules => rules.Id, StringComparer.Ordinal))
            if (_both.Market.NextCallOf(rules.Id)?.ClosesAt == due && !IsHalted(rules))
                happenings.AddRange(_both.Naive.Uncross(rules, _both.Market.LatestPrice(rules)?.MinorPerUnit));
        happenings.AddRange(_both.Naive.Lapse(_pack.LegalDay(due)));
        if (_both.Market.DayEndsAt == due)
            happenings.AddRange(_both.Naive.EndDay(_both.Market.OpenDay!.Value, OutsideTheNextBand));
        return happenings;
    }

    /// <summary>By the close that the market has published, which has tests of its own.</summary>
    private bool OutsideTheNextBand(NaiveOrder order) =>
        _both.Closes is { } closes && PriceBand.Of(order.Rules, closes.Single(close => close.Instrument == order.Instrument).Price) is { } band
        && !band.Contains(order.Price);

    private long PriceOf(Instrument rules, bool buys)
    {
        // Around the touch, buyers a little below and sellers a little above, so that most orders rest and many trade.
        var steps = _random.Next(-9, 8) * (buys ? 1 : -1);
        return rules.Id == Plain ? 100 + steps : 7_460 + (steps * 5) + (_random.Next(40) == 0 ? 800 : 0);
    }

    private Guid Anybody() => _participants[_random.Next(_participants.Count)];
}
