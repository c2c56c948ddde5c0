namespace CarbonMarket.MainJob.Gateway;

public static class ClientAdmission
{
    /// <summary>
    /// Clients registered by one official and confirmed by another. Where nobody can confirm yet, the first of them is the
    /// other official's own: the platform lets in that one alone.
    /// </summary>
    public static async Task AdmitClients(
        this MarketClient market, ApiClient registering, ApiClient confirming, IReadOnlyCollection<NewClient> clients,
        Action<int> sent, CancellationToken stopping)
    {
        await market.PostBatches(registering, "identity/clients/batch", clients, _ => { }, stopping);
        await market.PostBatches(
            confirming, "identity/clients/confirmations/batch", clients.Select(client => new ClientConfirmation(client.Id)), sent, stopping);
    }
}
