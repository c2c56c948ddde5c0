using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.Orders;

/// <summary>Orders folded from the journal: those that are open, and those that have ended and can be stored for good.</summary>
/// <param name="market">Id of the market's journal.</param>
/// <param name="open">As they stood where the fold begins.</param>
public sealed class PastOrders(Guid market, IEnumerable<OrderView> open)
{
    private readonly Dictionary<Guid, OrderView> _open = open.ToDictionary(order => order.OrderId);
    private readonly HashSet<Guid> _changed = [];
    private List<OrderView> _ended = [];

    public int Ended => _ended.Count;

    /// <summary>Open orders that stand otherwise than where the fold began.</summary>
    public IEnumerable<OrderView> Changed => _changed.Select(id => _open[id]);

    /// <summary>What has ended since they were last taken.</summary>
    public IReadOnlyCollection<OrderView> TakeEnded()
    {
        var ended = _ended;
        _ended = [];
        return ended;
    }

    /// <summary>
    /// An order that is neither open nor accepted here ended in a fold that was broken off after it had been stored: what
    /// happened to it is stored already.
    /// </summary>
    public void Evolve(object fact)
    {
        switch (fact)
        {
            case OrderAccepted e:
                Put(OrderView.Of(e, market));
                break;
            // In an auction bids meet the auction itself: no order takes part.
            case TradeExecuted { Mode: TradeMode.Continuous or TradeMode.Call } e:
                Change(e.BuyOrderId, order => order.Fill(e.Quantity));
                Change(e.SellOrderId, order => order.Fill(e.Quantity));
                break;
            case OrderReduced e:
                Change(e.OrderId, order => order with { Quantity = order.Quantity - e.By });
                break;
            case OrderReplaced e:
                Change(e.OrderId, order => order with { Quantity = e.Quantity, Price = e.Price });
                break;
            case OrderCancelled e:
                Change(e.OrderId, order => order with { Status = OrderStatus.Cancelled, CancelReason = e.Reason });
                break;
            case OrderLapsed e:
                Change(e.OrderId, order => order with { Status = OrderStatus.Lapsed });
                break;
        }
    }

    private void Change(Guid orderId, Func<OrderView, OrderView> change)
    {
        if (_open.TryGetValue(orderId, out var order))
            Put(change(order));
    }

    private void Put(OrderView order)
    {
        if (order.Status == OrderStatus.Open)
        {
            _open[order.OrderId] = order;
            _changed.Add(order.OrderId);
            return;
        }
        _open.Remove(order.OrderId);
        _changed.Remove(order.OrderId);
        _ended.Add(order);
    }
}
