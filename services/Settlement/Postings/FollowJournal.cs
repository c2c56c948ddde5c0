using System.Collections.Concurrent;
using CarbonMarket.Journaling;
using CarbonMarket.Settlement.Ledger;
using JasperFx.Events;
using Marten;

namespace CarbonMarket.Settlement.Postings;

/// <summary>How far the leader has booked each market's journal.</summary>
public sealed class PostingHeads
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, PostingHead> _heads = new(StringComparer.Ordinal);

    public PostingHead this[string market]
    {
        get => _heads.GetValueOrDefault(market, PostingHead.Start);
        internal set => _heads[market] = value;
    }

    /// <summary>Waits until a head has come far enough. False: it has not in five seconds, as after a rebuild.</summary>
    public async Task<bool> Reached(string market, Func<PostingHead, bool> enough, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!enough(this[market]))
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                return false;
            await Task.Delay(Glance, TimeProvider.System, cancellationToken);
        }
        return true;
    }
}

/// <summary>
/// While this process leads, each market's journal is booked as it grows, from wherever the postings are. The ledger waits
/// for none of it: what fails here is tried again, and those who ask are told to come again.
/// </summary>
public sealed class FollowJournal(
    Ledgers ledgers, IDocumentStore store, PostingStore postings, PostingHeads heads, ILogger<FollowJournal> logger) : ILeaderDuty
{
    private const int FactsAtOnce = 1000;
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    public string Name => "postings";

    public bool IsReady => true;

    public Task Run(CancellationToken untilLost) => Task.WhenAll(ledgers.All.Select(ledger => Follow(ledger, untilLost)));

    private async Task Follow(MarketLedger ledger, CancellationToken untilLost)
    {
        var market = ledger.Engine.Partition;
        while (true)
        {
            var pause = Pause;
            try
            {
                await postings.ForgetEarlierFormat(market, untilLost);
                heads[market] = await postings.Head(market, untilLost);
                while (true)
                    await Book(ledger, market, untilLost);
            }
            catch (EngineUnavailableException)
            {
                logger.LogDebug("{Market} is not served here for the moment; its postings wait at version {Version}", market, heads[market].Version);
            }
            catch (Exception exception) when (!untilLost.IsCancellationRequested)
            {
                logger.LogError(exception, "The postings of {Market} failed at version {Version} and are tried again", market, heads[market].Version);
                pause = PauseAfterFailure;
            }
            await Task.Delay(pause, TimeProvider.System, untilLost);
        }
    }

    private async Task Book(MarketLedger ledger, string market, CancellationToken untilLost)
    {
        var head = heads[market];
        // Nothing stands in the feed before it is durable; the facts are read from the store, which knows when they were recorded.
        using (var glance = CancellationTokenSource.CreateLinkedTokenSource(untilLost))
        {
            glance.CancelAfter(Glance);
            try
            {
                await ledger.Engine.Feed.Next(head.Version, glance.Token);
            }
            catch (OperationCanceledException) when (!untilLost.IsCancellationRequested)
            {
                return; // Nothing has come; but the postings may have been thrown away meanwhile.
            }
        }
        await using var session = store.QuerySession();
        var facts = await session.Events.FetchStreamAsync(
            Ledgers.StreamOf(market), version: head.Version + FactsAtOnce, fromVersion: head.Version + 1, token: untilLost);
        if (facts.Count > 0)
            heads[market] = await postings.Book(market, head, [.. facts.Select(Fact)], untilLost);
    }

    private static JournalFact Fact(IEvent recorded) => new(recorded.Version, recorded.Timestamp, recorded.Data);
}
