using System.Net;
using System.Security.Cryptography;
using CarbonMarket.Gateway.Running;
using Microsoft.IdentityModel.Tokens;

namespace CarbonMarket.Gateway.Tokens;

public sealed class TokenTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("/identity/participants")]
    [InlineData("/clock")]
    [InlineData("/allocation/markets/uk-ets/plans")]
    [InlineData("/verification/markets/uk-ets/reports")]
    [InlineData("/trading/markets/uk-ets/orders")]
    [InlineData("/settlement/markets/uk-ets/accounts")]
    [InlineData("/audit/events")]
    [InlineData("/no-such-thing")]
    public async Task Without_a_token_nothing_gets_through(string path)
    {
        var unique = $"{path}?{Guid.CreateVersion7()}";
        using var answer = await gateway.With(null).Get(unique);
        (await answer.Code(HttpStatusCode.Unauthorized)).ShouldBe("unauthenticated");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        Heard(unique).ShouldBeFalse();
    }

    [Fact]
    public async Task A_valid_token_is_passed_on_as_it_came()
    {
        var (token, path) = (gateway.Signer.Token(), $"/trading/{Guid.CreateVersion7()}");
        (await gateway.With(token).Get(path).Status()).ShouldBe(HttpStatusCode.OK);
        gateway["trading"].Requests.Single(request => request.Path == path).Headers["Authorization"].ShouldBe($"Bearer {token}");
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("not valid yet")]
    [InlineData("of another issuer")]
    [InlineData("for another audience")]
    [InlineData("for nobody in particular")]
    [InlineData("signed with another key")]
    [InlineData("unsigned")]
    [InlineData("changed after signing")]
    [InlineData("an identity token")]
    [InlineData("without an end")]
    [InlineData("no token at all")]
    public async Task A_token_that_Identity_did_not_issue_for_now_gets_nobody_through(string fault)
    {
        var path = $"/trading/{Guid.CreateVersion7()}";
        (await gateway.With(Faulty(fault)).Get(path).Code(HttpStatusCode.Unauthorized)).ShouldBe("unauthenticated");
        Heard(path).ShouldBeFalse();
    }

    [Fact]
    public async Task That_a_token_was_valid_a_moment_ago_says_nothing_of_another()
    {
        var (valid, rich, path) = (gateway.Signer.Token("poor-desk"), gateway.Signer.Token("rich-desk"), $"/trading/{Guid.CreateVersion7()}");
        for (var time = 0; time < 2; time++)
            (await gateway.With(valid).Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
        (await gateway.With(Spliced(valid, rich)).Get(path).Code(HttpStatusCode.Unauthorized)).ShouldBe("unauthenticated");
        (await gateway.With(valid[..^4] + "AAAA").Get(path).Code(HttpStatusCode.Unauthorized)).ShouldBe("unauthenticated");
        Heard(path).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_role_may_do_is_the_services_business()
    {
        var token = gateway.Signer.Token(change: descriptor => descriptor.Claims.Remove("role"));
        (await gateway.With(token).Get("/trading/anything").Status()).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/openapi.json")]
    [InlineData("/health/live")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task What_leads_to_a_token_is_open_to_everybody(string path) =>
        (await gateway.With(null).Get(path).Status()).ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Tokens_are_asked_for_without_one_and_under_the_name_the_caller_used()
    {
        var path = $"/connect/token?{Guid.CreateVersion7()}";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { Host = "market.example" }, Content = new StringContent("grant_type=client_credentials") };
        (await gateway.With(null).SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var heard = gateway["identity"].Requests.Single(heard => heard.Path == path);
        (heard.Headers["Host"], heard.Body).ShouldBe(("market.example", "grant_type=client_credentials"));
    }

    private string Faulty(string fault)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        using var forger = RSA.Create(2048);
        return fault switch
        {
            "expired" => gateway.Signer.Token(change: token => token.Expires = now.AddMinutes(-1)),
            "not valid yet" => gateway.Signer.Token(change: token => token.NotBefore = now.AddMinutes(2)),
            "of another issuer" => gateway.Signer.Token(change: token => token.Issuer = "http://elsewhere.example/"),
            "for another audience" => gateway.Signer.Token(change: token => token.Audience = "another-platform"),
            "for nobody in particular" => gateway.Signer.Token(change: token => token.Audience = null),
            "signed with another key" => gateway.Signer.Token(change: token => token.SigningCredentials =
                new SigningCredentials(new RsaSecurityKey(forger) { KeyId = "key-1", CryptoProviderFactory = new() { CacheSignatureProviders = false } }, SecurityAlgorithms.RsaSha256)),
            "unsigned" => gateway.Signer.Token(change: token => token.SigningCredentials = null),
            "changed after signing" => Spliced(gateway.Signer.Token("poor-desk"), gateway.Signer.Token("rich-desk")),
            "an identity token" => gateway.Signer.Token(change: token => token.TokenType = "JWT"),
            "without an end" => gateway.Signer.Token(change: token => token.Expires = null),
            _ => "let-me-in",
        };
    }

    /// <summary>One token's claims under another's signature.</summary>
    private static string Spliced(string signed, string claims) =>
        string.Join('.', signed.Split('.')[0], claims.Split('.')[1], signed.Split('.')[2]);

    private bool Heard(string path) => ((string[])["identity", "allocation", "verification", "trading", "settlement", "audit"])
        .Any(service => gateway[service].Requests.Any(request => request.Path == path));
}
