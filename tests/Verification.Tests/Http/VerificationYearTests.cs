using System.Net;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Verification.Engagements;
using static CarbonMarket.Verification.Http.GansuVerification;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

/// <summary>The workflow as it runs, with legal time moved by the test.</summary>
public sealed class VerificationYearTests(GansuVerification gansu) : IClassFixture<GansuVerification>
{
    [Fact]
    public async Task A_year_from_appointment_to_an_amendment_after_allocation()
    {
        gansu.At("2026-04-01");
        var (mill, report) = await gansu.Filed();
        var (emitter, verifier, li, wang) = (gansu.Service.As("emitter", mill), gansu.Verifier(), gansu.Official("Li"), gansu.Official("Wang"));
        var engagement = Engagement.IdOf("gansu", mill, ComplianceYear.Of(2025));
        var (work, finding, request) = ($"{Gansu}/engagements/{engagement}", Guid.CreateVersion7(), Guid.CreateVersion7());
        (await gansu.Appoint(mill)).ShouldBe("accepted");

        await Refused("team-missing", () => verifier.Put($"{work}/plan", Plan));
        await verifier.Put($"{work}/team", new { lead = "Li", members = new[] { "Wang" } }).Json();
        await Refused("plan-missing", () => verifier.Put($"{work}/findings/{finding}", Finding));
        await verifier.Put($"{work}/plan", Plan).Json();
        await Refused("unknown-source", () => verifier.Put($"{work}/findings/{finding}", new { category = "data", description = "?", parameter = "FC", source = "Turbine" }));
        await verifier.Put($"{work}/findings/{finding}", Finding).Json();
        (await Statement("positive", 1000)).ShouldBe("starred-items-open");
        await verifier.Put($"{work}/plan/1.1/done", new { note = "Twelve months" }).Json();
        (await Statement("positive", 1000)).ShouldBe("site-visit-missing");
        await verifier.Put($"{work}/site-visits/{Guid.CreateVersion7()}", new { from = "2026-04-01", to = "2026-04-01", note = "Boiler house" }).Json();
        await verifier.Put($"{work}/requests/{request}", new { text = "Invoices?" }).Json();
        (await Statement("positive", 1000)).ShouldBe("request-open");
        await Refused("correction-window-open", () => verifier.Put($"{work}/findings/{finding}/conclusion", new { conclusion = "not-corrected", note = "?" }));

        gansu.At("2026-04-11");
        (await emitter.Put($"{work}/requests/{request}/answer", new { text = "Attached" }).Json()).GetProperty("lastDay").GetString()
            .ShouldBe("2026-07-10", "ten days were waited");
        (await Statement("positive", 1000)).ShouldBe("findings-open");

        gansu.At("2026-05-02");
        (await Refused("correction-late", () => emitter.Put($"{work}/findings/{finding}/correction", new { cause = "No meter", correctiveAction = "Metered" })))
            .ShouldContain("2026-05-01");
        await verifier.Put($"{work}/findings/{finding}/conclusion", new { conclusion = "not-corrected", note = "Nothing came" }).Json();
        await Refused("estimate-below-reported", () => verifier.Put($"{work}/findings/{finding}/estimate", new { tonnes = 299, basis = "?" }));
        (await Statement("qualified", 1030)).ShouldBe("estimate-missing");
        await verifier.Put($"{work}/findings/{finding}/estimate", new { tonnes = 330, basis = "Nameplate" }).Json();
        (await Statement("positive", 1030)).ShouldBe("positive-with-uncorrected");
        (await Statement("qualified", 1029)).ShouldBe("figure-not-conservative");
        (await gansu.State(report, "qualified", 1030).Outcomes()).ShouldBe(["accepted"]);
        (await gansu.State(report, "qualified", 1030).Outcomes()).ShouldBe(["accepted"], "a repeat changes nothing");

        (await li.Post($"{Gansu}/decisions/batch", new { reportId = report, decision = "accepted" }).Outcomes()).ShouldBe(["accepted"]);
        var objection = $"{Gansu}/reports/{report}/objections/{Guid.CreateVersion7()}";
        await Refused("result-not-told", () => emitter.Put(objection, Ground));
        gansu.At("2026-05-06");
        (await li.Post($"{Gansu}/results/batch", new { reportId = report }).Outcomes()).ShouldBe(["accepted"]);
        gansu.At("2026-05-14");
        (await emitter.Put(objection, Ground).Json()).GetProperty("objection").GetProperty("decideBy").GetString().ShouldBe("2026-05-28");
        await Refused("objection-filed", () => emitter.Put($"{Gansu}/reports/{report}/objections/{Guid.CreateVersion7()}", Ground));
        await Refused("four-eyes", () => li.PostOne($"{objection}/decision", Uphold));
        await Refused("objection-pending", () => li.PostOne($"{Gansu}/reports/{report}/reopening", new { ground = "?", reportVersion = 1 }));
        var decided = await wang.PostOne($"{objection}/decision", Uphold).Json();
        (decided.GetProperty("reportVersion").GetInt64(), decided.GetProperty("accepted").GetProperty("verifiedTonnes").GetInt64()).ShouldBe((2, 1020));

        await Refused("report-not-reopened", () => GansuVerification.Put(emitter, report, 340));
        await li.PostOne($"{Gansu}/reports/{report}/reopening", new { ground = "An inspection found more.", reportVersion = 2 }).Json();
        (await GansuVerification.Put(emitter, report, 340).Json()).GetProperty("reportVersion").GetInt64().ShouldBe(3);
        await emitter.PostOne($"{Gansu}/reports/{report}/explanations", new { reportVersion = 3, field = "sources/Kiln", reason = "Weighed again" }).Json();
        (await gansu.State(report, "qualified", 1040).Outcomes()).ShouldBe(["accepted"]);
        (await wang.Post($"{Gansu}/decisions/batch", new { reportId = report, decision = "accepted" }).Outcomes()).ShouldBe(["accepted"]);

        await Eventually.Holds("the amendments are heard", () => gansu.Service.Others.AmendedOf(report).Count == 2);
        gansu.Service.Others.AcceptedOf(report).Select(heard => heard.Message.VerifiedTonnes).Distinct().ShouldBe([1030, 1020, 1040]);
        gansu.Service.Others.AmendedOf(report).Select(amended => (amended.PreviousReportVersion, amended.ReportVersion, amended.DeltaTonnes))
            .ShouldBe([(1, 2, -10), (2, 3, 20)]);
        var kiln = (await verifier.Get($"{Gansu}/reports/{report}/differences?from=1&to=3").Json()).GetProperty("fields").EnumerateArray()
            .Single(field => field.GetProperty("field").GetString() == "sources/Kiln");
        (kiln.GetProperty("outcome").GetString(), kiln.GetProperty("change").GetInt64(), kiln.GetProperty("changePercent").GetDecimal(),
            kiln.GetProperty("reasons")[0].GetProperty("reason").GetString()).ShouldBe(("changed", 40, 13.33m, "Weighed again"));
        (await emitter.Get($"{Gansu}/reports/{report}/versions").Json()).GetProperty("items").GetArrayLength().ShouldBe(3);

        var next = await li.Post($"{Gansu}/appointments/batch", new { participantId = mill, year = 2026, verifierParticipantId = Bureau }).Json();
        next.GetProperty("results")[0].GetProperty("earlierFindings")[0].GetProperty("findingId").GetGuid().ShouldBe(finding);
        var later = $"{Gansu}/engagements/{Engagement.IdOf("gansu", mill, ComplianceYear.Of(2026))}";
        await verifier.Put($"{later}/team", new { lead = "Li", members = new[] { "Wang" } }).Json();
        await verifier.Put($"{later}/plan", Plan).Json();
        await verifier.Put($"{later}/earlier-findings/{finding}/closure", new { note = "Metered since" }).Json();
        await li.PostOne($"{later}/dismissal", new { reason = "Its accreditation ended." }).Json();
        next = await li.Post($"{Gansu}/appointments/batch", new { participantId = mill, year = 2026, verifierParticipantId = Guid.CreateVersion7() }).Json();
        next.GetProperty("results")[0].GetProperty("outcome").GetString().ShouldBe("accepted");
        next.GetProperty("results")[0].GetProperty("earlierFindings").GetArrayLength().ShouldBe(0, "what was closed stays closed");

        async Task<string> Statement(string conclusion, long tonnes)
        {
            var before = await Events();
            var code = (await gansu.State(report, conclusion, tonnes).Outcomes()).Single();
            (await Events()).ShouldBe(before, code);
            return code;
        }

        async Task<string> Refused(string code, Func<Task<HttpResponseMessage>> ask)
        {
            var before = await Events();
            var problem = await ask().Json(HttpStatusCode.UnprocessableEntity);
            problem.GetProperty("code").GetString().ShouldBe(code);
            (await Events()).ShouldBe(before, code);
            return problem.GetProperty("detail").GetString()!;
        }

        async Task<int> Events() => (await gansu.Service.History(report)).Count + (await gansu.Service.History(engagement)).Count;
    }

    [Fact]
    public async Task A_verifier_that_is_not_appointed_does_not_learn_which_reports_there_are()
    {
        gansu.At("2026-04-01");
        var (_, report) = await gansu.Filed();
        (await Told(report)).ShouldBe(await Told(Guid.CreateVersion7()));

        async Task<(string?, string?)> Told(Guid id)
        {
            var result = (await gansu.State(id, "positive", 1000).Json()).GetProperty("results")[0];
            return (result.GetProperty("code").GetString(), result.GetProperty("reason").GetString());
        }
    }

    [Fact]
    public async Task Without_a_statement_two_officials_determine_the_figure_and_a_late_objection_names_the_last_day()
    {
        gansu.At("2026-07-01");
        var (mill, report) = await gansu.Filed();
        var determination = $"{Gansu}/reports/{report}/determinations/{Guid.CreateVersion7()}";
        (await gansu.Official("Li").Put(determination, new { tonnes = 999, ground = "No records." }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("determined-below-reported");
        (await gansu.Official("Li").Put(determination, new { tonnes = 1.5m, ground = " " }).Faults()).ShouldBe(["$.tonnes invalid-tonnes", "$.ground invalid-text"]);
        await gansu.Official("Li").Put(determination, new { tonnes = 1100, ground = "No records." }).Json();
        (await gansu.Official("Li").PostOne($"{determination}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("four-eyes");
        (await gansu.Official("Wang").PostOne($"{determination}/approval").Json()).GetProperty("tellBy").GetString().ShouldBe("2026-07-10");
        gansu.At("2026-07-13");
        (await gansu.Official("Wang").Post($"{Gansu}/results/batch", new { reportId = report }).Outcomes()).ShouldBe(["accepted"]);
        (await gansu.Service.As("emitter", mill).Get($"{Gansu}/reports/{report}").Json()).GetProperty("told").GetProperty("late").GetBoolean().ShouldBeTrue();
        gansu.At("2026-07-23");
        var late = await gansu.Service.As("emitter", mill).Put($"{Gansu}/reports/{report}/objections/{Guid.CreateVersion7()}", Ground)
            .Json(HttpStatusCode.UnprocessableEntity);
        late.GetProperty("code").GetString().ShouldBe("objection-late");
        late.GetProperty("detail").GetString()!.ShouldContain("2026-07-22");
    }

    [Fact]
    public async Task Whoever_has_an_interest_is_not_appointed()
    {
        gansu.At("2026-04-01");
        var (mill, _) = await gansu.Filed();
        var (related, compiler, sister, tired) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        (await gansu.Appoint(mill, mill)).ShouldBe("conflict-of-interest");
        foreach (var member in new[] { related, mill })
            await gansu.Official("Li").Put($"{Gansu}/interests/{member}/group", new { group = $"Group of {mill}" }).Json();
        (await gansu.Appoint(mill, related)).ShouldBe("conflict-group");

        var (other, _) = await gansu.Filed();
        await gansu.Service.As("emitter", other).Put($"{Gansu}/interests/compilers/2025", new { compilerParticipantId = compiler }).Json();
        (await gansu.Appoint(mill, compiler)).ShouldBe("conflict-compiled", "who compiles for anybody in the province verifies nobody there");
        foreach (var member in new[] { compiler, sister })
            await gansu.Official("Li").Put($"{Gansu}/interests/{member}/group", new { group = $"Compilers of {mill}" }).Json();
        (await gansu.Appoint(mill, sister)).ShouldBe("conflict-compiled");
        (await gansu.Service.As("emitter", other).Put($"{Gansu}/interests/compilers/2025", new { compilerParticipantId = other }).Code(HttpStatusCode.UnprocessableEntity))
            .ShouldBe("compiler-is-the-entity");

        foreach (var year in new[] { 2022, 2023, 2024 })
            (await gansu.Appoint(mill, tired, year)).ShouldBe("accepted");
        (await gansu.Appoint(mill, tired)).ShouldBe("conflict-rotation");
        (await gansu.Appoint(mill)).ShouldBe("accepted");
        (await gansu.Appoint(mill, Guid.CreateVersion7())).ShouldBe("verifier-appointed");
    }

    [Fact]
    public async Task A_dismissed_verifier_makes_room_and_an_extension_moves_the_last_day()
    {
        gansu.At("2026-07-01");
        var (mill, report) = await gansu.Filed();
        (await gansu.Appoint(mill)).ShouldBe("accepted");
        var work = $"{Gansu}/engagements/{Engagement.IdOf("gansu", mill, ComplianceYear.Of(2025))}";
        (await gansu.Verifier().Put($"{work}/team", new { lead = "Li", members = new[] { "Wang" } }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("verification-late");
        (await gansu.Official("Li").PostOne($"{work}/extension", new { statementBy = "2028-07-02", reason = "?" }).Faults()).ShouldBe(["$.statementBy invalid-day"]);
        (await gansu.Official("Li").PostOne($"{work}/extension", new { statementBy = "2026-06-01", reason = "?" }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("extension-not-later");
        await gansu.Official("Li").PostOne($"{work}/extension", new { statementBy = "2026-07-31", reason = "Steel is due in July." }).Json();
        await gansu.Verifier().Put($"{work}/team", new { lead = "Li", members = new[] { "Wang" } }).Json();
        (await gansu.Official("Li").PostOne($"{work}/dismissal", new { reason = "Its accreditation ended." }).Json()).GetProperty("stage").GetString().ShouldBe("dismissed");
        (await gansu.State(report, "positive", 1000).Outcomes()).ShouldBe(["verifier-dismissed"]);
        (await gansu.Appoint(mill, Guid.CreateVersion7())).ShouldBe("accepted");
    }

    [Fact]
    public async Task A_finding_raised_at_the_moment_of_the_statement_is_not_passed_over()
    {
        gansu.At("2026-04-01");
        var mills = new List<(Guid Mill, Guid Report)>();
        while (mills.Count < 8)
        {
            var filed = await gansu.Filed();
            mills.Add(filed);
            await gansu.Appoint(filed.Mill);
            await gansu.Verifier().Put($"{Work(filed.Mill)}/team", new { lead = "Li", members = new[] { "Wang" } }).Json();
            await gansu.Verifier().Put($"{Work(filed.Mill)}/plan", new { items = new[] { new { code = "1.2", description = "Organisation chart", starred = false } } }).Json();
            await gansu.Verifier().Put($"{Work(filed.Mill)}/site-visits/{Guid.CreateVersion7()}", new { from = "2026-04-01", to = "2026-04-01", note = "Boiler house" }).Json();
        }

        var outcomes = await Task.WhenAll(mills.Select(async filed =>
        {
            var (raising, stating) = (
                gansu.Verifier().Put($"{Work(filed.Mill)}/findings/{Guid.CreateVersion7()}", Finding).Status(),
                gansu.State(filed.Report, "positive", 1000).Outcomes());
            return (Raised: await raising, Stated: (await stating).Single());
        }));
        foreach (var (raised, stated) in outcomes)
            stated.ShouldBe(raised == HttpStatusCode.OK ? "findings-open" : "accepted");

        static string Work(Guid mill) => $"{Gansu}/engagements/{Engagement.IdOf("gansu", mill, ComplianceYear.Of(2025))}";
    }

    [Fact]
    public async Task An_engagement_is_seen_by_its_entity_its_verifier_and_the_regulator()
    {
        var (mill, _) = await gansu.Filed();
        await gansu.Appoint(mill);
        var path = $"{Gansu}/engagements/{Engagement.IdOf("gansu", mill, ComplianceYear.Of(2025))}";
        foreach (var client in new[] { gansu.Verifier(), gansu.Official("Li"), gansu.Service.As("emitter", mill) })
            (await client.Get(path).Json()).GetProperty("stage").GetString().ShouldBe("appointed");
        foreach (var stranger in new[] { gansu.Verifier(Guid.CreateVersion7()), gansu.Service.As("emitter", Guid.CreateVersion7()) })
            (await stranger.Get(path).Code(HttpStatusCode.NotFound)).ShouldBe("unknown-engagement");
        (await gansu.Verifier(Guid.CreateVersion7()).Put($"{path}/team", new { lead = "Li", members = new[] { "Wang" } }).Code(HttpStatusCode.NotFound)).ShouldBe("unknown-engagement");
        (await gansu.Service.As("emitter", mill).Get($"{Gansu}/engagements?year=2025").Json()).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await gansu.Service.As("emitter", mill).Get($"{Gansu}/engagements?year=2024").Json()).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_plan_a_team_and_a_finding_is_said_at_once()
    {
        var (path, verifier) = ($"{Gansu}/engagements/{Guid.CreateVersion7()}", gansu.Verifier());
        (await verifier.Put($"{path}/team", new { lead = " ", members = new[] { "Wang", "Wang" } }).Faults()).ShouldBe(["$.lead invalid-text", "$.members[1] repeated-item"]);
        (await verifier.Put($"{path}/team", new { lead = "Li", members = Array.Empty<string>() }).Faults()).ShouldBe(["$.members team-size"]);
        (await verifier.Put($"{path}/plan", new { items = new object?[] { null, new { code = "1/1", description = "" } } }).Faults())
            .ShouldBe(["$.items[0] required", "$.items[1].code repeated-item", "$.items[1].description invalid-text"]);
        (await verifier.Put($"{path}/plan", new { items = Array.Empty<object>() }).Faults()).ShouldBe(["$.items verification-plan-size"]);
        (await verifier.Put($"{path}/findings/{Guid.CreateVersion7()}", new { category = "Data" }).Faults())
            .ShouldBe(["$.category unknown-category", "$.description invalid-text", "$.parameter invalid-text"]);
        (await gansu.Official("Li").PostOne($"{Gansu}/reports/{Guid.CreateVersion7()}/objections/{Guid.CreateVersion7()}/decision", new { outcome = "rejected", tonnes = 1, reason = "?" }).Faults())
            .ShouldBe(["$.tonnes invalid-tonnes"]);
        (await verifier.Put($"{path}/team", new { lead = "Li", members = new[] { "Wang" } }).Code(HttpStatusCode.NotFound)).ShouldBe("unknown-engagement");
    }

    [Fact]
    public async Task Where_entities_find_their_verifiers_themselves_none_is_appointed() =>
        (await gansu.Official("Li").Post($"{Uk}/appointments/batch", new { participantId = Guid.CreateVersion7(), year = 2025, verifierParticipantId = Bureau }).Outcomes())
            .ShouldBe(["no-appointments"]);

    private static object Plan => new
    {
        items = new[] { new { code = "1.1", description = "Coal weighing records", starred = true }, new { code = "1.2", description = "Organisation chart", starred = false } },
    };

    private static object Finding => new { category = "data", description = "The kiln is not metered.", parameter = "FC", source = "Kiln" };

    private static object Ground => new { ground = "The kiln stood still." };

    private static object Uphold => new { outcome = "upheld", tonnes = 1020, reason = "It did for a day." };
}

internal static class Posting
{
    public static Task<HttpResponseMessage> PostOne(this HttpClient client, string path, object? body = null) =>
        System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(client, path, body, TestContext.Current.CancellationToken);
}
