using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CarbonMarket.MainJob.Gateway;

/// <summary>
/// Talks to the gateway as any client would: JSON over HTTP with a bearer token. Retrying is the handler's below it
/// (<see cref="Resilience"/>); a refusal is an exception that carries the platform's code.
/// </summary>
public sealed class MarketClient(HttpClient http, Tokens tokens)
{
    private const int LargestBatch = 500;
    private const int LargestPage = 500;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private long _requests;

    /// <summary>Requests answered so far, tokens and polls included, retries not.</summary>
    public long Requests => Interlocked.Read(ref _requests) + tokens.Requests;

    public Task<T> Get<T>(ApiClient caller, string path, CancellationToken stopping) =>
        Send<T>(caller, HttpMethod.Get, path, null, stopping);

    public Task<T> Put<T>(ApiClient caller, string path, object body, CancellationToken stopping) =>
        Send<T>(caller, HttpMethod.Put, path, body, stopping);

    public Task Put(ApiClient caller, string path, object body, CancellationToken stopping) =>
        Send<JsonElement?>(caller, HttpMethod.Put, path, body, stopping);

    public Task<T> Post<T>(ApiClient caller, string path, object body, CancellationToken stopping) =>
        Send<T>(caller, HttpMethod.Post, path, body, stopping);

    public Task Post(ApiClient caller, string path, object body, CancellationToken stopping) =>
        Send<JsonElement?>(caller, HttpMethod.Post, path, body, stopping);

    /// <summary>Sends the items in batches of 500, one after another; a refused item is an exception.</summary>
    public async Task PostBatches<TItem>(
        ApiClient caller, string path, IEnumerable<TItem> items, Action<int> sent, CancellationToken stopping)
    {
        foreach (var chunk in items.Chunk(LargestBatch))
        {
            var answer = await Send<BatchAnswer<BatchResult>>(
                caller, HttpMethod.Post, path, new Batch<TItem>(chunk), stopping);
            RequireAccepted(path, answer.Results);
            sent(chunk.Length);
        }
    }

    /// <summary>All items of a paged list.</summary>
    public async Task<IReadOnlyList<T>> List<T>(ApiClient caller, string path, CancellationToken stopping, string? after = null)
    {
        var items = new List<T>();
        do
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var cursor = after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
            var page = await Get<Page<T>>(caller, $"{path}{separator}limit={LargestPage}{cursor}", stopping);
            items.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return items;
    }

    private static void RequireAccepted(string path, IReadOnlyList<BatchResult> results)
    {
        if (results.FirstOrDefault(result => !result.IsAccepted) is { } refused)
            throw new RefusedException(path, 200, refused.Code ?? "", $"Item {refused.Id}: {refused.Reason} "
                + $"({results.Count(result => !result.IsAccepted)} of {results.Count} items refused)");
    }

    private async Task<T> Send<T>(ApiClient caller, HttpMethod method, string path, object? body, CancellationToken stopping)
    {
        using var response = await Authorized(caller, method, path, body, stopping);
        Interlocked.Increment(ref _requests);
        if (!response.IsSuccessStatusCode)
            throw await RefusedException.From(response, $"{method} {path}", stopping);
        if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0)
            return default!;
        return await response.Content.ReadFromJsonAsync<T>(Json, stopping)
            ?? throw new InvalidOperationException($"{method} {path} was answered with nothing.");
    }

    /// <summary>A token that is refused may have been signed before a restart: one new one is fetched, once.</summary>
    private async Task<HttpResponseMessage> Authorized(
        ApiClient caller, HttpMethod method, string path, object? body, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization =
                new AuthenticationHeaderValue("Bearer", await tokens.For(caller, renew: attempt > 1, stopping));
            if (body is not null)
                request.Content = JsonContent.Create(body, body.GetType(), options: Json);
            var response = await http.SendAsync(request, stopping);
            if (response.StatusCode != HttpStatusCode.Unauthorized || attempt > 1)
                return response;
            response.Dispose();
        }
    }
}
