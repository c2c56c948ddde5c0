using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Surrenders;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Transactions;

public sealed record ClaimTransaction(Guid TransactionId, bool TakeOver, Person By, DateTimeOffset At) : LedgerCommand(At);

public sealed record CommentTransaction(Guid TransactionId, Guid CommentId, string Text, Person By, DateTimeOffset At) : LedgerCommand(At);

/// <param name="Original">The transaction it undoes; null: it undoes none.</param>
public sealed record ApproveTransaction(Guid TransactionId, Person By, DateTimeOffset At, CompletedTransaction? Original = null) : LedgerCommand(At);

/// <param name="Withdrawn">Its own side takes it back; otherwise the second person refuses it.</param>
public sealed record EndTransaction(Guid TransactionId, bool Withdrawn, string Reason, Person By, DateTimeOffset At) : LedgerCommand(At);

/// <summary>A person who may decide has taken the decision on, so that two do not work at one.</summary>
public sealed record TransactionClaimed(Guid TransactionId, Guid FromParticipantId, string By, DateTimeOffset At) : LedgerEvent(At);

public sealed record TransactionCommented(Guid TransactionId, Guid FromParticipantId, Guid CommentId, string Text, string By, DateTimeOffset At)
    : LedgerEvent(At);

/// <param name="By">The second person; null where the policy pack asks for none.</param>
/// <param name="NotBefore">When its delay is over.</param>
public sealed record TransactionApproved(Guid TransactionId, Guid FromParticipantId, string? By, DateTimeOffset NotBefore, DateTimeOffset At)
    : LedgerEvent(At);

/// <summary>Nothing has moved, and the units are free again.</summary>
/// <param name="Outcome"><c>rejected</c> by the second person or <c>withdrawn</c> by the side that proposed it.</param>
public sealed record TransactionEnded(Guid TransactionId, Guid FromParticipantId, string Outcome, string Reason, string By, DateTimeOffset At)
    : LedgerEvent(At)
{
    public const string Rejected = "rejected";

    public const string Withdrawn = "withdrawn";
}

/// <summary>The second pair of eyes (双人复核): claims a transaction, comments on it, approves or rejects it.</summary>
public static class Approving
{
    public const int MostComments = 100;

    public static Decision<LedgerEvent> Decide(LedgerState ledger, ClaimTransaction c) => ledger.Transactions.Pending.GetValueOrDefault(c.TransactionId) switch
    {
        null => Unknown(c.TransactionId),
        { IsApproved: true } => AlreadyApproved(c.TransactionId),
        { } waiting when MayNotDecide(ledger, waiting, c.By, c.At) is { } refusal => refusal,
        { ClaimedBy: { } holder } when holder == c.By.Subject => Accept(),
        { ClaimedBy: { } holder } when !c.TakeOver => Claimed(c.TransactionId, holder),
        { } waiting => Accept(new TransactionClaimed(c.TransactionId, waiting.Terms.FromParticipantId, c.By.Subject, c.At)),
    };

    public static Decision<LedgerEvent> Decide(LedgerState ledger, CommentTransaction c) => ledger.Transactions.Pending.GetValueOrDefault(c.TransactionId) switch
    {
        null => Unknown(c.TransactionId),
        { } waiting when !IsOf(waiting, c.By) && !c.By.IsOfficial => Unknown(c.TransactionId),
        { Comments: >= MostComments } => Reject("too-many-comments", $"A transaction has at most {MostComments} comments."),
        { } waiting => Accept(new TransactionCommented(
            c.TransactionId, waiting.Terms.FromParticipantId, c.CommentId, c.Text, c.By.Subject, c.At)),
    };

    public static Decision<LedgerEvent> Decide(LedgerState ledger, ApproveTransaction c) => ledger.Transactions.Pending.GetValueOrDefault(c.TransactionId) switch
    {
        null => Unknown(c.TransactionId),
        { ApprovedBy: { } approver } when approver == c.By.Subject => Accept(),
        { IsApproved: true } => AlreadyApproved(c.TransactionId),
        { } waiting when MayNotDecide(ledger, waiting, c.By, c.At) is { } refusal => refusal,
        { ClaimedBy: { } holder } when holder != c.By.Subject => Claimed(c.TransactionId, holder),
        { } waiting when Answering.RefusalForNow(ledger, waiting, c.At) is { } refusal => refusal,
        { } waiting when c.Original is { } original && Proposing.OfAnother(original, waiting.Terms.OnBehalfOfParticipantId) is { } refusal => refusal,
        { } waiting => Accept(Approved(ledger, waiting, c)),
    };

    public static Decision<LedgerEvent> Decide(LedgerState ledger, EndTransaction c) => ledger.Transactions.Pending.GetValueOrDefault(c.TransactionId) switch
    {
        null => Unknown(c.TransactionId),
        { } waiting when c.Withdrawn && !IsOf(waiting, c.By) => c.By.IsOfficial
            ? Reject("not-proposer", "Only the side that proposed a transaction takes it back.")
            : Unknown(c.TransactionId),
        { Terms.PartOf: { } whole } when c.Withdrawn => OfAnother(c.TransactionId, whole),
        { } waiting when c.Withdrawn => Accept(Ended(ledger, waiting, TransactionEnded.Withdrawn, c)),
        // For now: who says so is heard under the same id once it is stuck.
        { IsApproved: true } waiting when !IsStuck(ledger, waiting, c.At) => RejectForNow("already-approved", ApprovedReason(c.TransactionId)),
        { } waiting when MayNotDecide(ledger, waiting, c.By, c.At) is { } refusal => refusal,
        { ClaimedBy: { } holder } when holder != c.By.Subject => Claimed(c.TransactionId, holder),
        { } waiting => Accept(Ended(ledger, waiting, TransactionEnded.Rejected, c)),
    };

    public static void Evolve(LedgerState ledger, TransactionClaimed e) =>
        ledger.Transactions.Change(ledger.Transactions.Pending[e.TransactionId] with { ClaimedBy = e.By });

    public static void Evolve(LedgerState ledger, TransactionCommented e)
    {
        var waiting = ledger.Transactions.Pending[e.TransactionId];
        ledger.Transactions.Change(waiting with { Comments = waiting.Comments + 1 });
    }

    public static void Evolve(LedgerState ledger, TransactionApproved e) =>
        ledger.Transactions.Change(ledger.Transactions.Pending[e.TransactionId] with { ApprovedBy = e.By, NotBefore = e.NotBefore });

    public static void Evolve(LedgerState ledger, TransactionEnded e)
    {
        ledger.Accounts[ledger.Transactions.Pending[e.TransactionId].Terms.FromAccountId].EndHold(e.TransactionId);
        ledger.Transactions.End(e.TransactionId);
    }

    /// <summary>
    /// An official has approved it and something has come between, such as a freeze: an official may end it, or what it holds could
    /// neither move nor be awarded to anybody else. What a holder's second person approved gives way by itself.
    /// </summary>
    private static bool IsStuck(LedgerState ledger, Transaction waiting, DateTimeOffset at) =>
        waiting.IsApproved && ledger.Rules.At(at).Transaction(waiting.Terms.Type)?.ApprovedBy == Approver.Official
        && Completing.Obstacle(ledger, waiting, at) is not null;

    public static bool MayDecide(LedgerState ledger, Transaction waiting, Person person, DateTimeOffset at) =>
        MayNotDecide(ledger, waiting, person, at) is null;

    private static ImmutableArray<LedgerEvent> Approved(LedgerState ledger, Transaction waiting, ApproveTransaction c)
    {
        var rules = ledger.Rules.At(c.At);
        var notBefore = rules.AfterDelay(rules.Transaction(waiting.Terms.Type)!, c.At);
        var approved = ledger.Transactions.WithParts(waiting).Select(part =>
            new TransactionApproved(part.TransactionId, part.Terms.FromParticipantId, c.By.Subject, notBefore, c.At));
        return notBefore <= c.At && Completing.Obstacle(ledger, waiting, c.At) is null
            ? [.. approved, .. Completing.Completion(ledger, waiting, c.At)]
            : [.. approved];
    }

    // Arms stand in order of precedence; the specs pin that order.
    private static Decision<LedgerEvent>? MayNotDecide(LedgerState ledger, Transaction waiting, Person by, DateTimeOffset at) =>
        ledger.Rules.At(at).Transaction(waiting.Terms.Type)?.ApprovedBy switch
        {
            Approver.Official when !by.IsOfficial => IsOf(waiting, by)
                ? Reject("officials-only", $"A {waiting.Terms.Type} is approved by an official.")
                : Unknown(waiting.TransactionId),
            Approver.Holder when by.ParticipantId != waiting.Terms.FromParticipantId => by.IsOfficial
                ? Reject("holder-only", $"A {waiting.Terms.Type} is approved by another representative of its sender.")
                : Unknown(waiting.TransactionId),
            _ when by.Subject == waiting.ProposedBy.Subject => Reject("four-eyes", "Whoever proposed a transaction cannot decide on it."),
            Approver.Official when IsOfEntity(waiting, by) => Reject("four-eyes", "Nobody who acts for the entity concerned decides on it as an official."),
            _ when waiting.Terms.PartOf is { } whole => OfAnother(waiting.TransactionId, whole),
            _ => null,
        };

    private static bool IsOf(Transaction waiting, Person person) => waiting.ProposedBy.IsOfficial
        ? person.IsOfficial
        : person.ParticipantId == waiting.ProposedBy.ParticipantId;

    private static bool IsOfEntity(Transaction waiting, Person person) => person.ParticipantId != Guid.Empty
        && (person.ParticipantId == waiting.Terms.FromParticipantId || person.ParticipantId == waiting.Terms.OnBehalfOfParticipantId);

    private static ImmutableArray<LedgerEvent> Ended(LedgerState ledger, Transaction waiting, string outcome, EndTransaction c) =>
    [
        .. ledger.Transactions.WithParts(waiting).Select(part =>
            new TransactionEnded(part.TransactionId, part.Terms.FromParticipantId, outcome, c.Reason, c.By.Subject, c.At)),
        .. Timeliness.Ended(ledger, [waiting], c.At),
    ];

    private static Decision<LedgerEvent> Unknown(Guid transactionId) =>
        Reject("unknown-transaction", $"No transaction {transactionId} is under way in this market.");

    private static Decision<LedgerEvent> OfAnother(Guid transactionId, Guid whole) =>
        Reject("part-of-surrender", $"{transactionId} is a part of surrender {whole} and is decided with it.");

    private static Decision<LedgerEvent> AlreadyApproved(Guid transactionId) =>
        Reject("already-approved", ApprovedReason(transactionId));

    private static string ApprovedReason(Guid transactionId) => $"Transaction {transactionId} is approved.";

    private static Decision<LedgerEvent> Claimed(Guid transactionId, string by) =>
        Reject("claimed-by-another", $"{by} has taken on the decision on {transactionId}; it can be taken over.");
}
