using CarbonMarket.Identity.Clients;
using CarbonMarket.Identity.Participants;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using Marten;

namespace CarbonMarket.Identity.Bootstrap;

/// <summary>
/// Somebody must be able to register the first participant: the platform's operator, whose client id and secret come
/// from the environment. The leader alone sees to it, under ids that never change, so it happens at most once; a first
/// client that was revoked does not come back with a restart (ADR 0012).
/// </summary>
public sealed class FirstOperator(
    IServiceScopeFactory scopes, IConfiguration configuration, TimeProvider clock, ILogger<FirstOperator> logger) : ILeaderDuty
{
    private const string Name = "Platform operator";
    private static readonly Guid ParticipantId = DeterministicGuid.From("identity:bootstrap:participant");
    private static readonly Guid RegistrationId = DeterministicGuid.From("identity:bootstrap:client");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private volatile bool _ready;

    string ILeaderDuty.Name => "bootstrap";

    public bool IsReady => _ready;

    public async Task Run(CancellationToken untilLost)
    {
        while (!_ready)
        {
            try
            {
                await Register(untilLost);
                _ready = true;
            }
            catch (Exception exception) when (!untilLost.IsCancellationRequested)
            {
                logger.LogWarning(exception, "The first operator could not be registered; trying again");
                await Task.Delay(Pause, TimeProvider.System, untilLost);
            }
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, untilLost);
    }

    private async Task Register(CancellationToken ct)
    {
        var clientId = configuration["Identity:Bootstrap:ClientId"];
        var secret = configuration["Identity:Bootstrap:ClientSecret"];
        if (string.IsNullOrEmpty(clientId) || string.IsNullOrEmpty(secret))
        {
            logger.LogInformation("No Identity:Bootstrap client is configured; operators are those registered already");
            return;
        }
        if (!SecretDigest.IsStrong(secret))
        {
            // A registration is for ever: with this secret the platform would have an operator that nobody can be.
            logger.LogError(
                "Identity:Bootstrap:ClientSecret is too weak and registers nobody: 43 to 200 letters, digits, - and _ are needed, as 32 random bytes in base64url give them");
            return;
        }
        var at = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var participants = await scope.ServiceProvider.GetRequiredService<IDocumentSession>().Register(
            [new ParticipantCommand.Register(ParticipantId, Name, ParticipantKind.Operator, null, at)], ct);
        Report(participants[0]);
        var client = new ApiClient(RegistrationId, clientId, Name, ParticipantKind.Operator.Roles(), SecretDigest.Of(secret));
        var clients = await scope.ServiceProvider.GetRequiredService<ClientRegistration>().Register(
            [new ClientRegistration.Asked(ParticipantId, client)], by: clientId, at, ct);
        Report(clients[0]);
    }

    private void Report(Decision<ParticipantEvent> decision)
    {
        if (decision is not Decision<ParticipantEvent>.Rejected rejected)
            return;
        if (rejected.Code == "client-revoked")
            logger.LogWarning("The configured Identity:Bootstrap client was revoked and stays so; operators are those registered since");
        else
            logger.LogError(
                "The configured Identity:Bootstrap client is not the registered one, which stays in force: {Code}, {Reason}",
                rejected.Code, rejected.Reason);
    }
}
