using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Trading.FixedPriceSales;

public static class GetSales
{
    public static void Map(RouteGroupBuilder sales)
    {
        sales.MapGet("/{saleId:guid}", One)
            .WithName("get-fixed-price-sale")
            .WithSummary("One fixed-price sale, with what is left")
            .WithDescription("404 unknown-sale. Own purchases are shown while the sale is open and for a while after.")
            .Produces<SaleAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        sales.MapGet("", List)
            .WithName("list-fixed-price-sales")
            .WithSummary("All fixed-price sales of the market, by id")
            .WithDescription("Cursor: the sale's id.")
            .Produces<Page<SaleAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="saleId">The sale, as the official who announced it named it.</param>
    internal static async Task<IResult> One(
        string market, Guid saleId, HttpContext context, Venues venues, FindSales sales, TimeProvider clock,
        CancellationToken cancellationToken) =>
        await sales.Find(venues[market], saleId, context.User.ParticipantId(), clock.GetUtcNow(), cancellationToken) is { } sale
            ? TypedResults.Ok(sale)
            : FindSales.Unknown(saleId);

    internal static async Task<IResult> List(
        string market, Guid? after, int? limit, HttpContext context, Venues venues, FindSales sales, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        var found = await sales.After(
            venues[market], after ?? Guid.Empty, size + 1, context.User.ParticipantId(), clock.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(Paging.Of(found, size, sale => sale.SaleId));
    }
}

/// <summary>Sales wherever they are: open and recent ones in the market's memory, all of them in the store.</summary>
public sealed class FindSales(IDocumentStore store)
{
    public static IResult Unknown(Guid saleId) => Problem.NotFound("unknown-sale", $"There is no fixed-price sale {saleId}.");

    public async Task<SaleAnswer?> Find(Venue venue, Guid saleId, Guid caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kept = await venue.Read(
            market => market.Sales.Find(saleId) is { } sale ? SaleAnswer.Of(sale, caller, now) : null, cancellationToken);
        if (kept is not null)
            return kept;
        await using var session = store.QuerySession();
        return await session.LoadAsync<SaleView>(MarketDocument.IdOf(venue.Stream, saleId), cancellationToken) is { } view ? SaleAnswer.Of(view) : null;
    }

    /// <summary>Sales above an id, at most so many, the market's memory before the store.</summary>
    public async Task<IReadOnlyList<SaleAnswer>> After(
        Venue venue, Guid after, int most, Guid caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ImmutableArray<SaleAnswer> kept = await venue.Read(
            market => market.Sales.Kept.Where(sale => sale.SaleId.CompareTo(after) > 0)
                .Select(sale => SaleAnswer.Of(sale, caller, now)).ToImmutableArray(),
            cancellationToken);
        await using var session = store.QuerySession();
        var stored = await session.Query<SaleView>()
            .Where(sale => sale.Market == venue.Stream && sale.MatchesSql("(d.data ->> 'saleId')::uuid > ?", after))
            .OrderBy(sale => sale.SaleId).Take(most).ToListAsync(cancellationToken);
        return KeptAndStored.ById(kept, stored.Select(SaleAnswer.Of), sale => sale.SaleId, most);
    }
}
