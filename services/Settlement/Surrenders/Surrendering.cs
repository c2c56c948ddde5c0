using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Surrenders;

/// <param name="Vintage">Null: the oldest vintages first.</param>
/// <param name="ByParticipantId">Who asks; only the holder may.</param>
public sealed record SurrenderUnits(Guid SurrenderId, Guid AccountId, string Instrument, Quantity Quantity,
    ComplianceYear? Vintage, Guid ByParticipantId, DateTimeOffset At) : LedgerCommand(At);

public sealed record UnitsSurrendered(Guid SurrenderId, Guid AccountId, Guid ParticipantId, Guid ToAccountId,
    string Instrument, ComplianceYear? VintageAsked, Blocks Blocks, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Gives units up for what was emitted (清缴). Terminal: nothing leaves the surrender account. Units surrendered before the
/// participant is known as a covered entity count when it becomes one.
/// </summary>
public static class Surrendering
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, SurrenderUnits c) => ledger.Accounts.Find(c.AccountId) switch
    {
        null => Refusals.UnknownAccount(c.AccountId),
        { } account when account.ParticipantId != c.ByParticipantId => Refusals.NotYours(account.Number),
        _ when ledger.Receipts.Answer(c.SurrenderId, ReceiptOf(c.AccountId, c.Instrument, c.Vintage, c.Quantity)) is { } answer => answer,
        _ when !ledger.Rules.At(c.At).IsInstrument(c.Instrument) => Refusals.UnknownInstrument(c.Instrument),
        _ when !ledger.Rules.At(c.At).Answers(c.Instrument) =>
            Reject("wrong-unit", $"Units of {c.Instrument} do not answer for what this market accounts for."),
        _ when c.Quantity.IsZero => Reject("nothing-surrendered", "A surrender is of at least one unit."),
        { } account when !ledger.Rules.At(c.At).Allows(TransactionTypes.Surrender, account.Type, AccountTypes.Surrender) =>
            Refusals.NotAllowed(TransactionTypes.Surrender, account.Type, AccountTypes.Surrender),
        { } account when ChangingStatus.Refusal(ledger, TransactionTypes.Surrender, account, null, c.At) is { } refusal => refusal,
        { } account when Held(account, c) is var held && held < c.Quantity =>
            Refusals.InsufficientUnits(account.Number, held, c.Quantity),
        { } account => Accept(ComplianceCalendar.Due(ledger, c.At).Add(Surrendered(ledger, account, c))),
    };

    public static void Evolve(LedgerState ledger, UnitsSurrendered e)
    {
        ledger.Move(e.AccountId, e.ToAccountId, e.Instrument, e.Blocks);
        ledger.Receipts.Add(e.SurrenderId, ReceiptOf(e.AccountId, e.Instrument, e.VintageAsked, e.Blocks.Quantity));
        ledger.Compliance.Surrendered(e);
    }

    private static Quantity Held(Account account, SurrenderUnits c) =>
        c.Vintage is { } vintage ? account.Units.Of(c.Instrument, vintage) : account.Units.Of(c.Instrument);

    private static UnitsSurrendered Surrendered(LedgerState ledger, Account account, SurrenderUnits c) => new(
        c.SurrenderId, account.Id, account.ParticipantId, ledger.Accounts.AuthorityId(AccountTypes.Surrender),
        c.Instrument, c.Vintage, account.Units.Oldest(c.Instrument, c.Quantity, c.Vintage), c.At);

    private static Receipt ReceiptOf(Guid accountId, string instrument, ComplianceYear? vintage, Quantity quantity) =>
        new(TransactionTypes.Surrender, accountId, Guid.Empty, instrument, vintage, quantity.Value);
}
