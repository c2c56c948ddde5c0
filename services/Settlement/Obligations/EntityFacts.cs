using CarbonMarket.Settlement.Deadlines;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Penalties;
using CarbonMarket.Settlement.Postings;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>Where the journal says something that an entity's obligations, status, debts, penalties or notices follow from.</summary>
/// <param name="ParticipantId">Whose; <see cref="OfEverybody"/>: the calendar's, which every entity lives by.</param>
public sealed record EntityFact(Guid ParticipantId, long Version)
{
    public static readonly Guid OfEverybody = Guid.Empty;

    /// <summary>Null: nobody's standing follows from the fact.</summary>
    public static EntityFact? Of(JournalFact fact) => (fact.Data as LedgerEvent) switch
    {
        ComplianceCalendarStarted or ComplianceYearBegun or ComplianceYearClosed => new(OfEverybody, fact.Version),
        EntityCovered e => new(e.ParticipantId, fact.Version),
        CoverageChanged e => new(e.ParticipantId, fact.Version),
        YearExcluded e => new(e.ParticipantId, fact.Version),
        ExclusionLifted e => new(e.ParticipantId, fact.Version),
        EmissionsRecorded e => new(e.ParticipantId, fact.Version),
        UnitsSurrendered e => new(e.ParticipantId, fact.Version),
        TransactionCompleted { OnBehalfOfParticipantId: { } entity } => new(entity, fact.Version),
        EntityAssessed e => new(e.ParticipantId, fact.Version),
        SubmittedInTimeChanged e => new(e.ParticipantId, fact.Version),
        ObligationAmended e => new(e.ParticipantId, fact.Version),
        DeductionImposed e => new(e.ParticipantId, fact.Version),
        AllocationDeducted e => new(e.ParticipantId, fact.Version),
        AllocationReduced e => new(e.ParticipantId, fact.Version),
        DebtSettled e => new(e.ParticipantId, fact.Version),
        DebtReopened e => new(e.ParticipantId, fact.Version),
        PenaltyAssessed e => new(e.ParticipantId, fact.Version),
        PenaltyDecided e => new(e.ParticipantId, fact.Version),
        DeadlineNoticeGiven e => new(e.ParticipantId, fact.Version),
        _ => null,
    };

    /// <summary>
    /// Folds such a fact into a ledger that knows nothing else: as the ledger itself does, but that no units move, of which
    /// there are none.
    /// </summary>
    public static LedgerState Evolve(LedgerState ledger, LedgerEvent fact)
    {
        switch (fact)
        {
            case UnitsSurrendered e: ledger.Compliance.Surrendered(e); break;
            case TransactionCompleted { OnBehalfOfParticipantId: { } entity } e: ledger.Compliance.Answered(entity, e); break;
            default: LedgerModel.Apply(ledger, fact); break;
        }
        return ledger;
    }
}
