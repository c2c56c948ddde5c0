using System.Net;
using System.Text;
using System.Text.Json;

namespace CarbonMarket.EndToEnd;

public sealed class TheMergedOpenApi(LocalSystem system)
{
    private static readonly string[] Reading = ["get", "head", "options", "trace", "parameters", "summary", "description", "servers"];

    [Theory]
    [InlineData("/identity/")]
    [InlineData("/allocation/")]
    [InlineData("/verification/")]
    [InlineData("/trading/")]
    [InlineData("/settlement/")]
    [InlineData("/audit/")]
    public async Task It_describes_every_service(string prefix)
    {
        var paths = await Paths();
        paths.ShouldContain(path => path.Path.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>What stands beside a member in the code of the service whose it is.</summary>
    [Theory]
    [InlineData("NewClient", "clientId", "What the program calls itself at the token endpoint")]
    [InlineData("ReplayAnswer", "differing", "Participants whose figures differ")]
    [InlineData("InterestAnswer", "compilations", "Who compiled its report, by year")]
    [InlineData("NewOrder", "priceMinor", "Limit in minor units of the market's currency per unit")]
    [InlineData("NewLift", "order", "Number of the order that lifts it")]
    [InlineData("AuditEventPage", "next", "Cursor of the next page")]
    public async Task It_says_what_a_member_means(string type, string member, string meaning)
    {
        var types = (await Document()).GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => schema.Name == type || schema.Name.EndsWith($".{type}", StringComparison.Ordinal));
        types.Select(schema => schema.Value.GetProperty("properties")).Where(members => members.TryGetProperty(member, out _))
            .Select(members => members.GetProperty(member).TryGetProperty("description", out var said) ? said.GetString() : null)
            .ShouldContain(said => said != null && said.StartsWith(meaning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_write_is_heard_without_a_token()
    {
        using var anonymous = new HttpClient { BaseAddress = system.Gateway };
        var writes = (await Paths()).Where(path => !Reading.Contains(path.Method)).ToList();
        writes.Count.ShouldBeGreaterThan(20);
        var heard = new List<string>();
        foreach (var (path, method) in writes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), Filled(path))
            {
                Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            };
            using var answer = await anonymous.SendAsync(request, TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.Unauthorized && !IsTokenEndpoint(path, answer))
                heard.Add($"{method} {path}: {(int)answer.StatusCode}");
        }
        heard.ShouldBeEmpty();
    }

    /// <summary>Asking for a token is the one thing that is done without one, and it takes a client's secret.</summary>
    private static bool IsTokenEndpoint(string path, HttpResponseMessage answer) =>
        path == "/connect/token" && answer.StatusCode == HttpStatusCode.BadRequest;

    private static string Filled(string path) => string.Join('/', path.Split('/').Select(segment =>
        segment.StartsWith("{market", StringComparison.Ordinal) ? "uk-ets"
        : segment.StartsWith('{') ? Guid.Empty.ToString()
        : segment));

    private async Task<IReadOnlyList<(string Path, string Method)>> Paths() => [.. (await Document()).GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name)))];

    private async Task<JsonElement> Document()
    {
        using var client = new HttpClient { BaseAddress = system.Gateway };
        using var document = JsonDocument.Parse(
            await client.GetStringAsync(new Uri("openapi.json", UriKind.Relative), TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }
}
