using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Verification.Plans;

/// <summary>Which source streams a quality-control plan of Gansu may have.</summary>
public sealed class PlanCheckSpecs
{
    private static readonly PolicyPack Gansu = PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Versions("gansu")[^1];
    private static readonly MethodPack Methods = MethodPacks.Newest(MethodPacks.Emissions);

    [Theory]
    [InlineData("purchased-electricity", 2023)]
    [InlineData("purchased-electricity", 2026)]
    [InlineData("purchased-heat", 2025)]
    public void What_others_emitted_for_bought_electricity_and_heat_is_not_to_be_surrendered_and_no_stream_of_a_plan(string method, int year) =>
        Faults(method, year).ShouldBe(["$.streams[0].method method-excluded"]);

    [Theory]
    [InlineData("purchased-electricity", 2022)]
    [InlineData("purchased-heat", 2024)]
    public void Until_then_it_counted(string method, int year) => Faults(method, year).ShouldBeEmpty();

    [Fact]
    public void The_market_excludes_methods_that_there_are()
    {
        foreach (var excluded in Gansu.Verification.ExcludedMethods)
            Methods.Method(excluded.Method, excluded.FirstYear).ShouldNotBeNull(excluded.Method);
    }

    private static IEnumerable<string> Faults(string method, int year)
    {
        var scope = method is "purchased-electricity" ? new Dictionary<string, string> { ["area"] = "甘肃", ["variant"] = "average" } : null;
        var request = new FilePlan.Request
        {
            Meters = [],
            Streams = [new FilePlan.StreamItem { Code = "GRID", Name = "Mains", Method = method, Scope = scope }],
            Inputs = [.. Methods.Method(method, year)!.Inputs.Select(input => new FilePlan.InputItem { Stream = "GRID", Input = input.Name, Basis = "measured", Procedure = "Metered." })],
        };
        return PlanChecks.Check(request, year, Gansu, Methods).All.Select(fault => $"{fault.Path} {fault.Code}");
    }
}
