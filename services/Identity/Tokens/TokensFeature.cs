using CarbonMarket.Identity.Clients;
using Npgsql;
using OpenIddict.EntityFrameworkCore.Models;

namespace CarbonMarket.Identity.Tokens;

/// <summary>The authorization server: OpenIddict, client credentials only.</summary>
public static class TokensFeature
{
    public const string TokenPath = "/connect/token";
    private const string DiscoveryPath = "/.well-known/openid-configuration";
    private const string KeysPath = "/.well-known/jwks";
    private static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromHours(1);

    public static void AddTokens(this WebApplicationBuilder builder)
    {
        var issuer = Issuer(builder.Configuration);
        var key = SigningKey.Load(builder.Configuration);
        builder.Services.AddDbContext<ClientDirectory>((provider, options) =>
            ClientDirectory.Configure(options, provider.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<ClientDirectory>().ReplaceDefaultEntities<Guid>();
                core.ReplaceApplicationManager<OpenIddictEntityFrameworkCoreApplication<Guid>, ClientApplications>();
                core.Configure(options => options.TimeProvider = TimeProvider.System);
            })
            .AddServer(server =>
            {
                server.SetIssuer(issuer)
                    .SetTokenEndpointUris(TokenPath)
                    .SetConfigurationEndpointUris(DiscoveryPath)
                    .SetJsonWebKeySetEndpointUris(KeysPath)
                    .AllowClientCredentialsFlow()
                    .SetAccessTokenLifetime(AccessTokenLifetime)
                    .AddSigningKey(key)
                    // Every service reads the token itself, so it is signed and not encrypted. OpenIddict asks for an
                    // encryption key for kinds of tokens that are never issued here; it may change at each start.
                    .DisableAccessTokenEncryption()
                    .AddEphemeralEncryptionKey()
                    // A token is good until it expires and is looked up nowhere, so storing it would only cost a write
                    // for each. A revoked client gets no new one; what must end sooner than that is the signing key.
                    .DisableTokenStorage()
                    .DisableAuthorizationStorage();
                // Lifetimes are a matter of security: they run on system time, never on the market clock.
                server.Configure(options => options.TimeProvider = TimeProvider.System);
                // TLS ends at the gateway; the network behind it is the platform's own.
                server.UseAspNetCore().EnableTokenEndpointPassthrough().DisableTransportSecurityRequirement();
            });
    }

    /// <summary>
    /// Through the gateway the discovery document must name public addresses. The gateway passes the public host on, but
    /// speaks plain HTTP; under the issuer's own host the issuer's scheme is the true one.
    /// </summary>
    public static void UseIssuerScheme(this WebApplication app)
    {
        var issuer = Issuer(app.Configuration);
        app.Use((context, next) =>
        {
            if (context.Request.Host == new HostString(issuer.Authority))
                context.Request.Scheme = issuer.Scheme;
            return next(context);
        });
    }

    private static Uri Issuer(IConfiguration configuration) =>
        Uri.TryCreate(configuration["Identity:Issuer"], UriKind.Absolute, out var issuer)
            ? issuer
            : throw new InvalidOperationException("Identity:Issuer is not set to an absolute URL: the public base URL that tokens are issued under.");
}
