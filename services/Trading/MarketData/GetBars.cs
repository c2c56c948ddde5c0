using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.Trading.Market;
using Marten;

namespace CarbonMarket.Trading.MarketData;

public static class GetBars
{
    private static readonly ImmutableDictionary<string, BarInterval> Intervals = ImmutableDictionary.CreateRange(StringComparer.Ordinal,
    [
        KeyValuePair.Create("1m", BarInterval.Minute), KeyValuePair.Create("5m", BarInterval.FiveMinutes),
        KeyValuePair.Create("1h", BarInterval.Hour), KeyValuePair.Create("1d", BarInterval.Day),
    ]);

    public static void Map(RouteGroupBuilder marketData) => marketData.MapGet("/bars", Handle)
        .WithName("list-bars")
        .WithSummary("Open, high, low and close of an instrument, minute by minute or day by day (K线)")
        .WithDescription(
            "interval: 1m, 5m, 1h or 1d of legal time. Cursor: the start of the last bar seen, in seconds since 1970; bars are listed from "
            + "the oldest, and the last of all may still change. Of trades in the book alone.")
        .Produces<Page<Bar>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="instrument">An instrument or a composite quote, as the policy pack names it; it has to be given.</param>
    /// <param name="interval">1m, 5m, 1h or 1d of legal time; it has to be given.</param>
    internal static async Task<IResult> Handle(
        string market, string? instrument, string? interval, long? after, int? limit, Venues venues, MarketDataPublishers publishers,
        IDocumentStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (venue, faults) = (venues[market], Paging.Check(limit));
        faults.RequireName(instrument, "instrument");
        if (instrument is not null)
            MarketDataSelection.Of(venue.PackAt(clock.GetUtcNow()), [instrument], [], faults);
        faults.Require(
            interval is not null && Intervals.ContainsKey(interval), "interval", "unknown-interval", $"One of {string.Join(", ", Intervals.Keys.Order(StringComparer.Ordinal))}.");
        if (faults.Any)
            return faults.ToProblem();
        var found = await Find(venue, publishers[market], store, instrument!, Intervals[interval!], after ?? long.MinValue, limit ?? Paging.Usual, cancellationToken);
        return TypedResults.Ok(Paging.Of(found, limit, bar => bar.StartsAt.ToUnixTimeSeconds()));
    }

    /// <summary>The newest first asked for, for what is let go of there is in the store by then.</summary>
    private static async Task<IEnumerable<Bar>> Find(
        Venue venue, MarketDataPublisher publisher, IDocumentStore store, string instrument, BarInterval interval, long after, int size,
        CancellationToken cancellationToken)
    {
        var newest = publisher.NewestBars(instrument, interval);
        await using var session = store.QuerySession();
        var stored = await session.Query<BarView>()
            .Where(bar => bar.Market == venue.Stream && bar.Instrument == instrument && bar.Interval == interval && bar.StartsAtSeconds > after)
            .OrderBy(bar => bar.StartsAtSeconds).Take(size + 1).ToListAsync(cancellationToken);
        return stored.Select(view => view.Bar).Concat(newest.Where(bar => bar.StartsAt.ToUnixTimeSeconds() > after))
            .DistinctBy(bar => bar.StartsAt).OrderBy(bar => bar.StartsAt);
    }
}
