using System.Net.Http.Headers;
using CarbonMarket.Audit.Stores;
using CarbonMarket.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CarbonMarket.Audit.Proof;

public static class GetSummary
{
    public static void Map(RouteGroupBuilder audit) => audit.MapGet("/summary", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Auditor, Roles.Regulator, Roles.Operator))
        .WithName("audit-summary")
        .WithSummary("Whether the log is whole: events, gaps, hash chain and comparison with the store of each service")
        .WithDescription(
            "Recomputed from every stored entry at each call, so it takes seconds on a long log, and compared with what the "
            + "services say their stores hold; to wait for the log to catch up, ask for /audit/events/head. 503 timeout: another "
            + "proof is running.");

    private static async Task<Ok<AuditSummary>> Handle(
        HttpContext context, AuditProof proof, StoreCounts stores, CancellationToken cancellationToken)
    {
        var caller = AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var token) ? token : null;
        var before = await stores.Read(caller, cancellationToken);
        var proofs = await proof.Run(cancellationToken);
        return TypedResults.Ok(AuditSummary.Of(proofs, before, await stores.Read(caller, cancellationToken)));
    }
}
