using CarbonMarket.Kernel;
using CarbonMarket.Verification.Evidence;

namespace CarbonMarket.Verification.Reports;

/// <summary>Which measured figures tell two versions of a report apart.</summary>
public sealed class FigureDifferenceSpecs
{
    private static readonly Guid Mill = Guid.Parse("44444444-4444-4444-8444-444444444444");
    private static readonly DateTimeOffset Noon = new(2024, 1, 2, 4, 0, 0, TimeSpan.Zero);
    private static readonly MonthFigure Coal = new("COAL", "quantity", 1000, "t", "january");

    [Fact]
    public void The_same_evidence_does_not_differ() => FigureDifferences.Between([Month(2, Coal)], [Month(2, Coal)]).ShouldBeEmpty();

    [Theory]
    [InlineData(1001, "t", "january")]
    [InlineData(1000, "kg", "january")]
    [InlineData(1000, "t", "mended")]
    public void Value_unit_and_file_make_a_difference(int value, string unit, string evidence) =>
        FigureDifferences.Between([Month(2, Coal)], [Month(2, Coal with { Value = value, Unit = unit, Evidence = evidence })]).ShouldBe(
            [new FigureDifference(2, "COAL", "quantity", FieldOutcome.Changed, new ShownFigure(1000, "t", "january"), new ShownFigure(value, unit, evidence))]);

    [Fact]
    public void What_is_measured_no_more_is_removed_and_what_is_new_is_added_in_the_order_of_the_months()
    {
        var oil = new MonthFigure("OIL", "quantity", 5, "t", "oil");
        FigureDifferences.Between([Month(3, Coal), Month(1, Coal)], [Month(1, Coal, oil), Month(3, oil)])
            .Select(figure => (figure.Month, figure.Stream, figure.Outcome))
            .ShouldBe([(1, "OIL", FieldOutcome.Added), (3, "COAL", FieldOutcome.Removed), (3, "OIL", FieldOutcome.Added)]);
    }

    private static MonthlyEvidence Month(int month, params MonthFigure[] figures) =>
        new(Guid.CreateVersion7(), "gansu", Mill, ComplianceYear.Of(2023), month, 1, 1, new MonthContent([], [.. figures]), Late: false, Noon);
}
