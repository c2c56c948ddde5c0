using System.Runtime.InteropServices;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

/// <summary>Every member of <see cref="Order"/> stands here; the specs of the snapshot miss one that does not.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct PackedOrder(
    long Number, long Priority, Guid OrderId, Guid ParticipantId, int Instrument, int Representative, Side Side, TimeInForce TimeInForce, OrderStatus Status,
    Price Price, Price OriginalPrice, Quantity Quantity, Quantity OriginalQuantity, Quantity Filled, BasisPoints Fee, PackedTime AcceptedAt);

/// <param name="Conditions">By place in the list, of those orders that have any.</param>
/// <param name="Until">By place in the list, of those orders that are good till a date.</param>
public sealed record OrdersBeside(
    SharedNames Instruments, SharedNames Representatives, Dictionary<int, OrderConditions> Conditions, Dictionary<int, DateTimeOffset> Until)
{
    public OrdersBeside()
        : this(new SharedNames(), new SharedNames(), [], [])
    {
    }
}

public sealed class PackedOrders : PackedList<Order, PackedOrder, OrdersBeside>
{
    private const int Nobody = -1;

    protected override PackedOrder Pack(Order item, int place, OrdersBeside rest)
    {
        if (item.Conditions is { } conditions)
            rest.Conditions.Add(place, conditions);
        if (item.Until is { } until)
            rest.Until.Add(place, until);
        return new PackedOrder(
            item.Number, item.Priority, item.OrderId, item.ParticipantId, rest.Instruments.PlaceOf(item.Instrument),
            item.Representative is { } subject ? rest.Representatives.PlaceOf(subject) : Nobody, item.Side, item.TimeInForce, item.Status,
            item.Price, item.OriginalPrice, item.Quantity, item.OriginalQuantity, item.Filled, item.FeeBasisPoints, new PackedTime(item.AcceptedAt));
    }

    protected override Order Unpack(in PackedOrder value, int place, OrdersBeside rest) => new()
    {
        Number = value.Number,
        Priority = value.Priority,
        OrderId = value.OrderId,
        ParticipantId = value.ParticipantId,
        Instrument = rest.Instruments.Names[value.Instrument],
        Representative = value.Representative == Nobody ? null : rest.Representatives.Names[value.Representative],
        Side = value.Side,
        TimeInForce = value.TimeInForce,
        Status = value.Status,
        Price = value.Price,
        OriginalPrice = value.OriginalPrice,
        Quantity = value.Quantity,
        OriginalQuantity = value.OriginalQuantity,
        Filled = value.Filled,
        FeeBasisPoints = value.Fee,
        AcceptedAt = value.AcceptedAt.Time,
        Conditions = rest.Conditions.GetValueOrDefault(place),
        Until = rest.Until.TryGetValue(place, out var until) ? until : null,
    };
}
