using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Matching;

namespace CarbonMarket.Trading.Orders;

public static class GetBook
{
    private const int MostLevels = 50;
    private const int UsualLevels = 5;

    /// <param name="PriceMinor">Minor units of the currency per unit.</param>
    /// <param name="Quantity">Units that stand at the price, all its orders together.</param>
    /// <param name="Orders">How many orders stand at the price.</param>
    public sealed record Level(Price PriceMinor, Quantity Quantity, int Orders);

    /// <summary>What stands in the book, by price, best first.</summary>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Bids">What is bid for, the highest price first; at most as many prices as asked for.</param>
    /// <param name="Asks">What is offered, the lowest price first; at most as many prices as asked for.</param>
    /// <param name="ReferencePriceMinor">The previous close (or base price) that the day's band is measured from; null: none yet.</param>
    /// <param name="LowestPriceMinor">
    /// Lower end of the band, in minor units per unit, rounded to the tick as the pack says; null: no band.
    /// </param>
    /// <param name="HighestPriceMinor">Upper end of the band, rounded in the same way; null: no band.</param>
    /// <param name="Volume">Units traded on the open day, beside the book too; 0 while no day is open.</param>
    /// <param name="LastTradeSequence">Of the market, at the moment of this reading.</param>
    public sealed record BookAnswer(
        string Instrument, ImmutableArray<Level> Bids, ImmutableArray<Level> Asks, Price? ReferencePriceMinor, long? LowestPriceMinor,
        long? HighestPriceMinor, long Volume, long LastTradeSequence);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/book", Handle)
        .WithTags("Orders")
        .WithName("get-book")
        .WithSummary("Depth of one instrument's book")
        .WithDescription("depth: 1-50 price levels, usually the best five (五档行情). 404 unknown-instrument.")
        .Produces<BookAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="instrument">As the policy pack names it; it has to be given.</param>
    /// <param name="depth">Prices of each side, 1-50; 5 unless said (五档行情).</param>
    internal static async Task<IResult> Handle(
        string market, string? instrument, int? depth, Venues venues, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireName(instrument, "instrument");
        faults.Require(depth is null or (>= 1 and <= MostLevels), "depth", "out-of-range", $"1-{MostLevels} levels.");
        if (faults.Any)
            return faults.ToProblem();
        var venue = venues[market];
        return venue.PackAt(clock.GetUtcNow()).Instrument(instrument!) is not { } rules
            ? Problem.NotFound("unknown-instrument", $"{market} does not trade {instrument}.")
            : TypedResults.Ok(await venue.Read(state => Read(state, rules, depth ?? UsualLevels), cancellationToken));
    }

    private static BookAnswer Read(MarketState market, Instrument rules, int levels)
    {
        var book = market.BookOf(rules.Id);
        var reference = market.ReferencePrice(rules);
        var band = PriceBand.Of(rules, reference);
        return new BookAnswer(
            rules.Id, Levels(book, Side.Buy, levels), Levels(book, Side.Sell, levels), reference, band?.LowMinor, band?.HighMinor,
            market.Instruments.GetValueOrDefault(rules.Id)?.Volume ?? 0, market.LastTradeSequence);
    }

    private static ImmutableArray<Level> Levels(OrderBook book, Side side, int levels) =>
        [.. book.Depth(side, levels).Select(level => new Level(level.Price, level.Quantity, level.Orders))];
}
