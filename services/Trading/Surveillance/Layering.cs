using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// Layering (虚假申报): a participant puts many orders on one side of an instrument's book on one day and takes nearly all of
/// them back before anything of them has traded. Counted are orders that rest, and those of them that the participant itself
/// cancels, or lets go with its session; an order that has traded in part was meant, so who makes a market is not told of for cancelling much.
/// </summary>
internal sealed class Layering() : Pattern(AbusePattern.Layering)
{
    /// <summary>Cancelled orders that are kept as proofs; when there are more, the oldest are forgotten and still counted.</summary>
    private const int MostKept = Alert.MostProofs / 2;

    private readonly Dictionary<Place, Layer> _layers = [];

    public override void Ordered(Moment now, in WatchedOrder order)
    {
        if (now.Watched?.Layering is not { } rule || order.TimeInForce is TimeInForce.Ioc or TimeInForce.Fok)
            return;
        var place = new Place(order.ParticipantId, order.Instrument, order.Side);
        if (!_layers.TryGetValue(place, out var layer))
            _layers.Add(place, layer = new Layer(order.Version - 1));
        layer.Orders++;
        Judge(now, rule, place, layer);
    }

    public override void Cancelled(Moment now, in WatchedOrder order, string reason)
    {
        if (now.Watched?.Layering is not { } rule || order.HasTraded || reason is not (CancelReason.Requested or CancelReason.Disconnected))
            return;
        var place = new Place(order.ParticipantId, order.Instrument, order.Side);
        if (!_layers.TryGetValue(place, out var layer) || order.Version <= layer.Since)
            return;
        layer.Cancelled++;
        layer.Proofs.Add(new Withdrawn(order.OrderId, order.Version, now.Version));
        Judge(now, rule, place, layer);
    }

    /// <summary>Either may reach the threshold last: the order that makes them many, or the cancel that makes them nearly all.</summary>
    private void Judge(Moment now, LayeringPattern rule, Place place, Layer layer)
    {
        if (layer.Orders < rule.LeastOrders || layer.Cancelled * 100L < layer.Orders * (long)rule.CancelledPercent)
            return;
        now.Raise(
            Kind, place.Instrument, [place.ParticipantId],
            [
                new Measurement("orders", rule.LeastOrders, layer.Orders),
                new Measurement("cancelled-percent", rule.CancelledPercent, layer.Cancelled * 100L / layer.Orders),
            ],
            layer.Proofs.All().SelectMany(
                gone => (Proof[])[Proof.OfOrder(gone.Accepted, gone.OrderId), Proof.OfOrder(gone.Cancelled, gone.OrderId)]));
        _layers[place] = new Layer(now.Version);
    }

    public override void DayClosed(Moment now, TradingDays.TradingDayClosed closed) => _layers.Clear();

    public override JsonElement Save() => JsonSerializer.SerializeToElement(_layers
        .OrderBy(layer => layer.Key.ParticipantId).ThenBy(layer => layer.Key.Instrument, StringComparer.Ordinal).ThenBy(layer => layer.Key.Side)
        .Select(layer => new LayerState(layer.Key, layer.Value.Since, layer.Value.Orders, layer.Value.Cancelled, layer.Value.Proofs.Save())));

    public override void Load(JsonElement saved)
    {
        foreach (var layer in saved.Deserialize<ImmutableArray<LayerState>>())
            _layers.Add(layer.Place, new Layer(layer.Since)
            {
                Orders = layer.Orders, Cancelled = layer.Cancelled, Proofs = Newest<Withdrawn>.Load(MostKept, layer.Proofs),
            });
    }

    private readonly record struct Place(Guid ParticipantId, string Instrument, Side Side);

    /// <param name="Accepted">Version of the journal.</param>
    /// <param name="Cancelled">Version of the journal.</param>
    private record struct Withdrawn(Guid OrderId, long Accepted, long Cancelled);

    private sealed record LayerState(Place Place, long Since, int Orders, int Cancelled, NewestState Proofs);

    /// <param name="since">Orders up to this version of the journal are not counted: they belong to another day or alert.</param>
    private sealed class Layer(long since)
    {
        public long Since { get; } = since;

        public int Orders { get; set; }

        public int Cancelled { get; set; }

        public Newest<Withdrawn> Proofs { get; init; } = new(MostKept);
    }
}
