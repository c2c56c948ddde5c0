using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>Its delay is over and nothing stands against it.</summary>
public sealed record CompleteTransaction(Guid TransactionId, DateTimeOffset At) : LedgerCommand(At);

/// <summary>The units have moved.</summary>
/// <param name="Kind">Where they came to, as far as it matters beyond the ledger.</param>
/// <param name="OnBehalfOfParticipantId">Whose obligation changes by it; null: nobody's.</param>
/// <param name="Year">The year of that obligation; null: all years together.</param>
/// <param name="IsOffset">The units are offsets.</param>
public sealed record TransactionCompleted(
    Guid TransactionId, string Type, Guid FromAccountId, Guid FromParticipantId, Guid ToAccountId, Guid ToParticipantId, string Instrument,
    Blocks Blocks, CompletedKind Kind, Guid? OnBehalfOfParticipantId, Guid? Reverses, DateTimeOffset At,
    ComplianceYear? Year = null, bool IsOffset = false) : LedgerEvent(At);

public enum CompletedKind
{
    Moved,

    /// <summary>Onto the surrender account: they answer for what an entity emitted.</summary>
    Surrendered,

    /// <summary>Off the surrender account: they answer no longer.</summary>
    SurrenderReversed,
}

/// <summary>Moves the units of a transaction once everybody has agreed and its delay is over; of several parts, all together.</summary>
public static class Completing
{
    public static Decision<LedgerEvent> Decide(LedgerState ledger, CompleteTransaction c) => ledger.Transactions.Pending.GetValueOrDefault(c.TransactionId) switch
    {
        { NotBefore: { } notBefore, Terms.PartOf: null } waiting when notBefore <= c.At && Obstacle(ledger, waiting, c.At) is null =>
            Accept(Completion(ledger, waiting, c.At)),
        _ => Accept(),
    };

    /// <summary>The next transactions that can be completed, one from each account.</summary>
    public static IEnumerable<CompleteTransaction> Ready(LedgerState ledger, DateTimeOffset at) => ledger.Transactions.DueBy(at)
        .Where(waiting => waiting.Terms.PartOf is null && Obstacle(ledger, waiting, at) is null)
        .DistinctBy(waiting => waiting.Terms.FromAccountId)
        .Select(waiting => new CompleteTransaction(waiting.TransactionId, at));

    /// <summary>What keeps an approved transaction whose time has come from being completed; it waits until that is gone.</summary>
    public static string? Obstacle(LedgerState ledger, Transaction waiting, DateTimeOffset at) =>
        ledger.Transactions.WithParts(waiting).Select(part => ObstacleOfPart(ledger, part, at)).FirstOrDefault(obstacle => obstacle is not null);

    public static void Evolve(LedgerState ledger, TransactionCompleted e)
    {
        ledger.Accounts[e.FromAccountId].EndHold(e.TransactionId);
        ledger.Transactions.End(e.TransactionId);
        foreach (var freeze in ledger.Accounts[e.FromAccountId].Thaw(e.Instrument, e.Blocks))
            ledger.Freezes.Forget(freeze, e.FromAccountId);
        if (e.Kind == CompletedKind.SurrenderReversed)
            ledger.TakeBack(e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks);
        else
            ledger.Move(e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks);
        if (e.Reverses is { } original)
            ledger.Transactions.Reverse(original, e.Blocks);
        if (e.OnBehalfOfParticipantId is { } entity)
            ledger.Compliance.Answered(entity, e);
    }

    internal static ImmutableArray<LedgerEvent> Completion(LedgerState ledger, Transaction waiting, DateTimeOffset at) =>
    [
        .. Completion(ledger, waiting.TransactionId, waiting.Terms, at),
        .. ledger.Transactions.WithParts(waiting).Skip(1).Select(part => Completed(ledger, part.TransactionId, part.Terms, at)),
    ];

    internal static ImmutableArray<LedgerEvent> Completion(LedgerState ledger, Guid transactionId, TransactionTerms terms, DateTimeOffset at)
    {
        var completed = Completed(ledger, transactionId, terms, at);
        return completed.Kind == CompletedKind.Moved ? [completed, .. Reducing.Settled(ledger, completed), .. Reducing.Reopened(ledger, completed)] : [.. ComplianceCalendar.Due(ledger, at), completed];
    }

    private static string? ObstacleOfPart(LedgerState ledger, Transaction waiting, DateTimeOffset at)
    {
        var (from, frozen) = (ledger.Accounts[waiting.Terms.FromAccountId], ledger.Rules.At(at).Transaction(waiting.Terms.Type)?.MovesFrozen ?? false);
        if (ChangingStatus.Refusal(ledger, waiting.Terms.Type, from, ledger.Accounts[waiting.Terms.ToAccountId], at) is { } stopped)
            return stopped.Code;
        // One approved before approvals held it against the original may be for an entity that has not surrendered so much.
        if (from.Type == AccountTypes.Surrender && !HasSurrendered(ledger, waiting.Terms, at))
            return "entity-not-of-original";
        return waiting.Terms.Blocks.All(block => from.MayMove(waiting.Terms.Instrument, block, but: [waiting.TransactionId], frozen)) ? null : "units-not-free";
    }

    private static TransactionCompleted Completed(LedgerState ledger, Guid transactionId, TransactionTerms terms, DateTimeOffset at)
    {
        var kind = ledger.Accounts[terms.ToAccountId].Type == AccountTypes.Surrender ? CompletedKind.Surrendered
            : ledger.Accounts[terms.FromAccountId].Type == AccountTypes.Surrender ? CompletedKind.SurrenderReversed
            : CompletedKind.Moved;
        return new TransactionCompleted(
            transactionId, terms.Type, terms.FromAccountId, terms.FromParticipantId, terms.ToAccountId, terms.ToParticipantId, terms.Instrument,
            terms.Blocks, kind, kind == CompletedKind.Moved ? null : EntityOf(terms, kind), terms.Reverses, at,
            terms.Year, kind != CompletedKind.Moved && ledger.Rules.At(at).IsOffset(terms.Instrument));
    }

    private static bool HasSurrendered(LedgerState ledger, TransactionTerms terms, DateTimeOffset at) =>
        EntityOf(terms, CompletedKind.SurrenderReversed) is { } entity && ledger.Compliance.Find(entity) is { } file
        && file.HasSurrendered(terms.Blocks.Quantity, terms.Year, ledger.Rules.At(at).IsOffset(terms.Instrument));

    private static Guid? EntityOf(TransactionTerms terms, CompletedKind kind) =>
        terms.OnBehalfOfParticipantId ?? (kind == CompletedKind.Surrendered ? terms.FromParticipantId : terms.ToParticipantId);
}
