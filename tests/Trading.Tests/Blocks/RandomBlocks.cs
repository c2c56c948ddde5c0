using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Tests.Market;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Blocks;

/// <summary>
/// A few participants who trade beside the book, in blocks and at fixed prices, while small orders meet in it, over two
/// weeks with Settlement clearing behind them, all for fees. Whatever a step asks for may well be refused; much of it is not.
/// </summary>
internal sealed class RandomBlocks
{
    private static readonly ImmutableArray<Guid> Participants = [.. Enumerable.Range(1, 4).Select(i => Id($"participant {i}"))];

    private static readonly MarketModel Model = new([Pack.With(Ruled, rules => rules with { Fees = new TradeFees(31, 47) })]);

    private readonly Registry _ledger = new();
    private DateTimeOffset _clock = At(13, 0);
    private int _steps;

    public RandomBlocks()
    {
        foreach (var (who, index) in Participants.Select((who, index) => (who, index)))
        {
            Put(_ledger.Fund(Id($"cash {index}"), who, null, 30_000_000, _clock));
            Put(_ledger.Fund(Id($"units {index}"), who, Ruled, 5_000, _clock) with { ForAuction = index == 0 });
        }
    }

    public static Gen<Step[]> Steps { get; } = Gen.Select(
        Gen.Int[0, 25], Gen.Int[0, 3], Gen.Bool, Gen.Long[80, 200], Gen.Long[-40, 40], Gen.Int[0, 1_000_000],
        (kind, who, buy, lots, ticks, any) => new Step(kind, who, buy, lots, ticks, any)).Array[1, 200];

    public MarketState Market { get; private set; } = Model.Initial();

    public List<MarketEvent> Journal { get; } = [];

    public long CashFunded { get; private set; }

    public long CashGone { get; private set; }

    public long UnitsFunded { get; private set; }

    public long UnitsGone { get; private set; }

    public int FailedInClearing => _ledger.Failed;

    /// <inheritdoc cref="Registry.Fees"/>
    public long Fees => _ledger.Fees;

    public void Take(Step step)
    {
        _steps++;
        foreach (var command in Commands(step))
            Put(command);
    }

    private void Put(MarketCommand command)
    {
        if (Model.Decide(Market, command) is not Decision<MarketEvent>.Accepted accepted)
            return;
        foreach (var @event in accepted.Events)
        {
            Journal.Add(@event);
            Market = Model.Evolve(Market, @event);
            Follow(@event);
        }
    }

    private IEnumerable<MarketCommand> Commands(Step step)
    {
        var (id, who, other) = (Id($"step {_steps}"), Participants[step.Who], Participants[step.Any % Participants.Length]);
        var (quantity, price) = (Quantity.Of(step.Lots * 10), Price.OfMinor(7_460 + (step.Ticks * 5)));
        var side = step.Buy ? Side.Buy : Side.Sell;
        var open = Market.Blocks.Open.Values.OrderBy(block => block.BlockId).ToList();
        var block = open.Count > 0 ? open[step.Any % open.Count] : null;
        var sale = Market.Sales.Open.Values.MinBy(known => known.SaleId);
        switch (step.Kind)
        {
            case <= 5:
                return [new OfferBlock(id, who, other, Ruled, side, quantity, price, step.Any % 3 == 0 ? _clock.AddMinutes(20) : null, _clock)];
            case <= 8 when block is not null:
                return [new CounterBlock(block.BlockId, Answering(block, step), block.Standing.Version, quantity, price, null, _clock)];
            case <= 12 when block is not null:
                return [new AcceptBlock(block.BlockId, Answering(block, step), block.Standing.Version - (step.Any % 7 == 0 ? 1 : 0), _clock)];
            case 13 when block is not null:
                return [new EndBlock(block.BlockId, who, _clock)];
            case 14:
                return [new AnnounceSale(id, Ruled, Participants[0], quantity, price, _clock, _clock.AddMinutes(50), step.Buy ? Quantity.Of(1_000) : null, _clock)];
            case 15 or 16 when sale is not null:
                return [new BuyFromSale(id, sale.SaleId, who, step.Buy ? sale.Left : Quantity.Of(step.Lots / 10 * 10), _clock)];
            case 17 when sale is not null && step.Buy:
                return [new WithdrawSale(sale.SaleId, "For a reason.", _clock)];
            case <= 20:
                return [new PlaceOrder(id, who, Ruled, side, Quantity.Of(step.Lots / 10 * 10), price, TimeInForce.Day, _clock)];
            case 21:
                return [new Withdraw(id, who, step.Buy ? null : Ruled, Quantity.Of(step.Buy ? 0 : 100), Money.OfMinor(step.Buy ? 100_000 : 0), _clock)];
            case 22:
                return [.. Market.Withdrawals.Values.Select(gone => new CompleteWithdrawal(gone.WithdrawalId, gone.ParticipantId, _clock)), .. _ledger.Clear(Market, _clock)];
            case 23:
                _clock = Pack.StartOfDay(Pack.LegalDay(_clock).AddDays(1)).AddHours(13);
                return step.Buy ? [new AdvanceTime(_clock)] : [];
            default:
                _clock = _clock.AddMinutes(step.Any % 25);
                return step.Buy ? [new AdvanceTime(_clock)] : [];
        }
    }

    /// <summary>Mostly who may answer, now and then anybody.</summary>
    private static Guid Answering(Block block, Step step) => step.Any % 5 == 0 ? Participants[step.Who] : block.Of(block.Answering);

    private void Follow(MarketEvent @event)
    {
        switch (@event)
        {
            case AccountFunded funded:
                CashFunded += funded.Cash.Minor;
                UnitsFunded += funded.Quantity.Value;
                break;
            case WithdrawalCompleted gone:
                CashGone += gone.Cash.Minor;
                UnitsGone += gone.Quantity.Value;
                _ledger.Move(gone);
                break;
        }
    }

    public sealed record Step(int Kind, int Who, bool Buy, long Lots, long Ticks, int Any);
}
