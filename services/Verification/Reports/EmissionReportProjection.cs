using JasperFx.Events;
using Marten.Events.Aggregation;

namespace CarbonMarket.Verification.Reports;

/// <summary>Kept as a document in the same transaction, so that lists by year and status show what was just done.</summary>
public sealed partial class EmissionReportProjection : SingleStreamProjection<EmissionReport, Guid>
{
    public EmissionReportProjection()
    {
        IncludeType<ReportEvent.ReportFiled>();
        IncludeType<ReportEvent.StatementGiven>();
        IncludeType<ReportEvent.ReportAccepted>();
        IncludeType<ReportEvent.ReportReturned>();
        IncludeType<ReportEvent.DeterminationProposed>();
        IncludeType<ReportEvent.DeterminationRejected>();
        IncludeType<ReportEvent.ReportDetermined>();
        IncludeType<ReportEvent.ReportReopened>();
        IncludeType<ReportEvent.ResultTold>();
        IncludeType<ReportEvent.ObjectionFiled>();
        IncludeType<ReportEvent.ObjectionDecided>();
        IncludeType<ReportEvent.DifferenceExplained>();
    }

    // Not every stream has the id that a new one would get: see ReportStreams.
    public override EmissionReport Evolve(EmissionReport? snapshot, Guid id, IEvent e) =>
        EmissionReport.After(snapshot, (ReportEvent)e.Data) with { Id = id };
}
