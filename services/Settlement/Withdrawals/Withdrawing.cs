using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Payouts;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Withdrawals;

/// <summary>Units of an instrument or cash, one of the two.</summary>
/// <param name="Instrument">Null for cash.</param>
public sealed record WithdrawalTerms(Guid WithdrawalId, Guid ParticipantId, string? Instrument, Quantity Quantity, Money Cash);

/// <summary>Trading has released the amount; here it leaves the trading account.</summary>
public sealed record CompleteWithdrawal(WithdrawalTerms Terms, DateTimeOffset At) : LedgerCommand(At);

public sealed record UnitsWithdrawn(Guid WithdrawalId, Guid ParticipantId, Guid FromAccountId, Guid ToAccountId,
    string Instrument, Blocks Blocks, DateTimeOffset At) : LedgerEvent(At);

/// <summary>The cash is paid out to the participant's bank.</summary>
public sealed record CashWithdrawn(Guid WithdrawalId, Guid ParticipantId, Guid AccountId, Money AmountMinor, DateTimeOffset At)
    : LedgerEvent(At);

/// <summary>Released by Trading, not possible yet here; tried again when the account opens or the amount is free.</summary>
public sealed record WithdrawalHeld(Guid WithdrawalId, Guid ParticipantId, string? Instrument, Quantity Quantity,
    Money CashMinor, string Code, DateTimeOffset At) : LedgerEvent(At);

/// <summary>Withdrawals done, and those that wait. The done stay for ever, within the limit of <see cref="Receipts"/>.</summary>
public sealed class WithdrawalDesk
{
    private readonly SortedDictionary<Guid, WithdrawalTerms> _held = [];

    public Receipts Done { get; } = new();

    public IReadOnlyCollection<WithdrawalTerms> Held => _held.Values;

    public bool IsHeld(Guid withdrawalId) => _held.ContainsKey(withdrawalId);

    public void Hold(WithdrawalTerms terms) => _held.Add(terms.WithdrawalId, terms);

    public void Complete(Guid withdrawalId, Receipt receipt)
    {
        _held.Remove(withdrawalId);
        Done.Add(withdrawalId, receipt);
    }
}

/// <summary>
/// Takes what Trading has released off the trading account (出金、划出): units to the participant's holding account, cash
/// to its bank, or aside until the bank has answered where the policy pack says so. Trading has promised it, so it is never refused, only held until it can be done.
/// </summary>
public static class Withdrawing
{
    public static Decision<LedgerEvent> Decide(LedgerState ledger, CompleteWithdrawal c)
    {
        var terms = c.Terms;
        if (ledger.Withdrawals.Done.Answer(terms.WithdrawalId, ReceiptOf(terms)) is { } answer)
            return answer;
        if (Obstacle(ledger, terms, c.At) is { } code)
            return ledger.Withdrawals.IsHeld(terms.WithdrawalId)
                ? Accept()
                : Accept(new WithdrawalHeld(terms.WithdrawalId, terms.ParticipantId, terms.Instrument, terms.Quantity, terms.Cash, code, c.At));
        var trading = ledger.Accounts.Trading(terms.ParticipantId)!;
        return terms.Instrument is { } instrument
            ? Accept(new UnitsWithdrawn(terms.WithdrawalId, terms.ParticipantId, trading.Id, Holding(ledger, terms)!.Id,
                instrument, trading.Units.Oldest(instrument, terms.Quantity), c.At))
            : ledger.Rules.At(c.At).PutsPayoutsAside
            ? Accept(new PayoutReserved(
                terms.WithdrawalId, terms.ParticipantId, trading.Id, ledger.Accounts.AuthorityId(AccountTypes.Payouts), terms.Cash, c.At))
            : Accept(new CashWithdrawn(terms.WithdrawalId, terms.ParticipantId, trading.Id, terms.Cash, c.At));
    }

    /// <summary>Held withdrawals that nothing stands against any more, one of each participant.</summary>
    public static IEnumerable<WithdrawalTerms> Releasable(LedgerState ledger, DateTimeOffset at) =>
        ledger.Withdrawals.Held.Where(terms => Obstacle(ledger, terms, at) is null).DistinctBy(terms => terms.ParticipantId);

    public static void Evolve(LedgerState ledger, UnitsWithdrawn e)
    {
        ledger.Move(e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks);
        ledger.Withdrawals.Complete(e.WithdrawalId,
            ReceiptOf(new WithdrawalTerms(e.WithdrawalId, e.ParticipantId, e.Instrument, e.Blocks.Quantity, Money.Zero)));
    }

    public static void Evolve(LedgerState ledger, CashWithdrawn e)
    {
        ledger.Withdraw(e.AccountId, e.AmountMinor);
        ledger.Withdrawals.Complete(e.WithdrawalId,
            ReceiptOf(new WithdrawalTerms(e.WithdrawalId, e.ParticipantId, null, Quantity.Zero, e.AmountMinor)));
    }

    /// <summary>To Trading the cash is gone; what the bank does with it follows.</summary>
    internal static void Complete(LedgerState ledger, PayoutReserved e) => ledger.Withdrawals.Complete(e.WithdrawalId,
        ReceiptOf(new WithdrawalTerms(e.WithdrawalId, e.ParticipantId, null, Quantity.Zero, e.AmountMinor)));

    public static void Evolve(LedgerState ledger, WithdrawalHeld e) => ledger.Withdrawals.Hold(
        new WithdrawalTerms(e.WithdrawalId, e.ParticipantId, e.Instrument, e.Quantity, e.CashMinor));

    // Arms stand in order of precedence; the specs pin that order.
    private static string? Obstacle(LedgerState ledger, WithdrawalTerms terms, DateTimeOffset at) => ledger.Accounts.Trading(terms.ParticipantId) switch
    {
        null => "no-trading-account",
        _ when terms.Instrument is not null && Holding(ledger, terms) is null => "no-operator-holding-account",
        _ when !Allowed(ledger.Rules.At(at), terms) => "transaction-not-allowed",
        { } trading when ChangingStatus.Refusal(ledger, Type(ledger.Rules.At(at), terms), trading, terms.Instrument is null ? null : Holding(ledger, terms), at) is { } stopped => stopped.Code,
        { } trading when terms.Instrument is { } instrument && trading.Free(instrument) < terms.Quantity => "insufficient-units",
        { } trading when terms.Instrument is null && trading.FreeCash < terms.Cash => "insufficient-cash",
        _ => null,
    };

    private static string Type(LedgerRules rules, WithdrawalTerms terms) => terms.Instrument is not null ? TransactionTypes.TransferFromTrading
        : rules.PutsPayoutsAside ? TransactionTypes.PayoutReservation
        : TransactionTypes.CashWithdrawal;

    private static bool Allowed(LedgerRules rules, WithdrawalTerms terms) => terms.Instrument is null
        ? rules.PutsPayoutsAside || rules.Allows(TransactionTypes.CashWithdrawal, AccountTypes.Trading, null)
        : rules.Allows(TransactionTypes.TransferFromTrading, AccountTypes.Trading, AccountTypes.OperatorHolding);

    private static Account? Holding(LedgerState ledger, WithdrawalTerms terms) =>
        ledger.Accounts.Of(terms.ParticipantId, AccountTypes.OperatorHolding);

    private static Receipt ReceiptOf(WithdrawalTerms terms) =>
        new(TransactionTypes.TransferFromTrading, terms.ParticipantId, Guid.Empty, terms.Instrument, null, checked(terms.Quantity.Value + terms.Cash.Minor));
}
