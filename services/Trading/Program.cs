using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.Journaling;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.MarketData;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Reconciliation;
using CarbonMarket.Trading.Surveillance;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("trading");
builder.Services.AddOpenApi(options => options.Describe(builder.ServiceName()));
builder.AddEventStore<Publishing>(History.Configure, Publishing.Promised, History.Orders);
builder.AddBus(bus =>
{
    bus.AddConsumer<WhenTradingAccountsFunded>();
    bus.AddConsumer<WhenTradesSettled>();
    bus.AddConsumer<WhenWithdrawalCompleted>();
    bus.AddConsumer<WhenTradingUnitsHeld>();
});
builder.Services.AddJournaledEngine<MarketState, MarketCommand, MarketEvent>(
    "trading", builder.Markets(), (services, market) => new MarketModel(services.GetRequiredService<PolicyPackCatalog>().Versions(market)));
builder.Services.AddSingleton<Venues>().AddSingleton<FindOrders>().AddSingleton<OrderDesk>().AddSingleton<FindAuctions>()
    .AddSingleton<FindBlocks>().AddSingleton<FindSales>().AddSingleton<LedgerReading>().AddSingleton<MessageRate>();
builder.Services.AddSingleton<IClockFollower, FollowClock>();
builder.Services.AddGrpc();
builder.Services.AddSingleton<OrderEntrySessions>();
builder.Services.AddSingleton<ILeaderDuty>(services => services.GetRequiredService<OrderEntrySessions>());
builder.Services.AddSingleton<ILeaderDuty, KeepPastOrders>().AddSingleton<ILeaderDuty, KeepTrades>().AddSingleton<ILeaderDuty, KeepBlocks>();
builder.AddMarketData();
builder.AddSurveillance();
builder.Services.AddGrpcClient<LedgerQueries.LedgerQueriesClient>(client => client.Address = new Uri(
    builder.Configuration["Settlement:GrpcAddress"]
    ?? throw new InvalidOperationException("Settlement:GrpcAddress is not set: where the registry ledger answers gRPC.")));

var app = builder.Build();
app.UseServiceDefaults();
var market = app.MapMarket("trading");
var orders = market.MapGroup("/orders").WithTags("Orders");
PlaceOrders.Map(orders);
ReplaceOrders.Map(orders);
CancelOrders.Map(orders);
CancelAll.Map(orders);
GetOrders.Map(orders);
GetBook.Map(market);
GetCallAuction.Map(market);
GetTrades.Map(market);
var auctions = market.MapGroup("/auctions").WithTags("Auctions");
AnnounceAuctions.Map(auctions);
ChangeAuctions.Map(auctions);
PlaceBids.Map(auctions);
WithdrawBids.Map(auctions);
GetAuctions.Map(auctions);
GetAuctionResult.Map(auctions);
var blocks = market.MapGroup("/blocks").WithTags("Blocks");
OfferBlocks.Map(blocks);
AnswerBlocks.Map(blocks);
GetBlocks.Map(blocks);
var sales = market.MapGroup("/fixed-price-sales").WithTags("Fixed-price sales");
AnnounceSales.Map(sales);
BuyFromSales.Map(sales);
GetSales.Map(sales);
GetAccount.Map(market);
WithdrawFunds.Map(market);
GetStatus.Map(market);
var controls = market.MapGroup("/controls").WithTags("Controls");
ImposeControls.Map(controls);
LiftControls.Map(controls);
GetControls.Map(controls);
Reconcile.Map(market);
market.MapSurveillance();
app.MapGrpcService<OrderEntryService>().RequireAuthorization(policy => policy.RequireRole(Roles.Emitter, Roles.Trader));
app.MapMarketData(market);
await app.RunAsync();
