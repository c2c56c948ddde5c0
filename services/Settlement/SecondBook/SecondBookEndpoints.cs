using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.SecondBook;

public static class SecondBookEndpoints
{
    /// <param name="ComparisonId">The caller's id of it; made here where none is given.</param>
    public sealed record NewComparison(Guid? ComparisonId = null);

    public static void Map(RouteGroupBuilder books)
    {
        books.MapPost("/comparisons", Compare)
            .ForOverseers()
            .WithName("compare-books")
            .WithSummary("Reckon the second book (独立账) anew and hold the ledger against it")
            .WithDescription(
                "Every balance and the place of every unit, from the postings alone, at the ledger's version of this moment. Accounts on which they differ are "
                + "suspended until an official has looked. Also done by itself every legal day. 503 postings-behind: ask again.")
            .Produces<BookComparison>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        books.MapGet("/comparisons/latest", Latest)
            .ForOverseers()
            .WithName("get-latest-comparison")
            .WithSummary("The latest comparison of the ledger with the second book")
            .WithDescription("404 nothing-compared: there has been none yet.")
            .Produces<BookComparison>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static async Task<IResult> Compare(
        string market, NewComparison asked, HttpContext context, CompareBooks books, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        if (asked.ComparisonId is not null)
            faults.RequireId(asked.ComparisonId, "$.comparisonId");
        if (faults.Any)
            return faults.ToProblem();
        return await books.Compare(market, asked.ComparisonId ?? Guid.CreateVersion7(), clock.GetUtcNow(), cancellationToken) is { } compared
            ? TypedResults.Ok(compared)
            : Asking.Behind(context);
    }

    internal static async Task<IResult> Latest(string market, Comparisons comparisons, CancellationToken cancellationToken) =>
        await comparisons.Latest(market, cancellationToken) is { } compared
            ? TypedResults.Ok(compared)
            : Problem.NotFound("nothing-compared", $"The books of {market} have not been compared yet.");
}
