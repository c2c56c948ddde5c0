using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CarbonMarket.Verification.Http;

internal static class Answers
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public static async Task<JsonElement> Json(this Task<HttpResponseMessage> sending, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync(Stopping);
        response.StatusCode.ShouldBe(expected, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public static async Task<HttpStatusCode> Status(this Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode;
    }

    public static async Task<string> Code(this Task<HttpResponseMessage> sending, HttpStatusCode expected) =>
        (await sending.Json(expected)).GetProperty("code").GetString()!;

    public static Task<HttpResponseMessage> Put(this HttpClient client, string path, object body) => client.PutAsJsonAsync(path, body, Stopping);

    public static Task<HttpResponseMessage> Post(this HttpClient client, string path, params object?[] items) =>
        client.PostAsJsonAsync(path, new { items }, Stopping);

    public static Task<HttpResponseMessage> Get(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative), Stopping);

    /// <summary>Outcome of each item, or its code.</summary>
    public static async Task<string[]> Outcomes(this Task<HttpResponseMessage> sending) =>
        [.. (await sending.Json()).GetProperty("results").EnumerateArray().Select(
            result => result.GetProperty("code").GetString() ?? result.GetProperty("outcome").GetString()!)];

    /// <summary>Path and code of each fault.</summary>
    public static async Task<string[]> Faults(this Task<HttpResponseMessage> sending)
    {
        var problem = await sending.Json(HttpStatusCode.BadRequest);
        problem.GetProperty("code").GetString().ShouldBe("invalid-input");
        return [.. problem.GetProperty("errors").EnumerateArray().Select(
            fault => $"{fault.GetProperty("path").GetString()} {fault.GetProperty("code").GetString()}")];
    }
}
