using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.SecondBook;

/// <summary>The two books differ on these accounts: nothing leaves them until an official has looked.</summary>
public sealed record SuspendDifferingAccounts(Guid ComparisonId, ImmutableArray<Guid> Accounts, DateTimeOffset At) : LedgerCommand(At);

public sealed record RecordComparison(
    Guid ComparisonId, long LedgerVersion, long Accounts, long Postings, long DifferenceCount, ImmutableArray<BookDifference> Differences, DateTimeOffset At)
    : LedgerCommand(At);

/// <summary>The ledger has been held against the second book (核对). With differences it is an alarm.</summary>
/// <param name="LedgerVersion">The ledger's version at which they were compared.</param>
/// <param name="Accounts">Accounts compared.</param>
/// <param name="Postings">Postings from which the second book was reckoned.</param>
/// <param name="DifferenceCount">All differences.</param>
/// <param name="Differences">The first hundred.</param>
public sealed record BooksCompared(
    Guid ComparisonId, long LedgerVersion, long Accounts, long Postings, long DifferenceCount, ImmutableArray<BookDifference> Differences, DateTimeOffset At)
    : LedgerEvent(At);

/// <summary>The comparison before the next; the journal has them all.</summary>
public sealed class ComparisonDesk
{
    public BooksCompared? Latest { get; private set; }

    public void Note(BooksCompared compared) => Latest = compared;
}

/// <summary>
/// Enters what a comparison of the two books has found. It stops accounts by the platform's own word; who lets one do more
/// again is an official, by the door there is for that.
/// </summary>
public static class RecordingComparison
{
    public const int MostDifferencesTold = 100;

    public static Decision<LedgerEvent> Decide(LedgerState ledger, SuspendDifferingAccounts c) => Accept((
        from account in c.Accounts.Distinct().Select(ledger.Accounts.Find).OfType<Account>()
        where account.ParticipantId != Guid.Empty
              && AccountStatuses.Ways[account.Status].Contains(AccountStatuses.Suspended, StringComparer.Ordinal)
        let change = DeterministicGuid.From(c.ComparisonId, $"suspension:{account.Id}")
        where !ledger.Receipts.Has(change)
        select (LedgerEvent)new AccountStatusChanged(
            change, account.Id, account.ParticipantId, account.Status, AccountStatuses.Suspended, Ground(c.ComparisonId), Ledgers.Service, c.At))
        .ToImmutableArray());

    public static Decision<LedgerEvent> Decide(LedgerState ledger, RecordComparison c) => ledger.SecondBook.Latest?.ComparisonId == c.ComparisonId
        ? Accept()
        : Accept(new BooksCompared(
            c.ComparisonId, c.LedgerVersion, c.Accounts, c.Postings, c.DifferenceCount, [.. c.Differences.Take(MostDifferencesTold)], c.At));

    public static void Evolve(LedgerState ledger, BooksCompared e) => ledger.SecondBook.Note(e);

    private static string Ground(Guid comparisonId) => $"The second book differs from the ledger: comparison {comparisonId}.";
}
