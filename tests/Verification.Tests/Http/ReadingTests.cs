using System.Net;
using System.Text.Json;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

public sealed class ReadingTests(VerificationService service)
{
    [Fact]
    public async Task An_emitter_sees_its_own_report_and_learns_nothing_of_anothers()
    {
        var (mill, quarry) = (await service.Covered(), await service.Covered());
        var (own, others) = (await service.Filed(mill), await service.Filed(quarry));
        Ids(await service.As("emitter", mill).Get($"{Uk}/reports").Json()).ShouldBe([own]);
        await service.As("emitter", mill).Get($"{Uk}/reports/{own}").Json();
        var refusal = await service.As("emitter", mill).Get($"{Uk}/reports/{others}").Json(HttpStatusCode.NotFound);
        var nothing = await service.As("emitter", mill).Get($"{Uk}/reports/{Guid.Empty}").Json(HttpStatusCode.NotFound);
        refusal.GetProperty("code").GetString().ShouldBe("unknown-report");
        refusal.GetProperty("detail").GetString().ShouldBe(nothing.GetProperty("detail").GetString()!.Replace($"{Guid.Empty}", $"{others}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_acts_for_nobody_sees_nothing() =>
        Ids(await service.As("emitter").Get($"{Uk}/reports").Json()).ShouldBeEmpty();

    [Theory]
    [InlineData("verifier")]
    [InlineData("regulator")]
    [InlineData("operator")]
    [InlineData("auditor")]
    public async Task Those_who_check_see_everybodys(string role)
    {
        var (first, second) = (await service.Filed(await service.Covered()), await service.Filed(await service.Covered()));
        var seen = Ids(await service.As(role).Get($"{Uk}/reports?limit=500").Json());
        (seen.Contains(first), seen.Contains(second)).ShouldBe((true, true));
        await service.As(role).Get($"{Uk}/reports/{first}").Json();
    }

    [Fact]
    public async Task Reports_are_found_by_year_and_status()
    {
        var mill = await service.Covered();
        var report = await service.Filed(mill);
        await service.Confirm(report, 1);
        var own = service.As("emitter", mill);
        Ids(await own.Get($"{Uk}/reports?year=2021&status=verified").Json()).ShouldBe([report]);
        Ids(await own.Get($"{Uk}/reports?status=Verified").Json()).ShouldBe([report]);
        Ids(await own.Get($"{Uk}/reports?status=filed").Json()).ShouldBeEmpty();
        Ids(await own.Get($"{Uk}/reports?year=2022").Json()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_belongs_to_its_market()
    {
        var mill = await service.Covered();
        var report = await service.Filed(mill);
        Ids(await service.As("emitter", mill).Get("/verification/markets/gansu/reports").Json()).ShouldBeEmpty();
        (await service.Regulator().Get($"/verification/markets/gansu/reports/{report}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-report");
        (await service.Verifier().Post("/verification/markets/gansu/statements/batch", new { reportId = report, conclusion = "positive", verifiedTonnes = 1 }).Outcomes())
            .ShouldBe(["unknown-report"]);
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_without_a_gap()
    {
        for (var count = 0; count < 3; count++)
            await service.Filed(await service.Covered());
        var (all, after) = (new List<Guid>(), string.Empty);
        for (var next = (string?)string.Empty; next is not null; after = $"&after={next}")
        {
            var page = await service.Regulator().Get($"{Uk}/reports?limit=2{after}").Json();
            Ids(page).Count.ShouldBeInRange(1, 2);
            all.AddRange(Ids(page));
            next = page.GetProperty("next").GetString();
        }

        all.Count.ShouldBeGreaterThanOrEqualTo(3);
        all.ShouldBeUnique();
        // Reports named by derived ids stand where their streams do.
        var named = all.Where(id => id.Version != 8);
        named.ShouldBe(named.OrderBy(id => id.ToString(), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("status=lost", "status unknown-status")]
    [InlineData("status=1", "status unknown-status")]
    [InlineData("status=-1", "status unknown-status")]
    [InlineData("status=filed,verified", "status unknown-status")]
    [InlineData("status=", "status unknown-status")]
    [InlineData("year=1999", "year invalid-year")]
    [InlineData("limit=0", "limit out-of-range")]
    [InlineData("limit=501", "limit out-of-range")]
    public async Task A_wrong_question_is_refused_with_its_fault(string question, string fault) =>
        (await service.Regulator().Get($"{Uk}/reports?{question}").Faults()).ShouldBe([fault]);

    private static List<Guid> Ids(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("reportId").GetGuid())];
}
