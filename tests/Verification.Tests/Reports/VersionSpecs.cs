using CarbonMarket.Kernel;
using static CarbonMarket.Verification.Reports.ReportEvent;
using static CarbonMarket.Verification.Reports.TheMillsReport;

namespace CarbonMarket.Verification.Reports;

public sealed class VersionSpecs
{
    private static readonly ReportSource Turbine = new("Turbine", Tonnes.Of(10));

    [Fact]
    public void Two_versions_are_compared_field_by_field()
    {
        var versions = ReportVersions.Of(
        [
            Filed, Confirmed, Accepted,
            Restated with { Sources = [new ReportSource("Kiln", Tonnes.Of(250)), Turbine], Total = Tonnes.Of(260) },
            new DifferenceExplained(Market, Report, Mill, Year, 2, "sources/Kiln", "It stood still.", Mill, Later),
        ]);
        ReportVersions.Between(versions[0], versions[1]).Select(field => (field.Field, field.Outcome, field.Change, field.ChangePercent)).ShouldBe(
        [
            ("accepted", FieldOutcome.Removed, -990, -100m), ("sources/Boiler", FieldOutcome.Removed, -700, -100m),
            ("sources/Kiln", FieldOutcome.Changed, -50, -16.67m), ("sources/Turbine", FieldOutcome.Added, 10, null),
            ("total", FieldOutcome.Changed, -740, -74m), ("verified", FieldOutcome.Removed, -990, -100m),
        ]);
        ReportVersions.Between(versions[0], versions[1]).Single(field => field.Field == "sources/Kiln").Reasons.ShouldHaveSingleItem().Reason.ShouldBe("It stood still.");
    }

    [Fact]
    public void A_version_is_the_same_as_itself()
    {
        var only = ReportVersions.Of([Filed, Confirmed]).ShouldHaveSingleItem();
        ReportVersions.Between(only, only).ShouldAllBe(field => field.Outcome == FieldOutcome.Same && field.Change == 0);
    }

    [Fact]
    public void A_determined_figure_is_a_version_by_the_regulator_with_its_ground()
    {
        var versions = ReportVersions.Of(
            [Filed, new ReportDetermined(Market, Report, Mill, Year, 2, Report, Tonnes.Of(1100), "No records.", ["Li", "Wang"], null, Later)]);
        (versions[1].Author, versions[1].Number, versions[1].Fields["accepted"]).ShouldBe((VersionAuthor.Regulator, 2, 1100));
        var differing = ReportVersions.Between(versions[0], versions[1]).Where(field => field.Outcome != FieldOutcome.Same).ShouldHaveSingleItem();
        (differing.Field, differing.Reasons.Single().Reason).ShouldBe(("accepted", "No records."));
    }
}
