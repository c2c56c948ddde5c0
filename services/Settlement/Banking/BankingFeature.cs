using System.Net.Http.Headers;
using CarbonMarket.Journaling;

namespace CarbonMarket.Settlement.Banking;

/// <summary>Cash between the ledger and the settlement bank.</summary>
internal static class BankingFeature
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void AddBanking(this WebApplicationBuilder builder)
    {
        var settings = SettlementBankSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(settings).AddSingleton<SettlementBanks>().AddSingleton<LedgerEntries>();
        builder.Services.AddHttpClient(nameof(SettlementBanks), client =>
        {
            client.Timeout = Patience;
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", settings.Key);
        });
        builder.Services.AddSingleton<ILeaderDuty, FollowBank>();
    }
}
