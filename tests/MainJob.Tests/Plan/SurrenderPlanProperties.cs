namespace CarbonMarket.MainJob.Plan;

public sealed class SurrenderPlanProperties
{
    [Fact]
    public void The_years_of_every_operator_add_up_to_what_the_registry_published()
    {
        foreach (var row in Shipped.Extract.Operators)
            SurrenderPlan.For(row, Shipped.Extract.Years).Values.Sum().ShouldBe(row.CumulativeSurrenders, row.Id);
    }

    [Fact]
    public void Nobody_surrenders_a_negative_amount()
    {
        foreach (var row in Shipped.Extract.Operators)
            SurrenderPlan.For(row, Shipped.Extract.Years).Values.Where(units => units < 0).ShouldBeEmpty();
    }

    [Fact]
    public void Each_year_pays_what_is_due_as_far_as_the_sum_reaches()
    {
        foreach (var row in Shipped.Extract.Operators)
        {
            var plan = SurrenderPlan.For(row, Shipped.Extract.Years);
            foreach (var year in Shipped.Extract.Years.SkipLast(1))
            {
                var due = row.Emissions.Where(cell => cell.Key <= year).Sum(cell => cell.Value.Tonnes ?? 0);
                plan.Where(each => each.Key <= year).Sum(each => each.Value)
                    .ShouldBe(Math.Min(due, row.CumulativeSurrenders), $"{row.Id} in {year}");
            }
        }
    }

    [Fact]
    public void An_operator_that_surrendered_too_much_does_so_in_the_last_year()
    {
        var overpaid = Shipped.Extract.Operators.Single(row => row.Id == "1000162");
        SurrenderPlan.For(overpaid, Shipped.Extract.Years).Values.ShouldBe([12_433, 10_272, 7_540, 8_759]);
    }

    [Fact]
    public void An_operator_that_stopped_paying_pays_no_more()
    {
        var stopped = Shipped.Extract.Operators.Single(row => row.Id == "1000698");
        SurrenderPlan.For(stopped, Shipped.Extract.Years).Values.ShouldBe([7_320, 0, 0, 0]);
    }
}
