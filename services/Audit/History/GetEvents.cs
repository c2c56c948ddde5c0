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
            + "of events that name others too and of drafts of its allocation, and without the persons of other organisations (members "
            + "named by, or ending in By, are left out of the body). An official sees a sealed bid "
            + "without its words until its auction has closed. withheld says why an event has no body: names-others, "
            + "draft-plan, sealed-bid. 400 invalid-input, "
            + "403 participant-not-yours. Events of a service whose feed lags may still appear before a cursor.")
        .Produces<AuditEventPage>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    /// <param name="participantId">Whose history; left out: an official sees everybody's, a participant its own.</param>
    internal static async Task<IResult> Handle(
        HttpContext http, AuditHistory history, SealedBids bids, CancellationToken cancellationToken,
        Guid? participantId = null, string? after = null, int limit = 100)
    {
        var faults = new Faults();
        faults.Require(limit is >= 1 and <= Most, "limit", "limit-out-of-range", $"limit is 1-{Most}, not {limit}.");
        HistoryCursor? cursor = null;
        faults.Require(after is null || HistoryCursor.TryParse(after, out cursor), "after", "unknown-cursor",
            "after is the next of the page before.");
        if (faults.Any)
            return faults.ToProblem();

        var official = http.User.SeesEverything();
        var (own, subject) = (http.User.ParticipantId(), http.Actor().Subject);
        if (!official && (own == Guid.Empty || (participantId ?? own) != own))
            return Problem.Forbidden("participant-not-yours", "A participant may ask for its own history only.");

        var page = await history.Page(participantId ?? (official ? null : own), cursor, limit, cancellationToken);
        var still = official ? await bids.Among(page, cancellationToken) : [];
        return Results.Ok(new AuditEventPage(
            [.. page.Select(entry => official ? AuditEvent.ForOfficial(entry, still.Contains(entry.EventId)) : AuditEvent.For(own, subject, entry))],
            page.Length == limit ? HistoryCursor.Of(page[^1]).ToString() : null));
    }
}

/// <param name="Items">In the order of recording.</param>
/// <param name="Next">Cursor of the next page; null when this was the last.</param>
public sealed record AuditEventPage(IReadOnlyList<AuditEvent> Items, string? Next);

/// <param name="Service">The service that recorded it.</param>
/// <param name="Sequence">Position in that service's store.</param>
/// <param name="EventId">The event's own id.</param>
/// <param name="StreamId">The stream it belongs to in that service's store: a plan, a report, a market's journal.</param>
/// <param name="StreamVersion">Its number in the stream, from 1.</param>
/// <param name="Type">Name and version of the event, such as ledger.units-issued.v1.</param>
/// <param name="RecordedAt">System time of recording.</param>
/// <param name="CorrelationId">The same in everything that followed from one request; null or empty: none was recorded.</param>
/// <param name="CausationId">The request or message that it followed from; null or empty: none was recorded.</param>
/// <param name="ActorSubject">Who acted; null where the reader may not know the person.</param>
/// <param name="ActorParticipantId">For which organisation; null for the platform itself.</param>
/// <param name="ActorClientId">By which API client; null where the reader may not know it.</param>
/// <param name="Body">The event itself, for a participant without the persons of other organisations; null where it is withheld.</param>
/// <param name="Withheld">
/// Why the body is not shown, one of <see cref="WithheldFor"/>; null: it is. The entry is in the chain all the same. Its digest
/// is not shown instead: who knows the other fields and tries out prices and quantities would find the one that fits.
/// </param>
public sealed record AuditEvent(
    string Service, long Sequence, Guid EventId, Guid StreamId, long StreamVersion, string Type, DateTimeOffset RecordedAt,
    string? CorrelationId, string? CausationId, string? ActorSubject, Guid? ActorParticipantId, string? ActorClientId,
    JsonElement? Body, string? Withheld = null)
{
    /// <summary>What a participant may see of an event that concerns it.</summary>
    /// <param name="subject">The person who reads for it.</param>
    public static AuditEvent For(Guid participant, string subject, AuditEntry entry)
    {
        var acted = entry.ActorParticipantId == participant;
        var withheld = !ParticipantsConcerned.Named(entry.Body).All(id => id == participant) ? WithheldFor.NamesOthers
            : DraftPlans.Include(entry) ? WithheldFor.DraftPlan
            : null;
        return Of(entry, acted, withheld, () => PersonsNamed.LeaveOut(
            entry.Body, person => person == subject || (acted && person == entry.ActorSubject)));
    }

    /// <summary>Officials see everything in its time.</summary>
    public static AuditEvent ForOfficial(AuditEntry entry, bool isSealed) =>
        Of(entry, showsActor: true, isSealed ? WithheldFor.SealedBid : null, () => JsonElement.Parse(entry.Body));

    private static AuditEvent Of(AuditEntry entry, bool showsActor, string? withheld, Func<JsonElement> body) => new(
        entry.Service, entry.Sequence, entry.EventId, entry.StreamId, entry.StreamVersion, entry.Type, entry.RecordedAt,
        entry.CorrelationId, entry.CausationId,
        showsActor ? entry.ActorSubject : null,
        entry.ActorParticipantId == Guid.Empty ? null : entry.ActorParticipantId,
        showsActor ? entry.ActorClientId : null,
        withheld is null ? body() : null, withheld);
}

public static class WithheldFor
{
    /// <summary>It names others, and the reader sees only its own.</summary>
    public const string NamesOthers = "names-others";

    /// <summary>A draft of an allocation: a participant is told its figures by the approval.</summary>
    public const string DraftPlan = "draft-plan";

    /// <summary>A bid in an auction that has not closed.</summary>
    public const string SealedBid = "sealed-bid";
}
