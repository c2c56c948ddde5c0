using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace CarbonMarket.Gateway.Protection;

/// <summary>
/// Who stands before the gateway and may say whom it passes on (<c>X-Forwarded-For</c>), such as what ends TLS. Nobody is believed
/// who is not named: whoever calls directly could otherwise call from any address.
/// </summary>
public static class TrustedProxies
{
    public const string Setting = "TrustedProxies";

    /// <summary>Before anything that asks for the caller's address.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var known = Read(app.Configuration[Setting]);
        if (known.Count == 0)
            return;
        // As many of them as there are, one behind the other: the first who is not named is the caller.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in known)
            options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }

    private static List<System.Net.IPNetwork> Read(string? setting) =>
        [.. (setting ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Network)];

    private static System.Net.IPNetwork Network(string text) =>
        System.Net.IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new InvalidOperationException($"{Setting} has '{text}'; it takes addresses and networks (10.0.0.0/8), with commas between them.");
}
