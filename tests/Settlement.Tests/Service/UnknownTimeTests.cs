using CarbonMarket.Contracts.Allocation.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;

namespace CarbonMarket.Settlement.Service;

/// <summary>A sandbox that has just started does not know its time; taking the system's would pass years of deadlines.</summary>
public sealed class UnknownTimeTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private static readonly Guid Entity = DeterministicGuid.From("entity");

    [Fact]
    public async Task While_the_clocks_owner_is_away_a_restarted_ledger_neither_answers_nor_passes_deadlines()
    {
        var regulator = settlement.As("regulator");
        await settlement.Tell(new EntityCovered { Market = SettlementService.Market, ParticipantId = Entity, FirstYear = 2021, Revision = 1, At = settlement.LegalTime });
        await Eventually.Holds("the calendar has started", async () => await CurrentYear(regulator) == 2021);

        await settlement.End();
        settlement.Clock.IsAway = true;
        settlement.Begin();
        (await regulator.Refused(503, HttpMethod.Get, "compliance-years")).ShouldBe("clock-unknown");
        await Eventually.Holds("everything but the clock is ready", async () =>
        {
            var checks = (await regulator.Send(HttpMethod.Get, "/health/ready")).Body.GetProperty("checks").EnumerateObject();
            return checks.All(check => check.Value.GetProperty("status").GetString() == "Healthy" != (check.Name == "clock"));
        });
        settlement.Clock.IsAway = false;
        await Eventually.Holds("it answers again", async () => (await regulator.Send(HttpMethod.Get, "compliance-years")).Status == 200);
        (await CurrentYear(regulator)).ShouldBe(2021);
    }

    private static async Task<int> CurrentYear(Caller regulator) =>
        (await regulator.Get("compliance-years")).GetProperty("currentYear") is { ValueKind: System.Text.Json.JsonValueKind.Number } year ? year.GetInt32() : 0;
}
