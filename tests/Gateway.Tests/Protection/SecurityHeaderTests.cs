using CarbonMarket.Gateway.Running;

namespace CarbonMarket.Gateway.Protection;

public sealed class SecurityHeaderTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("/trading/anything", true)]
    [InlineData("/trading/anything", false)]
    [InlineData("/weather/today", true)]
    [InlineData("/openapi.json", false)]
    [InlineData("/health/ready", false)]
    [InlineData("/", false)]
    public async Task A_browser_is_told_to_do_nothing_with_an_answer_but_read_it(string path, bool withToken)
    {
        using var answer = await (withToken ? gateway.As("mill-desk") : gateway.With(null)).Get(path);
        answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        answer.Header("X-Frame-Options").ShouldBe("DENY");
        answer.Header("Referrer-Policy").ShouldBe("no-referrer");
        answer.Header("Content-Security-Policy").ShouldBe("default-src 'none'; frame-ancestors 'none'");
        answer.Header("Server").ShouldBeNull();
        answer.Header("Strict-Transport-Security").ShouldBeNull("over plain HTTP it would be ignored");
    }

    [Theory]
    [InlineData("/docs/")]
    [InlineData("/DOCS/")]
    public async Task Only_the_documentation_runs_scripts_and_only_its_own(string path)
    {
        using var answer = await gateway.With(null).Get(path);
        var policy = answer.Header("Content-Security-Policy")!.Split("; ");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self' 'unsafe-inline'");
        policy.ShouldContain("frame-ancestors 'none'");
    }
}
