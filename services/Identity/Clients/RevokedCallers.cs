using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Identity.Clients;

public static class RevokedCallers
{
    /// <summary>
    /// Refuses a client that was revoked while its token is still good: what it let in during that hour would outlive it.
    /// </summary>
    public static RouteHandlerBuilder RequireStillRegistered(this RouteHandlerBuilder endpoint) => endpoint
        .AddEndpointFilter(async (invocation, next) =>
        {
            var http = invocation.HttpContext;
            var clientId = http.Actor().ClientId;
            return await http.RequestServices.GetRequiredService<ClientDirectory>().Find(clientId, http.RequestAborted) is null
                ? Problem.Forbidden("client-revoked", $"Client '{clientId}' is registered no more; its token is good for nothing here.")
                : await next(invocation);
        });
}
