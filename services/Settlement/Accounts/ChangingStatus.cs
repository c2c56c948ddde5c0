using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Accounts;

/// <summary>What an account may still do is said by the policy pack for each of these; an open one may do everything.</summary>
public static class AccountStatuses
{
    public const string Open = "open";

    /// <summary>Limited (受限).</summary>
    public const string Restricted = "restricted";

    /// <summary>Stopped (暂停).</summary>
    public const string Suspended = "suspended";

    /// <summary>On its way to be closed (注销中): it empties.</summary>
    public const string Closing = "closing";

    /// <summary>Closed for good (已注销).</summary>
    public const string Closed = "closed";

    /// <summary>From which status an account may come to which.</summary>
    internal static readonly ImmutableDictionary<string, ImmutableArray<string>> Ways = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        [Open] = [Restricted, Suspended, Closing],
        [Restricted] = [Open, Suspended, Closing],
        [Suspended] = [Open, Restricted, Closing],
        [Closing] = [Open, Suspended, Closed],
        [Closed] = [],
    }.ToImmutableDictionary(StringComparer.Ordinal);
}

public sealed record ChangeAccountStatus(Guid ChangeId, Guid AccountId, string Status, string Ground, Person By, DateTimeOffset At) : LedgerCommand(At);

public sealed record AccountStatusChanged(
    Guid ChangeId, Guid AccountId, Guid ParticipantId, string From, string To, string Ground, string By, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Restricts, suspends, closes and reopens accounts. One official may stop an account at once; who lets it do more again is
/// another. An account is closed when nothing lies on it and nothing is bound to come or go.
/// </summary>
public static class ChangingStatus
{
    /// <summary>Of its receipts.</summary>
    internal const string Kind = "account-status";

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, ChangeAccountStatus c) => ledger.Accounts.Find(c.AccountId) switch
    {
        _ when !c.By.IsOfficial => Reject("officials-only", "The status of an account is changed by an official."),
        _ when ledger.Receipts.Answer(c.ChangeId, ReceiptOf(c.AccountId, c.Status, c.Ground)) is { } answer => answer,
        null => Refusals.UnknownAccount(c.AccountId),
        { } account when account.ParticipantId == Guid.Empty =>
            Reject("account-of-authority", $"Account {account.Number} is the authority's own; it stays open."),
        { } account when !AccountStatuses.Ways[account.Status].Contains(c.Status, StringComparer.Ordinal) => Reject("status-out-of-order",
            $"An account that is {account.Status} becomes {Text(AccountStatuses.Ways[account.Status])}, not {c.Status}."),
        { } account when account.StatusBy == c.By.Subject && ledger.Rules.At(c.At).LetsMore(account.Status, c.Status) =>
            Reject("four-eyes", $"{c.By.Subject} made the account {account.Status}; it may do more when {c.Status}, which takes another official."),
        { } account when c.Status == AccountStatuses.Closed && (!account.IsEmpty || ledger.Payouts.MayReturnTo(account.Id)) =>
            Reject("account-not-empty", $"Units, cash, payments, trades or transactions under way are left on account {account.Number}."),
        { } account => Accept(new AccountStatusChanged(
            c.ChangeId, account.Id, account.ParticipantId, account.Status, c.Status, c.Ground, c.By.Subject, c.At)),
    };

    public static void Evolve(LedgerState ledger, AccountStatusChanged e)
    {
        ledger.Receipts.AddOwn(e.ChangeId, ReceiptOf(e.AccountId, e.To, e.Ground));
        ledger.Accounts[e.AccountId].Become(e.To, e.By);
    }

    /// <summary>Null: the status of both accounts lets this happen.</summary>
    internal static Rejected? Refusal(LedgerState ledger, string transactionType, Account? from, Account? to, DateTimeOffset at)
    {
        var rules = ledger.Rules.At(at);
        return from is { Status: not AccountStatuses.Open } && !rules.MaySend(from.Status, transactionType)
            ? (Rejected)Reject("account-may-not-send", $"Account {from.Number} is {from.Status}: no {transactionType} leaves it.")
            : to is { Status: not AccountStatuses.Open } && !rules.MayReceive(to.Status, transactionType)
            ? (Rejected)Reject("account-may-not-receive", $"Account {to.Number} is {to.Status}: no {transactionType} comes to it.")
            : null;
    }

    private static string Text(ImmutableArray<string> statuses) => statuses.IsEmpty ? "nothing else" : string.Join(" or ", statuses);

    private static Receipt ReceiptOf(Guid accountId, string status, string ground) =>
        new(Kind, accountId, Guid.Empty, null, null, 0, Receipt.ContentOf(status, ground));
}
