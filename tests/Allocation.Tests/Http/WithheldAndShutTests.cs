using System.Net;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;

namespace CarbonMarket.Allocation.Http;

/// <summary>What is withheld of a year, lies with the province or was shut before the final allocation.</summary>
public sealed class WithheldAndShutTests(AllocationService service) : OfficialsYear(service)
{
    [Fact]
    public async Task Allowances_of_an_entity_at_risk_go_to_the_province_and_are_not_issued_again()
    {
        var (plant, unit, heard) = (Guid.CreateVersion7(), Guid.CreateVersion7(), new Overheard());
        await using var bus = await Listen(heard);
        await Enter(plant, unit, Power);
        await File(unit, 2024, new { generation = Figure(1_000_000, "MWh"), heat = Figure(0, "GJ"), loadFactor = Figure(70, "%") });
        (await Service.Regulator.Post($"{Gansu}/withholdings/batch", new { items = new[] { new { participantId = plant, withheld = true, ground = "arrears of 2023", inTrust = true } } }).Outcomes()).ShouldBe(["accepted"]);
        (await Service.Regulator.Get($"{Gansu}/covered-entities/{plant}").Json()).GetProperty("inTrust").GetBoolean().ShouldBeTrue();
        (await Service.Regulator.Post("/allocation/markets/uk-ets/withholdings/batch", new { items = new[] { new { participantId = plant, withheld = true, ground = "?", inTrust = true } } }).Faults())
            .ShouldBe(["$.items[0].inTrust no-account-in-trust"]);
        await bus.Accept(plant, 2024, 1, 800_000);
        await Eventually.Holds("2024 is known", async () => await Outcome(2024, "final", plant) is "ok");
        var plan = await Planned(2024, "final", plant);
        await Eventually.Holds("Settlement is told", () => heard.Of<AllocationApproved>().Any(told => told.PlanId == plan));
        heard.Of<AllocationApproved>().Single(told => told.PlanId == plan).Lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.Quantity.ShouldBe(791_000), line => line.InTrust.ShouldBeTrue());

        (await Service.Regulator.Post($"{Gansu}/withholdings/batch", new { items = new[] { new { participantId = plant, withheld = false } } }).Outcomes()).ShouldBe(["accepted"]);
        var adjusted = await Planned(2024, "adjustment", plant);
        (await Service.Regulator.Get($"{Gansu}/plans/{adjusted}").Json()).GetProperty("quantity").GetInt64().ShouldBe(0);
        (await Service.Regulator.Get($"{Gansu}/plans/{plan}/replay").Json()).GetProperty("identical").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Who_has_closed_before_the_final_allocation_gets_it_onto_the_provinces_account_and_owes_its_last_year()
    {
        var (kiln, unit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var heard = new Overheard();
        await using var bus = await Listen(heard);
        await Enter(kiln, unit, "cement");
        await bus.Accept(kiln, 2025, 1, 1_000);
        await Eventually.Holds("2025 is known", async () => await Outcome(2025, "final", kiln) is not "no-accepted-figure");
        var legalTime = (await Service.Operator.Get("/clock").Json()).GetProperty("legalTime").GetDateTimeOffset();
        var closedOn = DateOnly.FromDateTime(legalTime.AddDays(-1).Date);
        (await Service.Regulator.Post($"{Gansu}/exits/batch", new { items = new[] { new { participantId = kiln, closedOn } } }).Outcomes()).ShouldBe(["accepted"]);
        (await Service.Regulator.Get($"{Gansu}/covered-entities/{kiln}").Json()).GetProperty("lastYear").GetInt32().ShouldBe(closedOn.Year, "what it emitted until then is owed");

        var plan = await Planned(2025, "final", kiln);
        await Eventually.Holds("Settlement is told", () => heard.Of<AllocationApproved>().Any(told => told.PlanId == plan));
        heard.Of<AllocationApproved>().Single(told => told.PlanId == plan).Lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.Quantity.ShouldBe(1_000, "as much as was verified"), line => line.InTrust.ShouldBeTrue());
        (await Service.Regulator.Get($"{Gansu}/plans/{plan}/replay").Json()).GetProperty("identical").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Whose_allowances_are_withheld_is_not_given_any_by_hand()
    {
        var (plant, plan) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Cover(plant);
        var body = new { year = 2024, instrument = "CEA-2024", lines = new[] { new { participantId = plant, quantity = 100 } } };
        await Withhold("frozen by a court");
        var refused = await Service.Regulator.Put($"{Gansu}/plans/{plan}", body).Json(HttpStatusCode.UnprocessableEntity);
        refused.GetProperty("code").GetString().ShouldBe("participant-withheld");
        refused.GetProperty("detail").GetString()!.ShouldContain($"{plant} (frozen by a court)");

        await Release();
        await Service.Regulator.Put($"{Gansu}/plans/{plan}", body).Json();
        await Withhold("arrears of 2023", inTrust: true);
        (await Service.OtherRegulator.Post($"{Gansu}/plans/{plan}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("participant-withheld");
        await Release();
        (await Service.OtherRegulator.Post($"{Gansu}/plans/{plan}/approval").Json()).GetProperty("status").GetString().ShouldBe("approved");

        async Task Withhold(string ground, bool inTrust = false) =>
            (await Service.Regulator.Post($"{Gansu}/withholdings/batch", new { items = new[] { new { participantId = plant, withheld = true, ground, inTrust } } }).Outcomes()).ShouldBe(["accepted"]);

        async Task Release() =>
            (await Service.Regulator.Post($"{Gansu}/withholdings/batch", new { items = new[] { new { participantId = plant, withheld = false } } }).Outcomes()).ShouldBe(["accepted"]);
    }

    [Fact]
    public async Task A_final_plan_is_not_approved_once_a_unit_of_it_has_shut()
    {
        var (plant, unit) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var bus = await Listen(new Overheard());
        await Enter(plant, unit, Power);
        await File(unit, 2024, new { generation = Figure(1000, "MWh"), heat = Figure(0, "GJ"), loadFactor = Figure(70, "%") });
        await bus.Accept(plant, 2024, 1, 1000);
        await Eventually.Holds("2024 is known", async () => await Outcome(2024, "final", plant) is "ok");
        var now = (await Service.Operator.Get("/clock").Json()).GetProperty("legalTime").GetDateTimeOffset();
        var closedOn = DateOnly.FromDateTime(now.AddDays(2).Date);
        (await Service.Regulator.Post($"{Gansu}/installations/changes/batch", new { items = new[] { new { installationId = unit, closedOn } } }).Outcomes()).ShouldBe(["accepted"]);
        var plan = await Drafted(2024, "final", plant);
        await Service.Operator.Put("/clock", new { legalTime = now.AddDays(3), running = true }).Json();
        (await Service.OtherRegulator.Post($"{Gansu}/plans/{plan}/approval").Code(HttpStatusCode.UnprocessableEntity)).ShouldBe("plan-outdated");
    }

    [Fact]
    public async Task What_the_ledger_issued_and_kept_back_of_a_plan_is_seen_once_however_often_it_is_told()
    {
        var (plan, plant, other) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var bus = await Listen(new Overheard());
        await bus.Book(plan, (plant, 0, 30, 7), (other, 50, 0, 8), (plant, 70, 0, 9));
        await bus.Book(plan, (plant, 70, 0, 9), (plant, 0, 5, 10));
        await Eventually.Holds("it is known", async () => (await Bookings(Service.Regulator)).SequenceEqual([(other, 50, 0), (plant, 70, 35)]));
        (await Bookings(Service.As("emitter", participant: plant))).ShouldBe([(plant, 70, 35)]);
        (await Bookings(Service.As("emitter", participant: Guid.CreateVersion7()))).ShouldBeEmpty();

        async Task<(Guid, long, long)[]> Bookings(HttpClient reader) =>
        [
            .. (await reader.Get($"{Gansu}/plans/{plan}/bookings").Json()).GetProperty("items").EnumerateArray()
                .Select(booking => (booking.GetProperty("participantId").GetGuid(), booking.GetProperty("issued").GetInt64(), booking.GetProperty("deducted").GetInt64()))
                .OrderBy(booking => booking.Item2),
        ];
    }
}
