using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Transfers;

/// <param name="ByParticipantId">Who asks; only the holder may.</param>
public sealed record TransferUnits(Guid TransferId, Guid FromAccountId, Guid ToAccountId, string Instrument,
    Quantity Quantity, Guid ByParticipantId, DateTimeOffset At) : LedgerCommand(At);

/// <param name="FundingNumber">Counts the fundings of trading accounts; null on facts from before they were counted.</param>
public sealed record UnitsTransferred(Guid TransferId, string TransactionType, Guid FromAccountId, Guid FromParticipantId,
    Guid ToAccountId, Guid ToParticipantId, string Instrument, Blocks Blocks, DateTimeOffset At,
    long? FundingNumber = null) : LedgerEvent(At);

/// <summary>
/// Moves units from a participant's holding account to its own trading account (划转), at once. The way back is asked of
/// Trading, which lets go only of what no order needs.
/// </summary>
public static class Transferring
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, TransferUnits c) =>
        (ledger.Accounts.Find(c.FromAccountId), ledger.Accounts.Find(c.ToAccountId)) switch
        {
            (null, _) => Refusals.UnknownAccount(c.FromAccountId),
            ({ } from, _) when from.ParticipantId != c.ByParticipantId => Refusals.NotYours(from.Number),
            _ when ledger.Receipts.Answer(c.TransferId, ReceiptOf(c.FromAccountId, c.ToAccountId, c.Instrument, c.Quantity)) is { } answer => answer,
            (_, null) => Refusals.UnknownAccount(c.ToAccountId),
            _ when !ledger.Rules.At(c.At).IsInstrument(c.Instrument) => Refusals.UnknownInstrument(c.Instrument),
            _ when c.Quantity.IsZero => Reject("nothing-transferred", "A transfer is of at least one unit."),
            ({ } from, { } to) => Between(ledger, c, from, to),
        };

    public static void Evolve(LedgerState ledger, UnitsTransferred e)
    {
        ledger.Move(e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks);
        ledger.Fundings = e.FundingNumber ?? ledger.Fundings;
        ledger.Receipts.Add(e.TransferId, ReceiptOf(e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks.Quantity));
    }

    private static Decision<LedgerEvent> Between(LedgerState ledger, TransferUnits c, Account from, Account to)
    {
        if (!ledger.Rules.At(c.At).Allows(TransactionTypes.TransferToTrading, from.Type, to.Type))
            return Refusals.NotAllowed(TransactionTypes.TransferToTrading, from.Type, to.Type);
        if (to.ParticipantId != from.ParticipantId)
            return Reject("recipient-not-yours", $"Account {to.Number} belongs to another participant; units go to your own.");
        if (ChangingStatus.Refusal(ledger, TransactionTypes.TransferToTrading, from, to, c.At) is { } refusal)
            return refusal;
        if (from.Units.Of(c.Instrument) is var held && held < c.Quantity)
            return Refusals.InsufficientUnits(from.Number, held, c.Quantity);
        return Accept(new UnitsTransferred(c.TransferId, TransactionTypes.TransferToTrading, from.Id, from.ParticipantId,
            to.Id, to.ParticipantId, c.Instrument, from.Units.Oldest(c.Instrument, c.Quantity), c.At, ledger.Fundings + 1));
    }

    private static Receipt ReceiptOf(Guid from, Guid to, string instrument, Quantity quantity) =>
        new(TransactionTypes.TransferToTrading, from, to, instrument, null, quantity.Value);
}
