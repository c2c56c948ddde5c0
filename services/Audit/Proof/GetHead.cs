using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CarbonMarket.Audit.Proof;

public static class GetHead
{
    public static void Map(RouteGroupBuilder audit) => audit.MapGet("/events/head", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Auditor, Roles.Regulator, Roles.Operator))
        .WithName("audit-events-head")
        .WithSummary("How many events of all services the log holds")
        .WithDescription(
            "Read from the ends of the chains, which costs nothing; lastSequence is the number of entries ever taken. "
            + "Proof that the entries are there and whole is /audit/summary.");

    private static async Task<Ok<EventHeadReading>> Handle(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var select = database.CreateCommand("select coalesce(sum(entries), 0)::bigint from audit.chains");
        var events = (long)(await select.ExecuteScalarAsync(cancellationToken))!;
        return TypedResults.Ok(new EventHeadReading("audit", events, events));
    }
}
