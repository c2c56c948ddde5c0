using System.Text;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Market;

/// <summary>
/// A million operations of every kind on markets with opening and closing calls, kills, freezes and halts, each held against the naive market: what
/// trades with what, at which price and in which order; what leaves the book; what is refused for want of means; and what
/// stands in the book afterwards. At the end the journal, replayed, gives the same state.
/// </summary>
public sealed class BesideANaiveMarket
{
    private const int Operations = 125_000;

    /// <summary>Ways out of the book that every run must have gone.</summary>
    private static readonly string[] Reasons =
    [
        CancelReason.Requested, CancelReason.ImmediateOrCancel, CancelReason.FillOrKill, CancelReason.MinimumNotMet, CancelReason.SelfTrade,
        CancelReason.KillSwitch, CancelReason.Frozen,
    ];

    [Theory]
    [InlineData(1, SelfTradePrevention.CancelIncoming)]
    [InlineData(2, SelfTradePrevention.CancelIncoming)]
    [InlineData(3, SelfTradePrevention.CancelResting)]
    [InlineData(4, SelfTradePrevention.CancelResting)]
    [InlineData(5, SelfTradePrevention.CancelResting)]
    [InlineData(6, SelfTradePrevention.ReduceBoth)]
    [InlineData(7, SelfTradePrevention.ReduceBoth)]
    [InlineData(8, SelfTradePrevention.ReduceBoth)]
    [InlineData(9, SelfTradePrevention.CancelResting, 25, 40)]
    [InlineData(10, SelfTradePrevention.ReduceBoth, 500, 1)]
    public void The_market_does_what_the_naive_market_does(int seed, SelfTradePrevention rule, int buyerFee = 0, int sellerFee = 0) =>
        new Both(seed, rule, new TradeFees(buyerFee, sellerFee)).Run(Operations);

    private sealed class Both
    {
        private static readonly Guid[] Participants = [.. Enumerable.Range(1, 6).Select(i => Id($"participant {i}"))];

        private readonly Random _random;
        private readonly PolicyPack _pack;
        private readonly MarketModel _model;
        private readonly NaiveMarket _naive = new();
        private readonly List<MarketEvent> _journal = [];
        private readonly Dictionary<string, int> _refusals = new(StringComparer.Ordinal);
        private readonly List<PlaceOrder> _placed = [];
        private readonly Dictionary<Guid, Guid> _kills = [];
        private readonly Dictionary<(Guid Who, string? Instrument), Guid> _freezes = [];
        private readonly List<(Guid Id, string? Instrument, DateTimeOffset EndsAt)> _halts = [];
        private MarketState _market;
        private IReadOnlyList<InstrumentClose>? _closes;
        private DateTimeOffset _now = At(9, 15);
        private int _step;

        public Both(int seed, SelfTradePrevention rule, TradeFees fees)
        {
            _random = new Random(seed);
            _pack = Pack with
            {
                Instruments = [.. Pack.Instruments.Select(instrument => instrument with { SelfTrade = rule, Fees = fees })],
                Trading = Pack.Trading with
                {
                    Sessions =
                    [
                        new Session(Session.Call, new TimeOnly(9, 15), new TimeOnly(9, 25)) { Purpose = CallPurpose.Open },
                        new Session(Session.Continuous, new TimeOnly(9, 30), new TimeOnly(11, 30)),
                        new Session(Session.Continuous, new TimeOnly(13, 0), new TimeOnly(14, 57)),
                        new Session(Session.Call, new TimeOnly(14, 57), new TimeOnly(15, 0)) { Purpose = CallPurpose.Close },
                    ],
                },
            };
            _model = new MarketModel([_pack]);
            _market = _model.Initial();
            foreach (var who in Participants)
            {
                foreach (var funding in new[] { Cash(who, 20_000_000), Units(who, 2_000), Units(who, 2_000, Ruled) })
                    Apply(funding);
                _naive.FundCash(who, 20_000_000);
                _naive.FundUnits(who, Plain, 2_000);
                _naive.FundUnits(who, Ruled, 2_000);
            }
        }

        public void Run(int operations)
        {
            for (_step = 1; _step <= operations; _step++)
            {
                Operate();
                if (_step % 50 == 0)
                    TheBooksAgree();
            }
            Conserved();
            Conserved();
            _journal.OfType<TradeExecuted>().Count().ShouldBeGreaterThan(operations / 10, "Random markets that do not trade prove little.");
            Reasons.ShouldBeSubsetOf(_journal.OfType<OrderCancelled>().Select(cancelled => cancelled.Reason));
            _refusals.ShouldContainKey("killed");
            _refusals.ShouldContainKey("halted");
            _journal.OfType<CallUncrossed>().ShouldContain(call => call.PutOffTo != null);
            _refusals.Values.Sum().ShouldBeLessThan(operations / 2, string.Join(", ", _refusals));
            Text(_journal.Aggregate(_model.Initial(), _model.Evolve)).ShouldBe(Text(_market));
        }

        private void Operate()
        {
            switch (_random.Next(1_000))
            {
                case < 660:
                    Place();
                    break;
                case < 740 when _naive.Open.Count > 0:
                    Cancel(_naive.Open[_random.Next(_naive.Open.Count)]);
                    break;
                case < 860 when _naive.Open.Count > 0:
                    Replace(_naive.Open[_random.Next(_naive.Open.Count)]);
                    break;
                case < 862:
                    CancelAll();
                    break;
                case < 863:
                    Kill(Participants[_random.Next(Participants.Length)]);
                    break;
                case < 865:
                    Freeze(Participants[_random.Next(Participants.Length)], _random.Next(2) == 0 ? null : _pack.Instruments[_random.Next(2)]);
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
            var (who, buys) = (Participants[_random.Next(Participants.Length)], _random.Next(2) == 0);
            var quantity = _random.Next(1, 40) * rules.LotSize;
            var life = (TimeInForce)_random.Next(4);
            var rests = life is TimeInForce.Day or TimeInForce.Gtd;
            var conditions = new OrderConditions(
                life == TimeInForce.Gtd ? _pack.LegalDay(_now).AddDays(_random.Next(4)) : null,
                _random.Next(12) == 0 ? Quantity.Of(_random.NextInt64(1, quantity + 1)) : null);
            if (rests && conditions.Minimum is null && _random.Next(8) == 0)
                conditions = conditions with { PostOnly = true };
            var order = new PlaceOrder(
                Id($"order {_step}"), who, rules.Id, buys ? Side.Buy : Side.Sell, Quantity.Of(quantity),
                _random.Next(15) == 0 && !conditions.PostOnly ? null : Price.OfMinor(PriceOf(rules, buys)), life, _now)
            {
                Conditions = conditions == OrderConditions.None ? null : conditions,
            };
            Let(order, () => Expected(order, rules));
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
            if ((order.Price?.MinorPerUnit ?? _naive.Best(rules.Id, !buys)?.Price) is not { } price)
                return ("no-opposite-price", []);
            if (PriceBand.Of(rules, _market.ReferencePrice(rules)) is { } band && !band.Contains(price))
                return ("price-outside-band", []);
            var naive = new NaiveOrder
            {
                Id = order.OrderId, Who = order.ParticipantId, Number = _step, Rules = rules, Buys = buys, Price = price, Remaining = order.Quantity.Value,
                GoodTill = order.Conditions?.GoodTill, FeeRate = (buys ? rules.Fees!.BuyerBasisPoints : rules.Fees!.SellerBasisPoints) / 10_000m,
            };
            if (buys && naive.Cost > _naive.FreeCash(order.ParticipantId))
                return ("insufficient-cash", []);
            if (!buys && order.Quantity.Value > _naive.Sellable(order.ParticipantId, rules))
                return (order.Quantity.Value > _naive.Sellable(order.ParticipantId, rules with { SameDayResaleBanned = false })
                    ? "insufficient-units" : "same-day-resale", []);
            if (order.Conditions is { PostOnly: true } && _naive.Tradable(naive) > 0)
                return ("post-only-would-trade", []);
            _placed.Add(order);
            if (!inCall)
                NobodyHasBeenPassedOver(rules);
            if (!inCall)
                return (null, _naive.Continuous(
                    naive, order.TimeInForce == TimeInForce.Fok ? order.Quantity.Value : order.Conditions?.Minimum?.Value ?? 0, rests));
            _naive.Open.Add(naive);
            return (null, []);
        }

        private void Cancel(NaiveOrder order) =>
            Let(new CancelOrder(order.Id, order.Who, _now), () => (null, _naive.Cancel(open => open.Id == order.Id)));

        private void CancelAll()
        {
            var who = Participants[_random.Next(Participants.Length)];
            var (instrument, side) = (_random.Next(2) == 0 ? Plain : null, _random.Next(2) == 0 ? Side.Buy : (Side?)null);
            Let(new CancelAllOrders(who, instrument, side, _now), () => (null, _naive.Cancel(order =>
                order.Who == who && (instrument is null || order.Instrument == instrument) && (side is null || order.Buys == (side == Side.Buy)))));
        }

        private void Kill(Guid who)
        {
            if (_kills.ContainsKey(who))
                return;
            Let(Imposed(ControlKind.KillSwitch, who, null, null), () => (null, _naive.Cancel(order => order.Who == who)));
            _kills[who] = Id($"control {_step}");
        }

        private void Freeze(Guid who, Instrument? rules)
        {
            if (_freezes.ContainsKey((who, rules?.Id)))
                return;
            var amount = rules is null ? _random.NextInt64(1, 10_000_000) : _random.NextInt64(1, 1_000);
            Let(Imposed(ControlKind.Freeze, who, rules?.Id, amount), () => (null, _naive.Freeze(who, rules, amount)));
            _freezes[(who, rules?.Id)] = Id($"control {_step}");
        }

        /// <summary>For up to an hour, of one instrument or of all.</summary>
        private void Halt()
        {
            var halt = (Id($"control {_step}"), _random.Next(2) == 0 ? null : _pack.Instruments[_random.Next(2)].Id, _now.AddSeconds(_random.Next(1, 3_600)));
            Let(new ImposeControl(halt.Item1, ControlKind.Halt, null, null, halt.Item2, null, halt.Item3, "a test", null, Official("one"), _now), () => (null, []));
            _halts.Add(halt);
        }

        private bool IsHalted(Instrument rules) => _halts.Exists(halt => halt.Instrument is null || halt.Instrument == rules.Id);

        /// <summary>While the book trades no bid reaches an offer: they would have met.</summary>
        private void NobodyHasBeenPassedOver(Instrument rules) =>
            (_naive.Best(rules.Id, buys: true)?.Price >= _naive.Best(rules.Id, buys: false)?.Price).ShouldBeFalse($"Step {_step}: the book of {rules.Id} is crossed.");

        private ImposeControl Imposed(ControlKind kind, Guid who, string? instrument, long? amount) => new(
            Id($"control {_step}"), kind, who, null, instrument, amount, null, "a test", "a court", Official("one"), _now);

        private void Lift()
        {
            if (_kills.Count > 0)
            {
                var (who, control) = _kills.First();
                Let(new LiftControl(control, Id($"lift {_step}"), "a test", null, Official("one"), _now), () => (null, []));
                Let(new ConfirmLift(control, Id($"lift {_step}"), Official("two"), _now), () => (null, []));
                _kills.Remove(who);
            }
            else if (_freezes.Count > 0)
            {
                var (frozen, control) = _freezes.First();
                Let(new LiftControl(control, Id($"lift {_step}"), "a test", "a court", Official("one"), _now), () => (null, []));
                _freezes.Remove(frozen);
                _naive.Frozen.Remove(frozen);
            }
        }

        private static ControlActor Official(string subject) => new(subject, Guid.Empty, IsOperator: false, IsRegulator: true);

        private void Replace(NaiveOrder order)
        {
            var price = _random.Next(3) == 0 ? order.Price : PriceOf(order.Rules, order.Buys);
            var remaining = _random.Next(1, 40) * order.Rules.LotSize;
            var filled = _market.Orders[order.Id].Filled;
            if ((filled.Value + remaining) % order.Rules.LotSize != 0)
                return;
            Let(new ReplaceOrder(order.Id, order.Who, filled + Quantity.Of(remaining), Price.OfMinor(price), _now), () =>
            {
                if (IsHalted(order.Rules))
                    return ("halted", []);
                if (_pack.SessionAt(_now, order.Rules) is not { } session)
                    return ("outside-session", []);
                var inCall = session.Mode == Session.Call;
                if (price == order.Price && remaining <= order.Remaining)
                    return (null, _naive.Replace(order.Id, price, remaining, inCall));
                if (filled.Value + remaining >= order.Rules.ListedBelowQuantity)
                    return ("quantity-not-listed", []);
                if (PriceBand.Of(order.Rules, _market.ReferencePrice(order.Rules)) is { } band && !band.Contains(price))
                    return ("price-outside-band", []);
                var changed = order.Copy();
                (changed.Price, changed.Remaining) = (price, remaining);
                if (order.Buys && changed.Cost > _naive.FreeCash(order.Who) + order.Cost)
                    return ("insufficient-cash", []);
                if (!order.Buys && remaining > _naive.Sellable(order.Who, order.Rules) + order.Remaining)
                    return (remaining > _naive.Sellable(order.Who, order.Rules with { SameDayResaleBanned = false }) + order.Remaining
                        ? "insufficient-units" : "same-day-resale", []);
                return !inCall && _market.Orders[order.Id].Conditions is { PostOnly: true } && _naive.Tradable(changed) > 0
                    ? ("post-only-would-trade", [])
                    : (null, _naive.Replace(order.Id, price, remaining, inCall));
            });
        }

        /// <summary>The market knows an order of the day again and does nothing more.</summary>
        private void Repeat()
        {
            if (_placed.Count == 0 || !_market.Orders.ContainsKey(_placed[^1].OrderId))
                return;
            Let(_placed[^1] with { At = _now }, () => (null, []));
        }

        private void Wait()
        {
            _now = _random.Next(200) == 0 ? _pack.StartOfDay(_pack.LegalDay(_now).AddDays(1)).AddHours(9.25) : _now.AddSeconds(_random.Next(60));
            if (_now.TimeOfDay > new TimeSpan(15, 0, 0) || !_pack.IsTradingDay(_pack.LegalDay(_now)))
                _now = _pack.StartOfDay(_pack.LegalDay(_now).AddDays(1)).AddHours(9.25);
            else if (_now.TimeOfDay > new TimeSpan(11, 30, 0) && _now.TimeOfDay < new TimeSpan(13, 0, 0) && _random.Next(3) > 0)
                _now = _pack.StartOfDay(_pack.LegalDay(_now)).AddHours(13);
            while (_market.NextDue is { } due && due <= _now)
                Let(new AdvanceTime(due), () => (null, Due(due)));
        }

        private List<Happening> Due(DateTimeOffset due)
        {
            var happenings = new List<Happening>();
            foreach (var halt in _halts.Where(halt => halt.EndsAt == due).OrderBy(halt => halt.Id).ToList())
            {
                _halts.Remove(halt);
                foreach (var rules in _pack.Instruments.Where(rules => !IsHalted(rules) && _pack.SessionAt(due, rules, Session.Continuous) is not null))
                    happenings.AddRange(_naive.Uncross(rules, _market.LatestPrice(rules)?.MinorPerUnit));
            }
            foreach (var rules in _pack.Instruments.OrderBy(rules => rules.Id, StringComparer.Ordinal))
                if (_market.NextCallOf(rules.Id)?.ClosesAt == due && !IsHalted(rules))
                    happenings.AddRange(_naive.Uncross(rules, _market.LatestPrice(rules)?.MinorPerUnit));
            happenings.AddRange(_naive.Lapse(_pack.LegalDay(due)));
            if (_market.DayEndsAt == due)
                happenings.AddRange(_naive.EndDay(_market.OpenDay!.Value, OutsideTheNextBand));
            return happenings;
        }

        /// <summary>By the close that the market has published, which has tests of its own.</summary>
        private bool OutsideTheNextBand(NaiveOrder order) =>
            _closes is { } closes && PriceBand.Of(order.Rules, closes.Single(close => close.Instrument == order.Instrument).Price) is { } band
            && !band.Contains(order.Price);

        private void Let(MarketCommand command, Func<(string? Refusal, List<Happening> Happenings)> expect)
        {
            var decision = _model.Decide(_market, command);
            _closes = decision is Decision<MarketEvent>.Accepted { Events: var events } ? events.OfType<TradingDayClosed>().SingleOrDefault()?.Closes : null;
            var (refusal, happenings) = expect();
            if (decision is Decision<MarketEvent>.Rejected rejected)
            {
                if (rejected.Code != refusal)
                    throw new ShouldAssertException($"Step {_step}: {command} was refused ({rejected.Code}: {rejected.Reason}), not as expected ({refusal ?? "accepted"}).");
                _refusals[rejected.Code] = _refusals.GetValueOrDefault(rejected.Code) + 1;
                return;
            }
            var accepted = ((Decision<MarketEvent>.Accepted)decision).Events;
            var happened = accepted.Select(Of).OfType<Happening>().ToList();
            if (refusal is not null || !InAnyOrderOfCancels(happened, happenings))
                throw new ShouldAssertException($"Step {_step}: {command}\nexpected {refusal} {string.Join("\n  ", happenings)}\nbut was\n  {string.Join("\n  ", accepted)}");
            foreach (var @event in accepted)
                Apply(@event);
        }

        /// <summary>Trades in their order; what leaves the book beside them in any.</summary>
        private static bool InAnyOrderOfCancels(List<Happening> left, List<Happening> right) => left.SequenceEqual(right)
            || (left.Where(happening => happening.Kind == 'T').SequenceEqual(right.Where(happening => happening.Kind == 'T'))
                && left.Count == right.Count && left.OrderBy(happening => happening.GetHashCode()).SequenceEqual(right.OrderBy(happening => happening.GetHashCode())));

        private void Apply(MarketEvent @event)
        {
            _journal.Add(@event);
            _market = _model.Evolve(_market, @event);
        }

        private static Happening? Of(MarketEvent @event) => @event switch
        {
            TradeExecuted trade => Happening.Trade(trade.BuyOrderId, trade.SellOrderId, trade.Quantity.Value, trade.Price.MinorPerUnit),
            OrderCancelled cancelled => Happening.Gone(cancelled.OrderId, cancelled.Remaining.Value),
            OrderLapsed lapsed => Happening.Gone(lapsed.OrderId, lapsed.Remaining.Value),
            OrderReduced reduced => Happening.Less(reduced.OrderId, reduced.By.Value),
            _ => null,
        };

        private void TheBooksAgree()
        {
            foreach (var rules in _pack.Instruments)
            {
                foreach (var side in new[] { Side.Buy, Side.Sell })
                {
                    var naive = _naive.InLine(rules.Id, side == Side.Buy).ToList();
                    _market.OrdersOf(rules.Id, side).Select(order => (order.OrderId, order.Price.MinorPerUnit, order.Remaining.Value))
                        .ShouldBe(naive.Select(order => (order.Id, order.Price, order.Remaining)));
                    _market.BookOf(rules.Id).Depth(side, int.MaxValue).Select(level => (level.Price.MinorPerUnit, level.Quantity.Value, level.Orders))
                        .ShouldBe(naive.GroupBy(order => order.Price).Select(level => (level.Key, level.Sum(order => order.Remaining), level.Count())));
                }
            }
            foreach (var account in _market.Accounts.Values)
            {
                account.Cash.Free.ShouldBe(_naive.FreeCash(account.ParticipantId));
                (account.Cash.Free + account.Cash.Frozen).ShouldBeGreaterThanOrEqualTo(0);
                account.Units.Values.Where(units => units.Free + units.Frozen < 0).ShouldBeEmpty();
            }
        }

        private void Conserved()
        {
            (_market.Accounts.Values.Sum(account => account.Cash.Position) + _naive.Fees).ShouldBe(Participants.Length * 20_000_000L);
            foreach (var instrument in new[] { Plain, Ruled })
                _market.Accounts.Values.Sum(account => account.Units[instrument].Position).ShouldBe(Participants.Length * 2_000L);
        }

        private long PriceOf(Instrument rules, bool buys)
        {
            // Around the touch, buyers a little below and sellers a little above, so that most orders rest and many trade.
            var steps = _random.Next(-9, 8) * (buys ? 1 : -1);
            return rules.Id == Plain ? 100 + steps : 7_460 + (steps * 5) + (_random.Next(40) == 0 ? 800 : 0);
        }

        private string Text(MarketState market) => Encoding.UTF8.GetString(_model.WriteSnapshot(market));
    }
}
