using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace CarbonMarket.ServiceDefaults.Clock;

public enum ClockMode
{
    /// <summary>Legal time is the system's. The only mode of production.</summary>
    System,

    /// <summary>An operator may set legal time.</summary>
    Sandbox,
}

/// <summary>How this deployment tells legal time.</summary>
/// <param name="Source">Base address of the service that owns the sandbox's clock; null in mode System.</param>
public sealed record ClockSettings(ClockMode Mode, Uri? Source)
{
    public static ClockSettings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var mode = configuration.GetValue("MarketClock:Mode", ClockMode.System);
        if (mode == ClockMode.Sandbox && environment.IsProduction())
            throw new InvalidOperationException(
                "MarketClock:Mode is Sandbox but the environment is Production: in production legal time is the system's. "
                + "Remove the setting, or run a sandbox under another ASPNETCORE_ENVIRONMENT.");
        var source = configuration["MarketClock:Source"];
        if (mode == ClockMode.Sandbox && source is null)
            throw new InvalidOperationException("MarketClock:Source is not set: a sandbox follows the clock of the service at that address.");
        return new ClockSettings(mode, mode == ClockMode.Sandbox ? new Uri(source!) : null);
    }
}
