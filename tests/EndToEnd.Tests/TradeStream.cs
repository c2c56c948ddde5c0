using System.Net.Http.Headers;
using System.Text.Json;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// Follows an instrument's trades by Server-Sent Events as a consumer would: reads on after a broken connection from the last
/// event it has, and checks that no sequence is missing.
/// </summary>
internal sealed class TradeStream : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http;
    private readonly Func<Task<string>> _token;
    private readonly string _instrument;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<long> _seen = [];
    private volatile Exception? _failure;
    private string? _lastEvent;
    private long _sequence = -1;

    private TradeStream(Uri gateway, Func<Task<string>> token, string instrument)
    {
        (_http, _token, _instrument) = (new HttpClient { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan }, token, instrument);
    }

    public static TradeStream Open(Uri gateway, Func<Task<string>> token, string instrument)
    {
        var stream = new TradeStream(gateway, token, instrument);
        _ = Task.Run(stream.Follow);
        return stream;
    }

    /// <summary>Waits until the trade of that sequence has been told, with all before it.</summary>
    public async Task Reached(long last)
    {
        await Testing.Eventually.Holds($"trade {last} is told", () =>
        {
            lock (_seen)
                return _failure is not null || _seen.Contains(last);
        });
        _failure.ShouldBeNull();
        lock (_seen)
            _seen.Order().ShouldBe(Enumerable.Range(0, _seen.Count).Select(i => _seen.Min() + i), "No trade is missing between the first and the last.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _http.Dispose();
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
        using var request = new HttpRequestMessage(HttpMethod.Get, $"trading/markets/gansu/market-data/stream?instrument={_instrument}&channels=trades");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await _token());
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
        if (!message.TryGetProperty("trades", out var trades) || trades.ValueKind != JsonValueKind.Array)
            return;
        var (sequence, isSnapshot) = (message.GetProperty("sequence").GetInt64(), message.GetProperty("isSnapshot").GetBoolean());
        if (!isSnapshot)
            sequence.ShouldBe(_sequence + 1, "An increment follows the one before.");
        _sequence = sequence;
        lock (_seen)
            foreach (var trade in trades.EnumerateArray())
                _seen.Add(trade.GetProperty("tradeSequence").GetInt64());
    }
}
