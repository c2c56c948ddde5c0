using System.Diagnostics.Metrics;
using System.Text.Json;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>What surveillance tells about itself, and nobody by name: meter "CarbonMarket.Surveillance".</summary>
public sealed class SurveillanceInstruments : IDisposable
{
    internal const string Source = "CarbonMarket.Surveillance";
    internal const string Alerts = "surveillance.alerts";

    private readonly Meter _meter = new(Source);
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _withheld;

    public SurveillanceInstruments()
    {
        _alerts = _meter.CreateCounter<long>(Alerts, "{alert}", "Alerts recorded.");
        _withheld = _meter.CreateCounter<long>("surveillance.alerts.withheld", "{alert}", "Alerts beyond what a case or a day takes.");
    }

    internal void Raised(Alert alert) => _alerts.Add(
        1, new("market", alert.Market), new("pattern", JsonNamingPolicy.KebabCaseLower.ConvertName(alert.Pattern.ToString())));

    internal void Withheld(string market, long alerts) => _withheld.Add(alerts, new KeyValuePair<string, object?>("market", market));

    public void Dispose() => _meter.Dispose();
}
