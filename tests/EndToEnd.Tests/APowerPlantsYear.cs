using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.EndToEnd.PlantMarket;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// A year of a power plant in Gansu, all of it through the gateway: what it measured, what the verifier found, what it was
/// allocated, what it had to give back once its report was amended, and what it surrendered. Every figure can be followed to where it came from.
/// </summary>
public sealed class APowerPlantsYear(LocalSystem system)
{
    [Fact]
    public async Task From_the_coal_scale_to_the_allowances_and_back_again()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var tokens = new Tokens(http, TimeProvider.System);
        var gateway = new MarketClient(http, tokens);
        var year = await Open(gateway, http, tokens, system);
        await year.CoverThePlant();

        // Twelve months by the quality-control plan; December's scale was read wrongly.
        await year.PlanMeasuring();
        await year.KeepCertificate();
        var (readings, corrected) = (await year.Keep("readings of 2025"), await year.Keep("weighbridge tickets of December 2025"));
        for (var month = 1; month <= 12; month++)
            await year.FileMonth(month, readings, month == 12 ? 54_000 : 55_000);
        // Eleven months alike are asked about, and said something to.
        (await Refusal(year.FileUnanswered)).ShouldBe("warnings-unanswered");
        await year.FileReport(version: 1, tonnes: 1_471_735);

        // Before anything is verified, half of the year before.
        await year.FileActivity(2024, new { verified = Figure(1_400_000, "tCO2") });
        var pre = await year.Allocate("pre-allocation");
        await year.Holds(700_000);

        // The verifier finds it, the plant corrects it: a new version, which the statement is on.
        await year.BeginVerification();
        await year.RaiseFinding();
        (await Refusal(() => year.State("positive", 1_471_735))).ShouldBe("findings-open");
        await year.FileMonth(12, corrected, 55_000);
        await year.FileReport(version: 2, tonnes: 1_473_968);
        await year.CloseFinding();
        await year.State("positive", 1_473_968);
        await year.AcceptAndTell();
        await year.Object();
        (await Refusal(() => year.DecideObjection(year.Market.Regulator))).ShouldBe("four-eyes");
        (await year.DecideObjection(year.Market.SecondOfficial)).ShouldBe("rejected");

        // By benchmark, less what was issued first: 1,750,000 MWh x 0.8017 + 400,000 GJ x 0.1027.
        await year.FileActivity(2025, Activity(generation: 1_750_000));
        var final = await year.Allocate("final");
        await year.Holds(1_402_975 + 41_080);
        await year.IsBooked(final, issued: 744_055);

        // An inspection finds less electricity and more coal. What was issued too much is owed.
        await year.Reopen();
        await year.FileMonth(6, corrected, 56_000);
        await year.FileReport(version: 3, tonnes: 1_476_201);
        await year.State("positive", 1_476_201);
        await year.AcceptAndTell();
        await year.IsToBeDeterminedAnew();
        await year.FileActivity(2025, Activity(generation: 1_700_000));
        var adjusted = await year.Allocate("adjustment");
        await year.Owes(40_085);
        await year.GiveBack(40_085);
        await year.Owes(0);
        await year.Holds(1_403_970);

        // It surrenders all it has; until the province has reviewed that, it answers for nothing.
        var surrender = await year.SubmitSurrender(1_403_970);
        await year.Holds(0);
        await year.StillOwesForTheYear(1_476_201);
        await year.ReviewSurrender(surrender);
        await year.StillOwesForTheYear(1_476_201 - 1_403_970);

        // Each figure tells how it came about, and its trace is the one that the plan or the report was bound to.
        await year.ReportIsTraced(tonnes: "1476201");
        await year.PlanIsTraced(pre, reportVersion: null, results: ["700000"]);
        await year.PlanIsTraced(final, reportVersion: 2, results: ["1444055", "1444055", "744055"]);
        await year.PlanIsTraced(adjusted, reportVersion: 3, results: ["1403970", "1403970", "-40085"]);
        (await Eventually.Gives("the trail is whole", year.Trail, trail => trail[^1] == "ledger.debt-settled")).ShouldBe(
        [
            "report.filed", "plan.computed", "plan.approved", "ledger.units-allocated",
            "engagement.finding-raised", "report.filed", "engagement.finding-answered", "engagement.finding-concluded", "report.statement-given", "report.accepted",
            "report.result-told", "report.objection-filed", "report.objection-decided", "plan.computed", "plan.approved", "ledger.units-allocated",
            "report.reopened", "report.filed", "report.statement-given", "report.accepted", "report.result-told", "plan.computed", "plan.approved",
            "ledger.allocation-reduced", "ledger.debt-settled",
        ]);
    }

    private static async Task<string> Refusal(Func<Task> asked) => (await Should.ThrowAsync<RefusedException>(asked)).Code;
}
