using System.Net;
using static CarbonMarket.Verification.Http.ReportingYear;

namespace CarbonMarket.Verification.Http;

/// <summary>Who may come in, and what the house says of itself.</summary>
public sealed class DoorTests(VerificationService service)
{
    [Theory]
    [InlineData("emitter", "reports/0b2bb2f0-0000-4000-8000-000000000001", "PUT")]
    [InlineData("verifier", "statements/batch", "POST")]
    [InlineData("regulator", "decisions/batch", "POST")]
    [InlineData("regulator", "appointments/batch", "POST")]
    [InlineData("regulator", "results/batch", "POST")]
    [InlineData("regulator", "reports/0b2bb2f0-0000-4000-8000-000000000001/determinations/0b2bb2f0-0000-4000-8000-000000000002", "PUT")]
    [InlineData("emitter", "reports/0b2bb2f0-0000-4000-8000-000000000001/objections/0b2bb2f0-0000-4000-8000-000000000002", "PUT")]
    [InlineData("verifier", "engagements/0b2bb2f0-0000-4000-8000-000000000001/team", "PUT")]
    [InlineData("verifier", "engagements/0b2bb2f0-0000-4000-8000-000000000001/findings/0b2bb2f0-0000-4000-8000-000000000002", "PUT")]
    [InlineData("emitter", "engagements/0b2bb2f0-0000-4000-8000-000000000001/findings/0b2bb2f0-0000-4000-8000-000000000002/correction", "PUT")]
    public async Task A_door_opens_to_its_role_only(string rightRole, string path, string method)
    {
        (await Knock(null)).ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var role in ServiceDefaults.Security.Roles.All)
            (await Knock(role)).ShouldBe(role == rightRole ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden, role);

        Task<HttpStatusCode> Knock(string? role) =>
            (method == "PUT" ? service.As(role).Put($"{Uk}/{path}", new { }) : service.As(role).Post($"{Uk}/{path}")).Status();
    }

    [Theory]
    [InlineData("reports")]
    [InlineData("reports/0b2bb2f0-0000-4000-8000-000000000001")]
    [InlineData("/verification/events/head")]
    [InlineData("/verification/errors")]
    public async Task Without_a_token_nothing_is_read(string path) =>
        (await service.As(null).Get(path.StartsWith('/') ? path : $"{Uk}/{path}").Status()).ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_refusal_at_the_door_has_a_code()
    {
        (await service.As(null).Get($"{Uk}/reports").Code(HttpStatusCode.Unauthorized)).ShouldBe("http-401");
        (await service.As("trader").Post($"{Uk}/decisions/batch").Code(HttpStatusCode.Forbidden)).ShouldBe("http-403");
    }

    [Fact]
    public async Task A_market_that_is_not_run_here_is_not_found() =>
        (await service.Regulator().Get("/verification/markets/mars/reports").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-market");

    [Fact]
    public async Task Anybody_may_ask_whether_it_lives_and_is_ready()
    {
        (await service.As(null).Get("/health/live").Status()).ShouldBe(HttpStatusCode.OK);
        var ready = await service.As(null).Get("/health/ready").Json();
        ready.GetProperty("status").GetString().ShouldBe("Healthy");
        ready.GetProperty("checks").EnumerateObject().Select(check => check.Name).ShouldBe(["store", "leader", "clock", "masstransit-bus", "origins"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_operator_reads_how_much_is_stored_and_what_could_not_be_taken()
    {
        var filed = await service.Filed(await service.Covered());
        (await service.History(filed)).Count.ShouldBe(1);
        (await service.As("operator").Get("/verification/events/head").Json()).GetProperty("events").GetInt64().ShouldBeGreaterThan(0);
        (await service.As("operator").Get("/verification/errors").Json()).GetProperty("items").EnumerateArray()
            .Select(queue => queue.GetProperty("queue").GetString()).ShouldBe(["verification-when-entity-covered"]);
        (await service.As(null).Get("/verification/clock").Json()).GetProperty("legalTime").GetDateTimeOffset().ShouldBe(VerificationService.LegalTime);
    }

    [Fact]
    public async Task Every_endpoint_is_described_with_what_it_answers()
    {
        var document = await service.As(null).Get("/openapi/v1.json").Json();
        var operations = (from path in document.GetProperty("paths").EnumerateObject()
                          where path.Name.StartsWith("/verification/markets/", StringComparison.Ordinal)
                          from operation in path.Value.EnumerateObject()
                          select operation.Value).ToList();
        operations.Select(operation => operation.GetProperty("operationId").GetString())
            .ShouldBe(
                [
                    "list-reports", "get-report", "file-report", "give-statements", "decide-reports",
                    "propose-determination", "approve-determination", "reject-determination", "reopen-report", "tell-results",
                    "object-to-result", "decide-objection", "list-report-versions", "compare-report-versions", "explain-difference",
                    "declare-group", "name-compiler", "correct-compiler", "get-interests", "appoint-verifiers", "list-engagements", "get-engagement",
                    "dismiss-verifier", "extend-statement-time", "name-team", "make-plan", "tick-item", "record-site-visit",
                    "request-information", "answer-request", "raise-finding", "correct-finding", "conclude-finding", "estimate-finding",
                    "close-earlier-finding",
                    "file-quality-plan", "list-quality-plans", "list-quality-plan-versions", "keep-evidence-file", "get-evidence-file",
                    "file-monthly-evidence", "list-monthly-evidence", "list-checks", "check-evidence", "get-emissions-of-evidence", "get-trace-of-evidence", "get-report-trace",
                    "import-evidence", "get-evidence-template", "export-evidence",
                ],
                ignoreOrder: true);
        foreach (var operation in operations)
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace();
            operation.GetProperty("responses").GetProperty("200").TryGetProperty("content", out _).ShouldBeTrue();
            operation.GetProperty("security").GetArrayLength().ShouldBe(1);
        }
    }
}
