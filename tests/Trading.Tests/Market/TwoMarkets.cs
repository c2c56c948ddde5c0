using System.Text;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Market;

/// <summary>The market and the naive market side by side: what one is asked is expected of the other.</summary>
internal sealed class TwoMarkets
{
    private const long CashOfEach = 20_000_000;
    private const long UnitsOfEach = 2_000;
    private static readonly string[] Traded = [Plain, Ruled];

    private readonly MarketModel _model;
    private readonly PolicyPack _pack;
    private readonly IReadOnlyList<Guid> _participants;

    public TwoMarkets(PolicyPack pack, IReadOnlyList<Guid> participants)
    {
        (_pack, _participants, _model) = (pack, participants, new MarketModel([pack]));
        Market = _model.Initial();
        foreach (var who in participants)
        {
            Apply(Cash(who, CashOfEach));
            Naive.FundCash(who, CashOfEach);
            foreach (var instrument in Traded)
            {
                Apply(Units(who, UnitsOfEach, instrument));
                Naive.FundUnits(who, instrument, UnitsOfEach);
            }
        }
    }

    /// <summary>Which command of the run this is; messages say it.</summary>
    public int Step { get; set; }

    public MarketState Market { get; private set; }

    public NaiveMarket Naive { get; } = new();

    public List<MarketEvent> Journal { get; } = [];

    /// <summary>How often each code was heard.</summary>
    public Dictionary<string, int> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>The closing prices that the command of the moment published, if it closed a day.</summary>
    public IReadOnlyList<InstrumentClose>? Closes { get; private set; }

    /// <param name="expect">Asked after the market has answered: a refusal's code, or what is to happen.</param>
    public void Let(MarketCommand command, Func<(string? Refusal, List<Happening> Happenings)> expect)
    {
        var decision = _model.Decide(Market, command);
        Closes = decision is Decision<MarketEvent>.Accepted { Events: var events } ? events.OfType<TradingDayClosed>().SingleOrDefault()?.Closes : null;
        var (refusal, happenings) = expect();
        if (decision is Decision<MarketEvent>.Rejected rejected)
        {
            if (rejected.Code != refusal)
                throw new ShouldAssertException($"Step {Step}: {command} was refused ({rejected.Code}: {rejected.Reason}), not as expected ({refusal ?? "accepted"}).");
            Refusals[rejected.Code] = Refusals.GetValueOrDefault(rejected.Code) + 1;
            return;
        }
        var accepted = ((Decision<MarketEvent>.Accepted)decision).Events;
        var happened = accepted.Select(Of).OfType<Happening>().ToList();
        if (refusal is not null || !InAnyOrderOfCancels(happened, happenings))
            throw new ShouldAssertException($"Step {Step}: {command}\nexpected {refusal} {string.Join("\n  ", happenings)}\nbut was\n  {string.Join("\n  ", accepted)}");
        foreach (var @event in accepted)
            Apply(@event);
    }

    public void TheBooksAgree()
    {
        foreach (var rules in _pack.Instruments)
        {
            foreach (var side in new[] { Side.Buy, Side.Sell })
            {
                var naive = Naive.InLine(rules.Id, side == Side.Buy).ToList();
                Market.OrdersOf(rules.Id, side).Select(order => (order.OrderId, order.Price.MinorPerUnit, order.Remaining.Value))
                    .ShouldBe(naive.Select(order => (order.Id, order.Price, order.Remaining)));
                Market.BookOf(rules.Id).Depth(side, int.MaxValue).Select(level => (level.Price.MinorPerUnit, level.Quantity.Value, level.Orders))
                    .ShouldBe(naive.GroupBy(order => order.Price).Select(level => (level.Key, level.Sum(order => order.Remaining), level.Count())));
            }
        }
        foreach (var account in Market.Accounts.Values)
        {
            account.Cash.Free.ShouldBe(Naive.FreeCash(account.ParticipantId));
            (account.Cash.Free + account.Cash.Frozen).ShouldBeGreaterThanOrEqualTo(0);
            account.Units.Values.Where(units => units.Free + units.Frozen < 0).ShouldBeEmpty();
        }
    }

    public void CashAndUnitsAreConserved()
    {
        (Market.Accounts.Values.Sum(account => account.Cash.Position) + Naive.Fees).ShouldBe(_participants.Count * CashOfEach);
        foreach (var instrument in Traded)
            Market.Accounts.Values.Sum(account => account.Units[instrument].Position).ShouldBe(_participants.Count * UnitsOfEach);
    }

    public void ReplayGivesTheSameState() => Text(Journal.Aggregate(_model.Initial(), _model.Evolve)).ShouldBe(Text(Market));

    private void Apply(MarketEvent @event)
    {
        Journal.Add(@event);
        Market = _model.Evolve(Market, @event);
    }

    /// <summary>Trades in their order; what leaves the book beside them in any.</summary>
    private static bool InAnyOrderOfCancels(List<Happening> left, List<Happening> right) => left.SequenceEqual(right)
        || (left.Where(happening => happening.IsTrade).SequenceEqual(right.Where(happening => happening.IsTrade))
            && left.CountBy(happening => happening).ToHashSet().SetEquals(right.CountBy(happening => happening)));

    private static Happening? Of(MarketEvent @event) => @event switch
    {
        TradeExecuted trade => Happening.Trade(trade.BuyOrderId, trade.SellOrderId, trade.Quantity.Value, trade.Price.MinorPerUnit),
        OrderCancelled cancelled => Happening.Gone(cancelled.OrderId, cancelled.Remaining.Value),
        OrderLapsed lapsed => Happening.Gone(lapsed.OrderId, lapsed.Remaining.Value),
        OrderReduced reduced => Happening.Less(reduced.OrderId, reduced.By.Value),
        _ => null,
    };

    private string Text(MarketState market) => Encoding.UTF8.GetString(_model.WriteSnapshot(market));
}
