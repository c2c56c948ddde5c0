using System.Net;
using System.Text.Json;
using CarbonMarket.Allocation.AcceptedEmissions;
using CarbonMarket.Allocation.Computing;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Allocation.Years;
using CarbonMarket.Calculation;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.Allocation.Http;

/// <summary>A year of Gansu from the list to an adjustment, as an official works it.</summary>
public sealed class ComputedYearTests(AllocationService service) : OfficialsYear(service)
{
    [Fact]
    public async Task A_power_plant_is_pre_allocated_finally_allocated_and_after_an_amended_report_owes_the_difference()
    {
        var (plant, unit, heard) = (Guid.CreateVersion7(), Guid.CreateVersion7(), new Overheard());
        await using var bus = await Listen(heard);
        await Enter(plant, unit, Power);
        await bus.Accept(plant, 2023, 1, 2_688_413);
        await Eventually.Holds("2023 is known", async () => await Outcome(2024, "pre-allocation", plant) is "ok");
        var pre = await Planned(2024, "pre-allocation", plant);
        (await Service.Regulator.Get($"{Gansu}/plans/{pre}").Json()).GetProperty("quantity").GetInt64().ShouldBe(1_881_889);

        // The final stage waits for verification, and nothing is issued for the asking.
        (await Service.Regulator.Put($"{Gansu}/plans/{Guid.CreateVersion7()}/computation", Asked(2024, "final", plant)).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("no-accepted-figure");
        await File(unit, 2024, new { generation = Figure(3_200_000, "MWh"), heat = Figure(1_500_000, "GJ"), loadFactor = Figure(62.5m, "%") });
        await bus.Accept(plant, 2024, 1, 2_741_318);
        await Eventually.Holds("2024 is known", async () => await Outcome(2024, "final", plant) is "ok");
        var final = await Planned(2024, "final", plant);
        var figure = (await Service.Regulator.Get($"{Gansu}/plans/{final}/figures").Json()).GetProperty("items")[0];
        (figure.GetProperty("allowances").GetInt64(), figure.GetProperty("issued").GetInt64()).ShouldBe((2_821_548, 939_659));
        (await Service.Regulator.Put($"{Gansu}/plans/{Guid.CreateVersion7()}/computation", Asked(2024, "final", plant)).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("final-stands");
        (await Redeterminations(2024, plant)).ShouldBeEmpty();

        // Less was generated than filed, so the corrected report takes allowances back.
        await File(unit, 2024, new { generation = Figure(3_000_000, "MWh"), heat = Figure(1_500_000, "GJ"), loadFactor = Figure(62.5m, "%") });
        await bus.Accept(plant, 2024, 2, 2_600_000);
        await Eventually.Holds("the amendment is known", async () => (await Redeterminations(2024, plant)).Count == 1);
        (await Redeterminations(2024, plant)).Single().GetProperty("dueBy").GetString().ShouldNotBeNull();
        var adjusted = await Planned(2024, "adjustment", plant);
        var changed = (await Service.Regulator.Get($"{Gansu}/plans/{adjusted}/figures").Json()).GetProperty("items")[0];
        (changed.GetProperty("allowances").GetInt64(), changed.GetProperty("returned").GetInt64(), changed.GetProperty("issued").GetInt64()).ShouldBe((2_654_886, 166_662, 0));
        (await Redeterminations(2024, plant)).ShouldBeEmpty();
        await Eventually.Holds("Settlement is told", () => heard.Of<AllocationLowered>().Count == 1);
        var lowered = heard.Of<AllocationLowered>().Single();
        (lowered.PlanId, lowered.ApprovedBy, lowered.Lines.Single().ParticipantId, lowered.Lines.Single().Final).ShouldBe((adjusted, "bob", plant, 2_654_886));
        heard.Of<AllocationApproved>().Where(plan => plan.PlanId == pre || plan.PlanId == final).Sum(plan => plan.Lines.Single().Quantity).ShouldBe(2_821_548);

        await TracesHold(final, figure, plant);
        await YearReplays(final, 2024, "CEA-2024");
    }

    [Fact]
    public async Task A_plan_is_refused_beyond_the_cap_and_when_another_came_first()
    {
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var bus = await Listen(new Overheard());
        foreach (var line in (Guid[])[one, other])
        {
            await Enter(line, Guid.CreateVersion7(), "cement");
            await bus.Accept(line, 2024, 1, 1000);
            await Eventually.Holds("it is known", async () => await Outcome(2024, "final", line) is "ok");
        }
        var (first, second) = (await Drafted(2024, "final", one), await Drafted(2024, "final", other));
        await Service.OtherRegulator.Post($"{Gansu}/plans/{first}/approval").Json();
        (await Service.OtherRegulator.Post($"{Gansu}/plans/{second}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("plan-outdated");
        (await Service.Regulator.Get($"{Gansu}/plans/{second}").Json()).GetProperty("status").GetString().ShouldBe("drafted");

        var issued = (await Service.Regulator.Get($"{Gansu}/years/2024").Json()).GetProperty("issued").GetProperty("CEA-2024").GetInt64();
        (await Service.Regulator.Put($"{Gansu}/years/2024/caps/CEA-2024", new { quantity = issued - 1, document = "notice" }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("cap-below-issued");
        await Service.Regulator.Put($"{Gansu}/years/2024/caps/CEA-2024", new { quantity = issued + 999, document = "notice" }).Json();
        (await Service.Regulator.Put($"{Gansu}/plans/{Guid.CreateVersion7()}/computation", Asked(2024, "final", other)).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("cap-exceeded");
        var given = Guid.CreateVersion7();
        await Service.Regulator.Put($"{Gansu}/plans/{given}", new { year = 2024, instrument = "CEA-2024", lines = new[] { new { participantId = other, quantity = 1000 } } }).Json();
        (await Service.OtherRegulator.Post($"{Gansu}/plans/{given}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("cap-exceeded");
        await Service.Regulator.Put($"{Gansu}/years/2024/caps/CEA-2024", new { quantity = 1_000_000_000, document = "notice 2" }).Json();
    }

    [Fact]
    public async Task A_plan_whose_figures_have_changed_since_it_was_computed_is_not_approved()
    {
        var (plant, unit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var bus = await Listen(new Overheard());
        await Enter(plant, unit, Power);
        await File(unit, 2024, new { generation = Figure(1_000_000, "MWh"), heat = Figure(0, "GJ"), loadFactor = Figure(70, "%") });
        await bus.Accept(plant, 2024, 1, 800_000);
        await Eventually.Holds("2024 is known", async () => await Outcome(2024, "final", plant) is "ok");
        var drafted = await Drafted(2024, "final", plant);

        await File(unit, 2024, new { generation = Figure(900_000, "MWh"), heat = Figure(0, "GJ"), loadFactor = Figure(70, "%") });
        (await Service.OtherRegulator.Post($"{Gansu}/plans/{drafted}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("plan-outdated");
        (await Service.Regulator.Get($"{Gansu}/plans/{drafted}").Json()).GetProperty("status").GetString().ShouldBe("drafted");
        var anew = await Planned(2024, "final", plant);
        (await Service.Regulator.Get($"{Gansu}/plans/{anew}").Json()).GetProperty("quantity").GetInt64().ShouldBe(711_900);
        (await Service.OtherRegulator.Post($"{Gansu}/plans/{anew}/approval").Json()).GetProperty("status").GetString().ShouldBe("approved");
    }

    [Fact]
    public async Task A_balance_value_not_yet_published_stops_the_final_plan_and_a_what_if_tries_one()
    {
        var (mill, unit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var bus = await Listen(new Overheard());
        await Enter(mill, unit, "steel");
        await File(unit, 2025, new { intensity = Figure(1.52m, "tCO2/t") });
        await bus.Accept(mill, 2025, 1, 4_000_000);
        await Eventually.Holds("2025 is known", async () => await Outcome(2025, "final", mill) is "balance-value-not-published");
        (await Service.Regulator.Post($"{Gansu}/locations/batch", new { items = new[] { new { participantId = mill, fromYear = 2021, division = "620200" } } }).Outcomes()).ShouldBe(["accepted"]);

        var tried = await Service.Regulator.Post($"{Gansu}/what-ifs", new { plan = Asked(2025, "final", mill), balances = new { steel = Figure(1.6m, "tCO2/t") } }).Json();
        (tried.GetProperty("now").GetInt64(), tried.GetProperty("then").GetInt64()).ShouldBe((0, 4_030_000));
        tried.GetProperty("divisions").EnumerateArray().Select(division => (division.GetProperty("division").GetString(), division.GetProperty("difference").GetInt64()))
            .ShouldBe([("620200", 4_030_000)]);
        tried.GetProperty("installations").EnumerateArray().Single().GetProperty("installationId").GetGuid().ShouldBe(unit);

        (await Service.Regulator.Put($"{Gansu}/years/2025/balance-values/steel", new { value = 1.6m, unit = "tCO2/t", document = "notice 9" }).Json())
            .GetProperty("balances").GetProperty("steel").GetProperty("value").GetProperty("value").GetDecimal().ShouldBe(1.6m);
        var plan = await Planned(2025, "final", mill);
        (await Service.Regulator.Get($"{Gansu}/plans/{plan}").Json()).GetProperty("quantity").GetInt64().ShouldBe(4_030_000);

        // A plan is for those it concerns until it is published.
        (await Service.As("emitter", participant: Guid.CreateVersion7()).Get($"{Gansu}/plans/{plan}/figures").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-plan");
        (await Service.As("emitter", participant: mill).Get($"{Gansu}/plans/{plan}/figures").Json()).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Service.Regulator.Post($"{Gansu}/plans/{plan}/publication").Json()).GetProperty("published").GetBoolean().ShouldBeTrue();
        (await Service.As("emitter", participant: Guid.CreateVersion7()).Get($"{Gansu}/plans/{plan}/figures").Json()).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task An_upheld_objection_to_a_published_plan_leads_to_an_adjustment()
    {
        var (plant, unit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var bus = await Listen(new Overheard());
        await Enter(plant, unit, Power);
        await File(unit, 2024, new { generation = Figure(1_000_000, "MWh"), heat = Figure(0, "GJ"), loadFactor = Figure(70, "%") });
        await bus.Accept(plant, 2024, 1, 800_000);
        await Eventually.Holds("2024 is known", async () => await Outcome(2024, "final", plant) is "ok");
        var plan = await Planned(2024, "final", plant);
        var (own, objection) = (Service.As("emitter", participant: plant), $"{Gansu}/plans/{plan}/objections/{plant}");

        (await own.Put(objection, new { ground = " " }).Faults()).ShouldBe(["$.ground invalid-text"]);
        (await own.Put(objection, new { ground = "Heat is missing." }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("plan-not-published");
        await Service.Regulator.Post($"{Gansu}/plans/{plan}/publication").Json();
        (await Service.As("emitter", participant: Guid.CreateVersion7()).Put(objection, new { ground = "?" }).Code(HttpStatusCode.NotFound)).ShouldBe("unknown-plan");
        (await own.Put(objection, new { ground = "Heat is missing." }).Json()).GetProperty("decideBy").GetString().ShouldNotBeNull();
        (await own.Get($"{Gansu}/objections?open=true").Json()).GetProperty("items").EnumerateArray().Single().GetProperty("planId").GetGuid().ShouldBe(plan);
        (await Redeterminations(2024, plant)).ShouldBeEmpty();

        (await Service.OtherRegulator.Post($"{objection}/decision", new { outcome = "upheld", reason = "It is." }).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("four-eyes");
        var cleo = Service.As("regulator", "cleo");
        (await cleo.Post($"{objection}/decision", new { outcome = "perhaps", reason = "" }).Faults()).ShouldBe(["$.outcome unknown-value", "$.reason invalid-text"]);
        (await cleo.Post($"{objection}/decision", new { outcome = "upheld", reason = "It is." }).Json()).GetProperty("outcome").GetString().ShouldBe("upheld");
        (await own.Get($"{Gansu}/objections?open=true").Json()).GetProperty("items").GetArrayLength().ShouldBe(0);
        var due = (await Redeterminations(2024, plant)).Single();
        (due.GetProperty("objectedPlanId").GetGuid(), due.GetProperty("overdue").GetBoolean()).ShouldBe((plan, false));

        await File(unit, 2024, new { generation = Figure(1_000_000, "MWh"), heat = Figure(100_000, "GJ"), loadFactor = Figure(70, "%") });
        var adjusted = await Planned(2024, "adjustment", plant);
        (await Service.Regulator.Get($"{Gansu}/plans/{adjusted}").Json()).GetProperty("quantity").GetInt64().ShouldBe(10_330);
        (await Redeterminations(2024, plant)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_what_if_takes_a_method_pack_of_ones_own_and_leaves_the_list_as_it_is()
    {
        var (plant, unit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var bus = await Listen(new Overheard());
        await Enter(plant, unit, Power);
        await File(unit, 2024, new { generation = Figure(1_000_000, "MWh"), heat = Figure(0, "GJ"), loadFactor = Figure(70, "%") });
        await bus.Accept(plant, 2024, 1, 800_000);
        await Eventually.Holds("2024 is known", async () => await Outcome(2024, "final", plant) is "ok");
        var own = MethodPackText().Replace("\"value\": 0.791,", "\"value\": 0.8,", StringComparison.Ordinal);
        var tried = await Service.Regulator.Post($"{Gansu}/what-ifs", new { plan = Asked(2024, "final", plant), methodPack = own }).Json();
        (tried.GetProperty("now").GetInt64(), tried.GetProperty("then").GetInt64(), tried.GetProperty("differingInstallations").GetInt32()).ShouldBe((791_000, 800_000, 1));
        var without = await Service.Regulator.Post($"{Gansu}/what-ifs", new { plan = Asked(2024, "final", plant), without = new[] { plant } }).Json();
        (without.GetProperty("then").GetInt64(), without.GetProperty("difference").GetInt64()).ShouldBe((0, -791_000));
        (await Service.Regulator.Post($"{Gansu}/what-ifs", new { plan = Asked(2024, "final", plant), methodPack = "{}", methodPacks = new { x = "1" } }).Faults())
            .ShouldContain("$.methodPack invalid-method-pack");
    }

    [Fact]
    public async Task Who_lies_in_the_new_area_within_Lanzhou_counts_there_and_not_in_Lanzhou_again()
    {
        var (city, area) = ((Plant: Guid.CreateVersion7(), Unit: Guid.CreateVersion7()), (Plant: Guid.CreateVersion7(), Unit: Guid.CreateVersion7()));
        await using var bus = await Listen(new Overheard());
        foreach (var (of, generation) in new[] { (city, 1_000_000), (area, 900_000) })
        {
            await Enter(of.Plant, of.Unit, Power);
            await File(of.Unit, 2024, new { generation = Figure(generation, "MWh"), heat = Figure(0, "GJ"), loadFactor = Figure(70, "%") });
            await bus.Accept(of.Plant, 2024, 1, 800_000);
            await Eventually.Holds("2024 is known", async () => await Outcome(2024, "final", of.Plant) is "ok");
            await Lies(of.Plant, 2021, "620100");
        }
        (await Divisions()).ShouldBe([("620100", 791_000 + 711_900)]);

        await Lies(area.Plant, 2024, "620100-LZXQ");
        (await Divisions()).ShouldBe([("620100", 791_000), ("620100-LZXQ", 711_900)]);

        async Task Lies(Guid participantId, int fromYear, string division) =>
            (await Service.Regulator.Post($"{Gansu}/locations/batch", new { items = new[] { new { participantId, fromYear, division } } }).Outcomes()).ShouldBe(["accepted"]);

        async Task<List<(string?, long)>> Divisions()
        {
            var plan = new { year = 2024, stage = "final", instrument = "CEA-2024", participants = new[] { city.Plant, area.Plant } };
            var tried = await Service.Regulator.Post($"{Gansu}/what-ifs", new { plan }).Json();
            tried.GetProperty("now").GetInt64().ShouldBe(791_000 + 711_900);
            return [.. tried.GetProperty("divisions").EnumerateArray().Select(one => (one.GetProperty("division").GetString(), one.GetProperty("now").GetInt64()))];
        }
    }

    [Fact]
    public async Task The_list_changes_by_rule_and_everything_malformed_is_named()
    {
        var (small, before, after) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var bus = await Listen(new Overheard());
        await Cover(small, before);
        await bus.Accept(small, 2023, 1, 20_000);
        await bus.Accept(small, 2024, 1, 20_000);
        await Eventually.Holds("two years are known", async () =>
            (await Service.Regulator.Post($"{Gansu}/exits/batch", new { items = new[] { new { participantId = small, lastYear = 2024 } } }).Outcomes()) is ["accepted"]);
        (await Service.Regulator.Get($"{Gansu}/covered-entities/{small}").Json()).GetProperty("endGround").GetString().ShouldBe("below-threshold");
        (await Service.Regulator.Post($"{Gansu}/exits/batch", new { items = new[] { new { participantId = before, lastYear = 2024 } } }).Outcomes()).ShouldBe(["exit-not-due"]);
        await Service.Regulator.Post($"{Gansu}/successions", new { predecessors = new[] { before }, successors = new[] { after, before }, fromYear = 2025, ground = "review" }).Json();
        (await Service.Regulator.Get($"{Gansu}/covered-entities/{after}").Json()).GetProperty("firstYear").GetInt32().ShouldBe(2025);
        (await Service.Regulator.Post($"{Gansu}/successions", new { predecessors = new[] { Guid.CreateVersion7() }, successors = new[] { Guid.CreateVersion7() }, fromYear = 2025, ground = "review" })
            .Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("entity-not-covered");
        (await Service.Regulator.Post($"{Gansu}/installations/classifications/batch", new { items = new[] { new { installationId = after, fromYear = 2021, categories = new[] { "tea" }, specialCase = "rain" } } }).Faults())
            .ShouldBe(["$.items[0].categories unknown-category", "$.items[0].specialCase unknown-special-case"]);
        (await Service.Regulator.Post($"{Gansu}/installations/activity/batch", new
        {
            items = new[] { new { installationId = after, year = 2021, figures = new Dictionary<string, object> { ["heat"] = Figure(-1, "furlong") }, evidence = "x" } },
        }).Faults()).ShouldBe(["$.items[0].evidence invalid-hash", "$.items[0].figures.heat.value out-of-range", "$.items[0].figures.heat.unit unknown-measurement-unit"]);
        (await Service.Regulator.Post($"{Gansu}/installations/activity/batch", new { items = new[] { new { installationId = after, year = 2021, figures = new { heat = Figure(1, "GJ") } } } }).Outcomes())
            .ShouldBe(["unknown-installation"]);
        (await Service.Regulator.Put($"{Gansu}/plans/{Guid.CreateVersion7()}/computation", new { year = 2024, stage = "tea", instrument = "CEA-2025", share = 2 }).Faults())
            .ShouldBe(["$.stage unknown-value", "$.instrument wrong-vintage", "$.share out-of-range"]);
        (await Service.As("emitter", participant: before).Put($"{Gansu}/plans/{Guid.CreateVersion7()}/computation", Asked(2024, "final", before))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Service.Regulator.Put($"{Gansu}/plans/{Guid.CreateVersion7()}/computation", Asked(2024, "final", Guid.CreateVersion7())).Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("nothing-to-allocate");
    }

    private async Task TracesHold(Guid plan, JsonElement figure, Guid plant)
    {
        var hashes = figure.GetProperty("units")[0].GetProperty("traces").EnumerateArray().Concat(figure.GetProperty("traces").EnumerateArray()).Select(hash => hash.GetString()!).ToList();
        hashes.Count.ShouldBe(3);
        foreach (var hash in hashes)
        {
            using var answer = await Service.As("emitter", participant: plant).Get($"{Gansu}/plans/{plan}/traces/{hash}");
            var trace = Trace.FromJson(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            trace.Hash().ShouldBe(hash);
            Recomputation.Recompute(trace, MethodPacks.Find(trace.Pack, trace.PackVersion)!).ShouldBeNull();
        }
        using var page = await Service.Regulator.Get($"{Gansu}/plans/{plan}/traces/{hashes[0]}?format=html");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await Service.Regulator.Get($"{Gansu}/plans/{plan}/traces/{new string('0', 64)}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-trace");
        (await Service.Regulator.Get($"{Gansu}/plans/{plan}/replay").Json()).GetProperty("identical").GetBoolean().ShouldBeTrue();
    }

    /// <summary>From nothing but the events recorded before the plan, folded anew, and the packs.</summary>
    private async Task YearReplays(Guid planId, int year, string instrument)
    {
        await using var session = Service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var all = await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync(TestContext.Current.CancellationToken);
        var computed = all.Single(e => e.Data is AllocationPlanEvent.PlanComputed plan && plan.PlanId == planId);
        var before = all.Where(e => e.Sequence < computed.Sequence).ToList();
        var plan = (AllocationPlanEvent.PlanComputed)computed.Data;
        var records = new MarketRecords(
            Fold<CoveredEntity, CoveredEntityEvent>(before, (state, e, _) => CoveredEntity.After(state, e)),
            Fold<Installation, InstallationEvent>(before, Installation.After),
            Fold<AcceptedFigures, EmissionsNoted>(before, AcceptedFigures.After),
            Fold<AllocationYear, AllocationYearEvent>(before, AllocationYear.After).SingleOrDefault(known => known.Year.Value == year),
            [.. Fold<AllocationPlan, AllocationPlanEvent>(before, (state, e, _) => AllocationPlan.After(state, e)).Where(known => known.IsApproved && known.Instrument == instrument)
                .OrderBy(known => known.ApprovedAt)]);
        var input = AllocationGathering.Gather(
            Year.Gansu, new AllocationQuestion(year, Stage.Final, instrument, null, [.. plan.AskedParticipantIds!.Value]), Year.Gansu.NewestMethods(), records, plan.At);
        JsonSerializer.Serialize(input).ShouldBe(JsonSerializer.Serialize(plan.Computation.Input));
        Year.Run(input).Entities().Select(result => result.Figure!).Zip(plan.Computation.Figures).ShouldAllBe(pair => pair.First.SaysTheSame(pair.Second));
    }

    private static List<TState> Fold<TState, TEvent>(IReadOnlyList<JasperFx.Events.IEvent> events, Func<TState?, TEvent, Guid, TState> after)
        where TState : class =>
        [.. events.Where(e => e.Data is TEvent).GroupBy(e => e.StreamId).Select(stream => stream.Aggregate((TState?)null, (state, e) => after(state, (TEvent)e.Data, e.Id))!)];

    private static string MethodPackText()
    {
        using var stream = typeof(MethodPacks).Assembly.GetManifestResourceStream("method-packs/cn-allowances.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
