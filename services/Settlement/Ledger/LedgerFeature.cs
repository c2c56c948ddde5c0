using CarbonMarket.Journaling;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Clock;

namespace CarbonMarket.Settlement.Ledger;

internal static class LedgerFeature
{
    /// <summary>One journaled ledger for each market of the deployment, and what follows legal time for them.</summary>
    public static void AddLedgers(this WebApplicationBuilder builder)
    {
        builder.Services.AddJournaledEngine<LedgerState, LedgerCommand, LedgerEvent>(Ledgers.Service, builder.Markets(), (provider, market) =>
            new LedgerModel(new RuleBook(provider.GetRequiredService<PolicyPackCatalog>().Versions(market))));
        builder.Services.AddSingleton<Ledgers>();
        builder.Services.AddSingleton<LedgerDuties>();
        builder.Services.AddSingleton<IClockFollower>(provider => provider.GetRequiredService<LedgerDuties>());
    }
}
