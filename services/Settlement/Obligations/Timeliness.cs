using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>
/// Of a year that is closed, more or less was submitted by its deadline than was found then: a surrender that waited for its
/// second person was refused or taken back, or one that was received in time was written after the year had been closed.
/// </summary>
/// <param name="SurrenderId">The surrender or transaction that it follows from.</param>
/// <param name="Submitted">What is left of all that was submitted in time, or was added to it.</param>
/// <param name="Status">The entity's status on the year, now that this is known.</param>
public sealed record SubmittedInTimeChanged(
    Guid ParticipantId, ComplianceYear Year, Guid SurrenderId, Quantity Submitted, string Status, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Whether a surrender is in time is decided by when it was submitted (提交), what it answers for by when it is approved (审核). What
/// was submitted by a deadline and is not decided when it passes counts as in time until it is refused or taken back.
/// </summary>
internal static class Timeliness
{
    /// <summary>Whose obligation a surrender under way would answer for, and of which year; null: it is none of a single year.</summary>
    public static (Guid ParticipantId, ComplianceYear Year)? AnswersFor(TransactionTerms terms) =>
        terms is { Reverses: null, Year: { } year } ? (terms.OnBehalfOfParticipantId ?? terms.FromParticipantId, year) : null;

    /// <summary>Surrenders for a year that were submitted before its deadline and are not decided or not completed yet, by the entity they are for.</summary>
    public static ILookup<Guid, Transaction> UnderWay(LedgerState ledger, ComplianceYear year) => ledger.Transactions.Pending.Values
        .Where(waiting => AnswersFor(waiting.Terms)?.Year == year && waiting.ProposedAt < ledger.Rules.SurrenderDeadline(year))
        .ToLookup(waiting => AnswersFor(waiting.Terms)!.Value.ParticipantId);

    /// <summary>A surrender of the entity that keeps its being late for a year that is closed from being known; null: none does.</summary>
    /// <param name="year">Null: for any year.</param>
    public static Transaction? InReview(LedgerState ledger, Guid participantId, ComplianceYear? year = null) => ledger.Compliance.Find(participantId)?.Record?.Assessments
        .Where(assessed => assessed is { Submitted.IsZero: false, Outstanding.IsZero: false } && (year is null || assessed.Year == year))
        .Select(assessed => UnderWay(ledger, assessed.Year)[participantId].FirstOrDefault())
        .FirstOrDefault(waiting => waiting is not null);

    /// <summary>The record as it would be if what was submitted for the year in time were approved.</summary>
    public static ComplianceRecord IfApproved(LedgerState ledger, ComplianceRecord record, IEnumerable<Transaction> submitted) => submitted.Aggregate(record, (known, waiting) =>
        ComplianceRecord.Evolve(known, new ComplianceEvent.UnitsSurrendered(record.ParticipantId, waiting.TransactionId, waiting.Terms.Blocks.Quantity,
            waiting.ProposedAt, waiting.Terms.Year, ledger.Rules.At(waiting.ProposedAt).IsOffset(waiting.Terms.Instrument))));

    /// <summary>What follows from the end of surrenders that were submitted in time, each with all its parts: they were not, and what they were for is late.</summary>
    public static IEnumerable<LedgerEvent> Ended(LedgerState ledger, IEnumerable<Transaction> ended, DateTimeOffset at)
    {
        var changed = new Dictionary<(Guid, ComplianceYear), YearAssessment>();
        foreach (var transaction in ended)
        {
            if (AnswersFor(transaction.Terms) is not { } answered || Closed(ledger, answered.ParticipantId, answered.Year, transaction.ProposedAt) is not { } closed)
                continue;
            var found = changed.GetValueOrDefault(answered, closed);
            var submitted = ledger.Transactions.WithParts(transaction).Aggregate(Quantity.Zero, (sum, part) => sum + part.Terms.Blocks.Quantity);
            var left = found with { Submitted = found.Submitted - Quantity.Min(found.Submitted, submitted) };
            if (left == found)
                continue;
            changed[answered] = left with { Status = left.WasLate && found.Status == "A" ? "B" : found.Status };
            yield return Changed(answered.ParticipantId, changed[answered], transaction.TransactionId, at);
        }
    }

    /// <summary>What follows from a surrender that was received before the deadline of a year and is written after the year was closed.</summary>
    public static IEnumerable<LedgerEvent> Heard(LedgerState ledger, Guid participantId, ComplianceYear? answered, Guid surrenderId, Quantity quantity, DateTimeOffset receivedAt)
    {
        if (answered is not { } year || Closed(ledger, participantId, year, receivedAt) is not { } found)
            yield break;
        var more = found with { Submitted = found.Submitted + quantity };
        yield return Changed(participantId, more with { Status = found.Status == "B" && !more.WasLate && !HasArrears(ledger, participantId, year) ? "A" : found.Status }, surrenderId, receivedAt);
    }

    public static void Evolve(LedgerState ledger, SubmittedInTimeChanged e) => ledger.Compliance.Change(e.ParticipantId, file =>
        file.Record = file.Record?.Assessed(file.Record.Assessments.First(assessed => assessed.Year == e.Year) with { Submitted = e.Submitted, Status = e.Status }));

    /// <summary>How the year was found; null: it is not closed, or was when this was submitted.</summary>
    private static YearAssessment? Closed(LedgerState ledger, Guid participantId, ComplianceYear year, DateTimeOffset submittedAt) =>
        submittedAt < ledger.Rules.SurrenderDeadline(year)
            ? ledger.Compliance.Find(participantId)?.Record?.Assessments.FirstOrDefault(assessed => assessed.Year == year && assessed.Outstanding is not null)
            : null;

    private static bool HasArrears(LedgerState ledger, Guid participantId, ComplianceYear year) => ledger.Compliance.Find(participantId)?.Record is { } record
        && Obligation.Of(record, year.Value - 1, ledger.Rules.At(ledger.Rules.SurrenderDeadline(year)).OffsetLimit).Any(owed => !owed.Outstanding.IsZero);

    private static SubmittedInTimeChanged Changed(Guid participantId, YearAssessment found, Guid surrenderId, DateTimeOffset at) =>
        new(participantId, found.Year, surrenderId, found.Submitted, found.Status, at);
}
