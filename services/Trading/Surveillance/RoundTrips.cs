using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// Round trip (循环交易): units go from hand to hand and come back to one who sold them within the window, each time about as
/// many. Units are fungible, so they are followed by their quantity: who sells about as many as it has just bought sells
/// those. Followed trade by trade; what is sold in one trade and comes back in several is two ways and no round.
/// </summary>
internal sealed class RoundTrips() : Pattern(AbusePattern.RoundTrip)
{
    /// <summary>Of one instrument; when there are more within the window, the oldest are forgotten, and rounds that began with them.</summary>
    internal const int MostSales = 16_384;

    /// <summary>How many of its purchases a seller is asked about, the newest first.</summary>
    internal const int MostAsked = 32;

    /// <summary>Sales that a round is followed back over; a longer one is not told of.</summary>
    internal const int MostHands = 8;

    private const long None = -1;

    private readonly Dictionary<string, Book> _books = new(StringComparer.Ordinal);

    public override void Traded(Moment now, TradeExecuted trade)
    {
        if (now.Watched?.RoundTrip is not { } rule)
            return;
        if (!_books.TryGetValue(trade.Instrument, out var book))
            _books.Add(trade.Instrument, book = new Book(new(MostSales)));
        var sale = new Sale
        {
            Version = now.Version, At = trade.At.UtcTicks, TradeId = trade.TradeId, Seller = trade.SellerParticipantId,
            Buyer = trade.BuyerParticipantId, Quantity = trade.Quantity.Value,
        };
        book.ForgetBefore(sale.At - (rule.WindowSeconds * TimeSpan.TicksPerSecond));
        var (from, home) = book.TakeBought(sale, rule.TolerancePercent);
        if (home == None)
        {
            book.Add(sale, from);
            return;
        }
        var way = book.Way(home, from);
        now.Raise(
            Kind, trade.Instrument, way.Select(step => step.Seller).Append(sale.Seller),
            [
                new Measurement("window-seconds", rule.WindowSeconds, (sale.At - way[0].At) / TimeSpan.TicksPerSecond),
                new Measurement("tolerance-percent", rule.TolerancePercent, Percent(Math.Abs(sale.Quantity - way[0].Quantity), way[0].Quantity)),
            ],
            way.Append(sale).Select(step => Proof.OfTrade(step.Version, step.TradeId)));
    }

    public override JsonElement Save() => JsonSerializer.SerializeToElement(
        _books.ToImmutableSortedDictionary(book => book.Key, book => book.Value.Save(), StringComparer.Ordinal));

    public override void Load(JsonElement saved)
    {
        foreach (var (instrument, sales) in saved.Deserialize<Dictionary<string, NewestState>>()!)
            _books.Add(instrument, new Book(Newest<Sale>.Load(MostSales, sales)));
    }

    /// <summary>Rounded up: what is over the tolerance is never shown as being within it.</summary>
    private static long Percent(long part, long whole) => (long)((((Int128)part * 100) + whole - 1) / whole);

    private static bool IsAbout(long quantity, long first, int tolerancePercent) =>
        (Int128)Math.Abs(quantity - first) * 100 <= (Int128)first * tolerancePercent;

    /// <param name="At">Ticks of UTC.</param>
    /// <param name="SetOut">How many they were when they set out.</param>
    /// <param name="From">Number of the sale by which the seller had the units; none: they set out here.</param>
    /// <param name="Before">Number of the same buyer's purchase before; none: it is not known.</param>
    /// <param name="Passed">The buyer has sold them on.</param>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private record struct Sale(
        long Version, long At, Guid TradeId, Guid Seller, Guid Buyer, long Quantity, long SetOut, long From, long Before, bool Passed);

    private sealed class Book
    {
        private readonly Dictionary<Guid, long> _newestOfBuyer = [];
        private readonly Newest<Sale> _sales;

        public Book(Newest<Sale> sales)
        {
            _sales = sales;
            for (var number = sales.First; number < sales.Next; number++)
                _newestOfBuyer[sales[number].Buyer] = number;
        }

        public void ForgetBefore(long start)
        {
            while (_sales.Count > 0 && _sales[_sales.First].At < start)
                Forget();
        }

        /// <summary>
        /// The purchase that the seller now sells on: one by which the units come home, with the sale from where they do, else
        /// the newest of about as many. It is used up by that.
        /// </summary>
        public (long From, long Home) TakeBought(in Sale sale, int tolerancePercent)
        {
            var (from, home, next) = (None, None, NewestOf(sale.Seller));
            for (var asked = 0; asked < MostAsked && home == None && _sales.Keeps(next); asked++)
            {
                var number = next;
                ref var purchase = ref _sales[number];
                next = purchase.Before;
                if (purchase.Passed || !IsAbout(sale.Quantity, purchase.SetOut, tolerancePercent))
                    continue;
                home = HomeOf(sale, number, tolerancePercent);
                if (from == None || home != None)
                    from = number;
            }
            if (from != None)
                _sales[from].Passed = true;
            return (from, home);
        }

        public void Add(Sale sale, long from)
        {
            if (_sales.IsFull)
                Forget();
            // The purchase may just have been forgotten: then they set out here.
            (sale.From, sale.SetOut) = _sales.Keeps(from) ? (from, _sales[from].SetOut) : (None, sale.Quantity);
            sale.Before = NewestOf(sale.Buyer);
            _newestOfBuyer[sale.Buyer] = _sales.Next;
            _sales.Add(sale);
        }

        /// <summary>The sales from one to another that followed from it.</summary>
        public List<Sale> Way(long first, long last)
        {
            var way = new List<Sale>();
            for (var step = last; step >= first; step = _sales[step].From)
                way.Add(_sales[step]);
            way.Reverse();
            return way;
        }

        public NewestState Save() => _sales.Save();

        /// <summary>The newest sale on the way of a purchase by which the buyer of now sold about as many; none.</summary>
        private long HomeOf(in Sale sale, long purchase, int tolerancePercent)
        {
            var step = purchase;
            for (var hands = 1; hands < MostHands && _sales.Keeps(step); hands++)
            {
                if (_sales[step].Seller == sale.Buyer && IsAbout(sale.Quantity, _sales[step].Quantity, tolerancePercent))
                    return step;
                step = _sales[step].From;
            }
            return None;
        }

        private long NewestOf(Guid buyer) => _newestOfBuyer.GetValueOrDefault(buyer, None);

        private void Forget()
        {
            var buyer = _sales[_sales.First].Buyer;
            if (NewestOf(buyer) == _sales.First)
                _newestOfBuyer.Remove(buyer);
            _sales.Forget();
        }
    }
}
