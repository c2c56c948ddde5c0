using CarbonMarket.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CarbonMarket.Audit.Proof;

public static class GetSummary
{
    public static void Map(RouteGroupBuilder audit) => audit.MapGet("/summary", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Auditor, Roles.Regulator, Roles.Operator))
        .WithName("audit-summary")
        .WithSummary("Whether the log is whole: events, gaps and hash chain of each service")
        .WithDescription(
            "Recomputed from every stored entry at each call, so it takes seconds on a long log; to wait for the log to "
            + "catch up, ask for /audit/events/head. 503 timeout: another proof is running.");

    private static async Task<Ok<AuditSummary>> Handle(AuditProof proof, CancellationToken cancellationToken)
    {
        var services = await proof.Run(cancellationToken);
        return TypedResults.Ok(new AuditSummary(
            services,
            services.Sum(service => service.Events),
            services.All(service => service is { GapFree: true, ChainValid: true })));
    }
}

/// <param name="Events">Entries of all services.</param>
/// <param name="Verified">Every stream of every service is gap-free and every chain is valid.</param>
public sealed record AuditSummary(IReadOnlyList<ServiceProof> Services, long Events, bool Verified);
