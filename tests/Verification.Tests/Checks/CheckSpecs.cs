using System.Collections.Immutable;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Calculations;
using CarbonMarket.Verification.Engagements;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using CarbonMarket.Verification.Reports;
using CsCheck;

namespace CarbonMarket.Verification.Checks;

/// <summary>What each automated check finds, and what it leaves alone.</summary>
public sealed class CheckSpecs
{
    private static readonly Guid Plant = Guid.Parse("22222222-2222-4222-8222-222222222222");
    private static readonly DateTimeOffset Filed = new(2024, 1, 20, 4, 0, 0, TimeSpan.Zero);
    private static readonly CheckedYear Sound = new(Plan(2023), [.. Enumerable.Range(1, 12).Select(Month)], [new ReportSource("COAL", Tonnes.Of(1_000))], new CheckLimits(3, 20, 3, CogenerationPercent: 100, CondensingPercent: 46, GenerationTolerancePercent: 2));

    public static TheoryData<string> Codes => [.. Catalogue.Checks.Select(check => check.Code)];

    [Fact]
    public void A_sound_year_has_nothing_to_answer() => Found(Sound).ShouldBeEmpty();

    [Fact]
    public void Every_check_has_one_code_and_a_title_in_both_languages()
    {
        Catalogue.Checks.Select(check => check.Code).ShouldBeUnique();
        // That both languages have it is a rule of the architecture.
        Catalogue.Checks.ShouldAllBe(check => Faulty.ContainsKey(check.Code), "and is seen to find something below");
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_check_finds_what_it_is_for_and_no_other_does(string code)
    {
        var (year, paths) = Faulty[code];
        var found = Found(year);
        found.Select(result => (result.Code, result.Path)).ShouldBe(paths.Select(path => (code, path)));
        found.ShouldAllBe(result => result.Values.Count > 0 && result.Message.EndsWith('.') && result.Answer == null);
    }

    [Fact]
    public void Two_months_alike_are_no_run_of_three() =>
        Found(Change(Sound, (month, content) => month is 4 or 5 ? Quantity(content, 1_000, "t") : content)).ShouldBeEmpty();

    [Fact]
    public void A_stream_that_stood_still_is_not_constant() =>
        Found(Sound with { Limits = Sound.Limits with { OutlierFactor = null }, Months = Change(Sound, (month, content) => month < 6 ? Quantity(content, 0, "t") : content).Months })
            .ShouldBeEmpty();

    [Fact]
    public void The_same_figure_in_another_unit_is_no_outlier() =>
        Found(Change(Sound, (month, content) => month == 7 ? Quantity(content, 1_007_000, "kg") : content)).ShouldBeEmpty();

    [Fact]
    public void Months_of_another_dimension_are_held_against_each_other_only()
    {
        var revised = Change(Sound, (month, content) => month <= 4 ? Quantity(content, 10 + month, "10^4Nm3") : content);
        Found(revised).ShouldBeEmpty();
        Found(Change(revised, (month, content) => month == 7 ? Quantity(content, 10_070, "t") : content)).Select(result => result.Path).ShouldBe(["months/7/COAL/quantity"]);
    }

    [Fact]
    public void A_stock_of_another_dimension_is_not_continued_and_needs_no_answer() =>
        Found(Change(Stocked((month, book) => month <= 4 ? book with { Unit = "10^4Nm3" } : book), (month, content) =>
            month <= 4 ? Quantity(content, 1_000 + month, "10^4Nm3") : content)).ShouldBeEmpty();

    [Theory]
    [InlineData("10^4t*10^4t*10^4t*10^4t*10^4t*10^4t*10^4t/t/t/t/t/t/t")]
    [InlineData("t*t/10^4t")]
    public void Whatever_unit_was_once_taken_of_another_source_the_year_is_checked(string unit)
    {
        Should.NotThrow(() => Found(Told((month, reading) => month == 4 ? reading with { Unit = unit } : reading)));
        Should.NotThrow(() => Found(Stocked((month, book) => month == 4 ? book with { Unit = unit } : book)));
        Should.NotThrow(() => Found(Change(Sound, (month, content) => month == 4 ? Quantity(content, 10, unit) : content)));
    }

    [Fact]
    public void A_year_whose_certificates_hold_and_whose_samples_are_tested_in_time_has_nothing_to_answer()
    {
        Found(Calibrated(new DateOnly(2022, 12, 1), new DateOnly(2023, 12, 31), 0.5m)).ShouldBeEmpty("0.5 % is the error its class allows");
        Found(Tested((_, test) => test with { TestedOn = test.SampledOn.AddDays(40) })).ShouldBeEmpty("the fortieth day is in time");
    }

    [Fact]
    public void A_certificate_of_another_instrument_does_not_show_that_this_one_is_calibrated()
    {
        var year = Calibrated(new DateOnly(2022, 12, 1), new DateOnly(2023, 12, 31), 0, meter: "M2");
        Found(year).Select(result => (result.Code, result.Path)).ShouldBe([("calibration-not-shown", "meters/M1")]);
    }

    [Fact]
    public void What_is_found_of_a_meter_says_by_how_much_its_readings_are_corrected()
    {
        Found(Faulty["calibration-expired"].Year)[0].Values.ShouldBe(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["days"] = "31", ["first"] = "2023-12-01", ["correctionPercent"] = "0.5" }, ignoreOrder: true);
        Found(Faulty["meter-over-tolerance"].Year)[0].Values["correctionPercent"].ShouldBe("0.3");
    }

    [Fact]
    public void What_a_market_has_no_limit_for_is_not_asked() =>
        Found(Faulty["constant-months"].Year with { Limits = new CheckLimits(null, null, null) }).ShouldBeEmpty();

    [Fact]
    public void A_source_that_is_called_like_the_total_is_a_source()
    {
        var sources = ImmutableArray.Create(new ReportSource("total", Tonnes.Of(1_000)), new ReportSource("COAL", Tonnes.Of(9_000)));
        var before = Before(9_000) with { Sources = [new ReportSource("total", Tonnes.Of(500)), new ReportSource("COAL", Tonnes.Of(9_000))] };
        Found(Sound with { Sources = sources, ReportBefore = before }).Select(result => result.Path).ShouldBe(["sources/total"]);
    }

    [Fact]
    public void A_change_at_the_limit_needs_no_answer() =>
        Found(Sound with { ReportBefore = Before(1_250) }).ShouldBeEmpty("-20 % is not above 20 %");

    [Theory]
    [InlineData(UnitKind.Condensing)]
    [InlineData(UnitKind.Cogeneration)]
    [InlineData(UnitKind.Gas)]
    public void A_unit_that_gives_what_its_fuel_allows_has_nothing_to_answer(UnitKind kind) => Found(Generating(kind, (_, unit) => unit)).ShouldBeEmpty();

    [Fact]
    public void A_stock_book_that_agrees_with_the_scale_has_nothing_to_answer_in_whatever_unit_it_is_kept()
    {
        Found(Stocked((_, book) => book)).ShouldBeEmpty();
        Found(Stocked((month, book) => month % 2 == 0
            ? book with { Opening = 500_000, Purchased = 1_000 * book.Purchased, Closing = 500_000, Unit = "kg" }
            : book)).ShouldBeEmpty();
        Found(Stocked((_, book) => book with { Sold = 400 }) with { Limits = Sound.Limits }).ShouldBeEmpty("A pack without the limit does not look.");
    }

    /// <summary>Some 23 GJ/t at 0.02618 tC/GJ and 99 % oxidised: 2.19 t of each tonne of coal.</summary>
    [Theory]
    [InlineData(1.46, 1)]
    [InlineData(1.47, 0)]
    [InlineData(3.28, 0)]
    [InlineData(3.30, 1)]
    public void A_stream_is_held_against_the_middle_of_those_that_burn_the_same(double median, int findings)
    {
        Found(AmongPeers((decimal)median)).Length.ShouldBe(findings);
        Found(AmongPeers((decimal)median, "combustion-ncv fuel=anthracite")).ShouldBeEmpty("They burn other coal.");
    }

    [Fact]
    public void Heat_is_counted_with_power_where_units_supply_it()
    {
        CheckedYear Supplying(decimal heat) => Generating(UnitKind.Cogeneration, (month, unit) => month == 1 ? unit with { HeatSuppliedGj = heat } : unit);
        // January: 1,001 t of 23.01 GJ/t are 23,033.01 GJ, of which 10,080 GJ became power.
        Found(Supplying(12_950)).ShouldBeEmpty();
        Found(Supplying(12_953.01m)).ShouldHaveSingleItem().Values["percent"].ShouldBe("100");
    }

    [Fact]
    public void What_a_laboratory_says_of_coal_is_not_converted_for_a_gas()
    {
        var gas = Change(Analysed((_, test) => test), (_, content) => content with
        {
            Figures = [.. content.Figures.Select(figure => figure.Input == "ncv" ? figure with { Value = 389.31m, Unit = "GJ/10^4Nm3" } : figure)],
        });
        Found(gas).ShouldNotContain(found => found.Code == "conversion-differs");
    }

    [Fact]
    public void The_same_year_gives_the_same_findings_however_its_months_are_ordered() =>
        Gen.Shuffle(Faulty["month-older-than-plan"].Year.Months.ToArray()).Sample(months =>
            Found(Faulty["month-older-than-plan"].Year with { Months = [.. months] }).Select(result => result.Path)
                .ShouldBe(Faulty["month-older-than-plan"].Paths), iter: 50);

    [Fact]
    public void An_error_is_told_however_many_warnings_come_before_it_in_the_catalogue()
    {
        var crowded = Crowded(Faulty["heat-supplied-above-boiler"].Year);
        var found = Catalogue.Run(crowded);
        found.Results[0].Code.ShouldBe("heat-supplied-above-boiler");
        found.Results.Length.ShouldBe(Catalogue.MostResults, "60 streams x 12 months are 720 warnings");
        found.MoreWarnings.ShouldBe(Catalogue.Checks.Sum(check => check.Of(crowded).Count()) - Catalogue.MostResults, "what is not told is counted");
    }

    /// <summary>Shown by a file of no named kind is every one of the figures of 60 streams.</summary>
    private static CheckedYear Crowded(CheckedYear year) => year with
    {
        Months = [.. year.Months.Select(month => month with
        {
            Content = month.Content with
            {
                Files = [new Exhibit("other", "Other", EvidenceKind.Other), new Exhibit("calibration", "Calibration", EvidenceKind.Calibration)],
                Figures = [.. Enumerable.Range(1, 60).Select(stream => new MonthFigure($"S{stream:00}", "quantity", 1_000 + month.Month, "t", "other"))],
            },
        })],
    };

    private static ImmutableArray<CheckResult> Found(CheckedYear year) => Catalogue.Run(year).Results;

    private static ImmutableDictionary<string, (CheckedYear Year, string[] Paths)> Faulty { get; } = new Dictionary<string, (CheckedYear, string[])>(StringComparer.Ordinal)
    {
        ["source-priority-falls"] = (
            Sound with { PlanBefore = Plan(2022, oxidation: Basis.Measured) }, ["inputs/COAL/oxidationRate"]),
        ["plan-late"] = (Sound with { Plan = Sound.Plan with { Late = true } }, ["plan"]),
        ["evidence-late"] = (Sound with { Months = [.. Sound.Months.Select(month => month with { Late = month.Month is 2 or 9 })] }, ["months/2", "months/9"]),
        ["month-older-than-plan"] = (
            Sound with { Plan = Sound.Plan with { PlanVersion = 2 }, Months = [.. Sound.Months.Select(month => month with { PlanVersion = month.Month > 2 ? 2 : 1 })] },
            ["months/1", "months/2"]),
        ["edited-after-appointment"] = (
            Sound with
            {
                Engagement = AnEngagement(2023, Filed.AddDays(-1)),
                Months = [.. Sound.Months.Select(month => month.Month == 5 ? month with { MonthVersion = 2 } : month)],
            }, ["months/5"]),
        ["calibration-not-shown"] = (Without(EvidenceKind.Calibration), ["meters/M1"]),
        ["calibration-expired"] = (Calibrated(new DateOnly(2022, 1, 1), new DateOnly(2023, 11, 30), 0.4m), ["meters/M1"]),
        ["meter-over-tolerance"] = (Calibrated(new DateOnly(2022, 12, 1), new DateOnly(2023, 12, 31), -0.8m), ["meters/M1/calibration"]),
        ["laboratory-not-accredited"] = (Tested((month, test) => month == 4 ? test with { Mark = LabMark.None } : test), ["months/4/files/lab-4"]),
        ["sample-tested-late"] = (Tested((month, test) => month == 4 ? test with { TestedOn = test.SampledOn.AddDays(41) } : test), ["months/4/files/lab-4"]),
        ["sample-of-another-month"] = (Tested((month, test) => month == 4 ? test with { SampledOn = new DateOnly(2023, 3, 31) } : test), ["months/4/files/lab-4"]),
        ["sample-basis-differs"] = (Tested((month, test) => month == 4 ? test with { Basis = SampleBasis.AsReceived } : test), ["inputs/COAL/ncv"]),
        ["laboratory-not-shown"] = (Change(Sound, (month, content) => month is 3 or 4 ? Shown(content, "ncv", EvidenceKind.MeterReading) : content), ["inputs/COAL/ncv"]),
        ["evidence-unspecific"] = (Change(Sound, (month, content) => month == 6 ? Shown(content, "quantity", EvidenceKind.Other) : content), ["months/6/COAL/quantity"]),
        ["certificate-repeated"] = (
            Change(Sound, (month, content) => content with { Files = [.. content.Files, .. month is 1 or 8 ? new[] { new Exhibit("invoice", "Invoice", EvidenceKind.Invoice) } : []] }),
            ["files/invoice"]),
        ["constant-months"] = (Change(Sound, (month, content) => month is >= 4 and <= 6 ? Quantity(content, 1_000, "t") : content), ["months/4-6/COAL/quantity"]),
        ["month-outlier"] = (Change(Sound, (month, content) => month is 7 ? Quantity(content, 10_070, "t") : content), ["months/7/COAL/quantity"]),
        ["year-on-year-change"] = (Sound with { ReportBefore = Before(800) }, ["sources/COAL", "total"]),
        ["earlier-finding-open"] = (
            Sound with { EngagementBefore = AnEngagement(2022, Filed) with { Findings = [AFinding(FindingConclusion.NotCorrected), AFinding(FindingConclusion.Corrected)] } },
            [$"findings/{Plant}"]),
        ["energy-balance"] = (
            Generating(UnitKind.Condensing, (month, unit) => month == 2 ? unit with { GenerationMwh = 3_150, LoadFactorPercent = 45 } : unit), ["months/2/units"]),
        ["heat-supplied-above-boiler"] = (
            Generating(UnitKind.Cogeneration, (month, unit) => month == 3 ? unit with { HeatSuppliedGj = 12_000, BoilerHeatGj = 12_000 } : unit),
            ["months/3/units/U1/heatSuppliedGj"]),
        ["generation-mismatch"] = (
            Generating(UnitKind.Condensing, (month, unit) => month == 4 ? unit with { GenerationMwh = 2_857 } : month == 5 ? unit with { GenerationMwh = 2_856 } : unit),
            ["months/4/units/U1/generationMwh"]),
        ["utilisation-above-running"] = (
            Generating(UnitKind.Condensing, (month, unit) => month == 6 ? unit with { RunningHours = 279, LoadFactorPercent = 100, GenerationMwh = 2_800 } : unit),
            ["months/6/units/U1/runningHours"]),
        ["peer-outlier"] = (AmongPeers(1.3m), ["streams/COAL"]),
        ["stock-differs"] = (
            Stocked((month, book) => month == 4 ? book with { Purchased = 950 } : month == 5 ? book with { Purchased = 955 } : book), ["months/4/COAL/quantity"]),
        ["stock-not-continued"] = (Stocked((month, book) => month == 4 ? book with { Opening = 510, Sold = 10 } : book), ["months/4/stocks/COAL/quantity"]),
        ["cross-source-differs"] = (
            Told((month, reading) => month == 4 ? reading with { Value = 1_025_000 } : month == 5 ? reading with { Value = 1_025_100 } : reading),
            ["months/4/crossReadings/COAL/quantity/statistics"]),
        ["conversion-differs"] = (Analysed((month, test) => month == 4 ? test with { TotalMoisturePercent = 8.5m } : test), ["months/4/COAL/ncv"]),
        ["unit-month-missing"] = (
            Change(Generating(UnitKind.Condensing, (_, unit) => unit), (month, content) => month is 3 or 11 ? content with { Units = null } : content), ["units/U1"]),
        ["capacity-differs"] = (
            Generating(UnitKind.Condensing, (_, unit) => unit, approved: 9), ["units/U1/approvedCapacityMw"]),
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The certificate of every month says this of the instrument.</summary>
    private static CheckedYear Calibrated(DateOnly on, DateOnly until, decimal error, string meter = "M1") => Change(Sound, (_, content) => content with
    {
        Files = [.. content.Files.Select(file => file.Kind == EvidenceKind.Calibration ? file with { Calibration = new MeterCalibration(meter, on, until, error) } : file)],
    });

    /// <summary>Every month's sample is taken on its tenth day and tested on its twentieth, save as changed.</summary>
    private static CheckedYear Tested(Func<int, LabTest, LabTest> changed) => Change(
        Sound with { Limits = Sound.Limits with { SampleTestDays = 40 } }, (month, content) => content with
        {
            Files =
            [
                .. content.Files.Select(file => file.Kind != EvidenceKind.LabReport ? file : file with
                {
                    Test = changed(month, new LabTest("Lanzhou", LabMark.Cma, SampleBasis.AsFired, new DateOnly(2023, month, 10), new DateOnly(2023, month, 20))),
                }),
            ],
        });

    private static QualityPlan Plan(int year, Basis oxidation = Basis.Default)
    {
        var pack = MethodPacks.Newest(MethodPacks.Emissions);
        return new QualityPlan(
            Plant, "gansu", Plant, ComplianceYear.Of(year), 1, pack.Id, pack.Version,
            new PlanContent(
                [new Meter("M1", "Belt scale", 0.5m, 12)],
                [new StreamPlan("COAL", "Boiler", "combustion-ncv", ImmutableSortedDictionary<string, string>.Empty.Add("fuel", "bituminous"))],
                [
                    new PlannedInput("COAL", "quantity", Basis.Measured, "M1", "Weighed."), new PlannedInput("COAL", "ncv", Basis.Measured, Meter: null, "Sampled."),
                    new PlannedInput("COAL", "oxidationRate", oxidation, Meter: null, "As the pack has it."),
                ]),
            Reason: null, Late: false, Filed);
    }

    private static MonthlyEvidence Month(int month) => new(
        Guid.CreateVersion7(), "gansu", Plant, ComplianceYear.Of(2023), month, 1, 1,
        new MonthContent(
            [
                new Exhibit($"scale-{month}", "Scale", EvidenceKind.MeterReading), new Exhibit($"lab-{month}", "Laboratory", EvidenceKind.LabReport),
                new Exhibit(
                    "calibration", "Calibration", EvidenceKind.Calibration, new MeterCalibration("M1", new DateOnly(2022, 12, 1), new DateOnly(2023, 12, 31), 0)),
            ],
            [new MonthFigure("COAL", "quantity", 1_000 + month, "t", $"scale-{month}"), new MonthFigure("COAL", "ncv", 23 + month / 100m, "GJ/t", $"lab-{month}")]),
        Late: false, Filed);

    private static CheckedYear Change(CheckedYear year, Func<int, MonthContent, MonthContent> changed) =>
        year with { Months = [.. year.Months.Select(month => month with { Content = changed(month.Month, month.Content) })] };

    /// <summary>A unit of 10 MW at 40 % for 700 hours: 2,800 MWh, 10,080 GJ of some 23,000 GJ of coal.</summary>
    private static CheckedYear Generating(UnitKind kind, Func<int, UnitMonth, UnitMonth> changed, decimal approved = 10)
    {
        var plan = Sound.Plan with { Content = Sound.Plan.Content with { Units = [new GeneratingUnit("U1", 10, kind, approved)] } };
        var year = Change(Sound with { Plan = plan }, (month, content) => content with
        {
            Units = [changed(month, new UnitMonth("U1", 2_800, HeatSuppliedGj: 0, BoilerHeatGj: 20_000, RunningHours: 700, LoadFactorPercent: 40, $"scale-{month}"))],
        });
        return year with { Computed = YearOfEvidence.Compute(plan, year.Months) };
    }

    /// <summary>Five hundred tonnes lie there at the end of every month, as much comes as is burned, and up to 5 % may be missing.</summary>
    private static CheckedYear Stocked(Func<int, StockMonth, StockMonth> changed) => Change(
        Sound with { Limits = Sound.Limits with { StockTolerancePercent = 5 } }, (month, content) => content with
        {
            Stocks = [changed(month, new StockMonth("COAL", "quantity", Opening: 500, Purchased: 1_000 + month, Sold: 0, Closing: 500, "t", $"scale-{month}"))],
        });

    /// <summary>The statistics bureau was told the same in kilogrammes; up to 2 % may be between them.</summary>
    private static CheckedYear Told(Func<int, CrossReading, CrossReading> changed) => Change(
        Sound with { Limits = Sound.Limits with { CrossSourceTolerancePercent = 2 } }, (month, content) => content with
        {
            CrossReadings = [changed(month, new CrossReading("COAL", "quantity", CrossSource.Statistics, (1_000 + month) * 1_000, "kg", $"scale-{month}"))],
        });

    /// <summary>What a laboratory measured on the air-dried sample comes to the 23.01 to 23.12 GJ/t that are filed; 0.2 % may be between them.</summary>
    private static CheckedYear Analysed(Func<int, LabTest, LabTest> changed) => Change(
        Sound with { Limits = Sound.Limits with { ConversionTolerancePercent = 0.2m } }, (month, content) => content with
        {
            Files =
            [
                .. content.Files.Select(file => file.Kind != EvidenceKind.LabReport ? file : file with
                {
                    Test = changed(month, new LabTest(
                        "Lanzhou", LabMark.Cma, SampleBasis.AsFired, new DateOnly(2023, month, 10), new DateOnly(2023, month, 20), TotalMoisturePercent: 8,
                        AirDriedMoisturePercent: 2, AirDriedHydrogenPercent: 4, AirDriedGrossCalorificGjPerT: 25.52m + month / 94m)),
                }),
            ],
        });

    /// <summary>Seven others burn the same coal by the same method; the limit is one and a half times.</summary>
    private static CheckedYear AmongPeers(decimal median, string kind = "combustion-ncv fuel=bituminous") => Sound with
    {
        Limits = Sound.Limits with { PeerFactor = 1.5m }, Computed = YearOfEvidence.Compute(Sound.Plan, Sound.Months), Peers = [new Peers(kind, 7, median)],
    };

    private static CheckedYear Without(EvidenceKind kind) => Change(Sound, (_, content) => content with { Files = content.Files.RemoveAll(file => file.Kind == kind) });

    private static MonthContent Quantity(MonthContent content, decimal value, string unit) =>
        content with { Figures = [.. content.Figures.Select(figure => figure.Input == "quantity" ? figure with { Value = value, Unit = unit } : figure)] };

    /// <summary>The file that shows this input is of another kind.</summary>
    private static MonthContent Shown(MonthContent content, string input, EvidenceKind kind)
    {
        var shownBy = content.Figures.Single(figure => figure.Input == input).Evidence;
        return content with { Files = [.. content.Files.Select(file => file.Sha256 == shownBy ? file with { Kind = kind } : file)] };
    }

    private static EmissionReport Before(long tonnes) => new(
        Plant, "gansu", Plant, ComplianceYear.Of(2022), ReportStatus.Accepted, 1, [new ReportSource("COAL", Tonnes.Of(tonnes))], Tonnes.Of(tonnes), Late: false, Filed,
        Statement: null, new AcceptedFigure(1, Tonnes.Of(tonnes), Filed), ReturnReason: null);

    private static Engagement AnEngagement(int year, DateTimeOffset appointed) =>
        new(Plant, "gansu", Plant, ComplianceYear.Of(year), Guid.Empty, StatementBy: null, [], appointed);

    private static Finding AFinding(FindingConclusion conclusion) => new(
        conclusion == FindingConclusion.NotCorrected ? Plant : Guid.Empty, default, "The scale was never calibrated.", "quantity", "COAL", 1, CorrectBy: null, "None.", "None.",
        conclusion, Note: null, Estimate: null);
}
