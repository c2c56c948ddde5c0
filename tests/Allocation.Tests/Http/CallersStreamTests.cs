using System.Net;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Allocation.Plans;
using CarbonMarket.Allocation.Years;
using CarbonMarket.Kernel;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.Allocation.Http;

/// <summary>Officials make the ids of plans and installations, and anybody can reckon those of the other streams: none is hit by these.</summary>
public sealed class CallersStreamTests(AllocationService service) : IClassFixture<AllocationService>
{
    private const string Uk = "/allocation/markets/uk-ets";
    private static readonly DateTimeOffset Noon = new(2022, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_plan_under_the_id_of_a_coming_year_does_not_keep_that_year_from_being_capped()
    {
        var id = AllocationYear.StreamId("uk-ets", 2035);
        await Draft(id, await Covered());
        (await service.Regulator.Get($"{Uk}/plans/{id}").Json()).GetProperty("planId").GetGuid().ShouldBe(id);

        await service.Regulator.Put($"{Uk}/years/2035/caps/UKA", new { quantity = 1000, document = "An order." }).Json();
        await service.Regulator.Get($"{Uk}/years/2035").Json();
        (await Events(id)).ShouldHaveSingleItem().ShouldBeOfType<AllocationYearEvent.YearCapped>();
    }

    [Fact]
    public async Task An_installation_under_the_id_of_a_covered_entity_leaves_it_as_it_is()
    {
        var entity = await Covered();
        var id = CoveredEntity.StreamId("uk-ets", entity);
        await Register(id, entity);
        (await service.Regulator.Get($"{Uk}/installations/{id}").Json()).GetProperty("installationId").GetGuid().ShouldBe(id);

        (await service.Regulator.Post($"{Uk}/exclusions/batch", new { items = new[] { new { participantId = entity, year = 2022, excluded = true } } }).Outcomes())
            .ShouldBe(["accepted"]);
        (await service.Regulator.Get($"{Uk}/covered-entities/{entity}").Json()).GetProperty("revision").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task A_plan_and_an_installation_of_the_same_derived_id_are_two_things()
    {
        var (entity, id) = (await Covered(), Derived());
        await Register(id, entity);
        await Draft(id, entity);
        (await service.OtherRegulator.Post($"{Uk}/plans/{id}/approval").Json()).GetProperty("status").GetString().ShouldBe("approved");
        (await Close(id)).ShouldBe(["accepted"]);
    }

    [Fact]
    public async Task Of_any_other_id_a_plan_and_an_installation_are_not_two_things()
    {
        var (entity, installation, plan) = (await Covered(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await Register(installation, entity);
        await Draft(plan, entity);

        (await Drafted(installation, entity).Code(HttpStatusCode.Conflict)).ShouldBe("id-reused");
        (await service.Regulator.Get($"{Uk}/plans/{installation}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-plan");
        (await service.OtherRegulator.Post($"{Uk}/plans/{installation}/approval").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-plan");
        (await Registered(plan, entity)).ShouldBe(["id-reused"]);
        (await service.Regulator.Get($"{Uk}/installations/{plan}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-installation");
        (await Close(plan)).ShouldBe(["unknown-installation"]);
        (await Events(plan)).ShouldHaveSingleItem();
        (await Events(installation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_plan_and_an_installation_are_not_found_by_the_ids_of_their_streams()
    {
        var (entity, id) = (await Covered(), Derived());
        await Register(id, entity);
        await Draft(id, entity);

        (await service.OtherRegulator.Post($"{Uk}/plans/{AllocationPlan.StreamId(id)}/approval").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-plan");
        (await service.Regulator.Get($"{Uk}/plans/{AllocationPlan.StreamId(id)}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-plan");
        (await service.Regulator.Get($"{Uk}/installations/{Installation.StreamId(id)}").Code(HttpStatusCode.NotFound)).ShouldBe("unknown-installation");
        (await Close(Installation.StreamId(id))).ShouldBe(["unknown-installation"]);
    }

    [Fact]
    public async Task What_is_from_when_every_id_was_its_streams_goes_on_where_it_is()
    {
        var (entity, plan, installation) = (await Covered(), Derived(), Derived());
        await Store(
            "plansummary", "planId", plan,
            new AllocationPlanEvent.PlanDrafted("uk-ets", plan, ComplianceYear.Of(2022), "UKA", [new PlanLine(entity, Quantity.Of(7))], "ann", Noon));
        await Store(
            "installation", "installationId", installation,
            new InstallationEvent.InstallationRegistered("uk-ets", installation, entity, "Boiler", ComplianceYear.Of(2021), Noon));

        (await service.OtherRegulator.Post($"{Uk}/plans/{plan}/approval").Json()).GetProperty("planId").GetGuid().ShouldBe(plan);
        await service.Regulator.Post($"{Uk}/plans/{plan}/publication").Json();
        (await service.Regulator.Get($"{Uk}/plans/{plan}").Json()).GetProperty("published").GetBoolean().ShouldBeTrue();
        (await Close(installation)).ShouldBe(["accepted"]);
        (await service.Regulator.Get($"{Uk}/installations/{installation}").Json()).GetProperty("closedOn").GetString().ShouldBe("2023-06-30");
        (await Events(plan)).Count.ShouldBe(3);
        (await Events(installation)).Count.ShouldBe(2);
    }

    /// <summary>An id that a caller has derived, as the main job does.</summary>
    private static Guid Derived() => DeterministicGuid.From(Guid.CreateVersion7(), "derived");

    private async Task<Guid> Covered()
    {
        var participant = Guid.CreateVersion7();
        (await service.Regulator.Post($"{Uk}/covered-entities/batch", new { items = new[] { new { participantId = participant, firstYear = 2021 } } }).Outcomes())
            .ShouldBe(["accepted"]);
        return participant;
    }

    private async Task Draft(Guid plan, Guid entity) => await Drafted(plan, entity).Json();

    private Task<HttpResponseMessage> Drafted(Guid plan, Guid entity) => service.Regulator.Put(
        $"{Uk}/plans/{plan}", new { year = 2022, instrument = "UKA", lines = new[] { new { participantId = entity, quantity = 7 } } });

    private async Task Register(Guid installation, Guid entity) => (await Registered(installation, entity)).ShouldBe(["accepted"]);

    private Task<string[]> Registered(Guid installation, Guid entity) => service.Regulator.Post(
        $"{Uk}/installations/batch", new { items = new[] { new { installationId = installation, participantId = entity, name = "Boiler", firstYear = 2021 } } }).Outcomes();

    private Task<string[]> Close(Guid installation) => service.Regulator.Post(
        $"{Uk}/installations/changes/batch", new { items = new[] { new { installationId = installation, closedOn = "2023-06-30" } } }).Outcomes();

    private async Task<IReadOnlyList<object>> Events(Guid stream)
    {
        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return [.. (await session.Events.FetchStreamAsync(stream, token: TestContext.Current.CancellationToken)).Select(recorded => recorded.Data)];
    }

    /// <summary>As it was stored while its id was always that of its stream, of which its document said nothing else.</summary>
    private async Task Store(string document, string member, Guid id, object @event)
    {
        await using var session = service.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.StartStream(id, @event);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        session.QueueSqlCommand($"update allocation.mt_doc_{document} set data = data - '{member}' where id = ?", id);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
