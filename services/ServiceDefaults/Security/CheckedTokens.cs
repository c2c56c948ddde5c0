using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;

namespace CarbonMarket.ServiceDefaults.Security;

/// <summary>
/// Whom the tokens that were found valid a moment ago stand for. Checking a signature costs more than all else a short request
/// does, and a trading client sends the same token many thousand times; the same bytes are not checked again until a minute has
/// passed or the token has expired. Only what was valid is remembered.
/// </summary>
internal sealed class CheckedTokens : JwtBearerEvents, IDisposable
{
    private const int Most = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _principals = new(new MemoryCacheOptions { SizeLimit = Most });

    public override Task MessageReceived(MessageReceivedContext context)
    {
        if (Header(context.Request) is { Length: > 0 } header && _principals.TryGetValue(header, out ClaimsPrincipal? known))
        {
            context.Principal = known;
            context.Success();
        }
        return Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        var now = TimeProvider.System.GetUtcNow();
        var end = new DateTimeOffset(DateTime.SpecifyKind(context.SecurityToken.ValidTo, DateTimeKind.Utc));
        if (now < end)
            _principals.Set(Header(context.Request), context.Principal, new MemoryCacheEntryOptions
            {
                Size = 1, AbsoluteExpiration = end < now + Longest ? end : now + Longest,
            });
        return Task.CompletedTask;
    }

    public void Dispose() => _principals.Dispose();

    private static string Header(HttpRequest request) => request.Headers.Authorization.ToString();
}
