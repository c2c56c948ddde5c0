using System.Text.RegularExpressions;
using CarbonMarket.Gateway.Running;

namespace CarbonMarket.Gateway.OpenApi;

public sealed partial class DocsPageTests(RunningGateway gateway)
{
    [Fact]
    public async Task The_documentation_is_a_page_that_needs_no_other_house()
    {
        using var client = gateway.With(null);
        var page = await client.Get("/docs/").Text();
        page.ShouldContain("CarbonMarket");
        page.ShouldContain("openapi.json");
        page.ShouldNotContain("https://", Case.Insensitive, "it must work where there is no internet");
        var scripts = Scripts().Matches(page).Select(match => match.Groups["address"].Value).ToList();
        scripts.ShouldNotBeEmpty();
        foreach (var script in scripts)
            (await client.Get(new Uri(new Uri(gateway.Address, "/docs/"), script).PathAndQuery).Text()).ShouldNotBeEmpty();
    }

    [GeneratedRegex("""<script[^>]*\ssrc="(?<address>[^"]+)""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scripts();
}
