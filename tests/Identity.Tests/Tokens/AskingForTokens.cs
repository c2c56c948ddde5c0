using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CarbonMarket.Identity.Tests.Tokens;

[Collection<RunningIdentity>]
public sealed class AskingForTokens(IdentityFixture identity)
{
    [Fact]
    public async Task A_token_says_for_whom_its_client_acts_and_as_what()
    {
        var client = IdentityFixture.Client(await identity.Registered("emitter"), "emitter", "trader");
        await identity.Admitted(client);

        using var response = await identity.Service.AskToken(client.ClientId, client.Secret);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        answer.GetProperty("expires_in").GetInt32().ShouldBeInRange(3590, 3600);
        answer.GetProperty("token_type").GetString().ShouldBe("Bearer");
        var (header, claims) = Read(answer.GetProperty("access_token").GetString()!);
        header.GetProperty("typ").GetString().ShouldBe("at+jwt");
        header.GetProperty("alg").GetString().ShouldBe("RS256");
        claims.GetProperty("iss").GetString().ShouldBe(identity.Service.Ground.Issuer);
        claims.GetProperty("aud").GetString().ShouldBe("carbonmarket");
        claims.GetProperty("sub").GetString().ShouldBe(client.ClientId);
        claims.GetProperty("client_id").GetString().ShouldBe(client.ClientId);
        claims.GetProperty("participant").GetGuid().ShouldBe(client.ParticipantId);
        claims.GetProperty("role").EnumerateArray().Select(role => role.GetString()).ShouldBe(["emitter", "trader"]);
    }

    [Fact]
    public async Task One_role_is_a_list_too()
    {
        var (_, claims) = Read(await identity.Service.Token(IdentityService.OperatorClientId, IdentityService.OperatorSecret));

        claims.GetProperty("role").EnumerateArray().Single().GetString().ShouldBe("operator");
    }

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_client_are_refused_alike()
    {
        using var wrong = await identity.Service.AskToken(IdentityService.OperatorClientId, IdentityService.NewSecret());
        using var unknown = await identity.Service.AskToken("nobody", IdentityService.NewSecret());

        foreach (var refused in new[] { wrong, unknown })
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString().ShouldBe("invalid_client");
        }
    }

    [Theory]
    [InlineData("password")]
    [InlineData("authorization_code")]
    [InlineData("refresh_token")]
    public async Task No_other_grant_is_offered(string grant)
    {
        using var refused = await identity.Service.AskToken(IdentityService.OperatorClientId, IdentityService.OperatorSecret, grant);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString().ShouldBe("unsupported_grant_type");
    }

    [Fact]
    public async Task A_token_whose_claims_were_changed_is_refused()
    {
        var (_, emitter) = await identity.Acting("emitter");
        using (emitter)
        {
            var parts = emitter.DefaultRequestHeaders.Authorization!.Parameter!.Split('.');
            var claims = Encoding.UTF8.GetString(Decode(parts[1])).Replace("\"emitter\"", "\"operator\"", StringComparison.Ordinal);
            using var forger = identity.Service.With($"{parts[0]}.{Encode(Encoding.UTF8.GetBytes(claims))}.{parts[2]}");

            using var refused = await forger.GetAsync(new Uri("identity/participants", UriKind.Relative));

            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("carbonmarket", HttpStatusCode.OK)]
    [InlineData("another-platform", HttpStatusCode.Unauthorized)]
    [InlineData("CarbonMarket", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    public async Task A_token_of_the_same_issuer_for_somebody_else_is_refused(string? audience, HttpStatusCode status)
    {
        using var caller = identity.Service.With(Signed(audience));

        using var answer = await caller.GetAsync(new Uri("identity/participants", UriKind.Relative));

        answer.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task The_discovery_document_names_the_issuer_and_addresses_of_the_host_it_was_asked_at()
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri(".well-known/openid-configuration", UriKind.Relative));
        asked.Headers.Host = new Uri(identity.Service.Ground.Issuer).Authority;
        using var throughGateway = await identity.Service.Http.SendAsync(asked);
        var outside = await throughGateway.Content.ReadFromJsonAsync<JsonElement>();
        var inside = await identity.Service.Http.Read(".well-known/openid-configuration");

        inside.GetProperty("issuer").GetString().ShouldBe(identity.Service.Ground.Issuer);
        inside.GetProperty("jwks_uri").GetString().ShouldStartWith(identity.Service.Http.BaseAddress!.AbsoluteUri);
        outside.GetProperty("token_endpoint").GetString().ShouldBe(identity.Service.Ground.Issuer + "connect/token");
        outside.GetProperty("grant_types_supported").EnumerateArray().Select(grant => grant.GetString()).ShouldBe(["client_credentials"]);
    }

    /// <summary>As the platform signs its own, but for anybody.</summary>
    private string Signed(string? audience)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(File.ReadAllText(identity.Service.Ground.KeyFile));
        var key = new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: true));
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = identity.Service.Ground.Issuer,
            Audience = audience,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = "somebody", ["client_id"] = "somebody", ["participant"] = IdentityFixture.NewId().ToString(), ["role"] = new[] { "auditor" },
            },
            Expires = TimeProvider.System.GetUtcNow().AddHours(1).UtcDateTime,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        });
    }

    private static (JsonElement Header, JsonElement Claims) Read(string token)
    {
        var parts = token.Split('.');
        parts.Length.ShouldBe(3);
        return (JsonElement.Parse(Decode(parts[0])), JsonElement.Parse(Decode(parts[1])));
    }

    private static byte[] Decode(string part) => System.Buffers.Text.Base64Url.DecodeFromChars(part);

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
