using System.Runtime.InteropServices;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>Of an open order, what the patterns ask for.</summary>
/// <param name="Version">Of the journal, with which it was accepted: rises with time, so it also tells what came before it.</param>
/// <param name="Quantity">The whole order's, what has traded included.</param>
public record struct WatchedOrder(
    Guid OrderId, Guid ParticipantId, string Instrument, Side Side, TimeInForce TimeInForce, long Version, long Quantity, long Filled)
{
    public readonly bool HasTraded => Filled > 0;

    public static WatchedOrder Of(OrderAccepted accepted, long version) => new(
        accepted.OrderId, accepted.ParticipantId, accepted.Instrument, accepted.Side, accepted.TimeInForce, version, accepted.Quantity.Value, 0);
}

[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct PackedWatchedOrder(
    Guid OrderId, Guid ParticipantId, int Instrument, Side Side, TimeInForce TimeInForce, long Version, long Quantity, long Filled);

public sealed class PackedWatchedOrders : PackedList<WatchedOrder, PackedWatchedOrder, SharedNames>
{
    protected override PackedWatchedOrder Pack(WatchedOrder item, int place, SharedNames rest) => new(
        item.OrderId, item.ParticipantId, rest.PlaceOf(item.Instrument), item.Side, item.TimeInForce, item.Version, item.Quantity, item.Filled);

    protected override WatchedOrder Unpack(in PackedWatchedOrder value, int place, SharedNames rest) => new(
        value.OrderId, value.ParticipantId, rest.Names[value.Instrument], value.Side, value.TimeInForce, value.Version, value.Quantity, value.Filled);
}

/// <summary>Of a trade, what proves it.</summary>
internal record struct WatchedTrade(long Version, Guid TradeId)
{
    public readonly Proof Proof => Proof.OfTrade(Version, TradeId);
}
