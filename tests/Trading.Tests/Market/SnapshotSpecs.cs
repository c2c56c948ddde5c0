using System.Text.Json;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Market;

/// <summary>A list of a snapshot loses nothing by being packed. Whoever adds a member and forgets it there is told here.</summary>
public sealed class SnapshotSpecs
{
    private static readonly Order Full = new()
    {
        Number = 1, Priority = 2, OrderId = Id("order"), ParticipantId = Ann, Representative = "ann-1", Instrument = Ruled, Side = Side.Sell,
        Price = Price.OfMinor(3), Quantity = Quantity.Of(4), OriginalQuantity = Quantity.Of(5), OriginalPrice = Price.OfMinor(6),
        TimeInForce = TimeInForce.Gtd, Conditions = new OrderConditions(Monday, Quantity.Of(7), PostOnly: true, MarketToLimit: true, Session: Id("session")),
        Until = At(0, 0, daysLater: 1),
        AcceptedAt = new DateTimeOffset(2021, 3, 1, 10, 0, 0, 123, TimeSpan.FromHours(8)), Filled = Quantity.Of(8), Status = OrderStatus.Cancelled,
        CancelReason = CancelReason.KillSwitch,
        FeeBasisPoints = BasisPoints.Of(9),
    };

    private static readonly TradeExecuted Traded = new(
        1, Id("trade"), Ruled, Id("buy"), Id("sell"), Ann, Bob, Quantity.Of(2), Price.OfMinor(3), TradeMode.Auction, Monday, Full.AcceptedAt)
    {
        Purchase = true, OfIssue = true, BuyerFee = Money.OfMinor(4), SellerFee = Money.OfMinor(5),
    };

    [Fact]
    public void Every_member_of_an_order_survives()
    {
        var plain = Full.Copy();
        plain.Status = OrderStatus.Open;
        var other = new Order
        {
            Number = 9, Priority = 9, OrderId = Id("other"), ParticipantId = Bob, Instrument = Plain, Side = Side.Buy, Price = Price.OfMinor(1),
            Quantity = Quantity.Of(1), OriginalQuantity = Quantity.Of(1), OriginalPrice = Price.OfMinor(1), TimeInForce = TimeInForce.Day,
            AcceptedAt = Morning,
        };
        AllSet(Full);
        Survive<Order>(new PackedOrders(), [Full, other, plain]);
    }

    [Fact]
    public void Every_member_of_a_trade_survives()
    {
        AllSet(Traded);
        Survive<TradeExecuted>(new PackedTrades(), [Traded, Traded with { Instrument = Plain, Mode = TradeMode.Continuous, At = Morning }]);
    }

    [Fact]
    public void A_list_longer_than_a_piece_stays_in_order() =>
        Survive<TradeExecuted>(new PackedTrades(), [.. Enumerable.Range(1, 120_001).Select(n => Traded with { Sequence = n })]);

    [Fact]
    public void An_empty_list_stays_empty() => Survive<Order>(new PackedOrders(), []);

    private static void Survive<T>(JsonConverter<IReadOnlyList<T>> packing, IReadOnlyList<T> items)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { Converters = { packing } };
        var restored = JsonSerializer.Deserialize<IReadOnlyList<T>>(JsonSerializer.SerializeToUtf8Bytes(items, options), options)!;
        restored.Select(Text).ShouldBe(items.Select(Text));
    }

    /// <summary>A member that a sample leaves at its default would be missed when it is lost.</summary>
    private static void AllSet<T>(T item) => typeof(T).GetProperties()
        .Where(member => member.CanWrite && Equals(
            member.GetValue(item), member.PropertyType.IsValueType ? Activator.CreateInstance(member.PropertyType) : null))
        .Select(member => member.Name).ShouldBeEmpty();

    private static string Text<T>(T item) => JsonSerializer.Serialize(item, JsonSerializerOptions.Web);
}
