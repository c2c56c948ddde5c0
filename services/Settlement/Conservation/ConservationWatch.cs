using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CarbonMarket.Journaling;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Conservation;

internal static class ConservationFeature
{
    public static void AddConservation(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ConservationMetrics>().AddSingleton<PastConservation>();
        builder.Services.AddSingleton<ILeaderDuty, ConservationWatch>();
    }
}

/// <summary>
/// The whole cap as gauges of the meter CarbonMarket.Settlement, by market, instrument and vintage: <c>settlement.units</c> with
/// state issued, held, surrendered or cancelled, and <c>settlement.conservation.balanced</c>, 1 or 0.
/// </summary>
public sealed class ConservationMetrics : IDisposable
{
    private readonly Meter _meter = new("CarbonMarket.Settlement");
    private readonly ConcurrentDictionary<string, ConservationStatement> _latest = new(StringComparer.Ordinal);

    public ConservationMetrics()
    {
        _meter.CreateObservableGauge("settlement.units", Units, "{unit}", "Units by where they are.");
        _meter.CreateObservableGauge(
            "settlement.conservation.balanced", () => _latest.Select(latest => new Measurement<int>(latest.Value.Balanced ? 1 : 0, Tag("market", latest.Key))),
            description: "1 while issued = held + surrendered + cancelled, every serial lies on one account and cash balances.");
        _meter.CreateObservableGauge(
            "settlement.conservation.version", () => _latest.Select(latest => new Measurement<long>(latest.Value.LedgerVersion, Tag("market", latest.Key))),
            description: "The ledger's version at which that was counted.");
    }

    public void Tell(string market, ConservationStatement statement) => _latest[market] = statement;

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Units() =>
        from latest in _latest
        from units in latest.Value.Instruments
        from state in States(units)
        select new Measurement<long>(
            state.Quantity, Tag("market", latest.Key), Tag("instrument", units.Instrument), Tag("vintage", units.Vintage.Value), Tag("state", state.Name));

    private static (string Name, long Quantity)[] States(InstrumentConservation units) =>
    [
        ("issued", units.Issued.Value), ("held", units.Held.Value), ("surrendered", units.Surrendered.Value), ("cancelled", units.Cancelled.Value),
    ];

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}

/// <summary>Counts every market's units anew each minute in which its ledger has moved on.</summary>
public sealed class ConservationWatch(Ledgers ledgers, ConservationMetrics metrics, ILogger<ConservationWatch> logger) : ILeaderDuty
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, long> _counted = new(StringComparer.Ordinal);

    public string Name => "conservation";

    public bool IsReady => true;

    public async Task Run(CancellationToken untilLost)
    {
        while (true)
        {
            foreach (var ledger in ledgers.All)
                await Count(ledger, untilLost);
            await Task.Delay(Interval, TimeProvider.System, untilLost);
        }
    }

    private async Task Count(MarketLedger ledger, CancellationToken untilLost)
    {
        var market = ledger.Engine.Partition;
        try
        {
            var before = _counted.GetValueOrDefault(market, -1);
            if (await ledger.Read(state => state.Version == before ? null : ConservationStatement.Copied(state), untilLost) is not { } count)
                return;
            var statement = count();
            metrics.Tell(market, statement);
            _counted[market] = statement.LedgerVersion;
            if (!statement.Balanced)
                logger.LogCritical("The ledger of {Market} does not balance at version {Version}: {Statement}", market, statement.LedgerVersion, statement);
        }
        catch (EngineUnavailableException exception)
        {
            logger.LogDebug(exception, "{Market} is not served here for the moment", market);
        }
        catch (Exception exception) when (!untilLost.IsCancellationRequested)
        {
            logger.LogError(exception, "The units of {Market} could not be counted", market);
        }
    }
}
