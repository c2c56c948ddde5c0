using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Streaming;

namespace CarbonMarket.Trading.MarketData;

/// <summary>
/// Tells one market's data: folds what is committed, keeps the newest messages for those who come back, and hands each to
/// the consumers who follow it. What it holds is bounded, and it waits for nobody.
/// </summary>
public sealed class MarketDataPublisher(ImmutableArray<PolicyPack> packs, StreamingOptions options)
{
    private readonly Lock _gate = new();
    private readonly PublishedMessage?[] _replay = new PublishedMessage?[options.ReplayBuffer];
    private readonly HashSet<MarketDataSubscription> _subscriptions = [];
    private MarketDataFold _fold = new(packs);
    private ResumePoint _keptAfter = ResumePoint.AfterAllOf(0);
    private long _published;
    private bool _isLive;

    /// <summary>Of the journal, as far as it has been published.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
                return _fold.Version;
        }
    }

    /// <summary>
    /// Registers a consumer, atomically with where the data stand: what it begins with and what follows meet without a gap.
    /// </summary>
    /// <param name="after">Where the consumer stands; null, or a place no longer known: it begins with snapshots.</param>
    public MarketDataSubscription Subscribe(
        IReadOnlyCollection<Instrument> instruments, IReadOnlyCollection<MarketDataChannel> channels, ResumePoint? after)
    {
        lock (_gate)
        {
            RequireLive();
            var subscription = new MarketDataSubscription(
                this, [.. instruments.Select(rules => rules.Id)], [.. channels], options.ConnectionBuffer);
            subscription.Beginning = after is { } point && Knows(point) ? Missed(subscription, point) : Anew(instruments, channels);
            _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public ImmutableArray<MarketDataMessage> Snapshot(
        IReadOnlyCollection<Instrument> instruments, IReadOnlyCollection<MarketDataChannel> channels)
    {
        lock (_gate)
        {
            RequireLive();
            return [.. instruments.SelectMany(rules => channels.Order().Select(channel => _fold.Snapshot(rules, channel)))];
        }
    }

    /// <summary>The bars that the store does not have yet, oldest first, the one that trades still enter included.</summary>
    public ImmutableArray<Bar> NewestBars(string instrument, BarInterval interval)
    {
        lock (_gate)
        {
            RequireLive();
            return [.. _fold.Feeds.Where(feed => feed.Key == instrument).SelectMany(feed => feed.Value.Bars.Finished.Concat(feed.Value.Bars.Current))
                .Where(bar => bar.Interval == interval)];
        }
    }

    internal void Begin(MarketDataFold fold)
    {
        lock (_gate)
        {
            _fold = fold;
            Array.Clear(_replay);
            _published = 0;
            _keptAfter = ResumePoint.AfterAllOf(fold.LastToldVersion);
        }
    }

    internal void Publish(CommittedCommand command)
    {
        lock (_gate)
        {
            var messages = _fold.Evolve(command);
            for (var i = 0; i < messages.Count; i++)
                Publish(new PublishedMessage(messages[i], new ResumePoint(MarketDataFold.Format, _fold.Version, i)));
        }
    }

    /// <summary>The fold has caught up with the market; consumers may come.</summary>
    internal void GoLive()
    {
        lock (_gate)
            _isLive = true;
    }

    /// <summary>The market is not served here for the moment; its consumers ask again, here or elsewhere.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isLive = false;
            foreach (var subscription in _subscriptions)
                subscription.End(EndReason.NotServed);
            _subscriptions.Clear();
        }
    }

    internal void Leave(MarketDataSubscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
    }

    /// <summary>Where a consumer stands to whom everything has been handed; null: something waits for it still.</summary>
    internal ResumePoint? ReachedBy(MarketDataSubscription subscription)
    {
        lock (_gate)
            return subscription.IsDrained && _subscriptions.Contains(subscription) ? ResumePoint.AfterAllOf(_fold.Version) : null;
    }

    /// <summary>The fold's state and the bars that have come about since the last saving, to be saved together.</summary>
    internal (MarketDataState State, ImmutableArray<(string Instrument, ImmutableArray<Bar> Bars)> Finished) Capture()
    {
        lock (_gate)
            return (_fold.Save(), [.. _fold.Feeds.Select(feed => (feed.Key, feed.Value.Bars.Finished.ToImmutableArray()))]);
    }

    /// <summary>What was captured is in the store.</summary>
    internal void Forget(ImmutableArray<(string Instrument, ImmutableArray<Bar> Bars)> saved)
    {
        lock (_gate)
        {
            var counts = saved.ToDictionary(feed => feed.Instrument, feed => feed.Bars.Length, StringComparer.Ordinal);
            foreach (var (instrument, feed) in _fold.Feeds)
                feed.Bars.Forget(counts.GetValueOrDefault(instrument));
        }
    }

    private void Publish(PublishedMessage message)
    {
        ref var place = ref _replay[_published++ % _replay.Length];
        if (place is not null)
            _keptAfter = place.Point;
        place = message;
        _subscriptions.RemoveWhere(subscription => subscription.Wants(message.Message) && !subscription.Offer(message));
    }

    private bool Knows(ResumePoint point) =>
        point.Format == MarketDataFold.Format && point >= _keptAfter && point <= ResumePoint.AfterAllOf(_fold.Version);

    private ImmutableArray<StreamItem> Missed(MarketDataSubscription subscription, ResumePoint after)
    {
        var missed = ImmutableArray.CreateBuilder<StreamItem>();
        for (var i = Math.Max(0, _published - _replay.Length); i < _published; i++)
        {
            var message = _replay[i % _replay.Length]!;
            if (message.Point > after && subscription.Wants(message.Message))
                missed.Add(new StreamItem.Data(message, message.Point));
        }
        return missed.DrainToImmutable();
    }

    /// <summary>Only with the last of the snapshots has the consumer come to a place it could come back to.</summary>
    private ImmutableArray<StreamItem> Anew(IReadOnlyCollection<Instrument> instruments, IReadOnlyCollection<MarketDataChannel> channels)
    {
        var here = ResumePoint.AfterAllOf(_fold.Version);
        ImmutableArray<MarketDataMessage> snapshots = [.. Snapshot(instruments, channels).SelectMany(snapshot => snapshot.InParts())];
        return [.. snapshots.Select((snapshot, i) => new StreamItem.Data(
            new PublishedMessage(snapshot, here), i == snapshots.Length - 1 ? here : null))];
    }

    private void RequireLive()
    {
        if (!_isLive)
            throw new EngineUnavailableException("The market's data are being prepared; ask again.");
    }
}
