using System.Globalization;
using System.Security.Claims;

namespace CarbonMarket.Trading.Streaming;

public static class EndReason
{
    /// <summary>More was waiting for the consumer than it may leave waiting.</summary>
    public const string SlowConsumer = "slow-consumer";

    /// <summary>The market is not served here any more; it is elsewhere, or will be here again in a moment.</summary>
    public const string NotServed = "not-served";

    public const string ShuttingDown = "shutting-down";

    /// <summary>The token that opened the stream is no longer good; the consumer comes again with another.</summary>
    public const string TokenExpired = "token-expired";
}

/// <summary>What ends an open stream from outside: its caller's token runs out, or the process is told to stop.</summary>
internal sealed class StreamLife : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _ended;

    private StreamLife(TimeSpan left, CancellationToken stopping)
    {
        _stopping = stopping;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _ended.CancelAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest);
    }

    public CancellationToken Ended => _ended.Token;

    /// <summary>Why it has ended.</summary>
    public string Reason => _stopping.IsCancellationRequested ? EndReason.ShuttingDown : EndReason.TokenExpired;

    /// <summary>Lasts no longer than the request.</summary>
    public static StreamLife Of(HttpContext context)
    {
        var left = long.TryParse(context.User.FindFirstValue("exp"), CultureInfo.InvariantCulture, out var expiry)
            ? DateTimeOffset.FromUnixTimeSeconds(expiry) - TimeProvider.System.GetUtcNow()
            : Longest;
        var life = new StreamLife(left, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        context.Response.RegisterForDispose(life);
        return life;
    }

    public void Dispose() => _ended.Dispose();
}
