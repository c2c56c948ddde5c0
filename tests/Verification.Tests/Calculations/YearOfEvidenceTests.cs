using System.Collections.Immutable;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using CarbonMarket.Verification.Reports;
using CsCheck;

namespace CarbonMarket.Verification.Calculations;

public sealed class YearOfEvidenceTests
{
    private static readonly Guid Plant = Guid.Parse("11111111-1111-4111-8111-111111111111");
    private static readonly DateTimeOffset Noon = new(2024, 1, 2, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_year_is_the_sum_of_its_months_and_every_trace_recomputes()
    {
        var year = YearOfEvidence.Compute(Plan(), Year());
        year.Parts.Length.ShouldBe(24);
        year.Parts.Where(part => part.Stream == "COAL").ShouldAllBe(part => part.Trace.Result == 2255.71m, "example (b): 1,000 t of bituminous coal by default");
        // Example (f), a twelfth: 10,000 MWh of Gansu in 2023 are 4,471 t.
        year.Parts.Where(part => part.Stream == "GRID").ShouldAllBe(part => part.Trace.Result == 4471m);
        year.Total!.Result.ShouldBe(decimal.Round(12 * (2255.71m + 4471m), MidpointRounding.AwayFromZero));
        var pack = MethodPacks.Newest(MethodPacks.Emissions);
        foreach (var trace in year.Parts.Select(part => part.Trace).Append(year.Total))
            Recomputation.Recompute(trace, pack).ShouldBeNull();
    }

    [Fact]
    public void Every_figure_of_a_trace_names_the_file_that_shows_it() =>
        YearOfEvidence.Compute(Plan(), Year()).Parts[2].Trace.Inputs.Single(input => input.Name == "quantity").Entries[0].Origin
            .ShouldBe(new Origin("evidence", "file-3"));

    [Fact]
    public void The_sum_names_the_traces_it_is_of()
    {
        var year = YearOfEvidence.Compute(Plan(), Year());
        year.Total!.Inputs[0].Entries.Select(entry => entry.Origin.Reference).ShouldBe(year.Parts.Select(part => part.Trace.Hash()));
    }

    [Fact]
    public void Tonnes_and_kilograms_come_to_the_same()
    {
        var kilograms = Year().Select(month => month with
        {
            Content = month.Content with { Figures = [.. month.Content.Figures.Select(figure => figure.Unit == "t" ? figure with { Value = figure.Value * 1000, Unit = "kg" } : figure)] },
        });
        YearOfEvidence.Compute(Plan(), kilograms).Total!.Result.ShouldBe(YearOfEvidence.Compute(Plan(), Year()).Total!.Result);
    }

    [Fact]
    public void A_year_without_one_month_has_no_total_and_says_what_is_missing()
    {
        var year = YearOfEvidence.Compute(Plan(), Year().Where(month => month.Month != 7));
        year.Total.ShouldBeNull();
        year.Missing.ShouldBe([new MissingFigure("COAL", 7, "quantity"), new MissingFigure("GRID", 7, "electricity")], ignoreOrder: true);
        year.Parts.Length.ShouldBe(22);
    }

    [Fact]
    public void A_year_whose_grid_factor_is_not_published_has_no_total_and_says_so()
    {
        var year = YearOfEvidence.Compute(Plan() with { Year = ComplianceYear.Of(2040) }, Year());
        year.Total.ShouldBeNull();
        year.Faults.Select(fault => (fault.Stream, fault.Fault.Field)).Distinct().ShouldBe([("GRID", "gridFactor")]);
        year.Faults.Length.ShouldBe(12);
    }

    [Fact]
    public void Whole_tonnes_of_streams_always_sum_to_the_total() => Gen.Int[0, 100_000].Array[2].Sample(kilograms =>
    {
        var months = Year().Select(month => month with
        {
            Content = month.Content with { Figures = [.. month.Content.Figures.Zip(kilograms, (figure, value) => figure with { Value = value / 100m })] },
        }).ToImmutableArray();
        var computed = new ComputedYear(Plan(), months, YearOfEvidence.Compute(Plan(), months));
        computed.Sources().Sum(source => source.Tonnes.Value).ShouldBe((long)computed.Year.Total!.Result);
        foreach (var source in computed.Sources())
        {
            var exact = computed.Year.Parts.Where(part => part.Stream == source.Name).Sum(part => part.Trace.Result);
            Math.Abs(source.Tonnes.Value - exact).ShouldBeLessThan(1);
        }
    }, iter: 200);

    [Fact]
    public void A_steel_entity_takes_off_the_carbon_of_its_products()
    {
        var year = YearOfEvidence.Compute(SteelPlan(), SteelYear(limestone: 5000, crudeSteel: 10_000));
        // Table A.2: limestone 0.440, crude steel 0.037 tCO2/t.
        year.Balance!.Result.ShouldBe(12 * (5000 * 0.440m - 10_000 * 0.037m));
        year.Total!.Result.ShouldBe(21_960);
        year.Balance.Inputs.Single(input => input.Name == "carbonProducts").Entries.Select(entry => entry.Origin.Reference)
            .ShouldBe(year.Parts.Where(part => part.Stream == "STEEL").Select(part => part.Trace.Hash()));
        year.Total.Inputs[0].Entries.ShouldHaveSingleItem().Origin.Reference.ShouldBe(year.Balance.Hash());
        year.Find(year.Balance.Hash()).ShouldBe(year.Balance);
        Recomputation.Recompute(year.Balance, MethodPacks.Newest(MethodPacks.Emissions)).ShouldBeNull();
        new ComputedYear(SteelPlan(), [], year).Sources().ShouldBe([new ReportSource("steel-entity", Tonnes.Of(21_960))]);
    }

    [Fact]
    public void Products_with_more_carbon_than_came_in_give_no_total()
    {
        var year = YearOfEvidence.Compute(SteelPlan(), SteelYear(limestone: 1, crudeSteel: 10_000));
        year.Total.ShouldBeNull();
        var fault = year.Faults.ShouldHaveSingleItem();
        (fault.Stream, fault.Fault.Field, fault.Fault.Given).ShouldBe(("steel-entity", "emissions", "-4434.72 tCO2"));
    }

    [Fact]
    public void Months_in_a_unit_of_the_streams_former_method_are_named_and_not_computed()
    {
        var year = YearOfEvidence.Compute(GasPlan(), Year().Select(month => month.Month > 2 ? Burned(month, 10, "10^4Nm3") : Burned(month, 100, "t")));
        year.Total.ShouldBeNull();
        year.Faults.Select(fault => (fault.Stream, fault.Month, fault.Fault.Field, fault.Fault.Given)).ShouldBe(
            [("COAL", 1, "quantity", "100 t is mass"), ("COAL", 2, "quantity", "100 t is mass")]);
        year.Parts.Count(part => part.Stream == "COAL").ShouldBe(10);
        year.Corrections.Select(corrected => corrected.Month).ShouldBe(Enumerable.Range(3, 10));
    }

    [Fact]
    public void A_month_that_emits_more_than_the_year_can_hold_gives_no_total_and_says_so()
    {
        var plan = Plan();
        var dense = plan with { Content = plan.Content with { Inputs = [.. plan.Content.Inputs.Select(input => input.Input == "ncv" ? input with { Basis = Basis.Measured } : input)] } };
        var year = YearOfEvidence.Compute(dense, Year().Select(month => month with
        {
            Content = month.Content with
            {
                Figures =
                [
                    new MonthFigure("COAL", "quantity", month.Month == 5 ? 1_000_000_000_000 : 1, "t", "file"), new MonthFigure("COAL", "ncv", 100_000, "GJ/t", "file"),
                    .. month.Content.Figures.Where(figure => figure.Stream == "GRID"),
                ],
            },
        }));
        year.Total.ShouldBeNull();
        year.Faults.Select(fault => (fault.Stream, fault.Month, fault.Fault.Field)).ShouldBe([("entity-emissions", 12, "parts[4]")]);
    }

    [Fact]
    public void A_month_in_a_unit_that_no_decimal_holds_is_named_and_not_computed()
    {
        // As was taken once.
        var year = YearOfEvidence.Compute(Plan(), Year().Select(month => month.Month == 3 ? Burned(month, 10, "10^4t*10^4t*10^4t*10^4t*10^4t*10^4t*10^4t/t/t/t/t/t/t") : month));
        year.Faults.Select(fault => (fault.Stream, fault.Month, fault.Fault.Field)).ShouldBe([("COAL", 3, "quantity")]);
    }

    /// <summary>The boiler burns gas now, metered by an instrument of which nobody shows that it is calibrated.</summary>
    private static QualityPlan GasPlan()
    {
        var plan = Plan();
        return plan with
        {
            Content = plan.Content with
            {
                Meters = [new Meter("M1", "Gas meter", 0.5m, 12)],
                Streams = [new StreamPlan("COAL", "Boiler", "gas-combustion-ncv", ImmutableSortedDictionary<string, string>.Empty.Add("fuel", "natural-gas")), plan.Content.Streams[1]],
                Inputs = [.. plan.Content.Inputs.Select(input => input is { Stream: "COAL", Input: "quantity" } ? input with { Meter = "M1" } : input)],
            },
        };
    }

    private static MonthlyEvidence Burned(MonthlyEvidence month, decimal quantity, string unit) => month with
    {
        Content = month.Content with { Figures = [.. month.Content.Figures.Select(figure => figure.Stream == "COAL" ? figure with { Value = quantity, Unit = unit } : figure)] },
    };

    private static QualityPlan SteelPlan()
    {
        var plan = Plan();
        return plan with
        {
            Content = new PlanContent(
                [],
                [Material("LIME", "limestone", "carbonates"), Material("STEEL", "crude-steel", "carbonProducts")],
                [.. new[] { "LIME", "STEEL" }.SelectMany(stream => new[]
                {
                    new PlannedInput(stream, "quantity", Basis.Measured, Meter: null, "Weighed."),
                    new PlannedInput(stream, "factor", Basis.Default, Meter: null, "Default."),
                })],
                Balance: "steel-entity"),
        };
    }

    private static StreamPlan Material(string code, string material, string list) =>
        new(code, code, "material-emissions", ImmutableSortedDictionary<string, string>.Empty.Add("material", material), list);

    private static IEnumerable<MonthlyEvidence> SteelYear(decimal limestone, decimal crudeSteel) => Year().Select(month => month with
    {
        Content = month.Content with
        {
            Figures =
            [
                new MonthFigure("LIME", "quantity", limestone, "t", $"file-{month.Month}"), new MonthFigure("STEEL", "quantity", crudeSteel, "t", $"file-{month.Month}"),
            ],
        },
    });

    private static QualityPlan Plan()
    {
        var pack = MethodPacks.Newest(MethodPacks.Emissions);
        return new QualityPlan(
            Plant, "gansu", Plant, ComplianceYear.Of(2023), 1, pack.Id, pack.Version,
            new PlanContent(
                [],
                [
                    new StreamPlan("COAL", "Boiler", "combustion-ncv", ImmutableSortedDictionary<string, string>.Empty.Add("fuel", "bituminous")),
                    new StreamPlan("GRID", "Mains", "purchased-electricity", ImmutableSortedDictionary<string, string>.Empty.Add("area", "甘肃").Add("variant", "average")),
                ],
                [
                    new PlannedInput("COAL", "quantity", Basis.Measured, Meter: null, "Weighed."),
                    new PlannedInput("COAL", "ncv", Basis.Default, Meter: null, "Default."),
                    new PlannedInput("COAL", "carbonPerEnergy", Basis.Default, Meter: null, "Default."),
                    new PlannedInput("COAL", "oxidationRate", Basis.Default, Meter: null, "Default."),
                    new PlannedInput("GRID", "electricity", Basis.Measured, Meter: null, "Metered."),
                ]),
            Reason: null, Late: false, Noon);
    }

    private static IEnumerable<MonthlyEvidence> Year() => Enumerable.Range(1, 12).Select(month => new MonthlyEvidence(
        Guid.CreateVersion7(), "gansu", Plant, ComplianceYear.Of(2023), month, 1, 1,
        new MonthContent(
            [new Exhibit($"file-{month}", "Readings", EvidenceKind.MeterReading)],
            [new MonthFigure("COAL", "quantity", 1000, "t", $"file-{month}"), new MonthFigure("GRID", "electricity", 10_000, "MWh", $"file-{month}")]),
        Late: false, Noon));
}
