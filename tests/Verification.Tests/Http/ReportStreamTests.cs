using System.Net;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Engagements;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using CarbonMarket.Verification.Reports;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Verification.Http.PowerPlant;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

/// <summary>Emitters make the ids of reports, and anybody can reckon those of the other streams: none is hit by a report's.</summary>
public sealed class ReportStreamTests(VerificationService service)
{
    private static readonly ComplianceYear Coming = ComplianceYear.Of(2022);

    [Fact]
    public async Task A_report_under_the_id_of_a_rivals_coming_engagement_does_not_keep_the_regulator_from_appointing()
    {
        var rival = await service.Covered("gansu");
        await FileInGansu(Engagement.IdOf("gansu", rival, Coming));

        await service.Appoint(rival, Coming.Value);
    }

    [Fact]
    public async Task A_report_under_the_id_of_a_rivals_coming_plan_stands_beside_it()
    {
        var rival = await service.Covered("gansu");
        await FileInGansu(QualityPlan.IdOf("gansu", rival, Coming));

        var emitter = service.As("emitter", rival);
        var plan = (await emitter.Put($"{Gansu}/plans/{Coming.Value}", Plan()).Json()).GetProperty("planId").GetGuid();
        (await emitter.Get($"{Gansu}/plans/{plan}/versions").Json()).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_report_under_the_id_of_a_rivals_month_stands_beside_it()
    {
        var rival = service.As("emitter", await service.Covered("gansu"));
        var plan = await rival.Put($"{Gansu}/plans/2021", Plan()).Json();
        var month = MonthlyEvidence.IdOf("gansu", plan.GetProperty("participantId").GetGuid(), ComplianceYear.Of(2021), 1);
        await FileInGansu(month);

        await rival.Put($"{Gansu}/evidence/2021/1", Month(await rival.Kept("readings"))).Json();
        (await service.History(month)).ShouldHaveSingleItem().Data.ShouldBeOfType<MonthEvent.MonthFiled>();
    }

    [Fact]
    public async Task A_report_under_the_id_of_an_engagement_that_stands_leaves_it_as_it_is()
    {
        var rival = await service.Covered("gansu");
        await service.Appoint(rival, 2021);
        var engagement = Engagement.IdOf("gansu", rival, ComplianceYear.Of(2021));
        var emitter = await FileInGansu(engagement);

        (await emitter.Get($"{Gansu}/reports/{engagement}/versions").Json()).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await service.Regulator().PostOne($"{Gansu}/engagements/{engagement}/dismissal", new { reason = "It is late." }).Json())
            .GetProperty("participantId").GetGuid().ShouldBe(rival);
        await service.Appoint(rival, 2021, Guid.CreateVersion7());
    }

    [Fact]
    public async Task A_report_is_not_found_by_the_id_of_its_stream()
    {
        var mill = await service.Covered();
        var report = Derived();
        await service.File(mill, report, 1000);
        var stream = EmissionReport.StreamId(report);
        (await service.History(stream)).Count.ShouldBe(1);

        (await service.Regulator().Get($"{Uk}/reports/{stream}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-report");
        (await service.Verifier().Post($"{Uk}/statements/batch", new { reportId = stream, conclusion = "positive", verifiedTonnes = 1 }).Outcomes())
            .ShouldBe(["unknown-report"]);
        (await service.As("emitter", mill).Put($"{Uk}/reports/{stream}", Sources(("Boiler", 1))).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("report-exists");
    }

    [Fact]
    public async Task A_report_from_when_every_id_was_its_streams_goes_on_where_it_is()
    {
        var mill = await service.Covered();
        var report = await FiledBefore(mill);
        var emitter = service.As("emitter", mill);

        (await emitter.Put($"{Uk}/reports/{report}", Sources(("Boiler", 1000))).Json()).GetProperty("reportVersion").GetInt64().ShouldBe(1, "it says the same");
        await service.File(mill, report, 900);
        await service.Confirm(report, 890);
        await service.Accept(report);

        var stands = await emitter.Get($"{Uk}/reports/{report}").Json();
        (stands.GetProperty("reportId").GetGuid(), stands.GetProperty("accepted").GetProperty("verifiedTonnes").GetInt64()).ShouldBe((report, 890));
        (await emitter.Get($"{Uk}/reports/{report}/versions").Json()).GetProperty("items").GetArrayLength().ShouldBe(2);
        (await emitter.Get($"{Uk}/reports").Json()).GetProperty("items").EnumerateArray().Single().GetProperty("reportId").GetGuid().ShouldBe(report);
        (await service.History(report)).Count.ShouldBe(4);
        (await service.History(EmissionReport.StreamId(report))).ShouldBeEmpty();
    }

    /// <summary>A participant of its own files a report on 2021 in Gansu.</summary>
    private async Task<HttpClient> FileInGansu(Guid report)
    {
        var emitter = service.As("emitter", await service.Covered("gansu"));
        (await emitter.Put($"{Gansu}/reports/{report}", Sources(("Boiler", 1000))).Json()).GetProperty("reportId").GetGuid().ShouldBe(report);
        return emitter;
    }

    /// <summary>An id that a caller has derived, as the main job does.</summary>
    private static Guid Derived() => DeterministicGuid.From(Guid.CreateVersion7(), "derived");

    /// <summary>A report as it was stored while its id was always that of its stream, of which its document said nothing else.</summary>
    private async Task<Guid> FiledBefore(Guid participant)
    {
        var (report, year) = (Derived(), ComplianceYear.Of(2021));
        await using var session = service.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.StartStream(report, new ReportEvent.ReportFiled(
            "uk-ets", report, participant, year, 1, [new ReportSource("Boiler", Tonnes.Of(1000))], Tonnes.Of(1000), Late: false, VerificationService.LegalTime));
        session.Insert(new YearClaim(YearClaim.IdOf("uk-ets", participant, year), report));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        session.QueueSqlCommand("update verification.mt_doc_emissionreport set data = data - 'reportId' where id = ?", report);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        return report;
    }
}
