using CarbonMarket.Kernel;
using static CarbonMarket.Settlement.Compliance.ComplianceCommand;
using static CarbonMarket.Settlement.Compliance.ComplianceEvent;
using Decision = CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Compliance.ComplianceEvent>;

namespace CarbonMarket.Settlement.Compliance;

public sealed class ComplianceRecordSpecs
{
    private static readonly Guid Entity = DeterministicGuid.From("covered-entity");
    private static readonly Guid SurrenderId = DeterministicGuid.From("surrender");
    private static readonly ComplianceYear Y21 = ComplianceYear.Of(2021);
    private static readonly ComplianceYear Y22 = ComplianceYear.Of(2022);
    private static readonly DateTimeOffset Noon = new(2022, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly StatusRule Rule = StatusRule.Named("cumulative-abc");

    private static readonly ComplianceEvent[] CoveredInSecondYear =
        [new Covered(Entity, Y21, null, Y21, 1, Noon), new YearBegun(Entity, Y22, Noon)];

    [Fact]
    public void Nothing_is_taken_from_a_participant_that_is_not_covered() =>
        Refusal([], new BeginYear(Entity, Y22, Noon)).ShouldBe("not-covered");

    [Fact]
    public void A_last_year_before_the_first_is_refused() =>
        Refusal([], new Cover(Entity, Y22, Y21, Y21, 1, Noon)).ShouldBe("years-out-of-order");

    [Fact]
    public void Emissions_of_a_running_year_are_refused_while_the_entity_goes_on() =>
        Refusal(CoveredInSecondYear, new RecordEmissions(Entity, Y22, Quantity.Of(1), 1, Noon)).ShouldBe("year-not-reportable");

    [Fact]
    public void Emissions_of_an_excluded_year_are_refused_but_a_nil_report_is_not()
    {
        ComplianceEvent[] excluded = [.. CoveredInSecondYear, new YearExcluded(Entity, Y21, 2, Noon)];
        Refusal(excluded, new RecordEmissions(Entity, Y21, Quantity.Of(1), 1, Noon)).ShouldBe("year-excluded");
        Events(excluded, new RecordEmissions(Entity, Y21, Quantity.Zero, 1, Noon))
            .ShouldBe([new EmissionsRecorded(Entity, Y21, Quantity.Zero, 1, Noon)]);
    }

    [Fact]
    public void A_year_with_emissions_is_not_excluded_before_they_are_withdrawn()
    {
        ComplianceEvent[] reported = [.. CoveredInSecondYear, new EmissionsRecorded(Entity, Y21, Quantity.Of(9), 1, Noon)];
        Refusal(reported, new Exclude(Entity, Y21, 2, Noon)).ShouldBe("year-has-emissions");
        Events([.. reported, new EmissionsWithdrawn(Entity, Y21, 2, Noon)], new Exclude(Entity, Y21, 2, Noon))
            .ShouldBe([new YearExcluded(Entity, Y21, 2, Noon)]);
    }

    [Fact]
    public void A_span_that_strands_recorded_emissions_is_refused() =>
        Refusal([.. CoveredInSecondYear, new EmissionsRecorded(Entity, Y21, Quantity.Of(9), 1, Noon)],
            new Cover(Entity, Y22, null, Y22, 2, Noon)).ShouldBe("emissions-outside-coverage");

    [Fact]
    public void An_older_version_of_a_report_is_ignored_and_an_altered_repeat_refused()
    {
        ComplianceEvent[] second = [.. CoveredInSecondYear, new EmissionsRecorded(Entity, Y21, Quantity.Of(9), 2, Noon)];
        Events(second, new RecordEmissions(Entity, Y21, Quantity.Of(5), 1, Noon)).ShouldBeEmpty();
        Refusal(second, new RecordEmissions(Entity, Y21, Quantity.Of(8), 2, Noon)).ShouldBe("report-differs");
    }

    [Fact]
    public void An_exclusion_overtaken_by_its_lifting_stays_lifted() =>
        Events([.. CoveredInSecondYear, new ExclusionLifted(Entity, Y21, 3, Noon)], new Exclude(Entity, Y21, 2, Noon))
            .ShouldBeEmpty();

    [Fact]
    public void A_coverage_revision_older_than_the_one_held_is_ignored_and_an_altered_repeat_refused()
    {
        ComplianceEvent[] second = [.. CoveredInSecondYear, new CoverageChanged(Entity, Y21, Y22, 4, Noon)];
        Events(second, new Cover(Entity, Y21, null, Y22, 3, Noon)).ShouldBeEmpty();
        Refusal(second, new Cover(Entity, Y21, null, Y22, 4, Noon)).ShouldBe("coverage-differs");
    }

    [Fact]
    public void A_surrender_id_counts_once()
    {
        ComplianceEvent[] surrendered =
            [.. CoveredInSecondYear, new UnitsSurrendered(Entity, SurrenderId, Quantity.Of(9), Noon)];
        Events(surrendered, new Surrender(Entity, SurrenderId, Quantity.Of(9), Noon.AddDays(1))).ShouldBeEmpty();
        Refusal(surrendered, new Surrender(Entity, SurrenderId, Quantity.Of(8), Noon)).ShouldBe("surrender-differs");
        Refusal(surrendered, new Surrender(Entity, Entity, Quantity.Zero, Noon)).ShouldBe("nothing-surrendered");
    }

    [Fact]
    public void No_more_is_reversed_than_was_surrendered()
    {
        ComplianceEvent[] surrendered =
            [.. CoveredInSecondYear, new UnitsSurrendered(Entity, SurrenderId, Quantity.Of(9), Noon)];
        Refusal(surrendered, new ReverseSurrender(Entity, Entity, Quantity.Of(10), Noon)).ShouldBe("reversal-exceeds-surrendered");
        Refusal(surrendered, new ReverseSurrender(Entity, Entity, Quantity.Zero, Noon)).ShouldBe("nothing-reversed");
        ComplianceEvent[] reversed = [.. surrendered, new SurrenderReversed(Entity, Entity, Quantity.Of(9), Noon)];
        Fold(reversed).Surrendered.ShouldBe(Quantity.Zero);
        Refusal(reversed, new ReverseSurrender(Entity, Entity, Quantity.Of(8), Noon)).ShouldBe("reversal-differs");
    }

    [Fact]
    public void The_status_as_of_a_date_counts_only_what_was_dated_strictly_before()
    {
        ComplianceEvent[] history =
        [
            .. CoveredInSecondYear,
            new EmissionsRecorded(Entity, Y21, Quantity.Of(9), 1, Noon.AddDays(1)),
            new UnitsSurrendered(Entity, SurrenderId, Quantity.Of(9), Noon.AddDays(2)),
        ];
        StatusAt(Noon).ShouldBeNull();
        StatusAt(Noon.AddDays(1)).ShouldBe(ComplianceStatus.C);
        StatusAt(Noon.AddDays(2)).ShouldBe(ComplianceStatus.B);
        StatusAt(Noon.AddDays(2).AddTicks(1)).ShouldBe(ComplianceStatus.A);

        ComplianceStatus? StatusAt(DateTimeOffset at) =>
            ComplianceRecord.Before(at, history) is { } record ? Rule.Now(record) : null;
    }

    [Fact]
    public void A_status_rule_nobody_knows_is_named_in_the_fault() =>
        Should.Throw<ArgumentException>(() => StatusRule.Named("by-goodwill")).Message.ShouldContain("by-goodwill");

    private static string Refusal(ComplianceEvent[] given, ComplianceCommand when) =>
        ComplianceRecord.Decide(given.Length == 0 ? null : Fold(given), when).ShouldBeOfType<Decision.Rejected>().Code;

    private static ComplianceEvent[] Events(ComplianceEvent[] given, ComplianceCommand when) =>
        [.. ComplianceRecord.Decide(Fold(given), when).ShouldBeOfType<Decision.Accepted>().Events];

    private static ComplianceRecord Fold(ComplianceEvent[] events) =>
        events.Aggregate((ComplianceRecord?)null, ComplianceRecord.Evolve)!;
}
