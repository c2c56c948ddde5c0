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

    private async Task<long[]> Debts() => [.. (await _plant.Get($"participants/{Plant}/debts")).GetProperty("debts").EnumerateArray().Select(debt => debt.GetProperty("outstanding").GetInt64())];

    private AllocationLowered Lowered() => new()
    {
        Market = SettlementService.Market, PlanId = DeterministicGuid.From("adjustment"), Year = 2021, Instrument = "UKA", FromLine = 0, ApprovedBy = "bob",
        ApprovedAt = settlement.LegalTime, Lines = [new AllocationLowered.Line { ParticipantId = Plant, Final = 200 }],
    };
}
