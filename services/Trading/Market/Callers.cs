using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Trading.Market;

internal static class Callers
{
    /// <summary>Who trades does so for an organisation: a token that names none is 403 no-participant.</summary>
    public static RouteHandlerBuilder ForAParticipant(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(async (invocation, next) => invocation.HttpContext.User.ParticipantId() == Guid.Empty
            ? Problem.Forbidden("no-participant", "The token names no participant to act for.")
            : await next(invocation)).ProducesProblem(StatusCodes.Status403Forbidden);

    /// <summary>Emitters and traders trade.</summary>
    public static RouteHandlerBuilder ForTraders(this RouteHandlerBuilder endpoint) => endpoint
        .RequireAuthorization(policy => policy.RequireRole(Roles.Emitter, Roles.Trader))
        .ForAParticipant();
}
