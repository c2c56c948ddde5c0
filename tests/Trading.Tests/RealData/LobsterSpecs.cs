using System.Globalization;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Tests.Matching;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Trading.Tests.RealData;

/// <summary>
/// Ten thousand messages of a real market in one share, as its feed told them: new orders, parts cancelled, orders deleted,
/// executions. Prices in 0.0001 USD.
/// </summary>
public sealed class LobsterSpecs
{
    [Fact]
    public void As_a_feed_the_book_has_the_published_best_prices_after_every_message()
    {
        var feed = new Feed();
        var expected = SharedData.Rows("lobster-aapl/expected_best.csv");
        var messages = Message.All();
        messages.Count.ShouldBe(10_000);
        foreach (var message in messages)
        {
            feed.Apply(message);
            feed.Best().ShouldBe(string.Join(',', expected[message.Index][1..]), $"message {message.Index}");
        }
    }

    [Fact]
    public void As_a_feed_the_book_has_the_published_ten_best_levels()
    {
        var feed = new Feed();
        var messages = Message.All();
        foreach (var expected in SharedData.Rows("lobster-aapl/expected_ten_levels_first672.csv"))
        {
            feed.Apply(messages[Number(expected[0])]);
            feed.TenLevels().ShouldBe(string.Join(',', expected[1..]), $"message {expected[0]}");
        }
    }

    /// <summary>
    /// Each incoming order that took is put to our matcher. Where the exchange followed strict price-time priority its fills
    /// are ours; on seven occasions it did not, and there the book follows the feed.
    /// </summary>
    [Fact]
    public void As_an_engine_the_matcher_fills_as_the_exchange_did()
    {
        var feed = new Feed();
        var takers = SharedData.Rows("lobster-aapl/aggressors_expected_fills.csv").ToDictionary(row => Number(row[0]));
        takers.Count.ShouldBe(523);
        var (messages, exact) = (Message.All(), 0);
        for (var index = 0; index < messages.Count; index++)
        {
            if (takers.TryGetValue(index, out var taker) && taker[6] == "1")
            {
                feed.Take(taker[3] == "BUY" ? Side.Buy : Side.Sell, Number(taker[4]), Number(taker[5]))
                    .ShouldBe(taker[7], $"the order of messages {taker[0]}-{taker[1]}");
                exact++;
                // What the feed tells of it has happened; hidden orders in between are not in the book.
                index = Number(taker[1]);
                continue;
            }
            feed.Apply(messages[index]);
        }
        exact.ShouldBe(516);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Message(int Index, int Type, long OrderId, long Size, long Price, Side Side)
    {
        public static List<Message> All() =>
        [
            .. SharedData.Rows("lobster-aapl/messages.csv").Select(row => new Message(
                Number(row[0]), Number(row[2]), Number(row[3]), Number(row[4]), Number(row[5]), row[6] == "1" ? Side.Buy : Side.Sell)),
        ];
    }

    /// <summary>Our book, told what the feed tells. Orders from before the opening are one unknown order for each price.</summary>
    private sealed class Feed
    {
        private readonly OpenOrders _orders;
        private readonly OrderBook _book;
        private readonly TradingAccount _resting;
        private readonly TradingAccount _taking;
        private readonly Dictionary<long, int> _places = [];
        private readonly Dictionary<long, string> _ids = [];
        private readonly Dictionary<(Side, long), int> _unknown = [];
        private long _last;

        public Feed()
        {
            var balances = new Balances();
            _orders = new OpenOrders(balances);
            _book = new OrderBook(_orders);
            (_resting, _taking) = (Account(balances), Account(balances));
            foreach (var level in SharedData.Rows("lobster-aapl/initial_book.csv"))
            {
                var side = level[0] == "BUY" ? Side.Buy : Side.Sell;
                _unknown[(side, Number(level[1]))] = Rest(side, Number(level[1]), Number(level[2]), "init");
            }
        }

        public void Apply(Message message)
        {
            switch (message.Type)
            {
                case 1:
                    _places[message.OrderId] = Rest(message.Side, message.Price, message.Size, message.OrderId.ToString(CultureInfo.InvariantCulture));
                    break;
                case 2 or 3 or 4:
                    // An order from before the opening at a price deeper than the ninety levels known then is in no book of ours.
                    if (_places.TryGetValue(message.OrderId, out var place) || _unknown.TryGetValue((message.Side, message.Price), out place))
                        _orders.Reduce(place, message.Size);
                    break;
            }
        }

        /// <summary>The fills of an incoming order, as the file writes them.</summary>
        public string Take(Side side, long price, long quantity)
        {
            var plan = new MatchPlan();
            plan.Make(_orders, _book, new IncomingOrder(_taking.Cash.Place, side, price, quantity, 0, true, SelfTradePrevention.CancelIncoming));
            var taker = Open(_taking, side, price, quantity);
            var fills = new List<string>();
            foreach (var meeting in plan.Meetings)
            {
                var resting = _orders[meeting.Place];
                fills.Add(string.Create(CultureInfo.InvariantCulture, $"{_ids[resting.Number]}:{meeting.Quantity}@{resting.Price}"));
                if (side == Side.Buy)
                    _orders.Trade(taker, meeting.Place, meeting.Quantity, resting.Price);
                else
                    _orders.Trade(meeting.Place, taker, meeting.Quantity, resting.Price);
            }
            return string.Join(';', fills);
        }

        public string Best() => Level(_book.Best(Side.Sell)) + "," + Level(_book.Best(Side.Buy));

        public string TenLevels() => string.Join(',', _book.Depth(Side.Sell, 10).Zip(_book.Depth(Side.Buy, 10), (ask, bid) => $"{Level(ask)},{Level(bid)}"));

        private static string Level(DepthLevel? level) => string.Create(CultureInfo.InvariantCulture, $"{level?.Price.MinorPerUnit},{level?.Quantity}");

        private static TradingAccount Account(Balances balances)
        {
            var account = new TradingAccount(Guid.CreateVersion7(), balances);
            account.Cash.Fund(1_000_000_000_000_000);
            account.UnitsOf("SHARE").Fund(1_000_000_000);
            return account;
        }

        private int Open(TradingAccount owner, Side side, long price, long quantity) =>
            _orders.Open(++_last, owner.Cash.Place, owner.UnitsOf("SHARE").Place, side, price, quantity);

        private int Rest(Side side, long price, long quantity, string id)
        {
            var place = Open(_resting, side, price, quantity);
            _orders.Join(_book, place);
            _ids[_last] = id;
            return place;
        }
    }
}
