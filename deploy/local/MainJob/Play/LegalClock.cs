using CarbonMarket.MainJob.Gateway;

namespace CarbonMarket.MainJob.Play;

/// <summary>Sets legal time and waits until every service has it.</summary>
public sealed class LegalClock(Scene scene)
{
    private static readonly string[] Services =
        ["identity", "allocation", "verification", "trading", "settlement", "audit"];

    public async Task Set(DateTimeOffset legalTime, CancellationToken stopping)
    {
        var setting = await scene.Market.Put<ClockReading>(
            scene.Cast.FirstOperator, "clock", new ClockSetting(legalTime, Running: false), stopping);
        await scene.Waiting.Until($"all services to follow the clock to {legalTime:u}", async () =>
        {
            foreach (var service in Services)
            {
                var reading = await scene.Market.Get<ClockReading>(scene.Cast.FirstOperator, $"{service}/clock", stopping);
                if (reading.Version < setting.Version)
                    return $"{service} is at version {reading.Version} ({reading.LegalTime:u}), not {setting.Version}.";
            }
            return null;
        }, stopping);
    }
}
