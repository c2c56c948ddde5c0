using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.SecondBook;

/// <summary>
/// Reckons the second book anew up to the ledger's version of this moment and compares; where they differ it stops the accounts
/// and raises the alarm. One at a time: each reads a market's whole history.
/// </summary>
public sealed class CompareBooks(
    Ledgers ledgers, PostingHeads heads, PostingHistory history, Comparisons comparisons, SecondBookAlarm alarm, ILogger<CompareBooks> logger) : IDisposable
{
    private const int AccountsAtOnce = 500;
    private readonly SemaphoreSlim _one = new(1, 1);

    public void Dispose() => _one.Dispose();

    /// <returns>Null: the postings are too far behind; nothing was compared.</returns>
    public async Task<BookComparison?> Compare(string market, Guid comparisonId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await comparisons.Find(market, comparisonId, cancellationToken) is { } known)
                return known;
            var copy = await ledgers[market].Read(LedgerCopy.Of, cancellationToken);
            if (!await heads.Reached(market, head => head.LedgerVersion >= copy.Version, cancellationToken))
                return null;
            var book = new RecomputedBook();
            if (!await history.ReadAll(market, copy.Version, book.Enter, cancellationToken))
                return null;
            var differences = Comparing.Differences(copy, book, new Movements(market));
            var comparison = new BookComparison(
                comparisonId, at, copy.Version, copy.Accounts.Length, book.Postings, differences.Length,
                [.. differences.Take(StoppingAccounts.MostDifferencesTold)]);
            if (!comparison.Matches)
                await Raise(market, comparison, differences, cancellationToken);
            // Entered last: should this end before, the comparison is not there and is made again.
            await comparisons.Add(market, comparison, cancellationToken);
            alarm.Tell(market, comparison);
            return comparison;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task Raise(string market, BookComparison comparison, ImmutableArray<BookDifference> differences, CancellationToken cancellationToken)
    {
        logger.LogCritical("The second book of {Market} differs from the ledger at version {Version}: {Count} differences, first {First}",
            market, comparison.LedgerVersion, comparison.DifferenceCount, differences[0]);
        var (ledger, id, at) = (ledgers[market], comparison.ComparisonId, comparison.At);
        var (name, attempt) = (id.ToString("D", CultureInfo.InvariantCulture), $"{comparison.LedgerVersion}:{at.UtcTicks}");
        var provenance = new Provenance(name, name, Actor.Platform(Ledgers.Service));
        var concerned = differences.Where(difference => !difference.IsMisstated && difference.ParticipantId != Guid.Empty)
            .Select(difference => difference.AccountId).Distinct().Chunk(AccountsAtOnce);
        foreach (var (part, accounts) in concerned.Index())
            await ledger.Record(
                DeterministicGuid.From(id, $"suspend:{attempt}:{part}"), new SuspendDifferingAccounts(id, [.. accounts], at), provenance, cancellationToken);
        await ledger.Record(
            DeterministicGuid.From(id, $"report:{attempt}"),
            new ReportDifferences(id, comparison.LedgerVersion, comparison.DifferenceCount, comparison.Differences, at), provenance, cancellationToken);
    }
}
