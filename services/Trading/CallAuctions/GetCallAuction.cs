using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.CallAuctions;

public static class GetCallAuction
{
    /// <summary>What the call auction of an instrument would come to if it closed now.</summary>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="InCall">Whether orders of the instrument gather now; while they do not, all but the last trade is null.</param>
    /// <param name="Purpose">open (开盘集合竞价) or close (收盘集合竞价).</param>
    /// <param name="ClosesAt">Legal time at which it is uncrossed; null too while the trading day has had no order yet.</param>
    /// <param name="IndicativePriceMinor">Minor units per unit; null: no bid reaches an offer.</param>
    /// <param name="IndicativeVolume">Units that would trade; 0: no bid reaches an offer.</param>
    /// <param name="Surplus">Units bid at the price beyond those offered at it; below zero: the other way round.</param>
    /// <param name="LastTradeSequence">Of the market, at the moment of this reading.</param>
    public sealed record CallAuctionAnswer(
        string Instrument, bool InCall, CallPurpose? Purpose, DateTimeOffset? ClosesAt, Price? IndicativePriceMinor,
        Quantity? IndicativeVolume, long? Surplus, long LastTradeSequence);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/call-auction", Handle)
        .WithTags("Orders")
        .WithName("get-call-auction")
        .WithSummary("Indicative price and volume of a call auction (集合竞价)")
        .WithDescription(
            "The price is the one at which most units trade, then least is left unmatched, then nearest the latest price. "
            + "404 unknown-instrument.")
        .Produces<CallAuctionAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="instrument">As the policy pack names it; it has to be given.</param>
    internal static async Task<IResult> Handle(
        string market, string? instrument, Venues venues, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireName(instrument, "instrument");
        if (faults.Any)
            return faults.ToProblem();
        var (venue, now) = (venues[market], clock.GetUtcNow());
        var pack = venue.PackAt(now);
        if (pack.Instrument(instrument!) is not { } rules)
            return Problem.NotFound("unknown-instrument", $"{market} does not trade {instrument}.");
        var call = pack.SessionAt(now, rules) is { Mode: Session.Call } session ? session : null;
        return TypedResults.Ok(await venue.Read(state => Read(state, rules, call), cancellationToken));
    }

    private static CallAuctionAnswer Read(MarketState market, Instrument rules, Session? call)
    {
        if (call is null)
            return new CallAuctionAnswer(rules.Id, false, null, null, null, null, null, market.LastTradeSequence);
        var found = CallAuction.Indication(market, rules);
        return new CallAuctionAnswer(
            rules.Id, true, call.Purpose, market.NextCallOf(rules.Id)?.ClosesAt, found?.Price, found?.Volume ?? Quantity.Zero,
            found?.Surplus ?? 0, market.LastTradeSequence);
    }
}
