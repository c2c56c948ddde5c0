using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Surrenders;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>Who acts on a transaction.</summary>
/// <param name="Subject">The person; two people have two subjects.</param>
/// <param name="ParticipantId">The organisation acted for; empty for an official of none.</param>
public sealed record Person(string Subject, Guid ParticipantId, bool IsOfficial);

/// <summary>What a transaction says, once and for all.</summary>
/// <param name="OnBehalfOfParticipantId">Whose obligation a surrender answers for, where it is not the sender's.</param>
/// <param name="Reverses">The transaction it undoes; null: none.</param>
/// <param name="Ground">Why, and by which rule or ruling; officials always give one.</param>
/// <param name="Year">The year a surrender answers for; null: it is none, or answers for all years together.</param>
/// <param name="Further">Other units of the same surrender, each a transaction under an id of its own; null: none.</param>
/// <param name="PartOf">The surrender with which it is decided, completed and ended; null: it stands by itself.</param>
public sealed record TransactionTerms(
    string Type, Guid FromAccountId, Guid FromParticipantId, Guid ToAccountId, Guid ToParticipantId, string Instrument, Blocks Blocks,
    Guid? OnBehalfOfParticipantId, Guid? Reverses, string? Ground, ComplianceYear? Year = null, ImmutableArray<SurrenderPart>? Further = null,
    Guid? PartOf = null);

/// <summary>A transaction (登记业务) on its way: proposed, perhaps to be approved, perhaps to wait, then completed or ended.</summary>
/// <param name="ApprovedBy">Null while it waits for its second person.</param>
/// <param name="NotBefore">When the delay is over; null while nobody has approved it.</param>
/// <param name="ClaimedBy">The person who has taken the decision on; null: anybody who may.</param>
public sealed record Transaction(Guid TransactionId, TransactionTerms Terms, Person ProposedBy, DateTimeOffset ProposedAt)
{
    public string? ApprovedBy { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public string? ClaimedBy { get; init; }

    /// <summary>How many comments have been left on it; the journal has them.</summary>
    public int Comments { get; init; }

    public bool IsApproved => NotBefore is not null;
}

/// <summary>
/// Transactions that are not completed yet. A completed one is a fact: whoever needs it again brings what it was, so
/// that nothing of it stays here but which of its units have been given back.
/// </summary>
public sealed class TransactionDesk
{
    /// <summary>Transactions of an account's holder under way at a time; it may always end one of them.</summary>
    public const int MostPendingOfAnAccount = 200;

    /// <summary>Officials' on one account, counted by themselves: what its holder has under way must not keep them from acting on it.</summary>
    public const int MostPendingByOfficials = 200;

    private readonly SortedDictionary<Guid, Transaction> _pending = [];
    private readonly SortedDictionary<(Guid AccountId, bool ByOfficials), int> _pendingOf = [];
    private readonly SortedSet<(DateTimeOffset NotBefore, Guid TransactionId)> _approved = [];
    private readonly SortedDictionary<Guid, ImmutableArray<Blocks>> _reversed = [];

    public IReadOnlyDictionary<Guid, Transaction> Pending => _pending;

    /// <summary>Which units of which transactions have gone back, in the order in which they did.</summary>
    public IReadOnlyDictionary<Guid, ImmutableArray<Blocks>> Reversed => _reversed;

    /// <summary>What is decided as one: the transaction, and where it is a surrender of several kinds of units the others with it.</summary>
    public ImmutableArray<Transaction> WithParts(Transaction whole) =>
        [whole, .. Enumerable.Range(1, whole.Terms.Further?.Length ?? 0).Select(part => _pending[Surrendering.IdOf(whole.TransactionId, part)])];

    /// <summary>How many from an account are under way: those that officials have proposed, or the others.</summary>
    public int PendingOf(Guid accountId, bool byOfficials) => _pendingOf.GetValueOrDefault((accountId, byOfficials));

    public bool IsReversed(Guid transactionId, Block block) => _reversed.TryGetValue(transactionId, out var parts)
        && parts.SelectMany(part => part).Any(other => other.Vintage == block.Vintage && other.First <= block.Last && block.First <= other.Last);

    /// <summary>Approved transactions whose delay is over by a moment, the longest over first.</summary>
    public IEnumerable<Transaction> DueBy(DateTimeOffset at) =>
        _approved.TakeWhile(entry => entry.NotBefore <= at).Select(entry => _pending[entry.TransactionId]);

    public void Begin(Transaction transaction)
    {
        if (transaction.NotBefore is { } known)
            _approved.Add((known, transaction.TransactionId));
        _pending.Add(transaction.TransactionId, transaction);
        _pendingOf[CountOf(transaction)] = _pendingOf.GetValueOrDefault(CountOf(transaction)) + 1;
    }

    public void Change(Transaction transaction)
    {
        _pending[transaction.TransactionId] = transaction;
        if (transaction.NotBefore is { } notBefore)
            _approved.Add((notBefore, transaction.TransactionId));
    }

    public void End(Guid transactionId)
    {
        if (!_pending.Remove(transactionId, out var ended))
            return;
        if (ended.NotBefore is { } notBefore)
            _approved.Remove((notBefore, transactionId));
        if (--_pendingOf[CountOf(ended)] == 0)
            _pendingOf.Remove(CountOf(ended));
    }

    public void Reverse(Guid transactionId, Blocks blocks) =>
        _reversed[transactionId] = _reversed.TryGetValue(transactionId, out var parts) ? parts.Add(blocks) : [blocks];

    internal void Restore(Guid transactionId, ImmutableArray<Blocks> reversed) => _reversed.Add(transactionId, reversed);

    private static (Guid AccountId, bool ByOfficials) CountOf(Transaction transaction) => (transaction.Terms.FromAccountId, transaction.ProposedBy.IsOfficial);
}
