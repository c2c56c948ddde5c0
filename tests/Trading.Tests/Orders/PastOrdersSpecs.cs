using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Tests.Market;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Orders;

/// <summary>What the store is told of orders is what the market's memory had of them.</summary>
public sealed class PastOrdersSpecs
{
    private static readonly Guid Journal = Id("journal");

    [Fact]
    public void Stored_orders_stand_as_the_memory_had_them_when_it_let_them_go() => RandomMarket.Steps.Sample(steps =>
    {
        var random = new RandomMarket().Endowed();
        var known = new Dictionary<Guid, OrderAnswer>();
        foreach (var step in steps)
        {
            random.Take(step);
            foreach (var order in random.Market.Orders.Values)
                known[order.OrderId] = OrderAnswer.Of(order);
        }

        var store = new Dictionary<Guid, OrderView>();
        Keep(store, random.Journal);
        // What became of an order within the step that opened the next day, the memory was not asked.
        known.Where(order => order.Value.Status != OrderStatus.Open || random.Market.Orders.ContainsKey(order.Key))
            .ShouldAllBe(order => OrderAnswer.Of(store[order.Key]) == order.Value);
        store.Values.Select(order => order.Number).Order().ShouldBe(Enumerable.Range(1, (int)random.Market.LastOrderNumber).Select(number => (long)number));
    }, iter: 100);

    [Fact]
    public void A_fold_that_is_broken_off_after_some_were_stored_is_made_good_by_the_next() =>
        Gen.Select(RandomMarket.Steps, Gen.Double[0, 1], Gen.Double[0, 1]).Sample((steps, one, other) =>
        {
            var random = new RandomMarket().Endowed();
            foreach (var step in steps)
                random.Take(step);
            var (first, second) = ((int)(random.Journal.Count * Math.Min(one, other)), (int)(random.Journal.Count * Math.Max(one, other)));
            var whole = new Dictionary<Guid, OrderView>();
            Keep(whole, random.Journal);

            var store = new Dictionary<Guid, OrderView>();
            Keep(store, random.Journal.Take(first));
            // What has ended is stored; then the process dies, before the open ones and how far it was are.
            Store(store, Folded(store, random.Journal.Skip(first).Take(second - first)).TakeEnded());
            Keep(store, random.Journal.Skip(first));

            store.OrderBy(order => order.Key).ShouldBe(whole.OrderBy(order => order.Key));
        }, iter: 100);

    private static void Keep(Dictionary<Guid, OrderView> store, IEnumerable<MarketEvent> journal)
    {
        var orders = Folded(store, journal);
        Store(store, orders.TakeEnded());
        Store(store, orders.Changed);
    }

    private static PastOrders Folded(Dictionary<Guid, OrderView> store, IEnumerable<MarketEvent> journal)
    {
        var orders = new PastOrders(Journal, store.Values.Where(order => order.Status == OrderStatus.Open));
        foreach (var fact in journal)
            orders.Evolve(fact);
        return orders;
    }

    private static void Store(Dictionary<Guid, OrderView> store, IEnumerable<OrderView> orders)
    {
        foreach (var order in orders)
            store[order.OrderId] = order;
    }
}
