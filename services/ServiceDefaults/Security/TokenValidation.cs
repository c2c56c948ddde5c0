using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace CarbonMarket.ServiceDefaults.Security;

public static class TokenValidation
{
    /// <summary>
    /// Whom Identity's tokens are for. A token that the same issuer signed for another system is not one for the market.
    /// </summary>
    public const string Audience = "carbonmarket";

    /// <summary>
    /// Every service checks the token itself; the gateway's check is a second wall. An endpoint that says nothing about
    /// authorization needs an authenticated caller.
    /// </summary>
    public static TBuilder AddTokenValidation<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var identity = builder.Configuration.GetSection("Identity");
        builder.Services.AddSingleton<CheckedTokens>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MetadataAddress = identity["MetadataAddress"]
                ?? throw new InvalidOperationException("Identity:MetadataAddress is not set: the URL of Identity's discovery document.");
            options.RequireHttpsMetadata = identity.GetValue("RequireHttpsMetadata", false);
            options.MapInboundClaims = false;
            // A token's lifetime is a matter of security and runs on system time, never on the market clock.
            options.TimeProvider = TimeProvider.System;
            options.AutomaticRefreshInterval = TimeSpan.FromHours(1);
            options.RefreshInterval = TimeSpan.FromSeconds(2);
            options.EventsType = typeof(CheckedTokens);
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = identity["Issuer"]
                    ?? throw new InvalidOperationException("Identity:Issuer is not set: the public base URL that tokens are issued under."),
                ValidAudience = Audience,
                NameClaimType = "sub",
                RoleClaimType = "role",
                ValidTypes = ["at+jwt"],
                ClockSkew = TimeSpan.FromSeconds(30),
            };
        });
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .SetDefaultPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, WrongRole>();
        builder.Services.Configure<AuthorizationOptions>(options =>
        {
            foreach (var role in Roles.All)
                options.AddPolicy(role, policy => policy.RequireRole(role));
        });
        return builder;
    }
}
