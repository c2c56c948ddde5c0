using CarbonMarket.Verification.Coverage;
using CarbonMarket.Verification.Reports;
using JasperFx.Events.Projections;
using Marten;

namespace CarbonMarket.Verification;

/// <summary>The names under which events are stored for ever, and the documents beside them.</summary>
internal static class History
{
    public static void Configure(StoreOptions store)
    {
        store.Events.MapEventType<ReportEvent.ReportFiled>("report.filed.v1");
        store.Events.MapEventType<ReportEvent.StatementGiven>("report.statement-given.v1");
        store.Events.MapEventType<ReportEvent.ReportAccepted>("report.accepted.v1");
        store.Events.MapEventType<ReportEvent.ReportReturned>("report.returned.v1");
        store.Projections.Add<EmissionReportProjection>(ProjectionLifecycle.Inline);
        store.Schema.For<EmissionReport>().Index(report => report.Market).Index(report => report.ParticipantId);
        store.Schema.For<YearClaim>();
        store.Schema.For<CoveredYears>();
    }
}
