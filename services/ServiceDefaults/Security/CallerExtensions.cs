using System.Security.Claims;
using CarbonMarket.Kernel;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.ServiceDefaults.Security;

public static class CallerExtensions
{
    /// <summary>Who is calling, for which organisation, by which client; from the validated token.</summary>
    public static Actor Actor(this HttpContext context) => new(
        context.User.FindFirstValue("sub") ?? "anonymous",
        context.User.ParticipantId(),
        context.User.FindFirstValue("client_id") ?? "anonymous");

    /// <summary>
    /// The engine's id for a command that the caller named: one of the caller's own. Callers choose ids freely, and under
    /// the ids themselves they could take those of another caller, or of the platform, before these come to use them.
    /// </summary>
    public static Guid CommandId(this HttpContext context, Guid id) => DeterministicGuid.From(
        id, $"caller:{(context.User.ParticipantId() is var participant && participant != Guid.Empty ? participant : context.Actor().Subject)}");

    /// <summary>The organisation the caller acts for; empty when the token names none.</summary>
    public static Guid ParticipantId(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue("participant"), out var id) ? id : Guid.Empty;

    /// <summary>True for those who may see everybody's data.</summary>
    public static bool SeesEverything(this ClaimsPrincipal user) =>
        user.IsInRole(Roles.Regulator) || user.IsInRole(Roles.Operator) || user.IsInRole(Roles.Auditor);

    /// <summary>True when the caller acts for this participant, or may see everybody's data.</summary>
    public static bool MaySee(this ClaimsPrincipal user, Guid participantId) =>
        user.ParticipantId() == participantId || user.SeesEverything();
}
