using System.Globalization;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.Banking;

public static class BankReconciliationEndpoints
{
    public static void Map(RouteGroupBuilder market)
    {
        var reconciliations = market.MapGroup("/bank-reconciliations").WithTags("Cash");
        reconciliations.MapGet("/{day}", Find)
            .ForOverseers()
            .WithName("get-bank-reconciliation")
            .WithSummary("The settlement bank's statement of a day against the ledger (对账)")
            .WithDescription(
                "Asked of the bank each time. day: ISO 8601 date, a legal day. An entry of the bank that the ledger lacks can be booked by hand, as a deposit under the "
                + "transactionId shown. What either side has on another day is no difference, once the bank's day is reconciled. 404 no-settlement-bank: none is connected; 503 settlement-bank-silent, postings-behind: ask again.")
            .Produces<BankReconciliation>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        reconciliations.MapPost("/{day}", Record)
            .ForOverseers()
            .WithName("reconcile-bank")
            .WithSummary("Reconcile a day with the settlement bank now, and keep what is found")
            .WithDescription(
                "Raises the alarm, or ends it. Also done by itself after every legal day, and every night for a day that differs. day: ISO 8601 date, a legal day that is "
                + "over. 404 no-settlement-bank; 422 day-not-over; 503 settlement-bank-silent, postings-behind: ask again.")
            .Produces<RecordedReconciliation>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        reconciliations.MapGet("/", Many)
            .ForOverseers()
            .WithName("get-bank-reconciliations")
            .WithSummary("What was found of each day, the latest day first")
            .WithDescription("differing: true for those days alone on which bank and ledger do not agree yet. after: a day; those before it follow. limit: 1-500, 100 unless said.")
            .Produces<Page<RecordedReconciliation>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="day">A legal day, ISO 8601: 2021-06-01.</param>
    internal static Task<IResult> Find(
        string market, string day, HttpContext context, SettlementBanks banks, ReconcileBank reconcile, CancellationToken cancellationToken) =>
        Ask(market, day, context, banks, (bank, asked) => reconcile.Find(market, bank, asked, cancellationToken));

    /// <param name="day">A legal day that is over, ISO 8601: 2021-06-01.</param>
    internal static Task<IResult> Record(
        string market, string day, HttpContext context, Ledgers ledgers, SettlementBanks banks, ReconcileBank reconcile, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return TryParse(day, out var over) && over >= ledgers[market].Packs[0].LegalDay(now)
            ? Task.FromResult(Problem.Of(StatusCodes.Status422UnprocessableEntity, "day-not-over", $"{over:O} is not over yet; what the bank has of it may still change."))
            : Ask(market, day, context, banks, (bank, asked) => reconcile.Record(market, bank, asked, now, cancellationToken));
    }

    /// <param name="differing">True: only days on which bank and ledger do not agree.</param>
    /// <param name="after">A day, ISO 8601; those before it follow, the latest first.</param>
    internal static async Task<IResult> Many(
        string market, Reconciliations reconciliations, CancellationToken cancellationToken, bool differing = false, string? after = null, int? limit = null)
    {
        var faults = Paging.Check(limit);
        var before = DateOnly.MaxValue;
        faults.Require(after is null || TryParse(after, out before), "after", "invalid-date", "An ISO 8601 date: 2021-06-01.");
        if (faults.Any)
            return faults.ToProblem();
        var found = await reconciliations.Before(market, before, differing, (limit ?? Paging.Usual) + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(found, limit, recorded => (FormattableString)$"{recorded.Found.Day:O}"));
    }

    private static async Task<IResult> Ask<T>(
        string market, string day, HttpContext context, SettlementBanks banks, Func<ISettlementBank, DateOnly, Task<T?>> ask)
        where T : class
    {
        var faults = new Faults();
        var asked = faults.RequireDay(day, "day");
        if (faults.Any)
            return faults.ToProblem();
        if (banks.Of(market) is not { } bank)
            return Problem.NotFound("no-settlement-bank", "No settlement bank is connected; what it books is entered by hand.");
        try
        {
            return await ask(bank, asked) is { } found ? TypedResults.Ok(found) : Asking.Behind(context);
        }
        catch (HttpRequestException)
        {
            return Silent();
        }
        catch (TaskCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Silent();
        }
    }

    private static IResult Silent() =>
        Problem.Of(StatusCodes.Status503ServiceUnavailable, "settlement-bank-silent", "The settlement bank does not answer; ask again.");

    private static bool TryParse(string text, out DateOnly day) => DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
