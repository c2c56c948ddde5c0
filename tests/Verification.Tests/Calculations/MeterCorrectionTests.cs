using System.Collections.Immutable;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using CsCheck;

namespace CarbonMarket.Verification.Calculations;

/// <summary>What a meter says counts as the law has it where the meter was not calibrated or out of tolerance.</summary>
public sealed class MeterCorrectionTests
{
    private static readonly Guid Mill = Guid.Parse("33333333-3333-4333-8333-333333333333");
    private static readonly DateTimeOffset Noon = new(2024, 1, 2, 4, 0, 0, TimeSpan.Zero);
    private static readonly MethodPack Pack = MethodPacks.Newest(MethodPacks.Emissions);

    [Fact]
    public void A_meter_that_nobody_shows_to_be_calibrated_was_not()
    {
        var corrected = Compute().Corrections;
        Rows(corrected).ShouldBe([.. EveryMonth("LIME", 100_500), .. EveryMonth("STEEL", 497_500)], ignoreOrder: true);
        corrected[0].Trace.Inputs.Single(input => input.Name == "deviation").Entries[0].Origin.ShouldBe(new Origin("plan", Mill.ToString()), "there is no file that could show it");
    }

    [Fact]
    public void A_meter_that_is_calibrated_and_within_its_class_stands() => Compute(Sound("MILL"), Certificate("SCALE", "2022-12-31", "2023-12-31", -0.5m)).Corrections.ShouldBeEmpty();

    [Fact]
    public void What_no_meter_reads_is_as_it_was_filed() => Compute(AsMetered).Corrections.ShouldBeEmpty();

    [Fact]
    public void An_older_certificate_does_not_hold_again_when_the_newest_has_run_out() =>
        Rows(Compute(Sound("MILL"), Certificate("SCALE", "2021-01-01", "2024-12-31", 0), Certificate("SCALE", "2022-12-01", "2023-06-30", 2)).Corrections)
            .ShouldBe(EveryMonth("LIME", 101_500), "1.5 % beyond its class, while it holds and after");

    [Fact]
    public void What_a_scale_of_class_half_weighed_uncalibrated_counts_half_a_percent_more()
    {
        var corrected = Compute(Sound("MILL"), Certificate("SCALE", "2021-01-01", "2021-12-31", 0)).Corrections;
        Rows(corrected).ShouldBe(EveryMonth("LIME", 100_500));
        corrected[0].Trace.Inputs.Select(input => input.Entries[0].Origin.Reference).ShouldBe(["weighed-1", "certificate-SCALE"], ignoreOrder: true);
        Recomputation.Recompute(corrected[0].Trace, Pack).ShouldBeNull();
    }

    [Fact]
    public void What_a_balance_takes_off_counts_less() =>
        Rows(Compute(Sound("SCALE"), Certificate("MILL", "2021-01-01", "2021-12-31", 0)).Corrections).ShouldBe(EveryMonth("STEEL", 497_500));

    [Theory]
    [InlineData(0.8)]
    [InlineData(-0.8)]
    public void Beyond_its_tolerance_what_is_beyond_counts(double error) =>
        // 0.8 % found, 0.5 % allowed.
        Rows(Compute(Sound("MILL"), Certificate("SCALE", "2022-12-31", "2023-12-31", (decimal)error)).Corrections).ShouldBe(EveryMonth("LIME", 100_300));

    [Fact]
    public void An_error_grows_no_less_on_the_day_its_certificate_runs_out() =>
        Rows(Compute(Sound("MILL"), Certificate("SCALE", "2022-07-01", "2023-06-30", 2.5m)).Corrections).ShouldBe(EveryMonth("LIME", 102_000));

    [Fact]
    public void A_calibration_that_comes_late_leaves_only_the_days_before_it_uncovered()
    {
        var corrected = Compute(Sound("MILL"), Certificate("SCALE", "2021-04-16", "2022-12-31", 0), Certificate("SCALE", "2023-04-16", "2024-04-15", 0)).Corrections;
        // April: 15 of 30 days at 0.5 %.
        corrected.Select(one => (one.Month, one.Trace.Result)).ShouldBe([(1, 100_500m), (2, 100_500m), (3, 100_500m), (4, 100_250m)]);
    }

    [Fact]
    public void Of_two_certificates_the_later_calibration_holds() =>
        Compute(Sound("MILL"), Certificate("SCALE", "2022-01-01", "2024-01-01", 3), Certificate("SCALE", "2023-01-01", "2023-12-31", 0.1m)).Corrections.ShouldBeEmpty();

    [Fact]
    public void The_stream_takes_the_corrected_figure_and_names_its_trace()
    {
        var year = Compute(Sound("MILL"), Certificate("SCALE", "2021-01-01", "2021-12-31", 0));
        var part = year.Parts.First(one => one.Stream == "LIME");
        part.Trace.Result.ShouldBe(100_500 * 0.440m);
        part.Trace.Inputs.Single(input => input.Name == "quantity").Entries[0].Origin.ShouldBe(new Origin("trace", year.Corrections[0].Trace.Hash()));
        year.Find(year.Corrections[0].Trace.Hash()).ShouldBe(year.Corrections[0].Trace);
    }

    [Fact]
    public void A_correction_never_lowers_emissions()
    {
        var asMetered = Compute(AsMetered).Total!.Result;
        var certificate = Gen.Select(
            Gen.OneOf(Gen.Const("SCALE"), Gen.Const("MILL")), Gen.Int[-500, 400], Gen.Int[0, 500], Gen.Int[-30_000, 30_000],
            (meter, from, days, error) => Certificate(
                meter, new DateOnly(2023, 1, 1).AddDays(from), new DateOnly(2023, 1, 1).AddDays(from + days), error / 10_000m, $"{meter}{from}"));
        certificate.Array[0, 4].Sample(certificates => Compute(certificates).Total!.Result >= asMetered, iter: 100);
    }

    [Fact]
    public void The_order_of_the_certificates_changes_nothing()
    {
        var certificates = new[] { Certificate("SCALE", "2023-02-01", "2023-06-30", 1), Certificate("SCALE", "2023-02-01", "2023-07-31", -1), Certificate("MILL", "2022-01-01", "2023-03-31", 0) };
        var hash = Compute(certificates).Total!.Hash();
        Gen.Shuffle(certificates).Sample(shuffled => Compute(shuffled).Total!.Hash() == hash, iter: 6);
    }

    private static IEnumerable<(string Stream, int Month, string Input, decimal Counts)> Rows(ImmutableArray<CorrectedFigure> corrections) =>
        corrections.Select(one => (one.Stream, one.Month, one.Input, one.Trace.Result));

    private static IEnumerable<(string Stream, int Month, string Input, decimal Counts)> EveryMonth(string stream, decimal counts) =>
        Enumerable.Range(1, 12).Select(month => (stream, month, "quantity", counts));

    private static Exhibit Sound(string meter) => Certificate(meter, "2022-12-31", "2023-12-31", 0);

    private static Exhibit Certificate(string meter, string on, string until, decimal error) =>
        Certificate(meter, DateOnly.ParseExact(on, "O"), DateOnly.ParseExact(until, "O"), error, meter);

    private static Exhibit Certificate(string meter, DateOnly on, DateOnly until, decimal error, string name) =>
        new($"certificate-{name}", "Certificate", EvidenceKind.Calibration, new MeterCalibration(meter, on, until, error));

    /// <summary>A steel mill that weighs 100,000 t of limestone and 500,000 t of crude steel each month, its certificates filed with January.</summary>
    private static YearOfEvidence Compute(params Exhibit[] certificates) => Compute(Plan, certificates);

    private static YearOfEvidence Compute(QualityPlan plan, params Exhibit[] certificates) => YearOfEvidence.Compute(plan, Enumerable.Range(1, 12).Select(month => new MonthlyEvidence(
        Guid.CreateVersion7(), "gansu", Mill, ComplianceYear.Of(2023), month, 1, 1,
        new MonthContent(
            [new Exhibit($"weighed-{month}", "Weighed", EvidenceKind.MeterReading), .. month == 1 ? certificates : []],
            [new MonthFigure("LIME", "quantity", 100_000, "t", $"weighed-{month}"), new MonthFigure("STEEL", "quantity", 500_000, "t", $"weighed-{month}")]),
        Late: false, Noon)));

    private static QualityPlan Plan { get; } = new(
        Mill, "gansu", Mill, ComplianceYear.Of(2023), 1, Pack.Id, Pack.Version,
        new PlanContent(
            [new Meter("SCALE", "Belt scale", 0.5m, 12), new Meter("MILL", "Weighbridge", 0.5m, 12)],
            [Material("LIME", "limestone", "carbonates"), Material("STEEL", "crude-steel", "carbonProducts")],
            [.. new[] { ("LIME", "SCALE"), ("STEEL", "MILL") }.SelectMany(stream => new[]
            {
                new PlannedInput(stream.Item1, "quantity", Basis.Measured, stream.Item2, "Weighed."),
                new PlannedInput(stream.Item1, "factor", Basis.Default, Meter: null, "Default."),
            })],
            Balance: "steel-entity"),
        Reason: null, Late: false, Noon);

    /// <summary>The same with figures that no instrument reads.</summary>
    private static QualityPlan AsMetered { get; } = Plan with
    {
        Content = Plan.Content with { Inputs = [.. Plan.Content.Inputs.Select(input => input with { Meter = null })] },
    };

    private static StreamPlan Material(string code, string material, string list) =>
        new(code, code, "material-emissions", ImmutableSortedDictionary<string, string>.Empty.Add("material", material), list);
}
