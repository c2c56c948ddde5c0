using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Problems;
using Marten;

namespace CarbonMarket.Allocation.Clock;

/// <summary>Sets the clock and has this instance follow at once; the others hear of it by message.</summary>
public sealed class ClockSetting(IDocumentSession session, ClockSettings settings, MarketClock following)
{
    public async Task<IResult> Apply(ClockCommand command, CancellationToken cancellationToken)
    {
        if (settings.Mode == ClockMode.System)
            return Problem.Forbidden("clock-is-system", "Legal time is the system's here; only a sandbox's clock can be set.");
        var decision = await session.AgainAfterClash(() => session.Decide<LegalClock, ClockSet>(
            LegalClock.StreamId, state => (state ?? new LegalClock()).Decide(command), cancellationToken));
        var clock = await session.LoadAsync<LegalClock>(LegalClock.StreamId, cancellationToken);
        if (clock is not null)
            following.Follow(clock.Version, clock.LegalTime, clock.SetAt, clock.Running);
        return decision.ToHttp(() => Results.Ok(Answer(command, clock!)));
    }

    private static ClockReading Answer(ClockCommand command, LegalClock clock) =>
        command is ClockCommand.Advance advance && clock.AdvancedBy(advance.Key) is { } first
            ? new ClockReading(first.Version, first.LegalTime, first.SetAt, first.Running)
            : clock.Reading();
}
