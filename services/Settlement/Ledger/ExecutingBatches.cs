using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;

namespace CarbonMarket.Settlement.Ledger;

internal static class ExecutingBatches
{
    /// <summary>Hands the commands over one after the other and awaits them together: decided in order, committed as a group.</summary>
    public static async Task<IResult> Execute(
        this MarketLedger ledger, IEnumerable<(Guid Id, LedgerCommand Command)> items, HttpContext context, CancellationToken cancellationToken)
    {
        var provenance = context.Provenance();
        var results = await Task.WhenAll(items.Select(async item =>
            BatchResult.Of(item.Id, await ledger.Execute(context.CommandId(item.Id), item.Command, provenance, cancellationToken))));
        return TypedResults.Ok(new BatchAnswer<BatchResult>(results));
    }
}
