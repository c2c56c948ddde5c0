using System.Globalization;
using System.Numerics;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Bench;

/// <param name="Checksum">Over taker, maker, price and quantity of every trade, as the workload's generator defines it.</param>
internal sealed record WorkloadResult(long Trades, long Quantity, string Checksum, long CancelsRejected, long Resting);

/// <summary>
/// What the market does with an order and with a cancel, from the rules to the balances, with the operations' numbers as
/// order numbers. Looking up who is asking and by which id, and everything about the journal, is left out.
/// </summary>
internal sealed class WorkloadReplay
{
    private const string Share = "BENCH";
    private const long Enough = 1_000_000_000_000;

    private readonly Operation[] _operations;
    private readonly (int Cash, int Units)[] _participants;
    private readonly int[] _places;
    private readonly Balances _balances = new();
    private readonly OpenOrders _orders;
    private readonly OrderBook _book;
    private readonly MatchPlan _plan = new();
    private readonly OrderTerms _terms;
    private uint _first = 0x811C9DC5;
    private uint _second = 0x12345678;
    private long _trades;
    private long _quantity;
    private long _cancelsRejected;

    public WorkloadReplay(Operation[] operations)
    {
        _operations = operations;
        _orders = new OpenOrders(_balances);
        _book = new OrderBook(_orders);
        var prices = operations.Where(operation => operation.Kind != 'C').Select(operation => operation.Price).DefaultIfEmpty(1).ToList();
        _terms = OrderTerms.Of(
            new Instrument
            {
                Id = Share, Name = Share, NameZh = Share, Unit = "tCO2e", LotSize = 1, TickMinor = 1, PriceBandBasisPoints = 9_999,
                ListedBelowQuantity = 100_000, SameDayResaleBanned = true,
            },
            Price.OfMinor(prices.Max()));
        _participants = new (int, int)[operations.Max(operation => operation.OrderId) + 1];
        _places = new int[_participants.Length];
        foreach (var operation in operations.Where(operation => operation.Kind != 'C'))
            _participants[operation.OrderId] = Participant();
    }

    public WorkloadResult Result => new(
        _trades, _quantity, string.Create(CultureInfo.InvariantCulture, $"{_first:x8}{_second:x8}"), _cancelsRejected, _book.Count);

    public void All()
    {
        foreach (ref readonly var operation in _operations.AsSpan())
            One(operation);
    }

    public void One(in Operation operation)
    {
        if (operation.Kind == 'C')
            Cancel(operation.OrderId);
        else
            Enter(operation);
    }

    private void Cancel(int number)
    {
        var place = _places[number];
        if (_orders[place].Number != number)
            _cancelsRejected++;
        else
            _orders.Close(place);
    }

    private void Enter(in Operation operation)
    {
        var (cash, units) = _participants[operation.OrderId];
        var order = new IncomingOrder(
            cash, operation.Buy ? Side.Buy : Side.Sell, operation.Price, operation.Quantity, Minimum: 0, operation.Kind == 'I',
            SelfTradePrevention.CancelIncoming, _terms.Rules.FeeRate(operation.Buy));
        if (OrderRules.Check(_terms, order, _balances[cash], _balances[units]) is { } refusal)
            throw new InvalidOperationException($"Order {operation.OrderId} was refused ({refusal.Code}): {refusal.Reason}");
        _plan.Make(_orders, _book, order);
        var place = _orders.Open(operation.OrderId, cash, units, order.Side, order.Price, order.Quantity, order.Fee);
        _places[operation.OrderId] = place;
        if (!order.Immediate)
            _orders.Join(_book, place);
        foreach (ref readonly var meeting in _plan.Meetings)
            Trade(operation, place, meeting);
        if (_plan.Left > 0 && _plan.Remainder != Remainder.Rests)
            _orders.Close(place);
    }

    private void Trade(in Operation taker, int place, in Meeting meeting)
    {
        ref var maker = ref _orders[meeting.Place];
        var price = maker.Price;
        Mix((uint)taker.OrderId);
        Mix((uint)maker.Number);
        Mix((uint)price);
        Mix((uint)meeting.Quantity);
        _trades++;
        _quantity += meeting.Quantity;
        var (buy, sell) = taker.Buy ? (place, meeting.Place) : (meeting.Place, place);
        _orders.Trade(buy, sell, meeting.Quantity, price, Fee(buy, meeting.Quantity, price), Fee(sell, meeting.Quantity, price));
    }

    private long Fee(int place, long quantity, long price) =>
        _orders[place].Fee is { IsNone: false } rate ? rate.Of(Quantity.Of(quantity), Price.OfMinor(price)).Minor : 0;

    private void Mix(uint word)
    {
        _first = unchecked((_first ^ word) * 0x01000193);
        _second = unchecked((BitOperations.RotateLeft(_second, 5) ^ word) * 0x9E3779B1);
    }

    private (int, int) Participant()
    {
        var account = new TradingAccount(Guid.Empty, _balances);
        account.Cash.Fund(Enough);
        account.UnitsOf(Share).Fund(Enough);
        return (account.Cash.Place, account.UnitsOf(Share).Place);
    }
}
