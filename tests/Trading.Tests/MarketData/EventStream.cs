using System.Net.ServerSentEvents;
using System.Text.Json;

namespace CarbonMarket.Trading.Tests.MarketData;

/// <summary>Reads Server-Sent Events as a client does, and remembers where it stands.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private EventStream(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> events) => (_response, _events) = (response, events);

    public string? LastEventId { get; private set; }

    public static async Task<EventStream> Open(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new EventStream(response, SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator());
    }

    /// <summary>Null: the stream has ended.</summary>
    public async Task<(string Type, JsonElement Data)?> Next()
    {
        if (!await _events.MoveNextAsync().AsTask().WaitAsync(Patience))
            return null;
        var item = _events.Current;
        LastEventId = item.EventId is { Length: > 0 } id ? id : LastEventId;
        return (item.EventType, JsonDocument.Parse(item.Data).RootElement.Clone());
    }

    /// <summary>Everything up to an event of this type that satisfies the condition, that one included.</summary>
    public async Task<List<(string Type, JsonElement Data)>> Until(string type, Func<JsonElement, bool>? when = null)
    {
        var read = new List<(string Type, JsonElement Data)>();
        while (await Next() is { } next)
        {
            read.Add(next);
            if (next.Type == type && when?.Invoke(next.Data) != false)
                return read;
        }
        throw new InvalidOperationException($"The stream ended without such a {type}. It said: {string.Join(", ", read)}");
    }

    public async ValueTask DisposeAsync()
    {
        // The response first: that ends a reading which still waits.
        _response.Dispose();
        await _events.DisposeAsync();
    }
}
