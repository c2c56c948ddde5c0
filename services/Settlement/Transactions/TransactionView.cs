using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Surrenders;
using JasperFx.Events;
using Marten.Events.Projections;

namespace CarbonMarket.Settlement.Transactions;

public enum TransactionStatus
{
    /// <summary>Waits for its second person.</summary>
    Proposed,

    /// <summary>Waits until its delay is over, or until nothing holds its units any more.</summary>
    Approved,

    Completed,

    /// <summary>Refused by the second person.</summary>
    Rejected,

    /// <summary>Taken back by the side that proposed it.</summary>
    Withdrawn,
}

/// <summary>A transaction (登记业务) as it is told to its sender, to those who supervise, and once completed to its recipient.</summary>
/// <param name="TransactionId">Made by whoever proposed it; of a further part of a surrender it follows from the surrender's.</param>
/// <param name="Type">As the policy pack names it.</param>
/// <param name="Status">How far it is.</param>
/// <param name="FromAccountId">Where the units leave.</param>
/// <param name="FromParticipantId">Holder of that account; the empty GUID for the authority.</param>
/// <param name="ToAccountId">Where they arrive.</param>
/// <param name="ToParticipantId">Holder of that account; the empty GUID for the authority.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Quantity">Units, the sum of the blocks.</param>
/// <param name="Blocks">The units themselves, by vintage and serial.</param>
/// <param name="OnBehalfOf">The participant whose obligation it answers for; null: nobody's, or the sender's.</param>
/// <param name="Reverses">The transaction it undoes.</param>
/// <param name="Ground">Why, and by which rule or ruling; officials always give one.</param>
/// <param name="ProposedBy">Subject of the token that proposed it; empty for a surrender that nobody reviewed.</param>
/// <param name="ProposedAt">Legal time; by it a surrender for a year is in time.</param>
/// <param name="ApprovedBy">Subject of the second person's token; null while there is none, or none is needed.</param>
/// <param name="NotBefore">When its delay is over; null before it is approved.</param>
/// <param name="ClaimedBy">Who has taken the decision on.</param>
/// <param name="Ended">Legal time of its completion, rejection or withdrawal.</param>
/// <param name="EndedFor">Why it was rejected or withdrawn.</param>
/// <param name="Year">The compliance year a surrender answers for; null: it is none, or answers for all years together.</param>
/// <param name="Further">Other units of a surrender that is reviewed, decided with these; null: none.</param>
/// <param name="PartOf">The surrender that it is decided with; null: it stands by itself.</param>
public sealed record TransactionAnswer(
    Guid TransactionId, string Type, TransactionStatus Status, Guid FromAccountId, Guid FromParticipantId, Guid ToAccountId, Guid ToParticipantId,
    string Instrument, Quantity Quantity, Blocks Blocks, Guid? OnBehalfOf, Guid? Reverses, string? Ground, string ProposedBy,
    DateTimeOffset ProposedAt, string? ApprovedBy, DateTimeOffset? NotBefore, string? ClaimedBy, DateTimeOffset? Ended, string? EndedFor,
    ComplianceYear? Year = null, ImmutableArray<TransactionPart>? Further = null, Guid? PartOf = null)
{
    public static TransactionAnswer Of(Transaction pending) => new(
        pending.TransactionId, pending.Terms.Type, pending.IsApproved ? TransactionStatus.Approved : TransactionStatus.Proposed,
        pending.Terms.FromAccountId, pending.Terms.FromParticipantId, pending.Terms.ToAccountId, pending.Terms.ToParticipantId,
        pending.Terms.Instrument, pending.Terms.Blocks.Quantity, pending.Terms.Blocks, pending.Terms.OnBehalfOfParticipantId, pending.Terms.Reverses,
        pending.Terms.Ground, pending.ProposedBy.Subject, pending.ProposedAt, pending.ApprovedBy, pending.NotBefore, pending.ClaimedBy, null, null,
        pending.Terms.Year, PartsOf(pending), pending.Terms.PartOf);

    /// <summary>Its sender always; its recipient once the units are there.</summary>
    public bool IsFor(Guid participantId) => participantId != Guid.Empty
        && (participantId == FromParticipantId || (participantId == ToParticipantId && Status == TransactionStatus.Completed));

    private static ImmutableArray<TransactionPart>? PartsOf(Transaction pending) => pending.Terms.Further is { } further
        ? [.. further.Select((part, index) => new TransactionPart(Surrendering.IdOf(pending.TransactionId, index + 1), part.Instrument, part.Quantity, part.Vintage))]
        : null;

    /// <summary>What whoever undoes it has to know of it.</summary>
    public CompletedTransaction? Completed => Status == TransactionStatus.Completed
        ? new(TransactionId, Type, FromAccountId, ToAccountId, Instrument, Blocks, OnBehalfOf, Ended!.Value, Year)
        : null;
}

/// <param name="TransactionId">The part's own, under which it can be read and, once completed, taken back.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Vintage">As asked; null: the oldest vintages first.</param>
public sealed record TransactionPart(Guid TransactionId, string Instrument, Quantity Quantity, ComplianceYear? Vintage);

/// <summary>A transaction as a document, for when the ledger's memory has let go of it. Follows the journal with a short delay.</summary>
/// <param name="Id">See <see cref="IdOf"/>.</param>
/// <param name="Market">Id of the market's journal.</param>
/// <param name="Number">Version of the journal with which it began: transactions are listed in this order.</param>
public sealed record TransactionView(Guid Id, Guid Market, long Number, Guid FromParticipantId, Guid ToParticipantId, bool IsCompleted, TransactionAnswer Transaction)
{
    /// <summary>A transaction's id is its caller's, and another market may have the same.</summary>
    /// <param name="market">Id of the market's journal.</param>
    public static Guid IdOf(Guid market, Guid transactionId) => DeterministicGuid.From(market, $"transaction:{transactionId}");
}

public sealed class TransactionViews : MultiStreamProjection<TransactionView, Guid>
{
    public TransactionViews()
    {
        Version = 2; // Of the first the id was the transaction's own. Marten writes this one anew from the journal, into a table of its own.
        Read<TransactionProposed>(e => e.TransactionId);
        Read<TransactionClaimed>(e => e.TransactionId);
        Read<TransactionApproved>(e => e.TransactionId);
        Read<TransactionEnded>(e => e.TransactionId);
        Read<TransactionCompleted>(e => e.TransactionId);
        Read<UnitsSurrendered>(e => e.SurrenderId);
    }

    public override TransactionView Evolve(TransactionView? snapshot, Guid id, IEvent e) => e.Data switch
    {
        TransactionProposed proposed => View(e, TransactionAnswer.Of(new Transaction(proposed.TransactionId, proposed.Terms, proposed.ProposedBy, proposed.At))),
        TransactionClaimed claimed => With(snapshot!, snapshot!.Transaction with { ClaimedBy = claimed.By }),
        TransactionApproved approved => With(snapshot!, snapshot!.Transaction with
        {
            Status = TransactionStatus.Approved, ApprovedBy = approved.By, NotBefore = approved.NotBefore,
        }),
        TransactionEnded ended => With(snapshot!, snapshot!.Transaction with
        {
            Status = ended.Outcome == TransactionEnded.Rejected ? TransactionStatus.Rejected : TransactionStatus.Withdrawn,
            Ended = ended.At, EndedFor = ended.Reason,
        }),
        TransactionCompleted completed => With(snapshot!, snapshot!.Transaction with
        {
            Status = TransactionStatus.Completed, OnBehalfOf = completed.OnBehalfOfParticipantId, Ended = completed.At,
        }),
        UnitsSurrendered surrendered => View(e, Surrender(surrendered)),
        _ => throw new UnreachableException(e.EventTypeName),
    };

    /// <summary>Without its type every event of the store would be read, and most are trades that are locked.</summary>
    private void Read<TEvent>(Func<TEvent, Guid> transaction)
        where TEvent : class
    {
        Identity<IEvent<TEvent>>(e => TransactionView.IdOf(e.StreamId, transaction(e.Data)));
        IncludeType<TEvent>();
    }

    private static TransactionView View(IEvent e, TransactionAnswer transaction) => new(
        TransactionView.IdOf(e.StreamId, transaction.TransactionId), e.StreamId, e.Version, transaction.FromParticipantId, transaction.ToParticipantId,
        transaction.Status == TransactionStatus.Completed, transaction);

    private static TransactionView With(TransactionView view, TransactionAnswer transaction) =>
        view with { Transaction = transaction, IsCompleted = transaction.Status == TransactionStatus.Completed };

    /// <summary>A surrender that nobody reviews has a door of its own and is completed as it comes.</summary>
    private static TransactionAnswer Surrender(UnitsSurrendered e) => new(
        e.SurrenderId, TransactionTypes.Surrender, TransactionStatus.Completed, e.AccountId, e.ParticipantId, e.ToAccountId, Guid.Empty, e.Instrument,
        e.Blocks.Quantity, e.Blocks, e.ParticipantId, null, null, string.Empty, e.At, null, e.At, null, e.At, null, e.Year);
}
