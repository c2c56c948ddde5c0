using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Verification.Reports;
using static CarbonMarket.Verification.Reports.ReportCommand;
using static CarbonMarket.Verification.Reports.ReportEvent;

namespace CarbonMarket.Verification.Tests.Reports;

/// <summary>
/// An emitter whose report was turned down may be right: it files the same figures again, and says which version it
/// replaces, so that a request that was only sent twice is told apart from one that means it.
/// </summary>
public sealed class RefilingSpecs
{
    private const string Market = "cn-national";
    private static readonly Guid Report = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Works = Guid.Parse("00000000-0000-0000-0000-000000000002");
    private static readonly Guid Verifier = Guid.Parse("00000000-0000-0000-0000-000000000003");
    private static readonly ComplianceYear Year = ComplianceYear.Of(2021);
    private static readonly DateTimeOffset Noon = new(2022, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<ReportSource> Boiler = [new("Boiler 1", Tonnes.Of(100))];
    private static readonly ImmutableArray<ReportSource> BiggerBoiler = [new("Boiler 1", Tonnes.Of(120))];

    private static readonly Spec<EmissionReport?, ReportCommand, ReportEvent> Spec =
        new(() => null, EmissionReport.Decide, EmissionReport.After);

    private static readonly ReportReturned Returned = new(Market, Report, Works, Year, 1, "No meter readings", Noon);
    private static readonly StatementGiven Adverse = Statement(Conclusion.Adverse);
    private static readonly StatementGiven Positive = Statement(Conclusion.Positive);

    public static TheoryData<ReportEvent> TurnedDown => [Returned, Adverse];

    public static TheoryData<ReportEvent[]> Standing =>
    [
        (ReportEvent[])[Filed(1)],
        (ReportEvent[])[Filed(1), Positive],
        (ReportEvent[])[Filed(1), Positive, new ReportAccepted(Market, Report, Works, Year, 1, Tonnes.Of(100), Noon)],
    ];

    [Theory]
    [MemberData(nameof(TurnedDown))]
    public void What_was_turned_down_is_filed_again_unchanged_by_who_names_it(ReportEvent turnedDown) =>
        Spec.Given(Filed(1), turnedDown).When(Submit(replaces: 1)).Then(Filed(2));

    [Theory]
    [MemberData(nameof(TurnedDown))]
    public void A_filing_that_names_nothing_and_changes_nothing_is_told_that_it_was_turned_down(ReportEvent turnedDown) =>
        Spec.Given(Filed(1), turnedDown).When(Submit()).ThenRejected("report-unchanged");

    [Theory]
    [MemberData(nameof(Standing))]
    public void While_a_version_stands_or_waits_the_same_figures_are_a_repeat(ReportEvent[] facts)
    {
        Spec.Given(facts).When(Submit()).ThenNothing();
        Spec.Given(facts).When(Submit(replaces: 1)).ThenNothing();
    }

    [Fact]
    public void The_same_refiling_sent_again_after_it_too_was_turned_down_changes_nothing() =>
        Spec.Given(Filed(1), Returned, Filed(2), Returned with { ReportVersion = 2 }).When(Submit(replaces: 1)).ThenNothing();

    [Fact]
    public void Figures_are_maintained_as_often_as_they_are_turned_down() =>
        Spec.Given(Filed(1), Returned, Filed(2), Returned with { ReportVersion = 2 }).When(Submit(replaces: 2)).Then(Filed(3));

    [Fact]
    public void Other_figures_after_a_return_need_to_name_nothing_but_may()
    {
        var corrected = Filed(2) with { Sources = BiggerBoiler, Total = Tonnes.Of(120) };
        Spec.Given(Filed(1), Returned).When(Submit() with { Sources = BiggerBoiler }).Then(corrected);
        Spec.Given(Filed(1), Returned).When(Submit(replaces: 1) with { Sources = BiggerBoiler }).Then(corrected);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_filing_in_place_of_a_version_that_is_not_the_last_is_refused(long replaced) =>
        Spec.Given(Filed(1), Returned, Filed(2)).When(Submit(replaces: replaced) with { Sources = BiggerBoiler }).ThenRejected("version-superseded");

    [Fact]
    public void Nothing_can_be_replaced_where_nothing_is_filed() =>
        Spec.Given().When(Submit(replaces: 1)).ThenRejected("unknown-report");

    [Fact]
    public void A_verified_report_is_not_restated_by_naming_it() =>
        Spec.Given(Filed(1), Positive).When(Submit(replaces: 1) with { Sources = BiggerBoiler }).ThenRejected("report-verified");

    [Fact]
    public void Who_no_longer_accounts_for_the_year_does_not_file_again() =>
        Spec.Given(Filed(1), Returned).When(Submit(replaces: 1) with { Covered = false }).ThenRejected("entity-not-covered");

    private static Submit Submit(long? replaces = null) =>
        new(Market, Report, Works, Year, Boiler, Covered: true, YearIsOver: true, Late: false, Noon, replaces);

    private static ReportFiled Filed(long version) => new(Market, Report, Works, Year, version, Boiler, Tonnes.Of(100), Late: false, Noon);

    private static StatementGiven Statement(Conclusion conclusion) =>
        new(Market, Report, Works, Year, 1, Verifier, conclusion, Tonnes.Of(100), Noon);
}
