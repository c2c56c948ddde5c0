using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Clearing;

public static class GetClearing
{
    /// <param name="TradeSequence">Trading's number of the trade in the market.</param>
    /// <param name="TradeId">Trading's id of the trade.</param>
    /// <param name="Code">The rule that stopped it.</param>
    public sealed record FailureView(long TradeSequence, Guid TradeId, string Code);

    /// <param name="TradeSequence">Trading's number of the trade in the market.</param>
    /// <param name="TradeId">Trading's id of the trade.</param>
    /// <param name="Code">The rule that stopped it last.</param>
    /// <param name="Runs">Clearing runs that have tried it.</param>
    /// <param name="LastRun">Trading day of the last of them, ISO 8601.</param>
    public sealed record PostponedView(long TradeSequence, Guid TradeId, string Code, int Runs, string LastRun);

    /// <param name="TradingDay">ISO 8601 date; null when no day was asked for and there is none yet.</param>
    /// <param name="Status">open: trading goes on or the day is unknown; due: closed, the run waits for trades or goes on; completed.</param>
    /// <param name="Settled">Trades delivered.</param>
    /// <param name="Failed">Trades that could not be delivered; each fails alone.</param>
    /// <param name="Open">Trades bound and not yet settled, those to be tried again included.</param>
    /// <param name="Failures">The first 500.</param>
    /// <param name="Postponed">Open trades that could not be delivered yet: the clearing run of the next trading day tries them again.</param>
    /// <param name="ToBeRetried">The first 500 of them.</param>
    public sealed record ClearingView(
        string? TradingDay, string Status, long Settled, long Failed, long Open, ImmutableArray<FailureView> Failures,
        long Postponed, ImmutableArray<PostponedView> ToBeRetried);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/clearing", Handle)
        .ForOverseers()
        .WithTags("Clearing")
        .WithName("get-clearing")
        .WithSummary("The clearing run of a trading day (清算交收)")
        .WithDescription("day: ISO 8601 date; the latest unless said. A trade that cannot be delivered is tried again in the run of the next trading day, as often as the policy pack says, and has failed then.")
        .Produces<ClearingView>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="day">A trading day, ISO 8601: 2021-06-01; left out: the latest.</param>
    internal static async Task<IResult> Handle(string market, Ledgers ledgers, CancellationToken cancellationToken, string? day = null)
    {
        var faults = new Faults();
        var asked = default(DateOnly);
        faults.Require(day is null || DateOnly.TryParseExact(day, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out asked),
            "day", "invalid-date", "An ISO 8601 date: 2021-06-01.");
        return faults.Any
            ? faults.ToProblem()
            : TypedResults.Ok(await ledgers[market].Read(
                ledger => View(ledger.Clearing, day is null ? ledger.Clearing.Latest : ledger.Clearing.Day(asked)), cancellationToken));
    }

    private static ClearingView View(ClearingHouse clearing, TradingDayRecord? day) => day is null
        ? new ClearingView(null, "open", 0, 0, 0, [], 0, [])
        : new ClearingView(
            day.Day.ToString("O", CultureInfo.InvariantCulture),
            day switch { { IsCleared: true } => "completed", { LastTradeSequence: not null } => "due", _ => "open" },
            day.Settled, day.Failed, day.Open,
            [.. clearing.FailuresOf(day.Day).Select(trade => new FailureView(trade.Sequence, trade.TradeId, trade.Code))],
            day.Postponed,
            [.. clearing.PostponedOf(day.Day).Select(postponed => new PostponedView(postponed.Trade.Sequence, postponed.Trade.TradeId,
                postponed.Code, postponed.Runs, postponed.LastRun.ToString("O", CultureInfo.InvariantCulture)))]);
}
