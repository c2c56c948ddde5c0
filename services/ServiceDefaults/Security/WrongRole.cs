using CarbonMarket.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace CarbonMarket.ServiceDefaults.Security;

/// <summary>Whose token has not the role is told which it takes, and which it has.</summary>
internal sealed class WrongRole : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Forbidden && policy.Requirements.OfType<RolesAuthorizationRequirement>().FirstOrDefault() is { } required
            ? Refuse(context, required.AllowedRoles)
            : _usual.HandleAsync(next, context, policy, authorizeResult);

    private static Task Refuse(HttpContext context, IEnumerable<string> roles)
    {
        var held = context.User.FindAll("role").Select(role => role.Value).Order(StringComparer.Ordinal).ToList();
        return Problem.Forbidden("http-403", $"This takes the role {string.Join(" or ", roles)}; the token has {(held.Count == 0 ? "none" : string.Join(", ", held))}.")
            .ExecuteAsync(context);
    }
}
