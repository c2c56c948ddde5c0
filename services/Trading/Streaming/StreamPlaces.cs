using System.Threading.RateLimiting;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Trading.Streaming;

public enum StreamDoor
{
    /// <summary>Market data and drop copies.</summary>
    Data,

    /// <summary>Sessions of order entry: who only watches takes no trader's place.</summary>
    OrderEntry,
}

/// <summary>
/// How many streams may be open at a door: by one caller, and by all together. A place is free again when its stream has ended.
/// </summary>
public sealed class StreamPlaces(StreamingOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<(StreamDoor Door, string Caller)> _places = PartitionedRateLimiter.CreateChained(
        Limiter(stream => stream, options.StreamsPerCaller), Limiter(stream => stream.Door, options.Streams));

    /// <summary>Keeps the place for as long as the request lasts. False: there is none.</summary>
    public bool TryTake(HttpContext context, StreamDoor door)
    {
        var lease = _places.AttemptAcquire((door, context.Actor().Subject));
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

    private static PartitionedRateLimiter<(StreamDoor Door, string Caller)> Limiter<TKey>(
        Func<(StreamDoor Door, string Caller), TKey> partition, int permits)
        where TKey : notnull =>
        PartitionedRateLimiter.Create<(StreamDoor Door, string Caller), TKey>(stream => RateLimitPartition.GetConcurrencyLimiter(
            partition(stream), _ => new ConcurrencyLimiterOptions { PermitLimit = permits, QueueLimit = 0 }));
}
