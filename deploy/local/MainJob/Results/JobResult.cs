namespace CarbonMarket.MainJob.Results;

/// <summary>What the job found in the end, as the platform itself tells it; written as JSON, in this order.</summary>
/// <param name="Operators">Operators of the file pair.</param>
/// <param name="StatusCompared">Operators whose status after the last year the registry publishes.</param>
/// <param name="StatusMatching">Those of them on which the platform agrees.</param>
/// <param name="UnitsIssued">Units ever issued: free allocation and auctions.</param>
/// <param name="UnitsHeld">Units on accounts that may still use them.</param>
/// <param name="UnitsSurrendered">Units surrendered for emissions.</param>
/// <param name="PublishedSurrendered">The sum the registry publishes.</param>
/// <param name="Trades">Trades of the order book and of the auctions.</param>
/// <param name="LedgerBalanced">Issued = held + surrendered + cancelled, and cash likewise, recomputed from postings.</param>
/// <param name="TradingMirrorMatches">Trading's view of every trading account equals the ledger's.</param>
/// <param name="AuditEvents">Domain events in the audit log.</param>
/// <param name="AuditVerified">Every stream gap-free and every chain of hashes valid.</param>
/// <param name="EventsInStores">Domain events in the stores of the services.</param>
/// <param name="Seconds">How long the job took.</param>
public sealed record JobResult(
    int Operators,
    int StatusCompared,
    int StatusMatching,
    long UnitsIssued,
    long UnitsHeld,
    long UnitsSurrendered,
    long PublishedSurrendered,
    long Trades,
    long TradedTonnes,
    int Auctions,
    bool LedgerBalanced,
    bool TradingMirrorMatches,
    long AuditEvents,
    bool AuditVerified,
    long EventsInStores,
    double Seconds)
{
    /// <summary>What ought to hold and does not; empty when the job has shown what it set out to show.</summary>
    public IEnumerable<string> Differences()
    {
        if (StatusMatching != StatusCompared)
            yield return $"{StatusCompared - StatusMatching} of {StatusCompared} statuses differ from the published ones.";
        if (UnitsSurrendered != PublishedSurrendered)
            yield return $"{UnitsSurrendered} units are surrendered, the registry publishes {PublishedSurrendered}.";
        if (UnitsIssued != UnitsHeld + UnitsSurrendered)
            yield return $"{UnitsIssued} units issued are not {UnitsHeld} held and {UnitsSurrendered} surrendered.";
        if (!LedgerBalanced)
            yield return "The ledger does not balance.";
        if (!TradingMirrorMatches)
            yield return "Trading's mirror differs from the ledger.";
        if (!AuditVerified)
            yield return "The audit log could not be verified.";
        if (AuditEvents != EventsInStores)
            yield return $"The audit log holds {AuditEvents} events, the stores {EventsInStores}.";
    }
}
