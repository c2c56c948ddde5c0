using System.Net;

namespace CarbonMarket.Allocation.Http;

public sealed class AllocationTests(AllocationService service) : IClassFixture<AllocationService>
{
    private const string Uk = "/allocation/markets/uk-ets";

    [Fact]
    public async Task Five_hundred_entities_are_covered_in_one_batch_and_a_repeat_changes_nothing()
    {
        var entities = Enumerable.Range(0, 500).Select(_ => new { participantId = Guid.CreateVersion7(), firstYear = 2021 }).ToArray();
        (await service.Regulator.Post($"{Uk}/covered-entities/batch", new { items = entities }).Outcomes()).ShouldAllBe(outcome => outcome == "accepted");
        (await service.Regulator.Post($"{Uk}/covered-entities/batch", new { items = entities }).Outcomes()).ShouldAllBe(outcome => outcome == "accepted");
        (await service.Regulator.Get($"{Uk}/covered-entities/{entities[7].participantId}").Json()).GetProperty("revision").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Batches_that_meet_on_the_same_entities_are_all_decided()
    {
        var participants = Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7()).ToArray();
        var batches = Enumerable.Range(2021, 6).Select(year => service.Regulator.Post(
            $"{Uk}/covered-entities/batch", new { items = participants.Select(participantId => new { participantId, firstYear = year }) }).Outcomes());
        foreach (var outcomes in await Task.WhenAll(batches))
            outcomes.ShouldAllBe(outcome => outcome == "accepted");
        foreach (var participant in participants)
            (await service.Regulator.Get($"{Uk}/covered-entities/{participant}").Json()).GetProperty("revision").GetInt64().ShouldBe(6);
    }

    [Fact]
    public async Task A_malformed_batch_is_refused_whole_with_every_fault()
    {
        var stranger = Guid.CreateVersion7();
        (await service.Regulator.Post($"{Uk}/covered-entities/batch", new
        {
            items = new object?[]
            {
                new { participantId = stranger, firstYear = 2021 }, null, new { firstYear = 2020 },
                new { participantId = stranger, firstYear = 2022, lastYear = 2021 },
            },
        }).Faults()).ShouldBe(
            ["$.items[1] required", "$.items[2].participantId required", "$.items[2].firstYear invalid-year", "$.items[3].lastYear invalid-year", "$.items[3] repeated-item"]);
        (await service.Regulator.Get($"{Uk}/covered-entities/{stranger}").Code(HttpStatusCode.NotFound)).ShouldBe("entity-not-covered");
        (await service.Regulator.Post($"{Uk}/covered-entities/batch", new { items = Array.Empty<object>() }).Faults()).ShouldBe(["$.items batch-size"]);
        (await service.Regulator.Post($"{Uk}/exclusions/batch", new { items = new[] { new { } } }).Faults())
            .ShouldBe(["$.items[0].participantId required", "$.items[0].year invalid-year", "$.items[0].excluded required"]);
    }

    [Fact]
    public async Task An_exclusion_is_decided_item_by_item()
    {
        var (covered, stranger) = (await Covered(), Guid.CreateVersion7());
        (await service.Regulator.Post($"{Uk}/exclusions/batch", new
        {
            items = new object[]
            {
                new { participantId = covered, year = 2022, excluded = true }, new { participantId = stranger, year = 2022, excluded = true },
                new { participantId = covered, year = 2023, excluded = true }, new { participantId = covered, year = 2024, excluded = false },
            },
        }).Outcomes()).ShouldBe(["accepted", "entity-not-covered", "accepted", "accepted"]);
        var entity = await service.As("emitter", participant: covered).Get($"{Uk}/covered-entities/{covered}").Json();
        entity.GetProperty("excludedYears").EnumerateArray().Select(year => year.GetInt32()).ShouldBe([2022, 2023]);
        entity.GetProperty("revision").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task A_participant_sees_itself_only_and_pages_hold_everything_once()
    {
        var own = await Covered();
        for (var count = 0; count < 10; count++)
            await Covered();
        var emitter = service.As("emitter", participant: own);
        (await emitter.Get($"{Uk}/covered-entities").Json()).GetProperty("items").GetArrayLength().ShouldBe(1);
        var seen = new List<Guid>();
        string? after = null;
        // The other tests' entities are there too, thousands of them where the largest plan came before.
        var limit = 2;
        do
        {
            var page = await service.Regulator.Get($"{Uk}/covered-entities?limit={limit}{(after is null ? "" : $"&after={after}")}").Json();
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("participantId").GetGuid()));
            after = page.GetProperty("next").GetString();
            limit = Math.Min(limit * 2, 500);
        }
        while (after is not null);
        seen.ShouldBeUnique();
        seen.ShouldContain(own);
        (await service.Regulator.Get($"{Uk}/covered-entities?limit=501").Faults()).ShouldBe(["limit out-of-range"]);
    }

    [Fact]
    public async Task A_plan_takes_two_officials()
    {
        var (mill, kiln, plan) = (await Covered(), await Covered(), Guid.CreateVersion7());
        var body = new { year = 2021, instrument = "UKA", lines = new[] { new { participantId = mill, quantity = 120 }, new { participantId = kiln, quantity = 5 } } };

        var drafted = await service.Regulator.Put($"{Uk}/plans/{plan}", body).Json();
        (drafted.GetProperty("status").GetString(), drafted.GetProperty("quantity").GetInt64(), drafted.GetProperty("lineCount").GetInt32()).ShouldBe(("drafted", 125, 2));
        (await service.Regulator.Post($"{Uk}/plans/{plan}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("four-eyes");
        (await service.OtherRegulator.Post($"{Uk}/plans/{plan}/approval").Json()).GetProperty("status").GetString().ShouldBe("approved");
        (await service.OtherRegulator.Post($"{Uk}/plans/{plan}/approval").Json()).GetProperty("approvedBy").GetString().ShouldBe("bob");
        (await service.Regulator.Put($"{Uk}/plans/{plan}", body).Json()).GetProperty("status").GetString().ShouldBe("approved");
        (await service.Regulator.Put($"{Uk}/plans/{plan}", body with { year = 2022 }).Code(HttpStatusCode.Conflict)).ShouldBe("id-reused");

        var whole = await service.As("auditor").Get($"{Uk}/plans/{plan}").Json();
        whole.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("quantity").GetInt64()).ShouldBe([120, 5]);
        (await service.Regulator.Get($"{Uk}/plans?limit=500").Json()).GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("planId").GetGuid()).ShouldContain(plan);
        (await service.Regulator.Get($"/allocation/markets/gansu/plans/{plan}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-plan");
        (await service.Regulator.Get($"{Uk}/plans?after={Guid.Empty}").Json()).GetProperty("items").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_plan_for_somebody_who_does_not_account_for_the_year_is_refused()
    {
        var (covered, plan) = (await Covered(), Guid.CreateVersion7());
        var lines = new[] { new { participantId = covered, quantity = 1 }, new { participantId = Guid.CreateVersion7(), quantity = 1 } };
        (await service.Regulator.Put($"{Uk}/plans/{plan}", new { year = 2021, instrument = "UKA", lines }).Code(HttpStatusCode.UnprocessableEntity))
            .ShouldBe("participant-not-covered");
        await service.Regulator.Put($"{Uk}/plans/{plan}", new { year = 2022, instrument = "UKA", lines = lines[..1] }).Json();
        await service.Regulator.Post($"{Uk}/exclusions/batch", new { items = new[] { new { participantId = covered, year = 2022, excluded = true } } }).Json();
        (await service.OtherRegulator.Post($"{Uk}/plans/{plan}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("participant-not-covered");
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_plan_is_said_at_once()
    {
        var twice = Guid.CreateVersion7();
        (await service.Regulator.Put($"{Uk}/plans/{Guid.CreateVersion7()}", new
        {
            year = 1999,
            instrument = "EUA",
            lines = new object?[]
            {
                new { participantId = twice, quantity = 0 }, new { participantId = twice, quantity = -1 }, new { quantity = 1.5m }, null,
            },
        }).Faults()).ShouldBe(
            [
                "$.year invalid-year", "$.instrument unknown-instrument", "$.lines[0].quantity invalid-quantity",
                "$.lines[1].participantId repeated-item", "$.lines[1].quantity invalid-quantity", "$.lines[2].participantId required",
                "$.lines[2].quantity invalid-quantity", "$.lines[3] required",
            ]);
        (await service.Regulator.Put($"/allocation/markets/gansu/plans/{Guid.CreateVersion7()}", new
        {
            year = 2024, instrument = "CEA-2025", lines = new[] { new { participantId = twice, quantity = 1 } },
        }).Faults()).ShouldBe(["$.instrument wrong-vintage"]);
        (await service.Regulator.Put($"/allocation/markets/gansu/plans/{Guid.CreateVersion7()}", new
        {
            year = 2025, instrument = "CCER", lines = new[] { new { participantId = twice, quantity = 1 } },
        }).Faults()).ShouldBe(["$.instrument offset-not-allocated"], "Reductions are certified, not handed out.");
    }

    [Fact]
    public async Task A_plan_of_five_thousand_lines_is_one_decision()
    {
        var participants = Enumerable.Range(0, 5000).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var chunk in participants.Chunk(500))
            await service.Regulator.Post($"{Uk}/covered-entities/batch", new { items = chunk.Select(participantId => new { participantId, firstYear = 2021 }) }).Json();
        var plan = Guid.CreateVersion7();
        await service.Regulator.Put($"{Uk}/plans/{plan}", new { year = 2021, instrument = "UKA", lines = participants.Select(participantId => new { participantId, quantity = 1 }) }).Json();
        (await service.OtherRegulator.Post($"{Uk}/plans/{plan}/approval").Json()).GetProperty("quantity").GetInt64().ShouldBe(5000);
    }

    [Fact]
    public async Task A_market_that_is_not_run_here_is_not_found() =>
        (await service.Regulator.Get("/allocation/markets/mars/plans").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-market");

    [Theory]
    [InlineData("emitter")]
    [InlineData("operator")]
    [InlineData(null)]
    public async Task Only_a_regulator_writes(string? role)
    {
        foreach (var path in new[] { "covered-entities/batch", "exclusions/batch", $"plans/{Guid.CreateVersion7()}/approval" })
        {
            using var response = await service.As(role).Post($"{Uk}/{path}", new { items = Array.Empty<object>() });
            response.StatusCode.ShouldBe(role is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden);
        }
    }

    private async Task<Guid> Covered()
    {
        var participantId = Guid.CreateVersion7();
        await Cover(new { participantId, firstYear = 2021 });
        return participantId;
    }

    private async Task Cover(object item) =>
        (await service.Regulator.Post($"{Uk}/covered-entities/batch", new { items = new[] { item } }).Outcomes()).ShouldBe(["accepted"]);
}
