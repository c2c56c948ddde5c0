using System.Net;
using System.Text.Json;
using CarbonMarket.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.ServiceDefaults.Tests.Problems;

public sealed class LanguageTests : IAsyncLifetime
{
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _app = BareService.Of("parcels").Build();
        _app.UseServiceDefaults();
        _app.MapGet("/lost", () => Problem.NotFound("parcel-lost", $"The parcel weighs {1234.5} kg.")).AllowAnonymous();
        _app.MapGet("/untitled", () => Problem.Refused("nobody-titled-this", "An old code.")).AllowAnonymous();
        _app.MapGet("/broken", IResult () => throw new TimeoutException()).AllowAnonymous();
        _app.MapGet("/weight", () => new { weight = 1234.5, told = $"{1234.5:N1}", on = $"{new DateOnly(2021, 6, 1)}" }).AllowAnonymous();
        _app.MapGet("/faulty", () =>
        {
            var faults = new Faults();
            faults.Add("$.items", "batch-size", "A batch has 1-500 items, not 0.");
            return faults.ToProblem();
        }).AllowAnonymous();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("zh")]
    [InlineData("zh-Hans-CN")]
    [InlineData("ZH-tw")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8")]
    [InlineData("en;q=0.4, zh;q=0.5")]
    [InlineData("fr, de, it, es, zh-CN;q=0.1")]
    [InlineData("en;q=0, zh-CN;q=0.1")]
    public async Task Whoever_prefers_Chinese_reads_Chinese(string accepted) =>
        await Answers("/lost", accepted, "zh-CN", "包裹已丢失。");

    [Theory]
    [InlineData(null)]
    [InlineData("en-GB")]
    [InlineData("fr")]
    [InlineData("*")]
    [InlineData("zhx")]
    [InlineData("en, zh-CN;q=0.9")]
    [InlineData("zh-CN;q=0.3, en;q=0.7")]
    [InlineData("zh-CN;q=0, fr")]
    [InlineData("not a language; at=all")]
    public async Task Everybody_else_reads_English(string? accepted) =>
        await Answers("/lost", accepted, "en", "The parcel is lost.");

    [Theory]
    [InlineData("/broken", HttpStatusCode.ServiceUnavailable, "timeout", "处理超时。")]
    [InlineData("/nowhere", HttpStatusCode.Unauthorized, "http-401", "需要有效的访问令牌。")]
    public async Task What_no_endpoint_decided_is_told_in_the_same_language(string path, HttpStatusCode status, string code, string title)
    {
        var problem = await Answers(path, "zh", "zh-CN", title);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Each_fault_has_a_title_too()
    {
        var fault = (await Answers("/faulty", "zh", "zh-CN", "输入有误，未作任何处理。")).GetProperty("errors")[0];
        fault.GetProperty("code").GetString().ShouldBe("batch-size");
        fault.GetProperty("title").GetString().ShouldBe("批次为空或条目过多。");
        fault.GetProperty("message").GetString().ShouldBe("A batch has 1-500 items, not 0.");
    }

    [Fact]
    public async Task Code_type_and_detail_are_the_same_in_every_language()
    {
        var problem = await Answers("/lost", "zh-CN", "zh-CN", "包裹已丢失。");
        problem.GetProperty("code").GetString().ShouldBe("parcel-lost");
        problem.GetProperty("type").GetString().ShouldBe("urn:carbonmarket:problem:parcel-lost");
        problem.GetProperty("detail").GetString().ShouldBe("The parcel weighs 1234.5 kg.");
    }

    [Fact]
    public async Task A_code_that_nobody_titled_is_its_own_title() =>
        await Answers("/untitled", "zh-CN", "zh-CN", "nobody-titled-this");

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    [InlineData("de-DE")]
    public async Task Data_has_one_form_and_no_language(string accepted)
    {
        using var response = await Get("/weight", accepted);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"weight":1234.5,"told":"1,234.5","on":"06/01/2021"}""");
        response.Content.Headers.ContentLanguage.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<JsonElement> Answers(string path, string? accepted, string language, string title)
    {
        using var response = await Get(path, accepted);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        problem.GetProperty("title").GetString().ShouldBe(title);
        response.Content.Headers.ContentLanguage.ShouldBe([language]);
        response.Headers.Vary.ShouldContain("Accept-Language");
        return problem;
    }

    private async Task<HttpResponseMessage> Get(string path, string? accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accepted is not null)
            request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        return await _http.SendAsync(request);
    }
}
