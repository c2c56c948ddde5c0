using CarbonMarket.Allocation;
using CarbonMarket.Allocation.AcceptedEmissions;
using CarbonMarket.Allocation.Clock;
using CarbonMarket.Allocation.Computing;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Allocation.Objections;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Allocation.Years;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("allocation");
builder.Services.AddOpenApi(options => options.Describe(builder.ServiceName()));
builder.AddEventStore<Publishing>(History.Configure);
builder.AddBus(bus =>
{
    bus.AddConsumer<WhenEmissionsAccepted>();
    bus.AddConsumer<WhenAllocationsBooked>();
});
builder.Services.AddScoped<ClockSetting>();

var app = builder.Build();
app.UseServiceDefaults();
app.MapClock();
var market = app.MapMarket("allocation");
CoverEntities.Map(market);
ExcludeYears.Map(market);
GetCoveredEntities.Map(market);
ChangeCoverage.Map(market);
FileInstallations.Map(market);
GetInstallations.Map(market);
RuleYears.Map(market);
AskWhatIf.Map(market);
GetRedeterminations.Map(market);
GetObjections.Map(market);
var plans = market.MapGroup("/plans").WithTags("Allocation plans");
DraftPlan.Map(plans);
ComputePlan.Map(plans);
ApprovePlan.Map(plans);
PublishPlan.Map(plans);
ObjectToPlan.Map(plans);
GetFigures.Map(plans);
GetBookings.Map(plans);
GetPlans.Map(plans);
await app.RunAsync();
