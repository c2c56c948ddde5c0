using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CarbonMarket.Settlement.Banking;

/// <summary>
/// Days whose statement differs, for those who watch: the gauge <c>settlement.bank_reconciliation.differences</c> of the meter
/// CarbonMarket.Settlement, and the health of the service. A day is on it until bank and ledger agree on it.
/// </summary>
public sealed class BankAlarm : IDisposable
{
    public const int MostDifferencesTold = 100;

    private readonly Meter _meter = new("CarbonMarket.Settlement");
    private readonly ConcurrentDictionary<(string Market, DateOnly Day), int> _differing = new();
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    public BankAlarm() => _meter.CreateObservableGauge(
        "settlement.bank_reconciliation.differences",
        () => _known.Keys.Select(market => new Measurement<long>(
            _differing.Where(day => day.Key.Market == market).Sum(day => (long)day.Value), new KeyValuePair<string, object?>("market", market))),
        "{difference}", "Differences between the settlement bank's statements and the ledger, of all days that differ.");

    public IEnumerable<(string Market, DateOnly Day, int Differences)> Differing =>
        _differing.Select(day => (day.Key.Market, day.Key.Day, day.Value)).Order();

    public void Tell(string market, DateOnly day, int differences)
    {
        _known[market] = true;
        if (differences > 0)
            _differing[(market, day)] = differences;
        else
            _differing.TryRemove((market, day), out _);
    }

    /// <summary>These days of the market differ, and no others do.</summary>
    public void Tell(string market, IReadOnlyCollection<(DateOnly Day, int Differences)> differing)
    {
        foreach (var agreed in _differing.Keys.Where(known => known.Market == market && differing.All(day => day.Day != known.Day)))
            _differing.TryRemove(agreed, out _);
        foreach (var (day, differences) in differing)
            Tell(market, day, differences);
    }

    public void Dispose() => _meter.Dispose();
}

/// <summary>Degraded, not unready: a person has to look, and the market goes on.</summary>
internal sealed class BankCheck(BankAlarm alarm) : IHealthCheck
{
    private const int MostNamed = 10;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var differing = alarm.Differing.Take(MostNamed).Select(day => $"{day.Market}: {day.Differences} differences on {day.Day:O}").ToList();
        return Task.FromResult(differing.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", differing)));
    }
}
