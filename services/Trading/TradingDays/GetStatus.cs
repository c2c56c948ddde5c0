using System.Collections.Immutable;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.MarketData;

namespace CarbonMarket.Trading.TradingDays;

public static class GetStatus
{
    /// <param name="LegalTime">Now, by the market's clock.</param>
    /// <param name="TradingDay">The open day; null: none is open.</param>
    /// <param name="DayOpen">True from the day's first order (or auction sale) until its end.</param>
    /// <param name="InSession">Whether orders of some instrument are taken now (交易时段), continuously or in a call.</param>
    /// <param name="LastClosedDay">Null before the first.</param>
    /// <param name="LastTradeSequence">0 if there never was a trade.</param>
    /// <param name="Stopped">Instruments that a control keeps from trading, by id; the others trade in their sessions.</param>
    public sealed record StatusAnswer(
        DateTimeOffset LegalTime, DateOnly? TradingDay, bool DayOpen, bool InSession, DateOnly? LastClosedDay, long LastTradeSequence,
        ImmutableSortedDictionary<string, TradingStatus> Stopped);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/status", Handle)
        .WithTags("Trading days")
        .WithName("get-market-status")
        .WithSummary("Where the market stands: day, session, last trade, what does not trade")
        .Produces<StatusAnswer>();

    internal static async Task<IResult> Handle(string market, Venues venues, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (venue, now) = (venues[market], clock.GetUtcNow());
        return TypedResults.Ok(await venue.Read(
            state => new StatusAnswer(
                now, state.OpenDay, state.OpenDay is not null, InSession(venue.PackAt(now), now), state.LastClosedDay,
                state.LastTradeSequence, Stopped(venue.PackAt(now), state)),
            cancellationToken));
    }

    private static ImmutableSortedDictionary<string, TradingStatus> Stopped(PolicyPack pack, MarketState market) => pack.Instruments
        .Where(instrument => market.Controls.Stopped(instrument.Id))
        .ToImmutableSortedDictionary(
            instrument => instrument.Id, instrument => TradingStatus.Of(market.Controls.StopOf(instrument.Id)), StringComparer.Ordinal);

    private static bool InSession(PolicyPack pack, DateTimeOffset now) =>
        pack.Instruments.Any(instrument => pack.SessionAt(now, instrument) is not null);
}
