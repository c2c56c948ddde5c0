using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// Wash trade (对敲): two participants sell to each other and back within the window, so that volume and price are made and
/// nobody has changed what it holds. The platform knows of no groups of participants, so who acts as a pair is taken for
/// one. The same participant by two representatives cannot come to a trade: self-trade prevention goes by participant.
/// </summary>
internal sealed class WashTrades() : Pattern(AbusePattern.WashTrade)
{
    /// <summary>Of one instrument; when there are more within the window, the oldest are forgotten.</summary>
    internal const int MostSales = 32_768;

    private readonly Dictionary<string, Book> _books = new(StringComparer.Ordinal);

    public override void Traded(Moment now, TradeExecuted trade)
    {
        if (now.Watched?.WashTrade is not { } rule)
            return;
        if (!_books.TryGetValue(trade.Instrument, out var book))
            _books.Add(trade.Instrument, book = new Book(new(MostSales)));
        var sale = new Sale(now.Version, trade.At.UtcTicks, trade.TradeId, trade.SellerParticipantId, trade.BuyerParticipantId, Standing: true);
        book.ForgetBefore(sale.At - (rule.WindowSeconds * TimeSpan.TicksPerSecond));
        if (book.Take(sale.Buyer, sale.Seller) is not { } there)
        {
            book.Add(sale);
            return;
        }
        now.Raise(
            Kind, trade.Instrument, [sale.Seller, sale.Buyer],
            [new Measurement("window-seconds", rule.WindowSeconds, (sale.At - there.At) / TimeSpan.TicksPerSecond)],
            [Proof.OfTrade(there.Version, there.TradeId), Proof.OfTrade(sale.Version, sale.TradeId)]);
    }

    public override JsonElement Save() => JsonSerializer.SerializeToElement(
        _books.ToImmutableSortedDictionary(book => book.Key, book => book.Value.Save(), StringComparer.Ordinal));

    public override void Load(JsonElement saved)
    {
        foreach (var (instrument, sales) in saved.Deserialize<Dictionary<string, NewestState>>()!)
            _books.Add(instrument, new Book(Newest<Sale>.Load(MostSales, sales)));
    }

    /// <param name="At">Ticks of UTC.</param>
    /// <param name="Standing">It is the newest of its pair and direction, and nothing has come back for it.</param>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private record struct Sale(long Version, long At, Guid TradeId, Guid Seller, Guid Buyer, bool Standing);

    private sealed class Book
    {
        private readonly Dictionary<(Guid Seller, Guid Buyer), long> _standing = [];
        private readonly Newest<Sale> _sales;

        public Book(Newest<Sale> sales)
        {
            _sales = sales;
            for (var number = sales.First; number < sales.Next; number++)
                if (sales[number].Standing)
                    _standing.Add((sales[number].Seller, sales[number].Buyer), number);
        }

        public void ForgetBefore(long start)
        {
            while (_sales.Count > 0 && _sales[_sales.First].At < start)
                Forget();
        }

        public void Add(in Sale sale)
        {
            if (_sales.IsFull)
                Forget();
            Take(sale.Seller, sale.Buyer);
            _standing.Add((sale.Seller, sale.Buyer), _sales.Next);
            _sales.Add(sale);
        }

        /// <summary>The sale that stands, and stands no longer.</summary>
        public Sale? Take(Guid seller, Guid buyer)
        {
            if (!_standing.Remove((seller, buyer), out var number))
                return null;
            _sales[number].Standing = false;
            return _sales[number];
        }

        public NewestState Save() => _sales.Save();

        private void Forget()
        {
            var oldest = _sales[_sales.First];
            if (oldest.Standing)
                _standing.Remove((oldest.Seller, oldest.Buyer));
            _sales.Forget();
        }
    }
}
