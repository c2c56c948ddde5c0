using System.Diagnostics.Metrics;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Platform;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CarbonMarket.Settlement.SecondBook;

internal static class SecondBookFeature
{
    public static void AddSecondBook(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SecondBookAlarm>().AddSingleton<Comparisons>().AddSingleton<CompareBooks>();
        builder.Services.AddSingleton<ILeaderDuty, CompareNightly>();
        builder.Services.AddReadiness<SecondBookCheck>("second-book");
    }
}

/// <summary>
/// What the latest comparison of each market found, for those who watch: the gauge <c>settlement.second_book.differences</c>
/// of the meter CarbonMarket.Settlement, and the health of the service.
/// </summary>
public sealed class SecondBookAlarm : IDisposable
{
    private readonly Meter _meter = new("CarbonMarket.Settlement");
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, BookComparison> _latest = new(StringComparer.Ordinal);

    public SecondBookAlarm() => _meter.CreateObservableGauge(
        "settlement.second_book.differences",
        () => _latest.Select(latest => new Measurement<long>(latest.Value.DifferenceCount, new KeyValuePair<string, object?>("market", latest.Key))),
        "{difference}", "Differences between the ledger and the second book.");

    public IEnumerable<KeyValuePair<string, BookComparison>> Differing => _latest.Where(latest => latest.Value.DifferenceCount > 0);

    public BookComparison? Latest(string market) => _latest.GetValueOrDefault(market);

    public void Tell(string market, BookComparison latest) => _latest[market] = latest;

    public void Dispose() => _meter.Dispose();
}

/// <summary>Degraded, not unready: the accounts concerned are stopped, and the market goes on.</summary>
internal sealed class SecondBookCheck(SecondBookAlarm alarm) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var differing = alarm.Differing.Select(latest => $"{latest.Key}: {latest.Value.DifferenceCount} differences at version {latest.Value.LedgerVersion}").ToList();
        return Task.FromResult(differing.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", differing)));
    }
}
