using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.SecondBook;

/// <summary>Compares each market's books once every legal day, soon after it has begun; a day that time jumped over has none.</summary>
public sealed class CompareNightly(
    Ledgers ledgers, CompareBooks books, Comparisons comparisons, SecondBookAlarm alarm, MarketClock clock, ClockFetching fetching, ILogger<CompareNightly> logger) : ILeaderDuty
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public string Name => "second book";

    public bool IsReady => true;

    public async Task Run(CancellationToken untilLost)
    {
        while (true)
        {
            foreach (var ledger in fetching.IsKnown ? ledgers.All : [])
                await Look(ledger, untilLost);
            await Task.Delay(Glance, TimeProvider.System, untilLost);
        }
    }

    private async Task Look(MarketLedger ledger, CancellationToken untilLost)
    {
        var (market, at) = (ledger.Engine.Partition, clock.GetUtcNow());
        try
        {
            var today = ledger.Packs[0].LegalDay(at);
            // Another instance may have compared while it led: the table knows.
            if (await IsDue(ledger, today, untilLost) && await comparisons.Latest(market, untilLost) is { } latest)
                alarm.Tell(market, latest);
            if (await IsDue(ledger, today, untilLost)
                && await books.Compare(market, await comparisons.IdOf(market, today, ledger.Packs[0].LegalDay, untilLost), at, untilLost) is null)
                logger.LogDebug("The postings of {Market} are behind; its books are compared later", market);
        }
        catch (EngineUnavailableException exception)
        {
            logger.LogDebug(exception, "{Market} is not served here for the moment", market);
        }
        catch (Exception exception) when (!untilLost.IsCancellationRequested)
        {
            logger.LogError(exception, "The books of {Market} could not be compared; it is tried again", market);
        }
    }

    private async Task<bool> IsDue(MarketLedger ledger, DateOnly today, CancellationToken cancellationToken) =>
        alarm.Latest(ledger.Engine.Partition) is { } latest
            ? ledger.Packs[0].LegalDay(latest.At) < today
            : await ledger.Read(state => state.Version > 0, cancellationToken);
}
