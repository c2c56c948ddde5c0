using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Transfers;

public static class PutTransfer
{
    /// <param name="FromAccountId">The caller's operator-holding account.</param>
    /// <param name="ToAccountId">The caller's trading account.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units; the oldest vintages go first.</param>
    public sealed record NewTransfer(
        Guid? FromAccountId = null, Guid? ToAccountId = null, string? Instrument = null, long? Quantity = null);

    /// <param name="TransferId">Made by the caller; names the transfer.</param>
    /// <param name="FromAccountId">The caller's operator-holding account.</param>
    /// <param name="ToAccountId">The caller's trading account.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Quantity">Units; the oldest vintages have gone first.</param>
    /// <param name="Status">Always completed.</param>
    public sealed record TransferView(Guid TransferId, Guid FromAccountId, Guid ToAccountId, string Instrument, Quantity Quantity, string Status);

    public static void Map(RouteGroupBuilder market) => market.MapPut("/transfers/{transferId:guid}", Handle)
        .ForAParticipant(Roles.Emitter, Roles.Trader, Roles.Regulator, Roles.Operator)
        .WithTags("Transfers")
        .WithName("transfer-units")
        .WithSummary("Move units from the caller's holding account to its trading account (划转)")
        .WithDescription(
            "At once; Trading sees them moments later. The way back is a withdrawal, asked of Trading. In order of precedence: 409 "
            + "command-id-reused; 422 unknown-account (from); 403 account-not-yours; 409 id-reused; 422 unknown-account (to), "
            + "unknown-instrument, transaction-not-allowed, recipient-not-yours, account-may-not-send, account-may-not-receive, insufficient-units. A refused "
            + "transfer stays refused under its id.")
        .Produces<TransferView>()
        .Changes();

    /// <param name="transferId">Made by the caller; names the transfer.</param>
    internal static async Task<IResult> Handle(
        string market, Guid transferId, NewTransfer asked, HttpContext context, Ledgers ledgers, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(transferId, "transferId");
        faults.RequireId(asked.FromAccountId, "$.fromAccountId");
        faults.RequireId(asked.ToAccountId, "$.toAccountId");
        faults.RequireName(asked.Instrument, "$.instrument");
        faults.RequireQuantity(asked.Quantity, "$.quantity");
        if (faults.Any)
            return faults.ToProblem();
        var command = new TransferUnits(
            transferId, asked.FromAccountId!.Value, asked.ToAccountId!.Value, asked.Instrument!, Quantity.Of(asked.Quantity!.Value),
            context.User.ParticipantId(), clock.GetUtcNow());
        var outcome = await ledgers[market].Execute(context.CommandId(transferId), command, context.Provenance(), cancellationToken);
        return outcome.ToHttp(_ => TypedResults.Ok(new TransferView(
            transferId, command.FromAccountId, command.ToAccountId, command.Instrument, command.Quantity, "completed")));
    }
}
