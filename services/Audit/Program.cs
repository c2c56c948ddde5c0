using CarbonMarket.Audit.History;
using CarbonMarket.Audit.Log;
using CarbonMarket.Audit.Proof;
using CarbonMarket.Audit.Stores;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("audit");
builder.Services.AddOpenApi(options => options.Describe(builder.ServiceName()));
// No event store: what Audit holds are other services' facts, and it decides nothing (ADR 0010).
builder.AddPostgres();
builder.Services.AddSingleton<AuditLog>();
builder.Services.AddSingleton<AuditHistory>();
builder.Services.AddSingleton<SealedBids>();
builder.Services.AddSingleton<AuditProof>();
builder.Services.AddHostedService<AuditSchema>();
builder.Services.AddSingleton(StoreAddresses.Read(builder.Configuration));
builder.Services.AddHttpClient<StoreCounts>(client => client.Timeout = TimeSpan.FromSeconds(10));
builder.AddBus(bus => bus.AddConsumer<WhenEventsRecorded>());

var app = builder.Build();
app.UseServiceDefaults();
var audit = app.MapGroup("/audit").WithTags("Audit");
GetEvents.Map(audit);
GetHead.Map(audit);
GetSummary.Map(audit);
await app.RunAsync();
