using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.TradingDays;

/// <summary>
/// Tells each market what the legal clock has made due, moment by moment. The command carries the due moment and an id
/// made of it, so that a late or repeated call leaves the same facts; when nothing is due nothing is sent.
/// </summary>
public sealed class FollowClock(Venues venues) : IClockFollower
{
    public async Task Follow(DateTimeOffset legalTime, CancellationToken cancellationToken)
    {
        // A market that is being loaded must not keep the days of the others from ending.
        await Task.WhenAll(venues.All.Select(venue => Follow(venue, legalTime, cancellationToken)));
    }

    private static async Task Follow(Venue venue, DateTimeOffset legalTime, CancellationToken cancellationToken)
    {
        while (await venue.Read(market => market.NextDue, cancellationToken) is { } due && due <= legalTime)
        {
            var id = DeterministicGuid.From(venue.Stream, "advance", due.UtcTicks);
            var provenance = new Provenance(id.ToString(), "market-clock", Actor.Platform("trading"));
            var outcome = await venue.Execute(id, new AdvanceTime(due), provenance, cancellationToken);
            if (outcome is not Outcome<MarketEvent>.Accepted { IsRepeat: false })
                throw new InvalidOperationException($"{venue.Market} stays due at {due:O}: {outcome}");
        }
    }
}
