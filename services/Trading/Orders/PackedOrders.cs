using System.Runtime.InteropServices;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

/// <summary>Every member of <see cref="Order"/> stands here; the specs of the snapshot miss one that does not.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct PackedOrder(
    long Number, long Priority, Guid OrderId, Guid ParticipantId, int Instrument, int Representative, int CancelReason, Side Side, TimeInForce TimeInForce, OrderStatus Status,
    Price Price, Price OriginalPrice, Quantity Quantity, Quantity OriginalQuantity, Quantity Filled, BasisPoints Fee, PackedTime AcceptedAt);

/// <param name="Conditions">By place in the list, of those orders that have any.</param>
/// <param name="Until">By place in the list, of those orders that are good till a date.</param>
public sealed record OrdersBeside(
    SharedNames Instruments, SharedNames Representatives, SharedNames CancelReasons, Dictionary<int, OrderConditions> Conditions, Dictionary<int, DateTimeOffset> Until)
{
    public OrdersBeside()
        : this(new SharedNames(), new SharedNames(), new SharedNames(), [], [])
    {
    }
}

public sealed class PackedOrders : PackedList<Order, PackedOrder, OrdersBeside>
{
    private const int None = -1;

    protected override PackedOrder Pack(Order item, int place, OrdersBeside rest)
    {
        if (item.Conditions is { } conditions)
            rest.Conditions.Add(place, conditions);
        if (item.Until is { } until)
            rest.Until.Add(place, until);
        return new PackedOrder(
            item.Number, item.Priority, item.OrderId, item.ParticipantId, rest.Instruments.PlaceOf(item.Instrument),
            PlaceOf(rest.Representatives, item.Representative), PlaceOf(rest.CancelReasons, item.CancelReason), item.Side, item.TimeInForce, item.Status,
            item.Price, item.OriginalPrice, item.Quantity, item.OriginalQuantity, item.Filled, item.FeeBasisPoints, new PackedTime(item.AcceptedAt));
    }

    protected override Order Unpack(in PackedOrder value, int place, OrdersBeside rest) => new()
    {
        Number = value.Number,
        Priority = value.Priority,
        OrderId = value.OrderId,
        ParticipantId = value.ParticipantId,
        Instrument = rest.Instruments.Names[value.Instrument],
        Representative = At(rest.Representatives, value.Representative),
        Side = value.Side,
        TimeInForce = value.TimeInForce,
        Status = value.Status,
        CancelReason = At(rest.CancelReasons, value.CancelReason),
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

    private static int PlaceOf(SharedNames names, string? name) => name is null ? None : names.PlaceOf(name);

    private static string? At(SharedNames names, int place) => place == None ? null : names.Names[place];
}
