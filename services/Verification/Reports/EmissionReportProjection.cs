using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Verification.Reports;

/// <summary>Kept as a document in the same transaction, so that lists by year and status show what was just done.</summary>
public sealed partial class EmissionReportProjection : SingleStreamProjection<EmissionReport, Guid>
{
    public override EmissionReport Evolve(EmissionReport? snapshot, Guid id, IEvent e) =>
        EmissionReport.After(snapshot, (ReportEvent)e.Data);
}
