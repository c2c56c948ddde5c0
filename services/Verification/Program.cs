using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.Verification;
using CarbonMarket.Verification.Coverage;
using CarbonMarket.Verification.Reports;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("verification");
builder.AddEventStore<Publishing>(History.Configure);
builder.AddBus(bus => bus.AddConsumer<WhenEntityCovered>());

var app = builder.Build();
app.UseServiceDefaults();
var market = app.MapMarket("verification");
var reports = market.MapGroup("/reports").WithTags("Emission reports");
FileReport.Map(reports);
GetReports.Map(reports);
GiveStatements.Map(market);
DecideReports.Map(market);
await app.RunAsync();
