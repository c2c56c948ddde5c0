using CarbonMarket.Gateway.Running;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.Gateway.Passing;

public sealed class OwnAnswerTests
{
    [Theory]
    [InlineData(422, """{"code":"report-verified"}""")]
    [InlineData(403, """{"code":"http-403"}""")]
    [InlineData(503, """{"code":"engine-unavailable"}""")]
    public async Task A_services_own_refusal_passes_untouched(int status, string body)
    {
        await using var gateway = await RunningGateway.Start();
        gateway["trading"].Answer = context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, "application/problem+json");
            context.Response.Headers.RetryAfter = "7";
            context.Response.Headers["X-Own"] = "kept";
            context.Response.Headers.Server = "Tiny/1.0";
            return context.Response.WriteAsync(body);
        };
        using var answer = await gateway.As("mill-desk").Get("/trading/anything");
        ((int)answer.StatusCode, await Text(answer), answer.Content.Headers.ContentType?.ToString()).ShouldBe((status, body, "application/problem+json"));
        (answer.Header("Retry-After"), answer.Header("X-Own")).ShouldBe(("7", "kept"));
        answer.Header("Server").ShouldBeNull("what a service runs on is nobody's business");
    }

    [Theory]
    [InlineData(404, true)]
    [InlineData(404, false)]
    [InlineData(500, true)]
    [InlineData(500, false)]
    public async Task A_services_refusal_without_words_is_not_given_the_gateways(int status, bool saysHowLong)
    {
        await using var gateway = await RunningGateway.Start();
        gateway["trading"].Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentLength = saysHowLong ? 0 : null;
            return context.Response.WriteAsync(string.Empty);
        };
        using var answer = await gateway.As("mill-desk").Get("/trading/anything");
        ((int)answer.StatusCode, await Text(answer)).ShouldBe((status, string.Empty));
    }

    private static Task<string> Text(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
