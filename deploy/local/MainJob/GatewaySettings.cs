using CarbonMarket.MainJob.Gateway;

namespace CarbonMarket.MainJob;

/// <summary>Where the gateway is and who the first client is.</summary>
public sealed record GatewaySettings(Uri Gateway, ApiClient Client)
{
    public const string Missing =
        "CARBONMARKET_GATEWAY (an absolute address), CARBONMARKET_CLIENT_ID and CARBONMARKET_CLIENT_SECRET must be set.";

    public static GatewaySettings? FromEnvironment()
    {
        var id = Environment.GetEnvironmentVariable("CARBONMARKET_CLIENT_ID");
        var secret = Environment.GetEnvironmentVariable("CARBONMARKET_CLIENT_SECRET");
        var address = Environment.GetEnvironmentVariable("CARBONMARKET_GATEWAY")?.TrimEnd('/') + "/";
        return Uri.TryCreate(address, UriKind.Absolute, out var gateway)
            && !string.IsNullOrEmpty(id) && !string.IsNullOrEmpty(secret)
                ? new GatewaySettings(gateway, new ApiClient(id, secret))
                : null;
    }
}
