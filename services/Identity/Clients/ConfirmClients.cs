using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Identity.Clients;

public static class ConfirmClients
{
    public sealed record Confirmation
    {
        /// <summary>Names the registration. What is registered under it never changes, so it is all there is to confirm.</summary>
        [Required]
        public Guid? Id { get; init; }
    }

    public static void Map(RouteGroupBuilder clients) => clients.MapPost("/confirmations/batch", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Operator, Roles.Regulator))
        .RequireStillRegistered()
        .WithName("identity-confirm-clients")
        .WithSummary("Let in API clients that another official registered")
        .WithDescription(
            "From now on they get tokens. Compare each digest with what the client's owner says first (GET "
            + "/identity/participants?awaiting=true lists them). A repeat is accepted and changes nothing. Rejected with "
            + "unknown-client, client-revoked, four-eyes (who registered a client does not confirm it). 400 invalid-input "
            + "names every fault by its path and applies nothing.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    internal static async Task<IResult> Handle(
        Batch<Confirmation> batch, HttpContext http, ClientRegistration registration, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.Id, (faults, item, path) => faults.RequireId(item.Id, $"{path}.id"));
        if (faults.Any)
            return faults.ToProblem();
        var ids = batch.Items!.Select(item => item.Id!.Value).ToList();
        var decisions = await registration.Confirm(ids, http.Actor().ClientId, clock.GetUtcNow(), cancellationToken);
        return Results.Ok(new BatchAnswer<BatchResult>([.. ids.Zip(decisions, BatchResult.Of)]));
    }
}
