using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CarbonMarket.Trading.Streaming;

namespace CarbonMarket.Trading.MarketData;

/// <summary>A message on its way to consumers. What is written is the same for all and is written once.</summary>
public sealed class PublishedMessage(MarketDataMessage message, ResumePoint point)
{
    public MarketDataMessage Message => message;

    public ResumePoint Point => point;

    public string Json => field ??= StreamJson.Write(message);
}

/// <summary>What a consumer is sent.</summary>
public abstract record StreamItem
{
    private StreamItem()
    {
    }

    /// <param name="Point">Null: the consumer has not come to a place it could come back to; the next item says one.</param>
    public sealed record Data(PublishedMessage Published, ResumePoint? Point) : StreamItem;

    /// <summary>Everything up to here has been sent.</summary>
    public sealed record Heartbeat(ResumePoint Point) : StreamItem;

    /// <param name="Reason">One of <see cref="EndReason"/>.</param>
    public sealed record End(string Reason) : StreamItem;
}

/// <summary>
/// One consumer of a market's data: what it begins with, and a bounded queue of what follows. The publisher never waits
/// for it.
/// </summary>
public sealed class MarketDataSubscription : IDisposable
{
    private readonly MarketDataPublisher _publisher;
    private readonly ImmutableHashSet<string> _instruments;
    private readonly ImmutableHashSet<MarketDataChannel> _channels;
    private readonly Channel<PublishedMessage> _following;
    private string? _endReason;

    internal MarketDataSubscription(
        MarketDataPublisher publisher, ImmutableHashSet<string> instruments, ImmutableHashSet<MarketDataChannel> channels, int buffer)
    {
        (_publisher, _instruments, _channels) = (publisher, instruments, channels);
        _following = Channel.CreateBounded<PublishedMessage>(new BoundedChannelOptions(buffer) { SingleReader = true });
    }

    /// <summary>What it missed, or snapshots.</summary>
    internal ImmutableArray<StreamItem> Beginning { get; set; } = [];

    internal bool IsDrained => _following.Reader.Count == 0;

    /// <summary>Ends with <see cref="StreamItem.End"/> when the publisher ends it.</summary>
    /// <param name="heartbeat">After this much silence the consumer is told how far everything has been sent.</param>
    public async IAsyncEnumerable<StreamItem> Read(TimeSpan heartbeat, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var item in Beginning)
            yield return item;
        Beginning = [];
        if (_publisher.ReachedBy(this) is { } begun)
            yield return new StreamItem.Heartbeat(begun);
        var arrival = _following.Reader.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (!await arrival.CompletesWithin(heartbeat, cancellationToken))
            {
                if (_publisher.ReachedBy(this) is { } point)
                    yield return new StreamItem.Heartbeat(point);
                continue;
            }
            while (_following.Reader.TryRead(out var published))
                yield return new StreamItem.Data(published, published.Point);
            if (!await arrival)
                break;
            arrival = _following.Reader.WaitToReadAsync(cancellationToken).AsTask();
        }
        yield return new StreamItem.End(_endReason ?? EndReason.NotServed);
    }

    /// <summary>The consumer is let go; what waits for it is still sent.</summary>
    public void End(string reason)
    {
        Interlocked.CompareExchange(ref _endReason, reason, null);
        _following.Writer.TryComplete();
    }

    /// <summary>Lasts no longer than the request, the caller's token and the process.</summary>
    internal MarketDataSubscription For(HttpContext context)
    {
        context.Response.RegisterForDispose(this);
        var life = StreamLife.Of(context);
        context.Response.RegisterForDispose(life.Ended.Register(() => End(life.Reason)));
        return this;
    }

    public void Dispose() => _publisher.Leave(this);

    internal bool Wants(MarketDataMessage message) => _channels.Contains(message.Channel) && _instruments.Contains(message.Instrument);

    /// <summary>False: the consumer is too slow and has been let go.</summary>
    internal bool Offer(PublishedMessage published)
    {
        if (_following.Writer.TryWrite(published))
            return true;
        End(EndReason.SlowConsumer);
        return false;
    }
}
