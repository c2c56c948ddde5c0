using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace CarbonMarket.Gateway.Protection;

public sealed class LimitOptions
{
    [Range(1024, 1L << 32)]
    public long LargestBodyBytes { get; set; } = 8 * 1024 * 1024;

    [Required, ValidateObjectMembers]
    public Bucket PerClient { get; set; } = new();

    [Required, ValidateObjectMembers]
    public Bucket PerAddress { get; set; } = new();

    /// <summary>For asking for a token, apart from all else that an address asks without one.</summary>
    [Required, ValidateObjectMembers]
    public Bucket TokensPerAddress { get; set; } = new();

    public sealed class Bucket
    {
        /// <summary>Requests a caller may make at once after a rest.</summary>
        [Range(1, int.MaxValue)]
        public int Burst { get; set; } = 4000;

        /// <summary>Requests a caller may make in the long run.</summary>
        [Range(1, int.MaxValue)]
        public int PerSecond { get; set; } = 500;
    }
}

/// <summary>
/// One token bucket for each API client, whatever address it calls from; callers without a valid token share the bucket
/// of their address, and have another for asking for a token: what they waste does not keep anybody there from it. Beyond it the answer is 429 with Retry-After.
/// </summary>
public static class RateLimits
{
    private const int RefillsPerSecond = 10;

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<LimitOptions>().BindConfiguration("Limits").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(Partition, StringComparer.Ordinal);
            // The body is written with those of all other refusals.
            limiter.OnRejected = (context, _) =>
            {
                var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var given) ? given.TotalSeconds : 1;
                context.HttpContext.Response.Headers.RetryAfter =
                    Math.Max(1, Math.Ceiling(wait)).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
        });
    }

    private static RateLimitPartition<string> Partition(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<IOptions<LimitOptions>>().Value;
        return context.User.FindFirstValue("client_id") is { } client
            ? RateLimitPartition.GetTokenBucketLimiter("client " + client, _ => Options(limits.PerClient))
            : context.Request.Path.StartsWithSegments("/connect/token", StringComparison.OrdinalIgnoreCase)
            ? RateLimitPartition.GetTokenBucketLimiter("tokens " + context.Connection.RemoteIpAddress, _ => Options(limits.TokensPerAddress))
            : RateLimitPartition.GetTokenBucketLimiter("address " + context.Connection.RemoteIpAddress, _ => Options(limits.PerAddress));
    }

    private static TokenBucketRateLimiterOptions Options(LimitOptions.Bucket bucket) => new()
    {
        TokenLimit = bucket.Burst,
        TokensPerPeriod = Math.Max(1, bucket.PerSecond / RefillsPerSecond),
        ReplenishmentPeriod = TimeSpan.FromSeconds(
            bucket.PerSecond < RefillsPerSecond ? 1.0 / bucket.PerSecond : 1.0 / RefillsPerSecond),
        QueueLimit = 0,
    };
}
