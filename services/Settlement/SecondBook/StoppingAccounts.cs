using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.SecondBook;

/// <summary>The two books differ on these accounts: nothing leaves them until an official has looked.</summary>
public sealed record SuspendDifferingAccounts(Guid ComparisonId, ImmutableArray<Guid> Accounts, DateTimeOffset At) : LedgerCommand(At);

public sealed record ReportDifferences(
    Guid ComparisonId, long LedgerVersion, long DifferenceCount, ImmutableArray<BookDifference> Differences, DateTimeOffset At) : LedgerCommand(At);

/// <summary>The ledger was held against the second book and did not agree with it (核对不符): an alarm.</summary>
/// <param name="LedgerVersion">The ledger's version at which they were compared.</param>
/// <param name="DifferenceCount">All differences.</param>
/// <param name="Differences">The first hundred.</param>
public sealed record BooksDiffered(
    Guid ComparisonId, long LedgerVersion, long DifferenceCount, ImmutableArray<BookDifference> Differences, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// What follows in the ledger when the books differ. Accounts are stopped by the platform's own word; who lets one do more
/// again is an official, by the door there is for that. Books that agree leave no trace in the ledger.
/// </summary>
public static class StoppingAccounts
{
    public const int MostDifferencesTold = 100;
    private const string Alarm = "books-differed";

    public static Decision<LedgerEvent> Decide(LedgerState ledger, SuspendDifferingAccounts c) => Accept((
        from account in c.Accounts.Distinct().Select(ledger.Accounts.Find).OfType<Account>()
        where account.ParticipantId != Guid.Empty
              && AccountStatuses.Ways[account.Status].Contains(AccountStatuses.Suspended, StringComparer.Ordinal)
        let change = DeterministicGuid.From(c.ComparisonId, $"suspension:{account.Id}")
        where !ledger.Receipts.HasOwn(change, ChangingStatus.Kind)
        select (LedgerEvent)new AccountStatusChanged(
            change, account.Id, account.ParticipantId, account.Status, AccountStatuses.Suspended, Ground(c.ComparisonId), Ledgers.Service, c.At))
        .ToImmutableArray());

    public static Decision<LedgerEvent> Decide(LedgerState ledger, ReportDifferences c) => ledger.Receipts.HasOwn(ReceiptId(c.ComparisonId), Alarm)
        ? Accept()
        : Accept(new BooksDiffered(c.ComparisonId, c.LedgerVersion, c.DifferenceCount, [.. c.Differences.Take(MostDifferencesTold)], c.At));

    public static void Evolve(LedgerState ledger, BooksDiffered e) => ledger.Receipts.AddOwn(
        ReceiptId(e.ComparisonId), new Receipt(Alarm, Guid.Empty, Guid.Empty, null, null, e.DifferenceCount));

    private static Guid ReceiptId(Guid comparisonId) => DeterministicGuid.From(comparisonId, Alarm);

    private static string Ground(Guid comparisonId) => $"The second book differs from the ledger: comparison {comparisonId}.";
}
