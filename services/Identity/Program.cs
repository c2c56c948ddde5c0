using CarbonMarket.Identity;
using CarbonMarket.Identity.Bootstrap;
using CarbonMarket.Identity.Clients;
using CarbonMarket.Identity.Participants;
using CarbonMarket.Identity.Tokens;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults;
using CarbonMarket.ServiceDefaults.Bus;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("identity");
builder.Services.AddOpenApi(options => options.Describe(builder.ServiceName()));
// Before the event store: the leader's first duty writes to the client directory, whose tables must be there.
builder.AddClients();
builder.AddEventStore<Publishing>(store =>
{
    store.AddParticipants();
    store.AddRevokedRegistrations();
});
builder.AddBus();
builder.AddTokens();
builder.Services.AddSingleton<ILeaderDuty, FirstOperator>();

var app = builder.Build();
app.UseIssuerScheme();
app.UseServiceDefaults();
IssueToken.Map(app);
var identity = app.MapGroup("/identity").WithTags("Identity");
var participants = identity.MapGroup("/participants");
RegisterParticipants.Map(participants);
GetParticipants.Map(participants);
var clients = identity.MapGroup("/clients");
RegisterClients.Map(clients);
ConfirmClients.Map(clients);
RevokeClient.Map(clients);
await app.RunAsync();
