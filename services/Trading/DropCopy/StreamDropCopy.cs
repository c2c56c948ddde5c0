using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Streaming;
using Microsoft.AspNetCore.Authorization;

namespace CarbonMarket.Trading.DropCopy;

public static class StreamDropCopy
{
    public static void Map(RouteGroupBuilder market) => market.MapGet("/drop-copy/stream", Handle)
        .RequireAuthorization(Readers)
        .WithTags("Drop copy")
        .WithName("stream-drop-copy")
        .WithSummary("The journal's facts about the caller as they are committed, as Server-Sent Events")
        .WithDescription(
            "A participant is sent its own orders, bids, trades and refusals, the blocks negotiated with it and controls imposed on it; "
            + "regulator, operator and auditor everything, with participants; of a sealed bid only that there is one. after (or Last-Event-ID): the version up to which the consumer has everything; 0: from the beginning, which for a "
            + "participant must not be too far back (too-far-back; /audit/events has its whole history); left out: from now on. Events: copy, whose previousVersion must be the last version received; reached: nothing more up to this "
            + "version; end, which says why the stream ends. 429 too-many-streams. See docs/market-data.md.")
        .Produces<DropCopyItem.Copy>(StatusCodes.Status200OK, "text/event-stream")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal static void Readers(AuthorizationPolicyBuilder policy) =>
        policy.RequireRole(Roles.Emitter, Roles.Trader, Roles.Regulator, Roles.Operator, Roles.Auditor);

    /// <param name="after">
    /// The version of the journal up to which the consumer has everything; 0: from the beginning; left out: from now on. The header
    /// Last-Event-ID goes before it.
    /// </param>
    internal static IResult Handle(
        string market, long? after, HttpContext context, Venues venues, DropCopies copies, StreamPlaces places, StreamingOptions options,
        CancellationToken cancellationToken)
    {
        var (venue, faults, everything) = (venues[market], new Faults(), context.User.SeesEverything());
        var begin = Beginning(VersionOf(venue), Stood(context) ?? after, everything ? null : options.DropCopyReach, faults);
        if (faults.Any)
            return faults.ToProblem();
        if (!everything && context.User.ParticipantId() == Guid.Empty)
            return Problem.Forbidden("no-participant", "The token names no participant to act for.");
        if (!places.TryTake(context, StreamDoor.Data))
            return places.TooMany(context);
        return TypedResults.ServerSentEvents(Events(
            copies.Follow(venue, everything ? null : context.User.ParticipantId(), begin, StreamLife.Of(context), cancellationToken),
            cancellationToken));
    }

    /// <summary>Where a consumer begins that says where it stands, or does not.</summary>
    /// <param name="version">Where the journal stands.</param>
    /// <param name="reach">How far back it may begin; null: as far as it likes.</param>
    internal static long Beginning(long version, long? after, long? reach, Faults faults)
    {
        faults.Require(after is null || (after >= 0 && after <= version), "after", "out-of-range", $"The journal is at version {version}.");
        faults.Require(
            after is null || reach is null || after >= version - reach, "after", "too-far-back",
            $"A participant's copy begins at most {reach} versions back, now after {version - reach} or later; /audit/events has all that was before.");
        return after ?? version;
    }

    internal static long VersionOf(Venue venue) => venue.Engine.IsReady
        ? venue.Engine.Version
        : throw new EngineUnavailableException("The market is not served here for the moment; ask again.");

    private static long? Stood(HttpContext context) =>
        long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static async IAsyncEnumerable<SseItem<string>> Events(
        IAsyncEnumerable<DropCopyItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            yield return item switch
            {
                DropCopyItem.Copy copy => Event("copy", copy, copy.Version),
                DropCopyItem.Reached reached => Event("reached", reached, reached.Version),
                _ => Event("end", item, null),
            };
        }
    }

    private static SseItem<string> Event(string type, DropCopyItem item, long? version) =>
        new(StreamJson.Write(item), type) { EventId = version?.ToString(CultureInfo.InvariantCulture) };
}
