using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.ServiceDefaults.Platform;

public static class MarketRoutes
{
    /// <summary>The endpoints below <c>/{service}/markets/{market}</c>; a market that is not run here is 404 unknown-market.</summary>
    public static RouteGroupBuilder MapMarket(this IEndpointRouteBuilder endpoints, string service)
    {
        var group = endpoints.MapGroup($"/{service}/markets/{{market}}");
        group.AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            var packs = context.RequestServices.GetRequiredService<PolicyPackCatalog>();
            return context.Pack() is null
                ? Problem.NotFound("unknown-market", $"No market '{Named(context)}' runs here; there are: {string.Join(", ", packs.Markets)}.")
                : await next(invocation);
        });
        return group;
    }

    /// <summary>The rules of the market the path names.</summary>
    public static PolicyPack Market(this HttpContext context) => context.Pack()
        ?? throw new InvalidOperationException("The endpoint lies below no market.");

    private static PolicyPack? Pack(this HttpContext context) =>
        context.RequestServices.GetRequiredService<PolicyPackCatalog>().Find(Named(context));

    private static string Named(HttpContext context) => context.Request.RouteValues["market"] as string ?? string.Empty;
}
