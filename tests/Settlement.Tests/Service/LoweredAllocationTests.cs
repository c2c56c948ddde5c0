using System.Text.Json;
using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;

namespace CarbonMarket.Settlement.Service;

/// <summary>A final figure below what was issued, as Allocation tells it.</summary>
public sealed class LoweredAllocationTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private static readonly Guid Plant = DeterministicGuid.From("plant");

    private readonly Caller _plant = settlement.As("emitter", Plant);
    private readonly Caller _regulator = settlement.As("regulator", DeterministicGuid.From("ministry"), "ann");

    [Fact]
    public async Task A_lowered_allocation_becomes_a_debt_once_however_often_it_is_told()
    {
        (await _regulator.Batch("accounts/batch", new { accountId = DeterministicGuid.From(Plant, "holding"), participantId = Plant, type = "operator-holding" })).ShouldBe(["accepted"]);
        await settlement.Tell(new AllocationApproved
        {
            Market = SettlementService.Market, PlanId = DeterministicGuid.From("final"), Year = 2021, Instrument = "UKA", FromLine = 0, ApprovedAt = settlement.LegalTime,
            Lines = [new AllocationApproved.Line { ParticipantId = Plant, Quantity = 300 }],
        });
        await Eventually.Holds("the allocation is on the holding account", async () => (await _plant.Get("accounts")).GetProperty("items")[0].GetProperty("units").GetArrayLength() == 1);
        await settlement.Tell(Lowered());
        await Eventually.Holds("the difference is owed", async () => await Debts() is [100]);
        await settlement.Tell(Lowered());
        (await Debts()).ShouldBe([100]);
    }

    [Fact]
    public async Task What_lowers_a_plan_does_not_overtake_it()
    {
        var plants = Enumerable.Range(0, 20).Select(number => DeterministicGuid.From(Plant, "hasty", number)).ToList();
        foreach (var plant in plants)
            (await _regulator.Batch("accounts/batch", new { accountId = DeterministicGuid.From(plant, "holding"), participantId = plant, type = "operator-holding" })).ShouldBe(["accepted"]);
        foreach (var plant in plants)
        {
            await settlement.Tell(new AllocationApproved
            {
                Market = SettlementService.Market, PlanId = DeterministicGuid.From(plant, "final"), Year = 2021, Instrument = "UKA", FromLine = 0, ApprovedAt = settlement.LegalTime,
                Lines = [new AllocationApproved.Line { ParticipantId = plant, Quantity = 300 }],
            });
            await settlement.Tell(Lowered() with { PlanId = DeterministicGuid.From(plant, "adjustment"), Lines = [new AllocationLowered.Line { ParticipantId = plant, Final = 200 }] });
        }
        foreach (var plant in plants)
            await Eventually.Holds("the difference is owed", async () =>
                (await _regulator.Get($"participants/{plant}/debts")).GetProperty("debts").EnumerateArray().Select(debt => debt.GetProperty("outstanding").GetInt64()).SequenceEqual([100]));
    }

    [Fact]
    public async Task A_line_that_is_so_already_or_is_refused_does_not_keep_the_lines_after_it_from_being_owed()
    {
        var plants = Enumerable.Range(0, 4).Select(number => DeterministicGuid.From(Plant, "one of four", number)).ToList();
        var (reduced, waiting) = (plants[1], plants[2]);
        foreach (var plant in plants)
            (await _regulator.Batch("accounts/batch", new { accountId = DeterministicGuid.From(plant, "holding"), participantId = plant, type = "operator-holding" })).ShouldBe(["accepted"]);
        await settlement.Tell(Approved("three of four", plants.Where(plant => plant != waiting)));
        await Eventually.Holds("the allocation is on the holding accounts", async () =>
            (await _regulator.Get($"accounts/{DeterministicGuid.From(plants[3], "holding")}")).GetProperty("units").GetArrayLength() == 1);
        await _regulator.Put($"allocation-reductions/{DeterministicGuid.From("by hand")}", new { participantId = reduced, instrument = "UKA", vintage = 2021, final = 200, ground = "order 1" });

        var lowered = Lowered() with
        {
            PlanId = DeterministicGuid.From("four lowered"), Lines = [.. plants.Select(plant => new AllocationLowered.Line { ParticipantId = plant, Final = 200 })],
        };
        await settlement.Tell(lowered);
        await Eventually.Holds("the last line is owed", async () => await Debts(plants[3]) is [100]);
        (await Debts(plants[0])).ShouldBe([100]);
        (await Debts(reduced)).ShouldBe([100], "the regulator has said so before");
        var errors = (await Eventually.Gives("what was refused is told", Errors, found => found is not null)).ShouldNotBeNull();
        errors.ShouldContain("line 2 (allocation-not-above)", Case.Sensitive, "nothing is allocated to it yet, and somebody must know");
        errors.ShouldNotContain("line 1");

        await settlement.Tell(Approved("the fourth", [waiting]));
        await settlement.Tell(lowered);
        await Eventually.Holds("the refused line is owed once it can be", async () => await Debts(waiting) is [100]);
        foreach (var plant in plants)
            (await Debts(plant)).ShouldBe([100], "once, however often it is told");
    }

    private AllocationApproved Approved(string plan, IEnumerable<Guid> plants) => new()
    {
        Market = SettlementService.Market, PlanId = DeterministicGuid.From(plan), Year = 2021, Instrument = "UKA", FromLine = 0, ApprovedAt = settlement.LegalTime,
        Lines = [.. plants.Select(plant => new AllocationApproved.Line { ParticipantId = plant, Quantity = 300 })],
    };

    private async Task<string?> Errors()
    {
        var queues = await settlement.As("operator").Get("/settlement/errors");
        var waiting = queues.GetProperty("items").EnumerateArray().FirstOrDefault(queue => queue.GetProperty("messages").GetInt64() > 0);
        return waiting.ValueKind == JsonValueKind.Undefined
            ? null
            : (await settlement.As("operator").Get($"/settlement/errors/{waiting.GetProperty("queue").GetString()}")).GetRawText();
    }

    private Task<long[]> Debts() => Debts(Plant);

    private async Task<long[]> Debts(Guid plant) =>
        [.. (await _regulator.Get($"participants/{plant}/debts")).GetProperty("debts").EnumerateArray().Select(debt => debt.GetProperty("outstanding").GetInt64())];

    private AllocationLowered Lowered() => new()
    {
        Market = SettlementService.Market, PlanId = DeterministicGuid.From("adjustment"), Year = 2021, Instrument = "UKA", FromLine = 0, ApprovedBy = "bob",
        ApprovedAt = settlement.LegalTime, Lines = [new AllocationLowered.Line { ParticipantId = Plant, Final = 200 }],
    };
}
