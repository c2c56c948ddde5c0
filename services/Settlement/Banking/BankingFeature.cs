using System.Net.Http.Headers;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Platform;

namespace CarbonMarket.Settlement.Banking;

/// <summary>Cash between the ledger and the settlement bank.</summary>
internal static class BankingFeature
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void AddBanking(this WebApplicationBuilder builder)
    {
        var settings = SettlementBankSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(settings).AddSingleton<SettlementBanks>().AddSingleton<EachBank>().AddSingleton<LedgerEntries>()
            .AddSingleton<Reconciliations>().AddSingleton<BankAlarm>().AddSingleton<ReconcileBank>();
        builder.Services.AddHttpClient(nameof(SettlementBanks), client =>
        {
            client.Timeout = Patience;
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", settings.Key);
        });
        builder.Services.AddSingleton<ILeaderDuty, FollowBank>().AddSingleton<ILeaderDuty, ReconcileNightly>();
        builder.Services.AddReadiness<BankCheck>("settlement-bank");
    }
}
