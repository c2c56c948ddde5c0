using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace CarbonMarket.Testing.Service;

/// <summary>One caller of a service's HTTP API.</summary>
/// <param name="connect">A client that speaks for the caller, asked for at each request: a test may restart the service.</param>
/// <param name="json">How the service writes its answers.</param>
public sealed class Caller(Func<HttpClient> connect, JsonSerializerOptions json)
{
    public async Task<(int Status, JsonElement Body)> Send(HttpMethod method, string path, object? body = null)
    {
        using var client = connect();
        using var request = Request(method, path, body);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    /// <summary>What is no JSON, with its media type and the Link header.</summary>
    public async Task<(string? MediaType, string Text, string? Link)> Read(string path, string accept)
    {
        using var client = connect();
        using var request = Request(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        using var response = await client.SendAsync(request);
        return (response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("Link", out var links) ? string.Join(", ", links) : null);
    }

    /// <summary>The status, and when to come again.</summary>
    public async Task<(int Status, TimeSpan? RetryAfter)> Knock(HttpMethod method, string path, object body)
    {
        using var client = connect();
        using var request = Request(method, path, body);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, response.Headers.RetryAfter?.Delta);
    }

    /// <summary>The bytes of a file, asked for by its media type.</summary>
    public async Task<byte[]> File(string path, string accept)
    {
        using var client = connect();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", accept);
        using var response = await client.SendAsync(request);
        response.Content.Headers.ContentType?.MediaType.ShouldBe(accept);
        return await response.Content.ReadAsByteArrayAsync();
    }

    public Task<JsonElement> Get(string path) => Succeed(HttpMethod.Get, path);

    public Task<JsonElement> Put(string path, object body) => Succeed(HttpMethod.Put, path, body);

    public Task<JsonElement> Post(string path, object body) => Succeed(HttpMethod.Post, path, body);

    public Task<JsonElement> Delete(string path) => Succeed(HttpMethod.Delete, path);

    /// <summary>The codes of the items of a batch, "accepted" for those that were.</summary>
    public async Task<IReadOnlyList<string?>> Batch(string path, params IEnumerable<object> items) =>
    [
        .. (await Post(path, new { items })).GetProperty("results").EnumerateArray().Select(result =>
            result.GetProperty("outcome").GetString() is "accepted" ? "accepted" : result.GetProperty("code").GetString()),
    ];

    /// <summary>The problem's code, having been refused with that status.</summary>
    public async Task<string?> Refused(int status, HttpMethod method, string path, object? body = null)
    {
        var answer = await Send(method, path, body);
        answer.Status.ShouldBe(status, answer.Body.ToString());
        return answer.Body.ValueKind == JsonValueKind.Object ? answer.Body.GetProperty("code").GetString() : null;
    }

    private async Task<JsonElement> Succeed(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await Send(method, path, body);
        status.ShouldBeInRange(200, 299, $"{method} {path}: {answer}");
        return answer;
    }

    private HttpRequestMessage Request(HttpMethod method, string path, object? body = null) =>
        new(method, path) { Content = body is null ? null : JsonContent.Create(body, options: json) };
}
