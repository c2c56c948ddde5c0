using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Ledger;
using Marten;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>Transactions wherever they are: those under way in the ledger's memory, all of them in the store a moment later.</summary>
public sealed class FindTransactions(Ledgers ledgers, IDocumentStore store, EventHead journal)
{
    public const string UnknownCode = "unknown-transaction";

    private static readonly TimeSpan LongestMoment = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static IResult Unknown(Guid transactionId) => Problem.NotFound(UnknownCode, UnknownReason(transactionId));

    public static string UnknownReason(Guid transactionId) => $"There is no transaction {transactionId} that you may see.";

    /// <summary>As it stands now. Null: there is none.</summary>
    /// <exception cref="TimeoutException">The store is so far behind that nobody can say.</exception>
    public async Task<TransactionAnswer?> Find(string market, Guid transactionId, CancellationToken cancellationToken)
    {
        var pending = await ledgers[market].Read(ledger => ledger.Transactions.Pending.GetValueOrDefault(transactionId), cancellationToken);
        if (pending is not null)
            return TransactionAnswer.Of(pending);
        if (await Stored(market, transactionId, cancellationToken) is { Ended: not null } ended)
            return ended;
        // No longer under way, and not known as ended: the store has yet to hear of it, or there is none.
        await StoreIsCurrent(cancellationToken);
        return await Stored(market, transactionId, cancellationToken);
    }

    /// <summary>Transactions that have begun after a place in the journal, at most so many.</summary>
    /// <param name="of">A participant who may see them; null: everybody's.</param>
    public async Task<IReadOnlyList<TransactionView>> After(
        string market, long after, int most, Guid? of, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var (stream, found) = (Ledgers.StreamOf(market), session.Query<TransactionView>());
        var views = found.Where(view => view.Market == stream && view.Number > after);
        if (of is { } participant)
            views = views.Where(view => view.FromParticipantId == participant || (view.ToParticipantId == participant && view.IsCompleted));
        return await views.OrderBy(view => view.Number).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>Transactions that wait for somebody's decision, by id; a surrender of several kinds of units once.</summary>
    /// <param name="type">Of one type; null: of any.</param>
    public Task<ImmutableArray<TransactionAnswer>> Waiting(
        string market, string? type, Guid after, int most, Person forPerson, DateTimeOffset at, CancellationToken cancellationToken) => ledgers[market].Read(
        ledger => ledger.Transactions.Pending.Values.SkipWhile(pending => pending.TransactionId.CompareTo(after) <= 0)
            .Where(pending => (type is null || pending.Terms.Type == type) && !pending.IsApproved && Approving.MayDecide(ledger, pending, forPerson, at))
            .Take(most).Select(TransactionAnswer.Of).ToImmutableArray(),
        cancellationToken);

    private async Task<TransactionAnswer?> Stored(string market, Guid transactionId, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return (await session.LoadAsync<TransactionView>(TransactionView.IdOf(Ledgers.StreamOf(market), transactionId), cancellationToken))?.Transaction;
    }

    /// <summary>Waits until the store has heard of all that was in the journal when it was asked.</summary>
    private async Task StoreIsCurrent(CancellationToken cancellationToken)
    {
        var (asked, head) = (Stopwatch.GetTimestamp(), (await journal.Read(cancellationToken)).LastSequence);
        while (await store.PositionOf(nameof(TransactionView), cancellationToken) < head)
        {
            if (Stopwatch.GetElapsedTime(asked) > LongestMoment)
                throw new TimeoutException($"The store has not heard of event {head} within {LongestMoment}.");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
