using System.Net;
using System.Text;
using System.Text.Json;
using CarbonMarket.ServiceDefaults.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.ServiceDefaults.Tests.Problems;

/// <summary>What cannot be read is refused with what and where, outside of a developer's machine too.</summary>
public sealed class UnreadableTests : IAsyncLifetime
{
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public sealed record Parcel(long? Grams = null, DateTimeOffset? ArrivesAt = null, string? Note = null)
    {
        public string Label { get; init; } = string.Empty;

        public DateTimeOffset LeftAt { get; init; }
    }

    public async ValueTask InitializeAsync()
    {
        var builder = BareService.Of("parcels", "Production");
        builder.Services.AddOpenApi(options => options.Describe("parcels"));
        _app = builder.Build();
        _app.UseServiceDefaults();
        _app.MapPost("/parcels", (Parcel parcel) => parcel).AllowAnonymous();
        _app.MapGet("/parcels", (int? limit) => limit).AllowAnonymous();
        _app.MapGet("/forbidden", () => TypedResults.StatusCode(StatusCodes.Status403Forbidden)).AllowAnonymous();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    [Theory]
    [InlineData("""{"grams":"heavy"}""", "$.grams")]
    [InlineData("""{"grams":99999999999999999999}""", "$.grams")]
    [InlineData("""{"weight":5}""", "weight")]
    [InlineData("""{"arrivesAt":"soon"}""", "$.arrivesAt")]
    [InlineData("hello", "Path: $")]
    public async Task A_body_that_cannot_be_read_is_refused_with_its_place(string body, string place)
    {
        var (status, problem) = await Post(body);
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "unreadable-request"));
        problem.GetProperty("detail").GetString()!.ShouldContain(place);
    }

    [Fact]
    public async Task A_query_that_cannot_be_read_is_refused_by_name()
    {
        var (status, problem) = await Read(await _http.GetAsync(new Uri("/parcels?limit=few", UriKind.Relative), TestContext.Current.CancellationToken));
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "unreadable-request"));
        problem.GetProperty("detail").GetString()!.ShouldContain("limit");
    }

    [Fact]
    public async Task What_is_said_twice_is_not_believed_once()
    {
        var (status, problem) = await Post("""{"grams":1,"grams":1000}""");
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "unreadable-request"));
    }

    [Theory]
    [InlineData("2026-03-04T09:30:00")]
    [InlineData("2026-03-04")]
    public async Task A_time_without_its_offset_is_no_moment(string time)
    {
        var (status, problem) = await Post($$"""{"arrivesAt":"{{time}}"}""");
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "unreadable-request"));
        problem.GetProperty("detail").GetString()!.ShouldContain("with its offset");
    }

    [Theory]
    [InlineData("2026-03-04T09:30:00+08:00", "2026-03-04T09:30:00+08:00")]
    [InlineData("2026-03-04T01:30:00Z", "2026-03-04T01:30:00+00:00")]
    public async Task A_time_with_its_offset_is_one(string time, string told)
    {
        var (status, parcel) = await Post($$"""{"arrivesAt":"{{time}}"}""");
        (status, parcel.GetProperty("arrivesAt").GetString()).ShouldBe((HttpStatusCode.OK, told));
    }

    /// <summary>Both are read by converters of ours.</summary>
    [Theory]
    [InlineData("label", """{"type":"string"}""")]
    [InlineData("note", """{"type":["null","string"]}""")]
    [InlineData("leftAt", """{"type":"string","format":"date-time"}""")]
    [InlineData("arrivesAt", """{"type":["null","string"],"format":"date-time"}""")]
    public async Task The_document_of_the_api_says_what_is_text_and_what_a_time(string member, string schema)
    {
        var (_, document) = await Read(await _http.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var told = document.GetProperty("components").GetProperty("schemas").GetProperty("Parcel").GetProperty("properties").GetProperty(member);
        JsonSerializer.Serialize(told).ShouldBe(schema);
    }

    [Fact]
    public async Task Who_asks_for_a_stream_is_refused_in_the_same_form()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forbidden");
        request.Headers.Accept.ParseAdd("text/event-stream");
        var (status, problem) = await Read(await _http.SendAsync(request, TestContext.Current.CancellationToken));
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Forbidden, "http-403"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> Post(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Read(await _http.PostAsync(new Uri("/parcels", UriKind.Relative), content, TestContext.Current.CancellationToken));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> Read(HttpResponseMessage response)
    {
        using (response)
            return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement);
    }
}
