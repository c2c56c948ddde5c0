using System.Collections.Concurrent;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

/// <summary>
/// The sessions whose orders end with them. One that is not alive in the process that leads has ended, however it did: its
/// process may have died. So whoever begins to lead ends what is left of the others, and who leads goes on trying where the
/// engine was just being loaded anew.
/// </summary>
public sealed class OrderEntrySessions(
    Venues venues, TimeProvider clock, ClockFetching legalTime, ILogger<OrderEntrySessions> logger) : ILeaderDuty
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<Guid, bool> _alive = new();
    private readonly ConcurrentQueue<(Venue Venue, Guid Session, Guid ParticipantId)> _left = new();

    public string Name => "order-entry sessions";

    public bool IsReady { get; private set; }

    public Guid Begin()
    {
        var session = Guid.CreateVersion7();
        _alive.TryAdd(session, true);
        return session;
    }

    /// <summary>Never throws: what cannot be ended now is ended in a moment, or by whoever leads next.</summary>
    public async Task End(Venue venue, Guid session, Guid participantId)
    {
        _alive.TryRemove(session, out _);
        try
        {
            await Execute(venue, session, participantId, CancellationToken.None);
        }
        catch (EngineUnavailableException exception)
        {
            logger.LogWarning(exception, "The orders of session {Session} are left until the market is served again", session);
            _left.Enqueue((venue, session, participantId));
        }
    }

    public async Task Run(CancellationToken untilLost)
    {
        IsReady = false;
        // At a time that is not the market's, ending a session would end its trading day too.
        while (!legalTime.IsKnown)
            await Task.Delay(Pause, TimeProvider.System, untilLost);
        foreach (var venue in venues.All)
            await EndOthers(venue, untilLost);
        IsReady = true;
        while (true)
        {
            await Task.Delay(Pause, TimeProvider.System, untilLost);
            for (var count = _left.Count; count > 0 && _left.TryDequeue(out var left); count--)
                await End(left.Venue, left.Session, left.ParticipantId);
        }
    }

    private async Task EndOthers(Venue venue, CancellationToken untilLost)
    {
        while (true)
        {
            try
            {
                var open = await venue.Read(Sessions, untilLost);
                foreach (var (session, participant) in open.Where(left => !_alive.ContainsKey(left.Session)))
                    await Execute(venue, session, participant, untilLost);
                return;
            }
            catch (EngineUnavailableException)
            {
                // The market is being loaded.
                await Task.Delay(Pause, TimeProvider.System, untilLost);
            }
        }
    }

    private static HashSet<(Guid Session, Guid ParticipantId)> Sessions(MarketState market) =>
    [
        .. market.Orders.Values.Where(order => order is { Status: OrderStatus.Open, Conditions.Session: not null })
            .Select(order => (order.Conditions!.Session!.Value, order.ParticipantId)),
    ];

    private Task<Outcome<MarketEvent>> Execute(Venue venue, Guid session, Guid participantId, CancellationToken cancellationToken)
    {
        var id = DeterministicGuid.From(session, "end");
        return venue.Execute(
            id, new EndSession(session, participantId, clock.GetUtcNow()),
            new Provenance(id.ToString(), "order-entry-session", Actor.Platform("trading")), cancellationToken);
    }
}
