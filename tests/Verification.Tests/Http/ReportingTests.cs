using System.Net;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

public sealed class ReportingTests(VerificationService service)
{
    [Fact]
    public async Task A_report_is_filed_verified_and_accepted()
    {
        var (mill, report) = (await service.Covered(), Guid.CreateVersion7());
        var filed = await service.As("emitter", mill).Put($"{Uk}/reports/{report}", Sources(("Boiler", 700), ("Kiln", 300))).Json();
        (filed.GetProperty("status").GetString(), filed.GetProperty("totalTonnes").GetInt64(), filed.GetProperty("reportVersion").GetInt64())
            .ShouldBe(("filed", 1000, 1));
        (filed.GetProperty("participantId").GetGuid(), filed.GetProperty("filedAt").GetDateTimeOffset()).ShouldBe((mill, VerificationService.LegalTime));

        await service.Confirm(report, 990);
        (await Read(report)).GetProperty("status").GetString().ShouldBe("verified");
        await service.Accept(report);

        var accepted = await Read(report);
        accepted.GetProperty("status").GetString().ShouldBe("accepted");
        accepted.GetProperty("statement").GetProperty("verifierParticipantId").GetGuid().ShouldBe(Bureau);
        accepted.GetProperty("accepted").GetProperty("verifiedTonnes").GetInt64().ShouldBe(990);
        accepted.GetProperty("accepted").GetProperty("at").GetDateTimeOffset().ShouldBe(VerificationService.LegalTime);
    }

    [Fact]
    public async Task In_a_batch_each_report_is_decided_on_its_own()
    {
        var (good, doubtful, unverified, stranger) = (await Filed(), await Filed(), await Filed(), Guid.CreateVersion7());
        (await service.Verifier().Post($"{Uk}/statements/batch",
            new { reportId = good, conclusion = "positive", verifiedTonnes = 990 },
            new { reportId = doubtful, conclusion = "adverse", verifiedTonnes = 0 },
            new { reportId = stranger, conclusion = "positive", verifiedTonnes = 1 },
            new { reportId = unverified, conclusion = "positive", verifiedTonnes = 1, reportVersion = 2 }).Outcomes())
            .ShouldBe(["accepted", "accepted", "unknown-report", "version-superseded"]);

        (await service.Regulator().Post($"{Uk}/decisions/batch",
            new { reportId = stranger, decision = "accepted" }, new { reportId = doubtful, decision = "accepted" },
            new { reportId = unverified, decision = "returned", reason = "Nobody has looked at it." }, new { reportId = good, decision = "accepted" }).Outcomes())
            .ShouldBe(["unknown-report", "adverse-statement", "accepted", "accepted"]);

        (await Read(good)).GetProperty("status").GetString().ShouldBe("accepted");
        (await Read(doubtful)).GetProperty("status").GetString().ShouldBe("adverse");
        var returned = await Read(unverified);
        (returned.GetProperty("status").GetString(), returned.GetProperty("returnReason").GetString()).ShouldBe(("returned", "Nobody has looked at it."));
    }

    [Fact]
    public async Task A_repeated_batch_is_answered_alike_and_a_changed_one_is_refused()
    {
        var report = await Filed();
        await service.Confirm(report, 990);
        await service.Confirm(report, 990);
        (await service.Verifier().Post($"{Uk}/statements/batch", new { reportId = report, conclusion = "positive", verifiedTonnes = 991 }).Outcomes())
            .ShouldBe(["statement-given"]);
        await service.Accept(report);
        await service.Accept(report);
        (await service.Regulator().Post($"{Uk}/decisions/batch", new { reportId = report, decision = "returned", reason = "No." }).Outcomes())
            .ShouldBe(["report-accepted"]);
        (await service.History(report)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_report_sent_again_is_answered_alike_and_one_with_other_sources_is_the_next_version()
    {
        var (mill, report) = (await service.Covered(), Guid.CreateVersion7());
        var path = $"{Uk}/reports/{report}";
        var first = await service.As("emitter", mill).Put(path, Sources(("Boiler", 1000))).Json();
        (await service.As("emitter", mill).Put(path, Sources(("Boiler", 1000))).Json()).GetRawText().ShouldBe(first.GetRawText());
        (await service.As("emitter", mill).Put(path, Sources(("Boiler", 950))).Json()).GetProperty("reportVersion").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Figures_that_were_returned_are_filed_again_by_who_names_the_version_and_once_only()
    {
        var mill = await service.Covered();
        var report = await service.Filed(mill, 1000);
        var (emitter, path) = (service.As("emitter", mill), $"{Uk}/reports/{report}");
        (await service.Regulator().Post($"{Uk}/decisions/batch", new { reportId = report, decision = "returned", reason = "No readings." }).Outcomes())
            .ShouldBe(["accepted"]);
        var again = new { year = 2021, sources = new[] { new { name = "Boiler", tonnes = 1000 } }, replacesVersion = 1 };

        (await emitter.Put(path, Sources(("Boiler", 1000))).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("report-unchanged");
        var refiled = await emitter.Put(path, again).Json();
        (await emitter.Put(path, again).Json()).GetRawText().ShouldBe(refiled.GetRawText());

        (refiled.GetProperty("status").GetString(), refiled.GetProperty("reportVersion").GetInt64()).ShouldBe(("filed", 2));
        (await service.History(report)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_participant_has_one_report_a_year()
    {
        var mill = await service.Covered();
        await service.Filed(mill);
        (await service.As("emitter", mill).Put($"{Uk}/reports/{Guid.CreateVersion7()}", Sources(("Boiler", 1))).Code(HttpStatusCode.UnprocessableEntity))
            .ShouldBe("report-exists");
    }

    [Fact]
    public async Task Of_two_reports_filed_at_the_same_moment_one_holds_the_year()
    {
        var mills = new List<Guid>();
        while (mills.Count < 8)
            mills.Add(await service.Covered());
        var answers = await Task.WhenAll(mills.SelectMany(mill => Enumerable.Range(0, 4).Select(async _ => (
            Mill: mill, Status: await service.As("emitter", mill).Put($"{Uk}/reports/{Guid.CreateVersion7()}", Sources(("Boiler", 1))).Status()))));
        foreach (var ofOneMill in answers.GroupBy(answer => answer.Mill, answer => answer.Status))
            ofOneMill.Order().ShouldBe([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.UnprocessableEntity, 3)]);
    }

    [Fact]
    public async Task Anothers_report_id_is_not_taken_over()
    {
        var report = await Filed();
        (await service.As("emitter", await service.Covered()).Put($"{Uk}/reports/{report}", Sources(("Boiler", 1))).Code(HttpStatusCode.Conflict))
            .ShouldBe("id-reused");
    }

    [Fact]
    public async Task A_verifier_that_emits_itself_does_not_verify_its_own_report()
    {
        var mill = await service.Covered();
        var report = await service.Filed(mill);
        (await service.As("verifier", mill).Post($"{Uk}/statements/batch", new { reportId = report, conclusion = "positive", verifiedTonnes = 1000 }).Outcomes())
            .ShouldBe(["conflict-of-interest"]);
    }

    private async Task<Guid> Filed() => await service.Filed(await service.Covered());

    private Task<System.Text.Json.JsonElement> Read(Guid report) => service.Regulator().Get($"{Uk}/reports/{report}").Json();
}
