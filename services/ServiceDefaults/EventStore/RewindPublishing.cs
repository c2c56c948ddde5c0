using System.Globalization;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>
/// Tells the other services again what this one has told before. The broker keeps nothing for a reader that has never been
/// started, and may lose its data; the store has everything, and readers know what they have seen.
/// </summary>
/// <remarks>Public, for of what is not the API's documents do not read the comments.</remarks>
public static class RewindPublishing
{
    /// <param name="Subscription">publishing: what the other services are promised. audit-feed: every event, to the audit log.</param>
    /// <param name="FromSequence">First position in the store that is told again; 1 is everything.</param>
    public sealed record Request(string? Subscription = null, long? FromSequence = null);

    internal static void Map(RouteGroupBuilder platform, ServiceName service) => platform.MapPost("/publishing/rewind", Handle)
        .RequireAuthorization(Roles.Operator)
        .WithName($"{service.Value}-publishing-rewind")
        .WithSummary($"Publish committed events again from a position of the store of {service.Value} on")
        .WithDescription(
            "For a service that was added later, or after the broker lost its data. Messages go out under their old ids and "
            + "consumers are idempotent, so who has seen them changes nothing. Answers 204 when the subscription has been set back; "
            + "it then catches up by itself. 422 sequence-ahead: it has not come that far, and events would be left out. "
            + "503 standing-by: another instance leads.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> Handle(Request request, SubscriptionsDuty subscriptions, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Require(request.Subscription is Subscriptions.Publishing or Subscriptions.AuditFeed, "$.subscription", "unknown-subscription",
            $"{Subscriptions.Publishing} or {Subscriptions.AuditFeed}.");
        faults.Require(request.FromSequence is >= 1, "$.fromSequence", "invalid-sequence", "A position in the store; the first is 1.");
        if (faults.Any)
            return faults.ToProblem();
        return await subscriptions.Rewind(request.Subscription!, request.FromSequence!.Value, cancellationToken) switch
        {
            { IsDone: true } => Results.NoContent(),
            { Position: { } position } => Problem.Of(StatusCodes.Status422UnprocessableEntity, "sequence-ahead",
                string.Create(CultureInfo.InvariantCulture, $"{request.Subscription} stands at {position}; what comes after it would never be told.")),
            _ => Problem.Of(StatusCodes.Status503ServiceUnavailable, "standing-by", "This instance does not lead; ask again."),
        };
    }
}

/// <summary>The names under which the two subscriptions keep their place in the store; never changed.</summary>
internal static class Subscriptions
{
    public const string Publishing = "publishing";
    public const string AuditFeed = "audit-feed";
}
