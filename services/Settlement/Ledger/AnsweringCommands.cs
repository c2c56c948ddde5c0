using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;

namespace CarbonMarket.Settlement.Ledger;

internal static class AnsweringCommands
{
    /// <summary>Hands the command over and answers with what stands then, the first time and every time it is repeated.</summary>
    public static async Task<IResult> Answer<T>(
        this MarketLedger ledger, Guid commandId, LedgerCommand command, Func<LedgerState, T> view, HttpContext context, CancellationToken cancellationToken)
    {
        var outcome = await ledger.Execute(commandId, command, context.Provenance(), cancellationToken);
        var answer = await ledger.Read(view, cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(answer));
    }

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
