using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.ServiceDefaults.Platform;

public static class MarketRoutes
{
    /// <summary>
    /// The endpoints below <c>/{service}/markets/{market}</c>. A market that is not run here is 404 unknown-market. Until a
    /// sandbox's clock has been heard of everything is 503 clock-unknown: what is done at the system's time would stand
    /// years ahead of all that follows.
    /// </summary>
    public static RouteGroupBuilder MapMarket(this IEndpointRouteBuilder endpoints, string service)
    {
        var group = endpoints.MapGroup($"/{service}/markets/{{market}}");
        group.AddEndpointFilter(async (invocation, next) => Refusal(invocation.HttpContext) ?? await next(invocation));
        group.ProducesProblem(StatusCodes.Status401Unauthorized);
        group.ProducesProblem(StatusCodes.Status404NotFound);
        group.ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return group;
    }

    /// <summary>The rules of the market the path names, as they are in force now.</summary>
    public static PolicyPack Market(this HttpContext context) => context.Packs().Find(Named(context), context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow())
        ?? throw new InvalidOperationException("The endpoint lies below no market.");

    private static IResult? Refusal(HttpContext context)
    {
        if (context.Packs().Versions(Named(context)).IsEmpty)
            return Problem.NotFound("unknown-market", $"No market '{Named(context)}' runs here; there are: {string.Join(", ", context.Packs().Markets)}.");
        if (context.RequestServices.GetRequiredService<ClockFetching>().IsKnown)
            return null;
        context.Response.Headers.RetryAfter = "1";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, "clock-unknown", "The market's time is not known yet; ask again with the same ids.");
    }

    private static PolicyPackCatalog Packs(this HttpContext context) => context.RequestServices.GetRequiredService<PolicyPackCatalog>();

    private static string Named(HttpContext context) => context.Request.RouteValues["market"] as string ?? string.Empty;
}
