using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Ledger;
using Marten;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>Transactions wherever they are: those under way in the ledger's memory, all of them in the store.</summary>
public sealed class FindTransactions(Ledgers ledgers, IDocumentStore store)
{
    public const string UnknownCode = "unknown-transaction";

    public static IResult Unknown(Guid transactionId) => Problem.NotFound(UnknownCode, UnknownReason(transactionId));

    public static string UnknownReason(Guid transactionId) => $"There is no transaction {transactionId} that you may see.";

    public async Task<TransactionAnswer?> Find(string market, Guid transactionId, CancellationToken cancellationToken)
    {
        var pending = await ledgers[market].Read(ledger => ledger.Transactions.Pending.GetValueOrDefault(transactionId), cancellationToken);
        if (pending is not null)
            return TransactionAnswer.Of(pending);
        await using var session = store.QuerySession();
        return (await session.LoadAsync<TransactionView>(TransactionView.IdOf(Ledgers.StreamOf(market), transactionId), cancellationToken))?.Transaction;
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
}
