using CarbonMarket.Allocation;
using CarbonMarket.Allocation.Clock;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("allocation");
builder.AddEventStore<Publishing>(History.Configure);
builder.AddBus();
builder.Services.AddScoped<ClockSetting>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapClock();
var market = app.MapMarket("allocation");
CoverEntities.Map(market);
ExcludeYears.Map(market);
GetCoveredEntities.Map(market);
var plans = market.MapGroup("/plans").WithTags("Allocation plans");
DraftPlan.Map(plans);
ApprovePlan.Map(plans);
GetPlans.Map(plans);
await app.RunAsync();
