using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// Block splitting (化整为零): within the window a participant puts into the book, in pieces on one side, what together has the
/// size of a block and should have traded as one. What is cancelled of a piece is no part of it, so an order that is moved by
/// cancelling and coming again is counted once.
/// </summary>
internal sealed class SplitBlocks() : Pattern(AbusePattern.BlockSplitting)
{
    /// <summary>Pieces of one participant and side; when there are more within the window, the oldest are forgotten.</summary>
    internal const int MostPieces = 128;

    private readonly Dictionary<Place, Pieces> _places = [];

    public override void Ordered(Moment now, in WatchedOrder order)
    {
        if (now.Watched?.BlockSplitting is null || now.Rules(order.Instrument)?.ListedBelowQuantity is null)
            return;
        var place = new Place(order.ParticipantId, order.Instrument, order.Side);
        if (!_places.TryGetValue(place, out var pieces))
            _places.Add(place, pieces = new Pieces(new(MostPieces)));
        pieces.Add(new Piece(order.OrderId, order.Version, now.At.UtcTicks, order.Quantity));
        Judge(now, place, pieces);
    }

    public override void Resized(Moment now, in WatchedOrder order)
    {
        var place = new Place(order.ParticipantId, order.Instrument, order.Side);
        if (_places.TryGetValue(place, out var pieces) && pieces.Resize(order.Version, order.Quantity) > 0)
            Judge(now, place, pieces);
    }

    public override void DayClosed(Moment now, TradingDayClosed closed) => _places.Clear();

    public override JsonElement Save() => JsonSerializer.SerializeToElement(_places
        .OrderBy(place => place.Key.ParticipantId).ThenBy(place => place.Key.Instrument, StringComparer.Ordinal).ThenBy(place => place.Key.Side)
        .Select(place => new PlaceState(place.Key, place.Value.Save())));

    public override void Load(JsonElement saved)
    {
        foreach (var (place, pieces) in saved.Deserialize<ImmutableArray<PlaceState>>())
            _places.Add(place, new Pieces(Newest<Piece>.Load(MostPieces, pieces)));
    }

    private void Judge(Moment now, in Place place, Pieces pieces)
    {
        if (now.Watched?.BlockSplitting is not { } rule || now.Rules(place.Instrument)?.ListedBelowQuantity is not { } block)
            return;
        pieces.ForgetBefore(now.At.UtcTicks - (rule.WindowMinutes * TimeSpan.TicksPerMinute));
        if (pieces.Number < rule.LeastPieces || pieces.Total < block)
            return;
        now.Raise(
            Kind, place.Instrument, [place.ParticipantId],
            [new Measurement("pieces", rule.LeastPieces, pieces.Number), new Measurement("block-quantity", block, pieces.Total)],
            pieces.All.Select(piece => Proof.OfOrder(piece.Version, piece.OrderId)));
        pieces.Clear();
    }

    private readonly record struct Place(Guid ParticipantId, string Instrument, Side Side);

    /// <param name="At">Ticks of UTC.</param>
    /// <param name="Quantity">What of it has traded or may still trade.</param>
    private record struct Piece(Guid OrderId, long Version, long At, long Quantity);

    private sealed record PlaceState(Place Place, NewestState Pieces);

    /// <summary>The pieces of one place, in the order of their versions, added up.</summary>
    private sealed class Pieces
    {
        private readonly Newest<Piece> _kept;

        public Pieces(Newest<Piece> kept)
        {
            _kept = kept;
            foreach (var piece in All)
                Count(piece.Quantity, 1);
        }

        /// <summary>Those of which anything is left.</summary>
        public IEnumerable<Piece> All => _kept.All().Where(piece => piece.Quantity > 0);

        public int Number { get; private set; }

        public long Total { get; private set; }

        public void Add(in Piece piece)
        {
            if (_kept.IsFull)
                Forget();
            _kept.Add(piece);
            Count(piece.Quantity, 1);
        }

        /// <summary>By how much the piece has grown; 0 too where it is not known any more or has proved an alert.</summary>
        public long Resize(long version, long quantity)
        {
            if (Find(version) is not { } number)
                return 0;
            ref var piece = ref _kept[number];
            var before = piece.Quantity;
            Count(before, -1);
            Count(piece.Quantity = quantity, 1);
            return quantity - before;
        }

        public void ForgetBefore(long start)
        {
            while (_kept.Count > 0 && _kept[_kept.First].At < start)
                Forget();
        }

        public void Clear()
        {
            _kept.Clear();
            (Number, Total) = (0, 0);
        }

        public NewestState Save() => _kept.Save();

        private void Forget() => Count(_kept.Forget().Quantity, -1);

        private void Count(long quantity, int sign)
        {
            Number += quantity > 0 ? sign : 0;
            Total = checked(Total + (sign * quantity));
        }

        private long? Find(long version)
        {
            var (low, high) = (_kept.First, _kept.Next - 1);
            while (low <= high)
            {
                var middle = low + ((high - low) / 2);
                var found = _kept[middle].Version;
                if (found == version)
                    return middle;
                (low, high) = found < version ? (middle + 1, high) : (low, middle - 1);
            }
            return null;
        }
    }
}
