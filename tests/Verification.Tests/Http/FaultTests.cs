using System.Net;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

public sealed class FaultTests(VerificationService service)
{
    [Fact]
    public async Task A_malformed_batch_of_statements_is_refused_whole_with_every_fault()
    {
        var report = await service.Filed(await service.Covered());
        (await service.Verifier().Post($"{Uk}/statements/batch",
            new { reportId = report, conclusion = "positive", verifiedTonnes = 1000 },
            null,
            new { conclusion = "Positive", verifiedTonnes = 1.5m, reportVersion = 0 },
            new { reportId = Guid.Empty, verifiedTonnes = -1 },
            new { reportId = report, conclusion = "adverse", verifiedTonnes = 1_000_000_000_001 }).Faults()).ShouldBe(
            [
                "$.items[1] required",
                "$.items[2].reportId required", "$.items[2].conclusion unknown-conclusion", "$.items[2].verifiedTonnes invalid-tonnes", "$.items[2].reportVersion invalid-version",
                "$.items[3].reportId required", "$.items[3].conclusion unknown-conclusion", "$.items[3].verifiedTonnes invalid-tonnes",
                "$.items[4].verifiedTonnes invalid-tonnes", "$.items[4] repeated-item",
            ]);
        (await service.History(report)).Count.ShouldBe(1, "the first item was well-formed, and was not applied either");
    }

    [Fact]
    public async Task A_malformed_batch_of_decisions_is_refused_whole_with_every_fault()
    {
        var report = await service.Filed(await service.Covered());
        (await service.Regulator().Post($"{Uk}/decisions/batch",
            new { reportId = report, decision = "returned", reason = "The kiln is not metered." },
            new { reportId = Guid.CreateVersion7(), decision = "returned" },
            new { reportId = Guid.CreateVersion7(), decision = "accepted", reason = " " },
            new { decision = "pardoned", reportVersion = -1, reason = new string('x', 1001) },
            new { reportId = Guid.CreateVersion7(), decision = "returned", reason = "a\u0007bell" }).Faults()).ShouldBe(
            [
                "$.items[1].reason invalid-text", "$.items[2].reason invalid-text",
                "$.items[3].reportId required", "$.items[3].decision unknown-decision", "$.items[3].reason invalid-text", "$.items[3].reportVersion invalid-version",
                "$.items[4].reason invalid-text",
            ]);
        (await service.History(report)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("verifier", "statements")]
    [InlineData("regulator", "decisions")]
    public async Task A_batch_has_one_to_five_hundred_items(string role, string kind)
    {
        var client = service.As(role, Bureau);
        (await client.Post($"{Uk}/{kind}/batch").Faults()).ShouldBe(["$.items batch-size"]);
        (await client.Post($"{Uk}/{kind}/batch", [.. Enumerable.Repeat<object?>(null, 501)]).Faults()).ShouldBe(["$.items batch-size"]);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_report_is_said_at_once()
    {
        var mill = await service.Covered();
        (await service.As("emitter", mill).Put($"{Uk}/reports/{Guid.CreateVersion7()}", new
        {
            year = 2020,
            sources = new object?[]
            {
                new { name = "Boiler", tonnes = 1 }, null, new { name = " ", tonnes = -1 }, new { name = "Boiler", tonnes = 0.5m }, new { },
            },
        }).Faults()).ShouldBe(
            [
                "$.year invalid-year", "$.sources[1] required", "$.sources[2].name invalid-text", "$.sources[2].tonnes invalid-tonnes",
                "$.sources[3].name repeated-item", "$.sources[3].tonnes invalid-tonnes", "$.sources[4].name invalid-text", "$.sources[4].tonnes invalid-tonnes",
            ]);
        (await service.As("emitter", mill).Put($"{Uk}/reports/{Guid.CreateVersion7()}", new { }).Faults()).ShouldBe(["$.year invalid-year", "$.sources report-size"]);
        (await service.As("emitter", mill).Put($"{Uk}/reports/{Guid.CreateVersion7()}",
            Sources([.. Enumerable.Range(0, 101).Select(number => ($"Boiler {number}", 1L))])).Faults()).ShouldBe(["$.sources report-size"]);
    }

    [Fact]
    public async Task A_word_nobody_knows_is_not_passed_over() =>
        (await service.As("emitter", Guid.CreateVersion7()).Put($"{Uk}/reports/{Guid.CreateVersion7()}", new { year = 2021, sources = Array.Empty<object>(), note = "urgent" })
            .Code(HttpStatusCode.BadRequest)).ShouldBe("unreadable-request");
}
