using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Streaming;

namespace CarbonMarket.Trading.MarketData;

public static class GetMarketData
{
    /// <param name="LegalTime">Now, by the market's clock.</param>
    /// <param name="Sessions">Mode of the session that each instrument's book is in; null: it is shut.</param>
    /// <param name="Channels">For each instrument and channel asked for, where it stands: all at the same version of the journal.</param>
    public sealed record SnapshotAnswer(
        DateTimeOffset LegalTime, ImmutableSortedDictionary<string, string?> Sessions, ImmutableArray<MarketDataMessage> Channels);

    /// <summary>All is well and everything up to the event's id has been sent.</summary>
    public sealed record HeartbeatAnswer(DateTimeOffset LegalTime, ImmutableSortedDictionary<string, string?> Sessions);

    /// <param name="Reason">slow-consumer, not-served, shutting-down or token-expired; come again with Last-Event-ID.</param>
    public sealed record EndAnswer(string Reason);

    public static void Map(RouteGroupBuilder marketData)
    {
        marketData.MapGet("/snapshot", Snapshot)
            .WithName("get-market-data")
            .WithSummary("Where the market's public data stand: book by order and by price, trades, ticker, bars, auctions, status, sales")
            .WithDescription(
                "instrument: one or several with commas, a composite quote (CEA) among them, where left out all. channels: orders, depth, trades, ticker, bars, auctions, status, sales, where "
                + "left out all. Each snapshot carries the sequence of the last increment it contains. 422 snapshot-too-large: more than "
                + "100,000 orders and prices; ask for fewer instruments or channels, or stream them.")
            .Produces<SnapshotAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        marketData.MapGet("/stream", Stream)
            .WithName("stream-market-data")
            .WithSummary("The market's public data as they come about (行情推送), as Server-Sent Events")
            .WithDescription(
                "instrument and channels as for the snapshot. Events: snapshot and increment, whose data name instrument, channel and a "
                + "sequence without gaps for each instrument and channel; heartbeat after a silence; end, which says why the stream ends. "
                + "Last-Event-ID goes on after that event with what was missed, or with snapshots where that is no longer kept. A consumer "
                + "that reads too slowly is let go (end: slow-consumer). 429 too-many-streams. See docs/market-data.md.")
            .Produces<MarketDataMessage>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    /// <param name="instrument">
    /// One or several with commas, as the policy pack names them, composite quotes among them; left out: all.
    /// </param>
    /// <param name="channels">
    /// One or several with commas: orders, depth, trades, ticker, bars, auctions, status, sales; left out: all.
    /// </param>
    internal static IResult Snapshot(
        string market, string? instrument, string? channels, Venues venues, MarketDataPublishers publishers, TimeProvider clock)
    {
        var (pack, now, faults) = (venues[market].PackAt(clock.GetUtcNow()), clock.GetUtcNow(), new Faults());
        var selection = MarketDataSelection.Read(pack, instrument, channels, faults);
        if (faults.Any)
            return faults.ToProblem();
        var snapshots = publishers[market].Snapshot(selection.Instruments, selection.Channels);
        return TooLarge(snapshots) is { } refusal
            ? Problem.Refused(refusal.Code, refusal.Reason)
            : TypedResults.Ok(new SnapshotAnswer(now, selection.SessionsAt(pack, now), snapshots));
    }

    /// <summary>Null: it can be answered at once.</summary>
    internal static Refusal? TooLarge(ImmutableArray<MarketDataMessage> snapshots) =>
        snapshots.Sum(snapshot => snapshot.Entries) is var entries && entries > MessageParts.MostEntriesAtOnce
            ? new("snapshot-too-large", $"{entries} orders and prices; at most {MessageParts.MostEntriesAtOnce} are told at once. The stream begins with them, in parts.")
            : null;

    /// <param name="instrument">
    /// One or several with commas, as the policy pack names them, composite quotes among them; left out: all.
    /// </param>
    /// <param name="channels">
    /// One or several with commas: orders, depth, trades, ticker, bars, auctions, status, sales; left out: all.
    /// </param>
    internal static IResult Stream(
        string market, string? instrument, string? channels, HttpContext context, Venues venues, MarketDataPublishers publishers,
        StreamPlaces places, StreamingOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (venue, faults) = (venues[market], new Faults());
        var selection = MarketDataSelection.Read(venue.PackAt(clock.GetUtcNow()), instrument, channels, faults);
        if (faults.Any)
            return faults.ToProblem();
        if (!places.TryTake(context, StreamDoor.Data))
            return places.TooMany(context);
        // What is no place, or none of this market's any more, is answered with snapshots: a browser would ask with it for ever.
        ResumePoint? after = ResumePoint.TryParse(context.Request.Headers["Last-Event-ID"], out var point) ? point : null;
        var subscription = publishers[market].Subscribe(selection.Instruments, selection.Channels, after).For(context);
        return TypedResults.ServerSentEvents(Events(
            subscription.Read(options.Heartbeat, cancellationToken), () => Heartbeat(venue, selection, clock.GetUtcNow()), cancellationToken));
    }

    internal static HeartbeatAnswer Heartbeat(Venue venue, MarketDataSelection selection, DateTimeOffset now) =>
        new(now, selection.SessionsAt(venue.PackAt(now), now));

    private static async IAsyncEnumerable<SseItem<string>> Events(
        IAsyncEnumerable<StreamItem> items, Func<HeartbeatAnswer> heartbeat, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            yield return item switch
            {
                StreamItem.Data data => new SseItem<string>(data.Published.Json, data.Published.Message.IsSnapshot ? "snapshot" : "increment")
                {
                    EventId = data.Point?.ToString(),
                },
                StreamItem.Heartbeat alive => new SseItem<string>(StreamJson.Write(heartbeat()), "heartbeat") { EventId = alive.Point.ToString() },
                StreamItem.End end => new SseItem<string>(StreamJson.Write(new EndAnswer(end.Reason)), "end"),
                _ => throw new InvalidOperationException($"Unknown item {item}."),
            };
        }
    }
}
