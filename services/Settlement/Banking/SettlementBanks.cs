namespace CarbonMarket.Settlement.Banking;

/// <summary>Where the settlement bank is; without an address none is connected, and its statements are booked by hand.</summary>
public sealed record SettlementBankSettings(Uri? Address, string Key)
{
    public static SettlementBankSettings Read(IConfiguration configuration) => new(
        configuration["SettlementBank:Address"] is { Length: > 0 } address ? new Uri(address) : null, configuration["SettlementBank:Key"] ?? string.Empty);
}

/// <summary>The settlement bank's side of each market.</summary>
public sealed class SettlementBanks(SettlementBankSettings settings, IHttpClientFactory clients)
{
    public bool AreConnected => settings.Address is not null;

    /// <summary>Null: none is connected.</summary>
    public ISettlementBank? Of(string market) => settings.Address is { } address
        ? new HttpSettlementBank(clients.CreateClient(nameof(SettlementBanks)), new Uri(address, $"/markets/{market}/"))
        : null;
}
