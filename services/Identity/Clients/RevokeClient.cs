using CarbonMarket.Identity.Participants;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Identity.Clients;

public static class RevokeClient
{
    private const string Unknown = "unknown-client";

    public static void Map(RouteGroupBuilder clients) => clients.MapDelete("/{clientId}", Handle)
        .RequireAuthorization(Roles.Operator)
        .RequireStillRegistered()
        .WithName("identity-revoke-client")
        .WithSummary("Revoke an API client, for instance because its secret leaked")
        .WithDescription(
            "From now on the client gets no token, and one that awaits confirmation never gets any. A token it has already "
            + "is good until its hour is over, though not for registering, confirming and revoking: nobody can call it "
            + "back, so what must stop at once is stopped by a rule of the market. Neither the client id nor the id of "
            + "the registration can be registered again, by anybody. To replace a secret, register a second client, move "
            + "to it, and revoke the first. A repeat is answered as the first time. 404 unknown-client. 422 "
            + "last-operator-client: the last client that can operate the platform is revoked only when it has a successor. "
            + "422 too-few-officials: two clients of operators and regulators remain, one to register and one to confirm.")
        .Produces<RevokedClientView>()
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="clientId">What the program calls itself at the token endpoint.</param>
    internal static async Task<IResult> Handle(
        string clientId, ClientRevocation revocation, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!RegisterClients.IsClientId(clientId))
            return Problem.NotFound(Unknown, "No client has an id of that form.");
        var (decision, revoked) = await revocation.Revoke(clientId, clock.GetUtcNow(), cancellationToken);
        return decision is Decision<ParticipantEvent>.Rejected { Code: Unknown } unknown
            ? Problem.NotFound(unknown.Code, unknown.Reason)
            : decision.ToHttp(() => Results.Ok(new RevokedClientView(
                revoked!.Id, revoked.ParticipantId, revoked.ClientId, revoked.RevokedAt)));
    }
}

/// <param name="Id">Names the registration.</param>
/// <param name="ParticipantId">The organisation it acted for.</param>
/// <param name="ClientId">What the program called itself at the token endpoint; not used again.</param>
/// <param name="RevokedAt">Legal time, also when this is a repeat.</param>
public sealed record RevokedClientView(Guid Id, Guid ParticipantId, string ClientId, DateTimeOffset RevokedAt);
