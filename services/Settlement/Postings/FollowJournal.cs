using System.Collections.Concurrent;
using CarbonMarket.Journaling;
using CarbonMarket.Settlement.Ledger;

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

    /// <summary>From one head to the next, unless the postings were thrown away in between.</summary>
    internal void GoOn(string market, PostingHead from, PostingHead to) => _heads.TryUpdate(market, to, from);

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
    Ledgers ledgers, PostingStore postings, PostingHeads heads, ILogger<FollowJournal> logger) : ILeaderDuty
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
                    await GoOn(ledger, market, untilLost);
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

    private async Task GoOn(MarketLedger ledger, string market, CancellationToken untilLost)
    {
        var head = heads[market];
        var after = head.Version;
        switch (await Next(ledger, after, untilLost))
        {
            case null:
                heads.GoOn(market, head, await postings.Head(market, untilLost));
                break;
            case FeedPage.Committed page:
                foreach (var facts in Facts(page.Commands, after).Chunk(FactsAtOnce))
                    await Book(market, facts, untilLost);
                break;
            case FeedPage.Lagging lagging:
                await CatchUp(ledger, market, after, lagging.KeptAfter, untilLost);
                break;
        }
    }

    /// <summary>Null: nothing has come for a while; but the postings may have been thrown away meanwhile, also by an instance that stands by.</summary>
    private static async Task<FeedPage?> Next(MarketLedger ledger, long after, CancellationToken untilLost)
    {
        using var glance = CancellationTokenSource.CreateLinkedTokenSource(untilLost);
        glance.CancelAfter(Glance);
        try
        {
            return await ledger.Engine.Feed.Next(after, glance.Token);
        }
        catch (OperationCanceledException) when (!untilLost.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task CatchUp(MarketLedger ledger, string market, long after, long to, CancellationToken untilLost)
    {
        var facts = new List<JournalFact>(FactsAtOnce);
        await foreach (var command in ledger.Engine.Follow(after, untilLost))
        {
            facts.AddRange(Facts([command], after));
            if (facts.Count < FactsAtOnce && command.LastVersion < to)
                continue;
            if (!await Book(market, facts, untilLost) || command.LastVersion >= to)
                return;
            facts.Clear();
        }
    }

    /// <summary>False: the postings were thrown away meanwhile, and go on elsewhere.</summary>
    private async Task<bool> Book(string market, IReadOnlyList<JournalFact> facts, CancellationToken untilLost)
    {
        var head = heads[market];
        if (head.Version + 1 != facts[0].Version)
            return false;
        heads.GoOn(market, head, await postings.Book(market, head, facts, untilLost));
        return true;
    }

    /// <summary>A command of which some is booked already brings the rest.</summary>
    private static IEnumerable<JournalFact> Facts(IEnumerable<CommittedCommand> commands, long after) =>
        from command in commands
        from fact in command.Events.Select((data, place) => new JournalFact(command.FirstVersion + place, command.RecordedAt, data))
        where fact.Version > after
        select fact;
}
