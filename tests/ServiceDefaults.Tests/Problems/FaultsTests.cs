using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.ServiceDefaults.Tests.Problems;

public sealed class FaultsTests
{
    [Fact]
    public void All_faults_of_an_input_are_told_at_once_each_with_its_place()
    {
        var faults = new Faults();
        faults.Require(true, "$.fine", "fine", "Nothing is wrong here.");
        faults.Require(false, "$.items[0].quantity", "not-positive", "quantity is a whole number above zero, not -4.");
        faults.Require(false, "$.items[3].year", "unknown-year", "year lies in 2000-2100, not 21.");
        faults.Any.ShouldBeTrue();
        faults.All.Select(f => f.Path).ShouldBe(["$.items[0].quantity", "$.items[3].year"]);
    }

    [Fact]
    public void A_body_with_ten_thousand_faults_does_not_make_an_answer_of_ten_thousand()
    {
        var faults = new Faults();
        for (var i = 0; i < 10_000; i++)
            faults.Add($"$.items[{i}]", "wrong", "Wrong.");
        faults.All.Count.ShouldBe(200);
    }
}
