using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Withdrawals;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Payouts;

/// <summary>What the settlement bank has done with a payment.</summary>
/// <param name="BankReference">As the bank knows its entry.</param>
/// <param name="Refusal">Why it did not pay; null: it has paid.</param>
public sealed record AnswerPayout(Guid WithdrawalId, string BankReference, string? Refusal, DateTimeOffset At) : LedgerCommand(At);

/// <summary>Withdrawn cash is put aside: it is no longer on the trading account and not paid yet.</summary>
/// <param name="ToAccountId">The authority's account for it.</param>
public sealed record PayoutReserved(Guid WithdrawalId, Guid ParticipantId, Guid AccountId, Guid ToAccountId, Money AmountMinor, DateTimeOffset At) : LedgerEvent(At);

public sealed record PayoutPaid(Guid WithdrawalId, Guid ParticipantId, Guid FromAccountId, Money AmountMinor, string BankReference, DateTimeOffset At) : LedgerEvent(At);

/// <summary>The bank did not pay; the cash is back on the trading account.</summary>
/// <param name="Refusal">As the bank says.</param>
public sealed record PayoutRefused(
    Guid WithdrawalId, Guid ParticipantId, Guid FromAccountId, Guid AccountId, Money AmountMinor, string BankReference, string Refusal, DateTimeOffset At,
    long FundingNumber) : LedgerEvent(At);

/// <summary>A payment that the bank has not answered yet.</summary>
/// <param name="WithdrawalId">The withdrawal's id, which the bank is given as that of its order.</param>
/// <param name="ParticipantId">Whose cash it is.</param>
/// <param name="AccountId">The trading account it was withdrawn from, and goes back to if the bank does not pay.</param>
/// <param name="PutAsideOn">The authority's account on which it lies until the bank answers.</param>
/// <param name="AmountMinor">In minor units of the currency.</param>
/// <param name="ReservedAt">Legal time from which it is put aside.</param>
public sealed record Payout(Guid WithdrawalId, Guid ParticipantId, Guid AccountId, Guid PutAsideOn, Money AmountMinor, DateTimeOffset ReservedAt);

/// <summary>Payments under way, and how the others were answered: those stay for ever, within the limit of <see cref="Receipts"/>.</summary>
public sealed class PayoutDesk
{
    private readonly SortedDictionary<Guid, Payout> _open = [];
    private readonly SortedDictionary<Guid, PayoutAnswer> _answered = [];

    public IReadOnlyCollection<Payout> Open => _open.Values;

    public Payout? Find(Guid withdrawalId) => _open.GetValueOrDefault(withdrawalId);

    public PayoutAnswer? AnswerTo(Guid withdrawalId) => _answered.GetValueOrDefault(withdrawalId);

    /// <summary>Payments after one of them, by id.</summary>
    public IEnumerable<Payout> After(Guid? withdrawalId) => _open.Values.SkipWhile(payout => payout.WithdrawalId.CompareTo(withdrawalId ?? Guid.Empty) <= 0);

    /// <summary>Whether cash may still come back to the account.</summary>
    public bool MayReturnTo(Guid accountId) => _open.Values.Any(payout => payout.AccountId == accountId);

    public void Reserve(Payout payout) => _open.Add(payout.WithdrawalId, payout);

    public void Answer(Guid withdrawalId, string bankReference, bool paid)
    {
        _open.Remove(withdrawalId);
        _answered.Add(withdrawalId, new PayoutAnswer(withdrawalId, bankReference, paid));
    }

    internal Parts ToParts() => new([.. _open.Values], [.. _answered.Values]);

    internal void Restore(Parts parts)
    {
        parts.Open.ForEach(Reserve);
        parts.Answered.ForEach(answer => _answered.Add(answer.WithdrawalId, answer));
    }

    internal sealed record Parts(List<Payout> Open, List<PayoutAnswer> Answered);
}

/// <param name="WithdrawalId">The withdrawal that was to be paid.</param>
/// <param name="BankReference">The bank's own name of its entry.</param>
/// <param name="Paid">False: the cash is back on the trading account.</param>
public sealed record PayoutAnswer(Guid WithdrawalId, string BankReference, bool Paid);

/// <summary>
/// Withdrawn cash in two steps (出金): put aside, then paid by the settlement bank, or back where it came from when the bank
/// does not pay. The bank may answer late and more than once: its first answer stands, the same again changes nothing, and
/// another is a contradiction that shows in the reconciliation.
/// </summary>
public static class PayingOut
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, AnswerPayout c) => ledger.Payouts.Find(c.WithdrawalId) switch
    {
        null when ledger.Payouts.AnswerTo(c.WithdrawalId) is { } answer =>
            answer.BankReference == c.BankReference && answer.Paid == (c.Refusal is null)
                ? Accept()
                : Reject("payout-answered", $"The bank has {(answer.Paid ? "paid" : "refused")} withdrawal {c.WithdrawalId} with entry {answer.BankReference}."),
        null => Reject("unknown-payout", $"No payment of withdrawal {c.WithdrawalId} was asked of the bank."),
        { } payout when c.Refusal is null =>
            Accept(new PayoutPaid(payout.WithdrawalId, payout.ParticipantId, payout.PutAsideOn, payout.AmountMinor, c.BankReference, c.At)),
        { } payout => Accept(new PayoutRefused(
            payout.WithdrawalId, payout.ParticipantId, payout.PutAsideOn, payout.AccountId, payout.AmountMinor, c.BankReference, c.Refusal, c.At,
            ledger.Fundings + 1)),
    };

    public static void Evolve(LedgerState ledger, PayoutReserved e)
    {
        ledger.Pay(e.AccountId, e.ToAccountId, e.AmountMinor);
        ledger.Payouts.Reserve(new Payout(e.WithdrawalId, e.ParticipantId, e.AccountId, e.ToAccountId, e.AmountMinor, e.At));
        Withdrawing.Complete(ledger, e);
    }

    public static void Evolve(LedgerState ledger, PayoutPaid e)
    {
        ledger.Withdraw(e.FromAccountId, e.AmountMinor);
        ledger.Payouts.Answer(e.WithdrawalId, e.BankReference, paid: true);
    }

    public static void Evolve(LedgerState ledger, PayoutRefused e)
    {
        ledger.Pay(e.FromAccountId, e.AccountId, e.AmountMinor);
        ledger.Fundings = e.FundingNumber;
        ledger.Payouts.Answer(e.WithdrawalId, e.BankReference, paid: false);
    }
}
