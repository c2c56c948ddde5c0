using CarbonMarket.ServiceDefaults.Tracing;
using CarbonMarket.Testing;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

public sealed class HistoryTests(VerificationService service)
{
    [Fact]
    public async Task Every_event_says_who_caused_it_for_whom_and_in_which_conversation()
    {
        var mill = await service.Covered();
        var report = Guid.CreateVersion7();
        var emitter = service.As("emitter", mill);
        emitter.DefaultRequestHeaders.Add("X-Correlation-Id", "annual-report-of-the-mill");
        await emitter.Put($"{Uk}/reports/{report}", Sources(("Boiler", 1000))).Json();
        await service.Confirm(report, 990);
        await service.Accept(report);

        var events = await service.History(report);
        events.Select(recorded => recorded.EventTypeName).ShouldBe(["report.filed.v1", "report.statement-given.v1", "report.accepted.v1"]);
        events[0].CorrelationId.ShouldBe("annual-report-of-the-mill");
        events.Select(recorded => recorded.CausationId).ShouldAllBe(cause => cause!.Length > 0);
        events.Select(recorded => recorded.CausationId).Distinct().Count().ShouldBe(3, "each was a request of its own");
        events.Select(recorded => (
            Header(recorded, ProvenanceContext.SubjectHeader), Header(recorded, ProvenanceContext.ParticipantHeader), Header(recorded, ProvenanceContext.ClientHeader)))
            .ShouldBe(
            [
                ("somebody-at-the-emitter", $"{mill}", "emitter-client"), ("somebody-at-the-verifier", $"{Bureau}", "verifier-client"),
                ("somebody-at-the-regulator", $"{Guid.Empty}", "regulator-client"),
            ]);
    }

    [Fact]
    public async Task The_audit_log_is_told_every_event_with_its_provenance()
    {
        var mill = await service.Covered();
        var report = await service.Filed(mill);
        await service.Confirm(report, 990);
        await Eventually.Holds("both events are told", () => service.Others.RecordedOf(report).Count == 2);

        var (told, stored) = (service.Others.RecordedOf(report), await service.History(report));
        told.Select(entry => (entry.EventId, entry.StreamVersion, entry.Type, entry.CorrelationId, entry.CausationId))
            .ShouldBe(stored.Select(recorded => (recorded.Id, recorded.Version, recorded.EventTypeName, recorded.CorrelationId, recorded.CausationId)));
        told.Select(entry => entry.ActorParticipantId).ShouldBe([mill, Bureau]);
        told[0].Body.ShouldContain("\"Boiler\"");
    }

    private static string? Header(IEvent recorded, string name) => recorded.GetHeader(name)?.ToString();
}

internal static class Histories
{
    /// <summary>The report's events as they are stored.</summary>
    public static async Task<IReadOnlyList<IEvent>> History(this VerificationService service, Guid report)
    {
        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await session.Events.FetchStreamAsync(report, token: TestContext.Current.CancellationToken);
    }
}
