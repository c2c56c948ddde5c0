using System.Net;
using System.Text.Json;

namespace CarbonMarket.Gateway.Running;

internal static class Answers
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> Get(this HttpClient client, string path) => client.GetAsync(new Uri(path, UriKind.Relative), Stopping);

    public static Task<HttpResponseMessage> Post(this HttpClient client, string path, HttpContent body) =>
        client.PostAsync(new Uri(path, UriKind.Relative), body, Stopping);

    public static async Task<HttpStatusCode> Status(this Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode;
    }

    public static async Task<string> Text(this Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync(Stopping);
    }

    /// <summary>The code of a problem of the gateway's own.</summary>
    public static async Task<string?> Code(this Task<HttpResponseMessage> sending, HttpStatusCode expected)
    {
        using var response = await sending;
        return await response.Code(expected);
    }

    public static async Task<string?> Code(this HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(Stopping);
        response.StatusCode.ShouldBe(expected, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(text);
        problem.RootElement.GetProperty("status").GetInt32().ShouldBe((int)expected);
        problem.RootElement.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        return problem.RootElement.GetProperty("code").GetString();
    }

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(" | ", values) : null;
}
