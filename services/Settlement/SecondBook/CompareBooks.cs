using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.SecondBook;

/// <summary>
/// Reckons the second book anew up to the ledger's version of this moment, compares, stops the accounts on which they differ,
/// and enters the result in the journal. One at a time: each reads a market's whole history.
/// </summary>
public sealed class CompareBooks(Ledgers ledgers, PostingHeads heads, PostingHistory history, SecondBookAlarm alarm, ILogger<CompareBooks> logger) : IDisposable
{
    private const int AccountsAtOnce = 500;
    private readonly SemaphoreSlim _one = new(1, 1);

    public void Dispose() => _one.Dispose();

    /// <returns>Null: the postings are too far behind; nothing was compared.</returns>
    public async Task<BooksCompared?> Compare(string market, Guid comparisonId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var ledger = ledgers[market];
            if (await ledger.Read(state => state.SecondBook.Latest, cancellationToken) is { } latest && latest.ComparisonId == comparisonId)
                return latest;
            var copy = await ledger.Read(LedgerCopy.Of, cancellationToken);
            if (!await heads.Reached(market, head => head.LedgerVersion >= copy.Version, cancellationToken))
                return null;
            var book = new RecomputedBook();
            await foreach (var posting in history.All(market, copy.Version, cancellationToken))
                book.Enter(posting);
            var differences = Comparing.Differences(copy, book, new Movements(market));
            if (differences.Length > 0)
                logger.LogCritical("The second book of {Market} differs from the ledger at version {Version}: {Count} differences, first {First}",
                    market, copy.Version, differences.Length, differences[0]);
            await Enter(ledger, comparisonId, copy, book, differences, at, cancellationToken);
            var compared = await ledger.Read(state => state.SecondBook.Latest, cancellationToken);
            alarm.Tell(market, compared!);
            return compared;
        }
        finally
        {
            _one.Release();
        }
    }

    // The accounts are stopped first: should this end between the two, the comparison is not there and is made again.
    private static async Task Enter(
        MarketLedger ledger, Guid comparisonId, LedgerCopy copy, RecomputedBook book, ImmutableArray<BookDifference> differences, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var (id, attempt) = (comparisonId.ToString("D", CultureInfo.InvariantCulture), $"{copy.Version}:{at.UtcTicks}");
        var provenance = new Provenance(id, id, Actor.Platform(Ledgers.Service));
        var concerned = differences.Where(difference => !difference.IsMisstated && difference.ParticipantId != Guid.Empty)
            .Select(difference => difference.AccountId).Distinct().Chunk(AccountsAtOnce);
        foreach (var (part, accounts) in concerned.Index())
            await ledger.Record(
                DeterministicGuid.From(comparisonId, $"suspend:{attempt}:{part}"), new SuspendDifferingAccounts(comparisonId, [.. accounts], at), provenance, cancellationToken);
        await ledger.Record(
            DeterministicGuid.From(comparisonId, $"record:{attempt}"),
            new RecordComparison(
                comparisonId, copy.Version, copy.Accounts.Length, book.Postings, differences.Length,
                [.. differences.Take(RecordingComparison.MostDifferencesTold)], at),
            provenance, cancellationToken);
    }
}
