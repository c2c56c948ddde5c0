using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Market;

/// <summary>
/// A few participants doing everything there is to do in random order over two weeks, with Settlement clearing behind them
/// by its own books. Whatever a step asks for may well be refused; most of it is not. One instrument's trades cost fees, which
/// change after two days.
/// </summary>
internal sealed class RandomMarket
{
    private static readonly ImmutableArray<Guid> Participants = [.. Enumerable.Range(1, 5).Select(i => Id($"participant {i}"))];

    private static readonly MarketModel Model = new(
    [
        Pack.With(Plain, rules => rules with { Fees = new TradeFees(25, 40) }) with { ValidTo = Monday.AddDays(1) },
        Pack.With(Plain, rules => rules with { Fees = new TradeFees(130, 7) }) with { Version = "2", ValidFrom = Monday.AddDays(2) },
    ]);

    private DateTimeOffset _clock = At(9, 30);
    private int _steps;

    public static Gen<Step[]> Steps { get; } = Gen.Select(
        Gen.Int[0, 23], Gen.Int[0, 4], Gen.Bool, Gen.Long[1, 60], Gen.Long[1, 20], Gen.Int[0, 1_000_000],
        (kind, who, buy, quantity, price, any) => new Step(kind, who, buy, quantity, price, any)).Array[1, 250];

    public MarketState Market { get; private set; } = Model.Initial();

    public List<MarketEvent> Journal { get; } = [];

    /// <summary>The same, each command's facts together.</summary>
    public List<ImmutableArray<MarketEvent>> Accepted { get; } = [];

    public long CashFunded { get; private set; }

    public long CashGone { get; private set; }

    public Dictionary<string, long> UnitsFunded { get; } = new(StringComparer.Ordinal) { [Plain] = 0, [Ruled] = 0 };

    public Dictionary<string, long> UnitsGone { get; } = new(StringComparer.Ordinal) { [Plain] = 0, [Ruled] = 0 };

    public Registry Ledger { get; } = new();

    public int Refused { get; private set; }

    public void Take(Step step)
    {
        _steps++;
        foreach (var command in Commands(step))
            Put(command);
    }

    /// <summary>Everybody has more than they will need, so that hardly an order is refused.</summary>
    public RandomMarket Endowed()
    {
        foreach (var who in Participants)
        {
            foreach (var (asset, amount) in ((string?, long)[])[(null, 100_000_000), (Plain, 10_000), (Ruled, 100_000)])
                Put(Ledger.Fund(Id($"endowment of {who} in {asset}"), who, asset, amount, _clock));
        }
        return this;
    }

    private void Put(MarketCommand command)
    {
        if (Model.Decide(Market, command) is not Decision<MarketEvent>.Accepted accepted)
        {
            Refused++;
            return;
        }
        Accepted.Add(accepted.Events);
        foreach (var @event in accepted.Events)
        {
            Journal.Add(@event);
            Market = Model.Evolve(Market, @event);
            Follow(@event);
        }
    }

    private MarketCommand[] Commands(Step step)
    {
        var who = Participants[step.Who];
        var instrument = step.Any % 3 == 0 ? Ruled : Plain;
        var (quantity, price) = instrument == Ruled ? (step.Quantity * 10, 7_400 + (step.Price * 5)) : (step.Quantity, step.Price + 90);
        var life = step.Any % 4 == 0 ? TimeInForce.Ioc : TimeInForce.Day;
        var id = Id($"step {_steps}");
        switch (step.Kind)
        {
            case <= 10:
                return [new PlaceOrder(id, who, instrument, step.Buy ? Side.Buy : Side.Sell, Quantity.Of(quantity), Price.OfMinor(price), life, _clock)];
            case 11 or 12 when Market.Accounts.TryGetValue(who, out var account) && account.Orders is { Count: > 0 } orders:
                return [Change(orders[step.Any % orders.Count], step, price)];
            case 13:
                return [new AnnounceAuction(id, instrument, Quantity.Of(quantity), Price.OfMinor(price), _clock, _clock.AddHours(1), who, _clock)];
            case 14 or 15 when Market.OpenAuctions.Values.MinBy(auction => auction.ClosesAt) is { } auction:
                return [new PlaceBid(id, auction.AuctionId, who, Quantity.Of(step.Buy ? quantity : auction.Quantity.Value), Price.OfMinor(price), _clock)];
            case 16 or 17:
                return [.. Enumerable.Repeat(Ledger.Fund(id, who, step.Buy ? null : instrument, step.Buy ? quantity * price : quantity, _clock) with { ForAuction = !step.Buy }, 2)];
            case 18:
                return [new Withdraw(id, who, step.Buy ? null : instrument, Quantity.Of(step.Buy ? 0 : quantity), Money.OfMinor(step.Buy ? quantity : 0), _clock)];
            case 19:
                return [.. Market.Withdrawals.Values.Select(open => new CompleteWithdrawal(open.WithdrawalId, open.ParticipantId, _clock))];
            case 20:
                return [.. Ledger.Clear(Market, _clock)];
            case 21:
                _clock = Pack.StartOfDay(Pack.LegalDay(_clock).AddDays(1)).AddHours(9.5);
                return step.Buy ? [new AdvanceTime(_clock)] : [];
            default:
                _clock = _clock.AddMinutes(step.Any % 40);
                return step.Buy ? [new AdvanceTime(_clock)] : [];
        }
    }

    private MarketCommand Change(Order order, Step step, long price) => (step.Any % 3) switch
    {
        0 => new CancelOrder(order.OrderId, order.ParticipantId, _clock),
        1 when order.Remaining.Value > 10 => new ReplaceOrder(order.OrderId, order.ParticipantId, order.Quantity - Quantity.Of(10), order.Price, _clock),
        _ => new ReplaceOrder(
            order.OrderId, order.ParticipantId, order.Filled + Quantity.Of(order.Instrument == Ruled ? step.Quantity * 10 : step.Quantity),
            order.Instrument == Ruled ? Price.OfMinor(7_400 + (step.Price * 5)) : Price.OfMinor(price), _clock),
    };

    private void Follow(MarketEvent @event)
    {
        switch (@event)
        {
            case AccountFunded funded:
                CashFunded += funded.Cash.Minor;
                if (funded.Instrument is { } arrived)
                    UnitsFunded[arrived] += funded.Quantity.Value;
                break;
            case WithdrawalCompleted gone:
                CashGone += gone.Cash.Minor;
                if (gone.Instrument is { } left)
                    UnitsGone[left] += gone.Quantity.Value;
                Ledger.Move(gone);
                break;
        }
    }

    public sealed record Step(int Kind, int Who, bool Buy, long Quantity, long Price, int Any);
}

/// <summary>Settlement as it is promised: settled balances, trades cleared one by one in sequence, gross, both legs or none.</summary>
internal sealed class Registry
{
    private readonly Dictionary<(Guid Participant, string Asset), long> _settled = [];
    private const string CashAsset = "cash";
    private long _fundings;

    public int Failed { get; private set; }

    /// <summary>What both sides of the trades that cleared have paid.</summary>
    public long Fees { get; private set; }

    public long Of(Guid participant, string? instrument) => _settled.GetValueOrDefault((participant, instrument ?? CashAsset));

    public FundAccount Fund(Guid id, Guid participant, string? instrument, long amount, DateTimeOffset at)
    {
        Add(participant, instrument, amount);
        return new FundAccount(
            id, participant, instrument, Quantity.Of(instrument is null ? 0 : amount), Money.OfMinor(instrument is null ? amount : 0), at, ++_fundings);
    }

    public void Move(WithdrawalCompleted gone) =>
        Add(gone.ParticipantId, gone.Instrument, -(gone.Instrument is null ? gone.Cash.Minor : gone.Quantity.Value));

    /// <summary>Clears what belongs to closed days.</summary>
    public List<RecordOutcome> Clear(MarketState market, DateTimeOffset at)
    {
        var outcomes = new List<RecordOutcome>();
        foreach (var trade in market.Uncleared.Values.Where(trade => trade.TradingDay <= market.LastClosedDay))
        {
            var (cost, proceeds) = Reckoned(trade);
            var covered = Of(trade.BuyerParticipantId, null) >= cost && Of(trade.SellerParticipantId, trade.Instrument) >= trade.Quantity.Value;
            if (covered)
                Exchange(trade, cost, proceeds);
            else
                Failed++;
            outcomes.Add(new RecordOutcome(trade.TradeId, trade.Sequence, covered, covered ? null : "uncovered", at));
        }
        return outcomes;
    }

    private static (long Cost, long Proceeds) Reckoned(TradeExecuted trade)
    {
        var value = trade.Quantity.Value * trade.Price.MinorPerUnit;
        return (value + trade.BuyerFee.Minor, value - trade.SellerFee.Minor);
    }

    private void Exchange(TradeExecuted trade, long cost, long proceeds)
    {
        Add(trade.BuyerParticipantId, null, -cost);
        Add(trade.SellerParticipantId, null, proceeds);
        Fees += cost - proceeds;
        Add(trade.SellerParticipantId, trade.Instrument, -trade.Quantity.Value);
        Add(trade.BuyerParticipantId, trade.Instrument, trade.Quantity.Value);
    }

    private void Add(Guid participant, string? instrument, long amount) =>
        _settled[(participant, instrument ?? CashAsset)] = Of(participant, instrument) + amount;
}
