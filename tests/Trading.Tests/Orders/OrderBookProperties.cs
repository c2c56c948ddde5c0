using CarbonMarket.Kernel;
using CarbonMarket.Trading.Orders;
using CsCheck;

namespace CarbonMarket.Trading.Tests.Orders;

public sealed class OrderBookProperties
{
    private static readonly Gen<Operation> Operations = Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, 400], Gen.Bool, Gen.Long[1, 30], Gen.Long[1, 20],
        (kind, order, buy, price, quantity) => new Operation(kind, order, buy ? Side.Buy : Side.Sell, price, quantity));

    [Fact]
    public void The_book_is_always_what_the_naive_book_is() => Operations.Array[1, 400].Sample(operations =>
    {
        var (book, naive) = (new OrderBook(), new NaiveBook());
        foreach (var operation in operations)
        {
            Apply(book, naive, operation);
            Agree(book, naive, operation);
        }
    }, iter: 300);

    private static void Apply(OrderBook book, NaiveBook naive, Operation operation)
    {
        var orderId = DeterministicGuid.From($"order {operation.Order}");
        if (!naive.Contains(orderId))
        {
            var participant = DeterministicGuid.From($"participant {operation.Order % 7}");
            book.Add(orderId, participant, operation.Side, Price.OfMinor(operation.Price), Quantity.Of(operation.Quantity));
            naive.Add(orderId, participant, operation.Side, Price.OfMinor(operation.Price), Quantity.Of(operation.Quantity));
        }
        else if (operation.Kind < 5)
        {
            book.Remove(orderId);
            naive.Remove(orderId);
        }
        else
        {
            Sweep(book, naive, operation);
        }
    }

    /// <summary>Takes what crosses, as a match would, up to the operation's quantity.</summary>
    private static void Sweep(OrderBook book, NaiveBook naive, Operation operation)
    {
        var left = Quantity.Of(operation.Quantity);
        foreach (var resting in Crossing(book, operation.Side, operation.Price))
        {
            if (left.IsZero)
                break;
            var taken = Quantity.Min(left, resting.Remaining);
            book.Reduce(resting.OrderId, taken);
            naive.Reduce(resting.OrderId, taken);
            left -= taken;
        }
    }

    private static void Agree(OrderBook book, NaiveBook naive, Operation operation)
    {
        book.Count.ShouldBe(naive.Count);
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            book.Depth(side, 5).ShouldBe(naive.Depth(side, 5));
            Crossing(book, side, operation.Price).ShouldBe(naive.Against(side, Price.OfMinor(operation.Price)));
        }
    }

    private static List<RestingOrder> Crossing(OrderBook book, Side side, long price)
    {
        var crossing = new List<RestingOrder>();
        foreach (var resting in book.Against(side, Price.OfMinor(price)))
            crossing.Add(resting);
        return crossing;
    }

    private sealed record Operation(int Kind, int Order, Side Side, long Price, long Quantity);
}
