using System.Globalization;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CarbonMarket.Settlement.DailyStatements;

public static class GetDailyStatements
{
    private const string Csv = "text/csv";
    private const string Pdf = "application/pdf";

    // What is printed of a day; a day with more has all of it in its CSV.
    private const int MostPrinted = 2_000;

    /// <param name="TradingDay">The trading day; its statements are there since it was cleared.</param>
    /// <param name="ThroughVersion">The journal's version at which the statements of the day end.</param>
    /// <param name="ObjectionsUntil">Who has not objected by then has accepted his statement.</param>
    public sealed record DayView(DateOnly TradingDay, long ThroughVersion, DateTimeOffset ObjectionsUntil);

    public static void Map(RouteGroupBuilder statements)
    {
        statements.MapGet("/", Days)
            .WithName("list-cleared-days")
            .WithSummary("Trading days of which there are statements, the latest first")
            .WithDescription("after: the day last seen. limit: 1-500, 100 unless said. 503 postings-behind: ask again.")
            .Produces<Page<DayView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        statements.MapGet("/{participantId:guid}/{day}", Handle)
            .WithName("get-daily-statement")
            .WithSummary("Statement of a participant's trading account for a trading day (结算单)")
            .WithDescription(
                "For the participant, the regulator, the operator and the auditor, as soon as the day is cleared. All that was booked after the clearing run of the "
                + "day before, up to the end of the day's own: trades, deposits, withdrawals and transfers, with opening and closing balances. day: ISO 8601 date. "
                + "JSON, CSV (Accept: text/csv or format=csv) or PDF (Accept: application/pdf or format=pdf). after: the next of an earlier page. limit: lines, 1-500, "
                + "100 unless said; a PDF has the first 2,000. 403 not-yours; 404 no-trading-account, day-not-cleared; 503 postings-behind: ask again.")
            .Produces<DailyStatement>()
            .Produces<string>(StatusCodes.Status200OK, Csv)
            .Produces<byte[]>(StatusCodes.Status200OK, Pdf)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="after">The day last seen, ISO 8601; those before it follow, the latest first.</param>
    internal static async Task<IResult> Days(
        string market, HttpContext context, Ledgers ledgers, Asking asking, StatementHistory history, CancellationToken cancellationToken,
        DateOnly? after = null, int? limit = null)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        if (await asking.Through(market, null, null, cancellationToken) is null)
            return Asking.Behind(context);
        var (size, rules) = (limit ?? Paging.Usual, await ledgers[market].Read(ledger => ledger.Rules, cancellationToken));
        var days = await history.Days(market, after, size + 1, cancellationToken);
        var items = days.Take(size).Select(day => new DayView(day.TradingDay, day.Version, rules.ObjectionsUntil(day.TradingDay, day.CountsFrom))).ToList();
        return TypedResults.Ok(new Page<DayView>(items, days.Count > size ? items[^1].TradingDay.ToString("O", CultureInfo.InvariantCulture) : null));
    }

    /// <param name="participantId">The participant whose trading account it is.</param>
    /// <param name="day">A trading day that is cleared, ISO 8601: 2021-06-01.</param>
    /// <param name="format">json, csv or pdf; left out: as the header Accept says.</param>
    internal static async Task<IResult> Handle(
        string market, Guid participantId, string day, HttpContext context, Ledgers ledgers, Asking asking, PostingHistory postings, StatementHistory history,
        CancellationToken cancellationToken, long? after = null, int? limit = null, string? format = null)
    {
        var faults = Paging.Check(limit);
        faults.Require(DateOnly.TryParseExact(day, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var tradingDay),
            "day", "invalid-date", "An ISO 8601 date: 2021-06-01.");
        faults.Require(after is null or >= 0, "after", "invalid-cursor", "The next of an earlier page.");
        faults.Require(format is null or "csv" or "json" or "pdf", "format", "unknown-value", "csv, json or pdf.");
        if (faults.Any)
            return faults.ToProblem();
        if (!context.User.MaySee(participantId))
            return Problem.Forbidden("not-yours", "A participant sees its own statements.");
        var (rules, account, objection) = await ledgers[market].Read(
            ledger => (ledger.Rules, ledger.Accounts.Trading(participantId), ledger.Objections.Of(participantId, tradingDay)), cancellationToken);
        if (account is null)
            return Problem.NotFound("no-trading-account", "The participant has no trading account, so there is no statement of it.");
        if (await asking.Through(market, null, null, cancellationToken) is null)
            return Asking.Behind(context);
        if (await history.Day(market, tradingDay, cancellationToken) is not var (end, opens))
            return Problem.NotFound("day-not-cleared", $"Trading day {day} is not cleared; its statement is not there yet.");
        var asked = format ?? Accepted(context);
        var size = asked == "pdf" ? MostPrinted : limit ?? Paging.Usual;
        var first = asked == "pdf" || after is null || after < opens;
        var found = await history.Lines(market, account.Id, first ? opens : after!.Value, end.Version, size + 1, cancellationToken);
        var pack = rules.PackAt(end.CountsFrom);
        var statement = new DailyStatement(
            participantId, account.Id, account.Number, tradingDay, opens, end.Version, pack.Currency.Code,
            await postings.Holdings(market, account.Id, opens, cancellationToken), await postings.Holdings(market, account.Id, end.Version, cancellationToken),
            await history.Totals(market, account.Id, opens, end.Version, cancellationToken), [.. found.Take(size)],
            found.Count > size ? found[size - 1].Version : null,
            await history.Undelivered(market, participantId, opens, end.Version, cancellationToken),
            rules.ObjectionsUntil(tradingDay, end.CountsFrom), objection);
        return asked switch
        {
            "csv" => AsCsv(context, statement, first),
            "pdf" => TypedResults.File(StatementPdf.Of(statement, pack), Pdf, $"{account.Number}-{day}.pdf"),
            _ => TypedResults.Ok(statement),
        };
    }

    private static ContentHttpResult AsCsv(HttpContext context, DailyStatement statement, bool first)
    {
        if (statement.Next is { } next)
        {
            var query = context.Request.Query.Where(part => part.Key != "after").Append(new("after", next.ToString(CultureInfo.InvariantCulture)));
            context.Response.Headers.Link = $"<{context.Request.Path}{QueryString.Create(query)}>; rel=\"next\"";
        }
        return TypedResults.Text(StatementCsv.Of(statement, first), $"{Csv}; charset=utf-8");
    }

    private static string Accepted(HttpContext context)
    {
        var accepted = context.Request.GetTypedHeaders().Accept;
        return accepted.Any(type => type.MediaType.Equals(Pdf, StringComparison.OrdinalIgnoreCase)) ? "pdf"
            : accepted.Any(type => type.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase)) ? "csv" : "json";
    }
}
