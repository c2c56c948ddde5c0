using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.TradingAccounts;
using CarbonMarket.Settlement.Transfers;
using CarbonMarket.Settlement.Waiting;
using CarbonMarket.Settlement.Withdrawals;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(Ledgers.Service);
builder.AddEventStore<Publishing>(EventNames.Map);
builder.AddLedgers();
builder.AddBus(bus =>
{
    bus.AddConsumer<WhenAllocationApproved>();
    bus.AddConsumer<WhenTradesExecuted>();
    bus.AddConsumer<WhenTradingDayClosed>();
    bus.AddConsumer<WhenWithdrawalReleased>();
    bus.AddConsumer<WhenEntityCovered>();
    bus.AddConsumer<WhenEntityExcluded>();
    bus.AddConsumer<WhenEmissionsAccepted>();
});
builder.Services.AddGrpc();

var app = builder.Build();
app.UseServiceDefaults();
var market = app.MapMarket(Ledgers.Service);
var accounts = market.MapGroup("/accounts").WithTags("Accounts");
OpenAccounts.Map(accounts);
GetAccounts.Map(accounts);
ProposeIssuances.Map(market.MapGroup("/issuances").WithTags("Issuance"));
DepositsOfCash.Map(market);
PutTransfer.Map(market);
PutSurrender.Map(market);
GetCompliance.Map(market);
GetConservation.Map(market);
GetClearing.Map(market);
GetTradingAccounts.Map(market);
GetWaiting.Map(market);
app.MapGrpcService<LedgerQueriesService>()
    .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor));
await app.RunAsync();
