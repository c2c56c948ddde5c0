using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>A report was amended after its year had been closed: more is due than was assessed last, or less.</summary>
/// <param name="AssessedDue">By the version assessed last; null: there was none.</param>
/// <param name="Due">By the amended report.</param>
/// <param name="Outstanding">Still to be surrendered, after what has answered already.</param>
/// <param name="OffsetsOverLimit">Offsets that count no longer, because their share of the amount due has fallen; they may be returned.</param>
public sealed record ObligationAmended(Guid ParticipantId, ComplianceYear Year, Quantity? AssessedDue, Quantity Due, Quantity Outstanding,
    Quantity OffsetsOverLimit, long ReportVersion, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Follows reports that are amended after surrender. Each amendment is reckoned against the version assessed last and
/// becomes that version; what the deadline found stays as it was found.
/// </summary>
internal static class Amending
{
    /// <summary>Nothing where the year is not closed, or nothing changes.</summary>
    public static IEnumerable<LedgerEvent> Following(LedgerState ledger, ComplianceRecord? record, ComplianceEvent entered)
    {
        var rules = ledger.Rules.At(entered.At);
        if (entered is not ComplianceEvent.EmissionsRecorded e || !rules.StatusRule.IsByYear
            || record?.Assessments.FirstOrDefault(assessed => assessed.Year == e.Year) is not { } assessed || assessed.LatestDue == e.Verified)
            yield break;
        if (Obligation.Of(ComplianceRecord.Evolve(record, e), e.Year.Value, rules.OffsetLimit).FirstOrDefault(owed => owed.Year == e.Year) is { } owed)
            yield return new ObligationAmended(
                e.ParticipantId, e.Year, assessed.LatestDue, e.Verified, owed.Outstanding, owed.OffsetsOverLimit, e.ReportVersion, e.At);
    }

    public static void Evolve(LedgerState ledger, ObligationAmended e) => ledger.Compliance.Change(e.ParticipantId, file =>
        file.Record = file.Record?.Assessed(file.Record.Assessments.First(assessed => assessed.Year == e.Year) with { AmendedDue = e.Due }));
}
