using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Trading.Market;

internal static class Callers
{
    /// <summary>Emitters and traders trade.</summary>
    public static RouteHandlerBuilder ForTraders(this RouteHandlerBuilder endpoint) => endpoint
        .RequireAuthorization(policy => policy.RequireRole(Roles.Emitter, Roles.Trader))
        .RequireParticipant();
}
