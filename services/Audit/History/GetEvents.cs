using System.Text.Json;
using CarbonMarket.Audit.Log;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Audit.History;

public static class GetEvents
{
    private const int Most = 500;

    public static void Map(RouteGroupBuilder audit) => audit.MapGet("/events", Handle)
        .WithName("audit-events")
        .WithSummary("History of one participant across services, in order of recording")
        .WithDescription(
            "participantId: whose history; left out, an official sees everybody's and a participant its own. after: the "
            + "cursor of the page before. limit: 1-500. A participant sees only events that concern it, without the words "
            + "of events that name others too, and without the persons of other organisations. 400 invalid-input, "
            + "403 participant-not-yours. Events of a service whose feed lags may still appear before a cursor.")
        .Produces<AuditEventPage>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<IResult> Handle(
        HttpContext http, AuditHistory history, CancellationToken cancellationToken,
        Guid? participantId = null, string? after = null, int limit = 100)
    {
        var faults = new Faults();
        faults.Require(limit is >= 1 and <= Most, "$.limit", "limit-out-of-range", $"limit is 1-{Most}, not {limit}.");
        HistoryCursor? cursor = null;
        faults.Require(after is null || HistoryCursor.TryParse(after, out cursor), "$.after", "unknown-cursor",
            "after is the next of the page before.");
        if (faults.Any)
            return faults.ToProblem();

        var official = http.User.SeesEverything();
        var own = http.User.ParticipantId();
        if (!official && (own == Guid.Empty || (participantId ?? own) != own))
            return Problem.Forbidden("participant-not-yours", "A participant may ask for its own history only.");

        var page = await history.Page(participantId ?? (official ? null : own), cursor, limit, cancellationToken);
        return Results.Ok(new AuditEventPage(
            [.. page.Select(entry => AuditEvent.Of(entry, official ? null : own))],
            page.Length == limit ? HistoryCursor.Of(page[^1]).ToString() : null));
    }
}

/// <param name="Next">Cursor of the next page; null when this was the last.</param>
public sealed record AuditEventPage(IReadOnlyList<AuditEvent> Items, string? Next);

/// <param name="Service">The service that recorded it.</param>
/// <param name="Sequence">Position in that service's store.</param>
/// <param name="Type">Name and version of the event, such as ledger.units-issued.v1.</param>
/// <param name="RecordedAt">System time of recording.</param>
/// <param name="ActorSubject">Who acted; null where the reader may not know the person.</param>
/// <param name="ActorParticipantId">For which organisation; null for the platform itself.</param>
/// <param name="ActorClientId">By which API client; null where the reader may not know it.</param>
/// <param name="Body">The event itself; null where it names others too and the reader sees only its own.</param>
public sealed record AuditEvent(
    string Service, long Sequence, Guid EventId, Guid StreamId, long StreamVersion, string Type, DateTimeOffset RecordedAt,
    string? CorrelationId, string? CausationId, string? ActorSubject, Guid? ActorParticipantId, string? ActorClientId,
    JsonElement? Body)
{
    /// <param name="entry">What the log holds.</param>
    /// <param name="reader">The participant that reads; null for an official, who sees everything.</param>
    public static AuditEvent Of(AuditEntry entry, Guid? reader)
    {
        var ownActor = reader is null || entry.ActorParticipantId == reader;
        var ownBody = reader is null || ParticipantsConcerned.Named(entry.Body).All(id => id == reader);
        return new AuditEvent(
            entry.Service, entry.Sequence, entry.EventId, entry.StreamId, entry.StreamVersion, entry.Type, entry.RecordedAt,
            entry.CorrelationId, entry.CausationId,
            ownActor ? entry.ActorSubject : null,
            entry.ActorParticipantId == Guid.Empty ? null : entry.ActorParticipantId,
            ownActor ? entry.ActorClientId : null,
            ownBody ? JsonElement.Parse(entry.Body) : null);
    }
}
