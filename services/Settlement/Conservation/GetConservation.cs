using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Conservation;

public static class GetConservation
{
    public static void Map(RouteGroupBuilder market) => market.MapGet("/conservation", Handle)
        .ForOverseers()
        .WithTags("Conservation")
        .WithName("get-conservation")
        .WithSummary("Proof that issued = held + surrendered + cancelled, and that cash balances")
        .WithDescription(
            "Counted anew from every block on every account: each serial ever issued lies on exactly one. ledgerVersion counts the "
            + "ledger's events, refusals left out.")
        .Produces<ConservationStatement>();

    internal static async Task<IResult> Handle(string market, Ledgers ledgers, CancellationToken cancellationToken)
    {
        var count = await ledgers[market].Read(ConservationStatement.Copied, cancellationToken);
        return TypedResults.Ok(count());
    }
}
