using System.Net;
using static CarbonMarket.Verification.Http.PowerPlant;

namespace CarbonMarket.Verification.Http;

public sealed class PlanTests(VerificationService service)
{
    [Fact]
    public async Task A_plan_is_filed_and_revised_and_every_version_is_kept()
    {
        var plant = await service.Covered("gansu");
        var emitter = service.As("emitter", plant);
        var filed = await emitter.Put($"{Gansu}/plans/2022", Plan()).Json();
        var id = filed.GetProperty("planId").GetGuid();
        filed.GetProperty("planVersion").GetInt64().ShouldBe(1);
        (await emitter.Put($"{Gansu}/plans/2022", Plan("measured")).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("revision-unexplained");
        await emitter.Put($"{Gansu}/plans/2022", Plan("measured", "Ash is analysed from May on.")).Json();
        (await emitter.Put($"{Gansu}/plans/2022", Plan("measured")).Json()).GetProperty("planVersion").GetInt64().ShouldBe(2, "a repeat changes nothing");

        await service.Appoint(plant, 2022);
        var versions = (await service.Verifier().Get($"{Gansu}/plans/{id}/versions").Json()).GetProperty("items");
        versions.EnumerateArray().Select(version => version.GetProperty("reason").GetString()).ShouldBe([null, "Ash is analysed from May on."]);
        var page = await service.Verifier().Get($"{Gansu}/plans/{id}/versions?limit=1").Json();
        (page.GetProperty("items").GetArrayLength(), page.GetProperty("next").GetString()).ShouldBe((1, "1"));
        (await emitter.Get($"{Gansu}/plans").Json()).GetProperty("items")[0].GetProperty("planVersion").GetInt64().ShouldBe(2);
        (await service.As("emitter", Guid.CreateVersion7()).Get($"{Gansu}/plans/{id}/versions").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-quality-plan");
        (await service.As("emitter", Guid.CreateVersion7()).Get($"{Gansu}/plans").Json()).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_market_that_asks_for_no_plan_takes_none() =>
        (await service.As("emitter", await service.Covered()).Put("/verification/markets/uk-ets/plans/2021", Plan()).Code(HttpStatusCode.UnprocessableEntity))
            .ShouldBe("plan-not-asked");

    [Fact]
    public async Task Who_is_not_on_the_list_plans_nothing() =>
        (await service.As("emitter", Guid.CreateVersion7()).Put($"{Gansu}/plans/2022", Plan()).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("entity-not-covered");

    [Fact]
    public async Task All_that_is_wrong_with_a_plan_is_said_at_once()
    {
        (await service.As("emitter", Guid.CreateVersion7()).Put($"{Gansu}/plans/2022", new
        {
            reason = " ",
            meters = new object?[] { Meters[0], Meters[0], new { code = "M2", name = " ", accuracyPercent = 0, calibrationMonths = 0 }, null },
            streams = new object[]
            {
                Streams[0],
                new { code = "S2", name = "Kiln", method = "annual-ncv" },
                new { code = "S3", name = "Grid", method = "purchased-electricity", scope = new { area = "Mars", fuel = "coal" } },
            },
            inputs = new object[]
            {
                Input("quantity", "default", "M9"), Input("ncv"), Input("ncv"), Input("colour"), new { stream = "S9", input = "ncv", basis = "guessed", procedure = "" },
            },
        }).Faults()).ShouldBe(
            [
                "$.reason invalid-text",
                "$.meters[1].code repeated-item", "$.meters[2].name invalid-text", "$.meters[2].accuracyPercent out-of-range",
                "$.meters[2].calibrationMonths out-of-range", "$.meters[3] required",
                "$.streams[1].method unknown-method", "$.streams[2].scope.area invalid-scope", "$.streams[2].scope.variant invalid-scope",
                "$.streams[2].scope invalid-scope",
                "$.inputs[0].meter unknown-meter", "$.inputs[0].basis no-default", "$.inputs[2].input repeated-item", "$.inputs[3].input unknown-input",
                "$.inputs[4].procedure invalid-text", "$.inputs[4].basis unknown-basis", "$.inputs[4].stream unknown-stream",
                "$.inputs input-missing", "$.inputs input-missing", "$.inputs input-missing",
            ]);
        (await service.As("emitter", Guid.CreateVersion7()).Put($"{Gansu}/plans/2022", new { }).Faults()).ShouldBe(
            ["$.meters list-size", "$.streams list-size", "$.inputs list-size"]);
    }

    [Fact]
    public async Task Streams_of_a_balance_say_which_list_they_count_in()
    {
        var emitter = service.As("emitter", await service.Covered("gansu"));
        object Steel(string? balance, string? part) => new
        {
            balance, meters = Array.Empty<object>(),
            streams = new[] { new { code = "LIME", name = "Limestone", method = "material-emissions", scope = new { material = "limestone" }, part } },
            inputs = new[] { Of("quantity", "measured"), Of("factor", "default") },
        };
        object Of(string input, string basis) => new { stream = "LIME", input, basis, procedure = "Weighed." };
        (await emitter.Put($"{Gansu}/plans/2022", Steel("annual-ncv", "carbonates")).Faults()).ShouldBe(["$.balance unknown-method"]);
        (await emitter.Put($"{Gansu}/plans/2022", Steel("steel-entity", part: null)).Faults()).ShouldBe(["$.streams[0].part unknown-part"]);
        (await emitter.Put($"{Gansu}/plans/2022", Steel("steel-entity", "products")).Faults()).ShouldBe(["$.streams[0].part unknown-part"]);
        (await emitter.Put($"{Gansu}/plans/2022", Steel(balance: null, "carbonates")).Faults()).ShouldBe(["$.streams[0].part unknown-part"]);
        var filed = await emitter.Put($"{Gansu}/plans/2022", Steel("steel-entity", "carbonates")).Json();
        (filed.GetProperty("balance").GetString(), filed.GetProperty("streams")[0].GetProperty("part").GetString()).ShouldBe(("steel-entity", "carbonates"));
    }

    [Theory]
    [InlineData("verifier")]
    [InlineData("regulator")]
    public async Task Only_emitters_plan_and_keep_evidence(string role)
    {
        var client = service.As(role, Guid.CreateVersion7());
        (await client.Put($"{Gansu}/plans/2022", Plan()).Status()).ShouldBe(HttpStatusCode.Forbidden);
        (await client.Put($"{Gansu}/evidence/2022/1", Month("00")).Status()).ShouldBe(HttpStatusCode.Forbidden);
        (await client.Keep(Hash([1]), [1]).Status()).ShouldBe(HttpStatusCode.Forbidden);
    }
}
