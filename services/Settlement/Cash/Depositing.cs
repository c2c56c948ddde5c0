using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Cash;

/// <param name="BankReference">As the settlement bank knows it; null: it was booked by hand.</param>
public sealed record DepositCash(Guid DepositId, Guid AccountId, Money Amount, DateTimeOffset At, string? BankReference = null) : LedgerCommand(At);

/// <param name="BankReference">As the settlement bank knows it; null: it was booked by hand.</param>
/// <param name="FundingNumber">Counts the fundings of trading accounts; null on facts from before they were counted.</param>
public sealed record CashDeposited(Guid DepositId, Guid AccountId, Guid ParticipantId, Money AmountMinor, DateTimeOffset At,
    long? FundingNumber = null, string? BankReference = null) : LedgerEvent(At);

/// <summary>Books what the settlement bank has received for a trading account (入金).</summary>
public static class Depositing
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, DepositCash c) => ledger.Accounts.Find(c.AccountId) switch
    {
        _ when Answer(ledger, c) is { } answer => answer,
        null => Refusals.UnknownAccount(c.AccountId),
        _ when c.Amount.IsZero => Reject("nothing-deposited", "A deposit is above zero."),
        { } account when !ledger.Rules.At(c.At).Allows(TransactionTypes.CashDeposit, null, account.Type) =>
            Refusals.NotAllowed(TransactionTypes.CashDeposit, "the settlement bank", account.Type),
        { } account when ChangingStatus.Refusal(ledger, TransactionTypes.CashDeposit, null, account, c.At) is { } refusal => refusal,
        { } account => Accept(new CashDeposited(c.DepositId, account.Id, account.ParticipantId, c.Amount, c.At, ledger.Fundings + 1, c.BankReference)),
    };

    public static void Evolve(LedgerState ledger, CashDeposited e)
    {
        ledger.Deposit(e.AccountId, e.AmountMinor);
        ledger.Fundings = e.FundingNumber ?? ledger.Fundings;
        ledger.Receipts.AddOwn(e.DepositId, ReceiptOf(e.AccountId, e.AmountMinor));
    }

    /// <summary>The id of what the bank tells follows from its reference, which the payer knows too.</summary>
    private static Decision<LedgerEvent>? Answer(LedgerState ledger, DepositCash c) => c.BankReference is null
        ? ledger.Receipts.Answer(c.DepositId, ReceiptOf(c.AccountId, c.Amount))
        : ledger.Receipts.AnswerOwn(c.DepositId, ReceiptOf(c.AccountId, c.Amount));

    private static Receipt ReceiptOf(Guid accountId, Money amount) =>
        new(TransactionTypes.CashDeposit, accountId, Guid.Empty, null, null, amount.Minor);
}
