using CarbonMarket.Journaling;
using Marten;

namespace CarbonMarket.Trading.Market;

/// <summary>How far a follower has stored a market's journal. May be lost: then it stores all of it again.</summary>
/// <param name="Id">Of market and follower.</param>
public sealed record JournalPosition(string Id, long Version);

/// <summary>
/// A duty that goes along each market's journal while this process leads, and begins again from what it last stored when
/// anything fails. Trading waits for none of it.
/// </summary>
public abstract class MarketFollower(Venues venues, IDocumentStore store, ILogger logger) : ILeaderDuty
{
    protected IDocumentStore Store { get; } = store;

    public abstract string Name { get; }

    public bool IsReady => true;

    public Task Run(CancellationToken untilLost) => Task.WhenAll(venues.All.Select(venue => venue.Along(
        Name, () => Follow(venue, untilLost), failed: () => { }, logger, untilLost)));

    /// <summary>Loads where it stands and goes on from there, until the market is not served here any more.</summary>
    protected abstract Task Follow(Venue venue, CancellationToken untilLost);

    /// <summary>Where the follower goes on.</summary>
    protected async Task<long> Reached(Venue venue, CancellationToken cancellationToken)
    {
        await using var session = Store.QuerySession();
        return await session.LoadAsync<JournalPosition>(PositionOf(venue), cancellationToken) is { } position ? position.Version : 0;
    }

    /// <summary>
    /// Moves the position with what else the session stores. A process that led before and wakes up late finds that another has gone on, and
    /// stores nothing.
    /// </summary>
    /// <param name="from">Where this follower believes it stands.</param>
    protected async Task Reach(IDocumentSession session, Venue venue, long from, long to, CancellationToken cancellationToken)
    {
        var position = await session.LoadAsync<JournalPosition>(PositionOf(venue), cancellationToken);
        if ((position?.Version ?? 0) != from)
            throw new InvalidOperationException($"{venue.Market} is stored to version {position?.Version} by another process; this one was at {from}.");
        session.Store(new JournalPosition(PositionOf(venue), to));
    }

    private string PositionOf(Venue venue) => $"{venue.Market}: {Name} {MarketDocument.Format}";
}
