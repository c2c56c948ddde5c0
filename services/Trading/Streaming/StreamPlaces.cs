using System.Threading.RateLimiting;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Trading.Streaming;

/// <summary>How many streams may be open: by one caller, and by all together. A place is free again when its stream has ended.</summary>
public sealed class StreamPlaces(StreamingOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _places = PartitionedRateLimiter.CreateChained(
        Limiter(caller => caller, options.StreamsPerCaller), Limiter(_ => "all", options.Streams));

    /// <summary>Keeps the place for as long as the request lasts. False: there is none.</summary>
    public bool TryTake(HttpContext context)
    {
        var lease = _places.AttemptAcquire(context.Actor().Subject);
        context.Response.RegisterForDispose(lease);
        return lease.IsAcquired;
    }

    public IResult TooMany(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return Problem.Of(StatusCodes.Status429TooManyRequests, "too-many-streams", TooManyReason);
    }

    public string TooManyReason => $"A caller may have {options.StreamsPerCaller} streams open, all callers together {options.Streams}.";

    public void Dispose() => _places.Dispose();

    private static PartitionedRateLimiter<string> Limiter(Func<string, string> partition, int permits) =>
        PartitionedRateLimiter.Create<string, string>(
            caller => RateLimitPartition.GetConcurrencyLimiter(
                partition(caller), _ => new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = 0 }),
            StringComparer.Ordinal);
}
