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

    public enum Speed
    {
        ByAir,
        ByShip,
    }

    public sealed record Parcel(
        long? Grams = null, DateTimeOffset? ArrivesAt = null, string? Note = null, Speed? Speed = null, DateOnly? Posted = null,
        IReadOnlyList<string>? Stamps = null, string Sender = "nobody")
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
        _app.MapGet("/parcels/left", (DateTimeOffset? asOf) => asOf?.ToUniversalTime()).AllowAnonymous();
        _app.MapDelete("/parcels/{number}", (int number, DateOnly until, string? from) => $"{number} {until:O} {from}").AllowAnonymous();
        _app.MapGet("/forbidden", () => TypedResults.StatusCode(StatusCodes.Status403Forbidden)).AllowAnonymous();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    /// <summary>In the API's words: what the program calls its types helps nobody.</summary>
    [Theory]
    [InlineData("""{"grams":"heavy"}""", "$.grams is a whole number.")]
    [InlineData("""{"grams":99999999999999999999}""", "$.grams is a whole number.")]
    [InlineData("""{"grams":1.5}""", "$.grams is a whole number.")]
    [InlineData("""{"speed":"by-foot"}""", "$.speed is one of by-air, by-ship.")]
    [InlineData("""{"posted":"March"}""", "$.posted is a date, such as 2026-03-04.")]
    [InlineData("""{"stamps":"blue"}""", "$.stamps is a list.")]
    [InlineData("""{"stamps":[5]}""", "$.stamps[0] is text.")]
    [InlineData("""{"weight":5}""", "$.weight: there is no member 'weight' here; there are grams, arrivesAt, note, speed, posted, stamps, sender, label, leftAt.")]
    [InlineData("""{"sender":null}""", "$.sender is not null.")]
    [InlineData("""{"grams":1,"grams":1000}""", "$.grams is said twice.")]
    [InlineData("""{"arrivesAt":"soon"}""", "A time is ISO 8601 with its offset: 2026-03-04T09:30:00+08:00. Path: $.arrivesAt.")]
    [InlineData("[]", "$ is an object.")]
    [InlineData("hello", "'h' is an invalid start of a value. Path: $ | LineNumber: 0 | BytePositionInLine: 0.")]
    [InlineData("", "A body is required: JSON.")]
    public async Task A_body_that_cannot_be_read_is_refused_with_its_place_and_what_would_be_right(string body, string told)
    {
        var (status, problem) = await Post(body);
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "unreadable-request"));
        problem.GetProperty("detail").GetString().ShouldBe(told);
    }

    [Theory]
    [InlineData("7?until=soon", "The parameter 'until' is a date, such as 2026-03-04, not 'soon'.")]
    [InlineData("7", "The parameter 'until' is required: a date, such as 2026-03-04.")]
    [InlineData("seven?until=2026-03-04", "The parameter 'number' is a whole number, not 'seven'.")]
    public async Task A_parameter_that_cannot_be_read_is_refused_with_what_would_be_right(string request, string told)
    {
        var (status, problem) = await Read(await _http.DeleteAsync(new Uri($"/parcels/{request}", UriKind.Relative), TestContext.Current.CancellationToken));
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "unreadable-request"));
        problem.GetProperty("detail").GetString().ShouldBe(told);
    }

    [Theory]
    [InlineData("2026-03-04T09:30:00")]
    [InlineData("2026-03-04")]
    [InlineData("2026-03-04T09:30:00+08:00")] // A plus that is not written %2B is a space.
    public async Task A_time_in_a_query_has_its_offset_too(string time)
    {
        var (status, problem) = await Read(await _http.GetAsync(new Uri($"/parcels/left?asOf={time}", UriKind.Relative), TestContext.Current.CancellationToken));
        (status, problem.GetProperty("errors")[0].GetProperty("path").GetString(), problem.GetProperty("errors")[0].GetProperty("code").GetString())
            .ShouldBe((HttpStatusCode.BadRequest, "asOf", "offset-missing"));
    }

    [Theory]
    [InlineData("2026-03-04T09:30:00%2B08:00")]
    [InlineData("2026-03-04T01:30:00Z")]
    public async Task A_time_in_a_query_with_its_offset_is_one(string time)
    {
        var (status, asOf) = await Read(await _http.GetAsync(new Uri($"/parcels/left?asOf={time}", UriKind.Relative), TestContext.Current.CancellationToken));
        (status, asOf.GetDateTimeOffset()).ShouldBe((HttpStatusCode.OK, new DateTimeOffset(2026, 3, 4, 1, 30, 0, TimeSpan.Zero)));
    }

    /// <summary>Passed over, a filter that is misspelt would have all parcels gone.</summary>
    [Fact]
    public async Task A_parameter_that_is_not_known_is_refused_with_those_that_are()
    {
        var (status, problem) = await Read(await _http.DeleteAsync(
            new Uri("/parcels/7?until=2026-03-04&form=here&number=8", UriKind.Relative), TestContext.Current.CancellationToken));
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "invalid-input"));
        problem.GetProperty("errors").EnumerateArray().Select(fault => (
                fault.GetProperty("path").GetString(), fault.GetProperty("code").GetString(), fault.GetProperty("message").GetString()))
            .ShouldBe([
                ("form", "unknown-parameter", "There is no such query parameter here; this endpoint takes from, until."),
                ("number", "unknown-parameter", "There is no such query parameter here; this endpoint takes from, until."),
            ]);
    }

    [Fact]
    public async Task A_query_that_cannot_be_read_is_refused_by_name()
    {
        var (status, problem) = await Read(await _http.GetAsync(new Uri("/parcels?limit=few", UriKind.Relative), TestContext.Current.CancellationToken));
        (status, problem.GetProperty("code").GetString()).ShouldBe((HttpStatusCode.BadRequest, "unreadable-request"));
        problem.GetProperty("detail").GetString()!.ShouldContain("limit");
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
