using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using CarbonMarket.Identity.Clients;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Microsoft.AspNetCore;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace CarbonMarket.Identity.Tokens;

public static class IssueToken
{
    /// <summary>Names the organisation a caller acts for.</summary>
    private const string ParticipantClaim = "participant";

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(TokensFeature.TokenPath, Handle)
        .AllowAnonymous()
        .PassesOverUnknownParameters()
        .WithTags("Identity")
        .WithName("identity-token")
        .WithSummary("An access token for an API client")
        .WithDescription(
            "OAuth 2.0 client credentials (RFC 6749, section 4.4): grant_type=client_credentials, client_id, client_secret, "
            + "as a form or with HTTP Basic. The token is a signed JWT, good for one hour, with the claims aud "
            + "(carbonmarket), sub, client_id, participant and role. 401 invalid_client, 400 invalid_request, "
            + "unsupported_grant_type.")
        .Accepts<TokenForm>("application/x-www-form-urlencoded")
        .Produces<TokenAnswer>()
        .Produces<TokenRefusal>(StatusCodes.Status400BadRequest)
        .Produces<TokenRefusal>(StatusCodes.Status401Unauthorized);

    // Called when OpenIddict has authenticated the client; it signs and writes what is handed to it here. Not a doc comment, whose
    // summary the API's document would take for the endpoint's.
    internal static async Task<IResult> Handle(HttpContext http, ClientApplications applications, CancellationToken cancellationToken)
    {
        var request = http.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("The token endpoint was reached without OpenIddict.");
        var application = await applications.FindByClientIdAsync(request.ClientId!, cancellationToken)
            ?? throw new InvalidOperationException("An authenticated client is not in the directory.");
        var (participantId, roles) = await applications.ActsFor(application, cancellationToken);
        var identity = new ClaimsIdentity("client_credentials", Claims.Subject, Claims.Role);
        identity.SetClaim(Claims.Subject, request.ClientId);
        identity.SetClaim(ParticipantClaim, participantId.ToString());
        identity.SetResources(TokenValidation.Audience);
        // An array also when there is one role, so that readers need one way to read it.
        identity.AddClaim(new Claim(Claims.Role, JsonSerializer.Serialize(roles), JsonClaimValueTypes.JsonArray));
        identity.SetDestinations(_ => ImmutableArray.Create(Destinations.AccessToken));
        return Results.SignIn(
            new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <param name="GrantType">client_credentials.</param>
    /// <param name="ClientId">What the program calls itself, as it was registered.</param>
    /// <param name="ClientSecret">The secret whose digest was registered.</param>
    public sealed record TokenForm(
        [property: JsonPropertyName("grant_type")] string GrantType,
        [property: JsonPropertyName("client_id")] string ClientId,
        [property: JsonPropertyName("client_secret")] string ClientSecret);

    /// <param name="AccessToken">A signed JWT; goes into the header Authorization: Bearer.</param>
    /// <param name="TokenType">Bearer.</param>
    /// <param name="ExpiresInSeconds">Seconds for which it is good, by system time: an hour.</param>
    public sealed record TokenAnswer(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] int ExpiresInSeconds);

    /// <param name="Error">invalid_client, invalid_request, unauthorized_client or unsupported_grant_type (RFC 6749, section 5.2).</param>
    /// <param name="Description">The same in words; null or left out: there is no more to say.</param>
    public sealed record TokenRefusal(
        [property: JsonPropertyName("error")] string Error,
        [property: JsonPropertyName("error_description")] string? Description);
}
