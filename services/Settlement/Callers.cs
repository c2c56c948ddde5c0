using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Transactions;

namespace CarbonMarket.Settlement;

internal static class Callers
{
    /// <summary>Holders of accounts, each for an organisation.</summary>
    public static RouteHandlerBuilder ForAParticipant(this RouteHandlerBuilder endpoint, params string[] roles) => endpoint
        .RequireAuthorization(policy => policy.RequireRole(roles))
        .RequireParticipant();

    /// <summary>Holders of accounts, who act for an organisation, and officials.</summary>
    public static RouteHandlerBuilder ForThoseWhoMove(this RouteHandlerBuilder endpoint) =>
        endpoint.RequireAuthorization(policy => policy.RequireRole(Roles.Emitter, Roles.Trader, Roles.Regulator));

    public static Person Person(this HttpContext context) =>
        new(context.Actor().Subject, context.User.ParticipantId(), context.User.IsInRole(Roles.Regulator));

    /// <summary>Those who see everybody's data.</summary>
    public static RouteHandlerBuilder ForOverseers(this RouteHandlerBuilder endpoint) =>
        endpoint.RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor));

    /// <summary>What a change of the ledger may answer besides.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}
