using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CarbonMarket.Testing.Service;

/// <summary>Takes a caller at its word: <c>Authorization: test ROLE PARTICIPANT SUBJECT</c>.</summary>
public sealed class TestCaller(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>A header that says, in seconds since 1970, until when the caller is to be believed; without it, always.</summary>
    public const string ExpiryHeader = "test-expiry";

    private const string Name = "test";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var said)
            || said.Parameter?.Split(' ', 3) is not [var role, var participant, var subject])
            return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity(
            [new("sub", subject), new("client_id", $"{role}-client"), new("role", role), new("participant", participant)], Name, "sub", "role");
        if (Request.Headers[ExpiryHeader] is [{ } expiry])
            identity.AddClaim(new Claim("exp", expiry));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
    }

    /// <summary>Lets the service believe the test.</summary>
    public static void Register(IServiceCollection services) =>
        services.AddAuthentication(Name).AddScheme<AuthenticationSchemeOptions, TestCaller>(Name, null);

    /// <summary>What they say of themselves.</summary>
    /// <param name="participant">The organisation acted for.</param>
    /// <param name="subject">The person or machine that acts; null: somebody of the role.</param>
    public static AuthenticationHeaderValue Says(string role, Guid participant, string? subject = null) =>
        new(Name, $"{role} {participant} {subject ?? $"somebody-at-the-{role}"}");

    /// <summary>The client, which speaks for them from now on.</summary>
    /// <param name="role">Null: nobody.</param>
    public static HttpClient Speak(HttpClient client, string? role, Guid participant, string? subject = null)
    {
        client.DefaultRequestHeaders.Authorization = role is null ? null : Says(role, participant, subject);
        return client;
    }
}
