using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Banking;

/// <summary>
/// What a leading process does again and again for each market that has a settlement bank. A bank that is away, or a market
/// that is served elsewhere for the moment, keeps nobody else waiting.
/// </summary>
public sealed class EachBank(Ledgers ledgers, SettlementBanks banks, ClockFetching fetching, ILogger<EachBank> logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <param name="work">What it is, for the log: <c>payouts</c>.</param>
    /// <param name="begin">Given a market and its bank, one round of the work; it may keep what one round tells the next.</param>
    public Task Repeat(string work, TimeSpan pause, Func<MarketLedger, ISettlementBank, Func<CancellationToken, Task>> begin, CancellationToken untilLost) =>
        banks.AreConnected
            ? Task.WhenAll(ledgers.All.Select(ledger => Repeat(work, pause, ledger, begin(ledger, banks.Of(ledger.Engine.Partition)!), untilLost)))
            : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, untilLost);

    private async Task Repeat(string work, TimeSpan pause, MarketLedger ledger, Func<CancellationToken, Task> round, CancellationToken untilLost)
    {
        while (true)
        {
            var next = pause;
            try
            {
                if (fetching.IsKnown)
                    await round(untilLost);
            }
            catch (EngineUnavailableException)
            {
                logger.LogDebug("{Market} is not served here for the moment; {Work} wait", ledger.Engine.Partition, work);
            }
            catch (Exception exception) when (!untilLost.IsCancellationRequested)
            {
                logger.LogWarning("{Work} wait for the settlement bank of {Market}: {Reason}", work, ledger.Engine.Partition, exception.Message);
                next = PauseAfterFailure;
            }
            await Task.Delay(next, TimeProvider.System, untilLost);
        }
    }
}
