using CarbonMarket.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.ServiceDefaults.Security;

public static class CallersWithoutParticipant
{
    /// <summary>Whoever acts does so for an organisation: a token that names none is 403 no-participant.</summary>
    public static RouteHandlerBuilder RequireParticipant(this RouteHandlerBuilder endpoint) => endpoint
        .AddEndpointFilter(async (invocation, next) => invocation.HttpContext.User.ParticipantId() == Guid.Empty
            ? Problem.Forbidden("no-participant", "The token names no participant to act for.")
            : await next(invocation))
        .ProducesProblem(StatusCodes.Status403Forbidden);
}
