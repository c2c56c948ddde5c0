using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

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
            + "ledger's events, refusals left out. version: at that earlier version of the ledger, counted from the postings. 404 version-not-reached; "
            + "503 postings-behind: ask again.")
        .Produces<ConservationStatement>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="version">An earlier version of the ledger; left out: as it is now.</param>
    internal static async Task<IResult> Handle(
        string market, HttpContext context, Ledgers ledgers, PostingHeads heads, PastConservation past, CancellationToken cancellationToken, long? version = null)
    {
        var faults = new Faults();
        faults.Require(version is null or >= 0, "version", "out-of-range", "A version of the ledger, 0 or above.");
        if (faults.Any)
            return faults.ToProblem();
        if (version is not { } earlier)
            return TypedResults.Ok((await ledgers[market].Read(ConservationStatement.Copied, cancellationToken))());
        var now = await ledgers[market].Read(ledger => ledger.Version, cancellationToken);
        if (earlier > now)
            return Problem.NotFound("version-not-reached", $"The ledger of {market} is at version {now}, not at {earlier}.");
        return await heads.Reached(market, head => head.LedgerVersion >= earlier, cancellationToken)
            ? TypedResults.Ok(await past.At(market, earlier, cancellationToken))
            : Asking.Behind(context);
    }
}
