using System.Net.Http.Headers;
using System.Text.Json;
using CarbonMarket.Testing;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// Keeps an instrument's book, by order and by price, and its trades from Server-Sent Events as a consumer would: reads on
/// after a broken connection from the last event it has, and checks that no sequence is missing in any channel.
/// </summary>
internal sealed class MarketDataConsumer : IAsyncDisposable
{
    private const string Channels = "orders,depth,trades";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http;
    private readonly Func<Task<string>> _token;
    private readonly string _asked;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Book _book = new();
    private readonly HashSet<long> _trades = [];
    private volatile Exception? _failure;
    private string? _lastEvent;

    private MarketDataConsumer(Uri gateway, Func<Task<string>> token, string instrument)
    {
        (_http, _token) = (new HttpClient { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan }, token);
        _asked = $"?instrument={instrument}&channels={Channels}";
    }

    public static MarketDataConsumer Open(Uri gateway, Func<Task<string>> token, string instrument)
    {
        var consumer = new MarketDataConsumer(gateway, token, instrument);
        _ = Task.Run(consumer.Follow);
        return consumer;
    }

    /// <summary>Waits until it has all that the market tells now, and holds its own book against the market's.</summary>
    public async Task KnowsTheBook()
    {
        var book = await Eventually.Gives("the consumer has all there is", Snapshot, snapshot =>
        {
            lock (_gate)
                return _failure is not null || _book.IsAt(snapshot);
        });
        _failure.ShouldBeNull();
        lock (_gate)
        {
            _book.Orders().ShouldBe(book.Orders());
            _book.Levels().ShouldBe(book.Levels(), ignoreOrder: true);
        }
    }

    /// <summary>Waits until the trade of that sequence has been told, with all before it.</summary>
    public async Task Reached(long lastTrade)
    {
        await Eventually.Holds($"trade {lastTrade} is told", () =>
        {
            lock (_gate)
                return _failure is not null || _trades.Contains(lastTrade);
        });
        _failure.ShouldBeNull();
        lock (_gate)
            _trades.Order().ShouldBe(Enumerable.Range(0, _trades.Count).Select(i => _trades.Min() + i), "No trade is missing between the first and the last.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task Follow()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Read();
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // Killed in the middle: what was missed is asked for.
            }
            catch (Exception exception)
            {
                _failure = _stop.IsCancellationRequested ? null : exception;
                return;
            }
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Read()
    {
        using var request = await Request("stream");
        if (_lastEvent is not null)
            request.Headers.Add("Last-Event-ID", _lastEvent);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token));
        var id = _lastEvent;
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line.StartsWith("id:", StringComparison.Ordinal))
                id = line["id:".Length..].Trim();
            else if (line.StartsWith("data:", StringComparison.Ordinal))
                Take(JsonDocument.Parse(line["data:".Length..]).RootElement);
            else if (line.Length == 0)
                _lastEvent = id;
        }
    }

    private void Take(JsonElement message)
    {
        if (!message.TryGetProperty("channel", out _))
            return;
        lock (_gate)
        {
            _book.Take(message);
            if (message.TryGetProperty("trades", out var trades))
                _trades.UnionWith(trades.EnumerateArray().Select(trade => trade.GetProperty("tradeSequence").GetInt64()));
        }
    }

    private async Task<Book> Snapshot()
    {
        using var request = await Request("snapshot");
        using var response = await _http.SendAsync(request, _stop.Token);
        response.EnsureSuccessStatusCode();
        var book = new Book();
        foreach (var channel in JsonDocument.Parse(await response.Content.ReadAsStringAsync(_stop.Token)).RootElement.GetProperty("channels").EnumerateArray())
            book.Take(channel);
        return book;
    }

    private async Task<HttpRequestMessage> Request(string what) => new(HttpMethod.Get, $"trading/markets/gansu/market-data/{what}{_asked}")
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", await _token()) },
    };

    /// <summary>A book as docs/market-data.md says to keep it.</summary>
    private sealed class Book
    {
        private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
        private readonly List<Order> _orders = [];
        private readonly Dictionary<(string Side, long Price), Level> _levels = [];

        public bool IsAt(Book other) => other._sequences.All(channel => _sequences.GetValueOrDefault(channel.Key, -1) == channel.Value);

        /// <summary>In the order in which they would be met.</summary>
        public IReadOnlyList<Order> Orders() =>
        [
            .. _orders.Where(order => order.Side == "buy").OrderByDescending(order => order.Price),
            .. _orders.Where(order => order.Side == "sell").OrderBy(order => order.Price),
        ];

        public IReadOnlyList<Level> Levels() => [.. _levels.Values];

        public void Take(JsonElement message)
        {
            var (channel, sequence) = (message.GetProperty("channel").GetString()!, message.GetProperty("sequence").GetInt64());
            var isSnapshot = message.GetProperty("isSnapshot").GetBoolean();
            if (!isSnapshot)
                sequence.ShouldBe(_sequences[channel] + 1, $"An increment of {channel} follows the one before.");
            _sequences[channel] = sequence;
            var replaces = isSnapshot && (!message.TryGetProperty("part", out var part) || part.GetInt32() == 1);
            if (message.TryGetProperty("orders", out var orders))
                TakeOrders(orders, replaces);
            if (message.TryGetProperty("depth", out var depth))
                TakeLevels(depth, replaces);
        }

        private void TakeOrders(JsonElement changes, bool replaces)
        {
            if (replaces)
                _orders.Clear();
            foreach (var change in changes.EnumerateArray())
            {
                var order = new Order(change.GetProperty("number").GetInt64(), change.GetProperty("side").GetString()!,
                    change.GetProperty("priceMinor").GetInt64(), change.GetProperty("remaining").GetInt64());
                var place = _orders.FindIndex(standing => standing.Number == order.Number);
                switch (change.GetProperty("kind").GetString())
                {
                    case "reduced":
                        _orders[place] = order;
                        break;
                    case "removed":
                        _orders.RemoveAt(place);
                        break;
                    default:
                        if (place >= 0)
                            _orders.RemoveAt(place);
                        _orders.Add(order);
                        break;
                }
            }
        }

        private void TakeLevels(JsonElement changes, bool replaces)
        {
            if (replaces)
                _levels.Clear();
            foreach (var change in changes.EnumerateArray())
            {
                var level = new Level(change.GetProperty("side").GetString()!, change.GetProperty("priceMinor").GetInt64(),
                    change.GetProperty("quantity").GetInt64(), change.GetProperty("orders").GetInt32());
                if (level.Orders == 0)
                    _levels.Remove((level.Side, level.Price));
                else
                    _levels[(level.Side, level.Price)] = level;
            }
        }

        public sealed record Order(long Number, string Side, long Price, long Remaining);

        public sealed record Level(string Side, long Price, long Quantity, int Orders);
    }
}
