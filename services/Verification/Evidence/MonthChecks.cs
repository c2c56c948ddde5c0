using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Calculation;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Verification.Evidence;

/// <summary>A month is whole: what the plan measures is there once, in a unit of its dimension, within bounds, and bound to a file that is kept.</summary>
internal static class MonthChecks
{
    public const int MostFiles = 200;
    private const int MostFigures = 1000;
    private const int MostCrossReadings = 400;
    private const int HoursOfDay = 24;
    private const int LongestName = 200;
    private const int MostDecimals = 10;
    private const decimal LargestFigure = 1_000_000_000_000;

    /// <summary>What other sources may tell of a generating unit's month.</summary>
    public static readonly ImmutableArray<(string Input, Unit Unit, Func<UnitMonth, decimal> Of)> UnitFigures =
    [
        ("generationMwh", Unit.Parse("MWh"), month => month.GenerationMwh), ("heatSuppliedGj", Unit.Parse("GJ"), month => month.HeatSuppliedGj),
    ];

    public static void Check(Faults faults, FileMonth.Request request, QualityPlan plan, int month, IReadOnlySet<string> kept)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        faults.Each(request.Files, 1, MostFiles, "$.files", (file, path) =>
        {
            faults.Require(file.Sha256 is not null && kept.Contains(file.Sha256), $"{path}.sha256", "unknown-file", "The SHA-256 of a file that is kept already.");
            faults.Require(file.Sha256 is not { } hash || shown.Add(hash), $"{path}.sha256", "repeated-item", "Another item is this file.");
            faults.RequireText(file.Name, LongestName, $"{path}.name");
            faults.Require(Words.Parse<EvidenceKind>(file.Kind) is not null, $"{path}.kind", "unknown-evidence-kind", Words.OneOf<EvidenceKind>());
            CertificateChecks.Check(faults, file, path, plan);
        });
        var missing = Measured(plan);
        var measured = missing.ToDictionary();
        faults.Each(request.Figures, 0, MostFigures, "$.figures", (figure, path) =>
        {
            faults.Require(figure.Evidence is not null && shown.Contains(figure.Evidence), $"{path}.evidence", "unknown-file", "The SHA-256 of a file of this month.");
            var key = (figure.Stream ?? string.Empty, figure.Input ?? string.Empty);
            if (!faults.Require(
                measured.TryGetValue(key, out var input), path, "not-planned", $"A stream and an input that version {plan.PlanVersion} of the plan measures."))
                return;
            faults.Require(missing.Remove(key), path, "repeated-item", "This figure is given already.");
            Check(faults, figure, path, input!);
        });
        foreach (var (stream, input) in missing.Keys.Order())
            faults.Add("$.figures", "figure-missing", $"The plan measures {input} of stream {stream} every month.");
        Units(faults, request, plan, month, shown);
        Stocks(faults, request, plan, measured, shown);
        CrossReadings(faults, request, plan, measured, shown);
    }

    private static void Units(Faults faults, FileMonth.Request request, QualityPlan plan, int month, HashSet<string> shown)
    {
        var (planned, given) = ((plan.Content.Units ?? []).Select(unit => unit.Code).ToHashSet(StringComparer.Ordinal), new HashSet<string?>(StringComparer.Ordinal));
        faults.Each(request.Units ?? [], 0, planned.Count, "$.units", (one, path) =>
        {
            faults.Require(
                one.GeneratingUnit is not null && planned.Contains(one.GeneratingUnit), $"{path}.generatingUnit", "not-planned", "The code of a generating unit of the plan.");
            faults.Require(given.Add(one.GeneratingUnit), $"{path}.generatingUnit", "repeated-item", "This unit is given already.");
            RequireAmount(faults, one.GenerationMwh, LargestFigure, $"{path}.generationMwh");
            RequireAmount(faults, one.HeatSuppliedGj, LargestFigure, $"{path}.heatSuppliedGj");
            RequireAmount(faults, one.BoilerHeatGj, LargestFigure, $"{path}.boilerHeatGj");
            RequireAmount(faults, one.RunningHours, DateTime.DaysInMonth(plan.Year.Value, month) * HoursOfDay, $"{path}.runningHours");
            RequireAmount(faults, one.LoadFactorPercent, 100, $"{path}.loadFactorPercent");
            faults.Require(one.Evidence is not null && shown.Contains(one.Evidence), $"{path}.evidence", "unknown-file", "The SHA-256 of a file of this month.");
        });
    }

    private static void Stocks(
        Faults faults, FileMonth.Request request, QualityPlan plan, Dictionary<(string Stream, string Input), MethodInput> measured, HashSet<string> shown)
    {
        var given = new HashSet<(string, string)>();
        faults.Each(request.Stocks ?? [], 0, MostFigures, "$.stocks", (stock, path) =>
        {
            var key = (stock.Stream ?? string.Empty, stock.Input ?? string.Empty);
            var unit = faults.Require(measured.TryGetValue(key, out var input), path, "not-planned", $"A stream and an input that version {plan.PlanVersion} of the plan measures.")
                ? RequireDimension(faults, stock.Unit, input!.Name, input.Unit, $"{path}.unit")
                : null;
            faults.Require(given.Add(key), path, "repeated-item", "The stock of this figure is given already.");
            RequireAmount(faults, stock.Opening, unit, input?.Unit, $"{path}.opening");
            RequireAmount(faults, stock.Purchased, unit, input?.Unit, $"{path}.purchased");
            RequireAmount(faults, stock.Sold, unit, input?.Unit, $"{path}.sold");
            RequireAmount(faults, stock.Closing, unit, input?.Unit, $"{path}.closing");
            faults.Require(stock.Evidence is not null && shown.Contains(stock.Evidence), $"{path}.evidence", "unknown-file", "The SHA-256 of a file of this month.");
        });
    }

    private static void CrossReadings(
        Faults faults, FileMonth.Request request, QualityPlan plan, Dictionary<(string Stream, string Input), MethodInput> measured, HashSet<string> shown)
    {
        var units = measured.ToDictionary(one => one.Key, one => one.Value.Unit);
        foreach (var (key, unit) in from unit in plan.Content.Units ?? [] from told in UnitFigures select ((unit.Code, told.Input), told.Unit))
            units.TryAdd(key, unit);
        var given = new HashSet<(string, string, string?)>();
        faults.Each(request.CrossReadings ?? [], 0, MostCrossReadings, "$.crossReadings", (one, path) =>
        {
            var key = (one.Of ?? string.Empty, one.Input ?? string.Empty);
            var unit = faults.Require(
                units.TryGetValue(key, out var like), path, "not-planned",
                $"A stream and an input that version {plan.PlanVersion} of the plan measures, or a generating unit and {string.Join(" or ", UnitFigures.Select(told => told.Input))}.")
                ? RequireDimension(faults, one.Unit, key.Item2, like!, $"{path}.unit")
                : null;
            faults.Require(given.Add((key.Item1, key.Item2, one.Source)), path, "repeated-item", "What this source says of the figure is given already.");
            faults.Require(Words.Parse<CrossSource>(one.Source) is not null, $"{path}.source", "unknown-cross-source", Words.OneOf<CrossSource>());
            RequireAmount(faults, one.Value, unit, like, $"{path}.value");
            faults.Require(one.Evidence is not null && shown.Contains(one.Evidence), $"{path}.evidence", "unknown-file", "The SHA-256 of a file of this month.");
        });
    }

    /// <summary>Also in the unit of what was measured, as soon as both are known.</summary>
    private static void RequireAmount(Faults faults, decimal? amount, Unit? unit, Unit? like, string path)
    {
        if (RequireAmount(faults, amount, LargestFigure, path) && unit is not null && like is not null)
            faults.Require(
                new Measure(amount!.Value, unit).In(like)?.Value <= LargestFigure, path, "out-of-range",
                string.Create(CultureInfo.InvariantCulture, $"A number from 0 to {LargestFigure} {like}."));
    }

    private static bool RequireAmount(Faults faults, decimal? amount, decimal highest, string path) => faults.Require(
        amount >= 0 && amount <= highest && amount.Value.Scale <= MostDecimals, path, "out-of-range",
        string.Create(CultureInfo.InvariantCulture, $"A number from 0 to {highest} with {MostDecimals} decimals at most."));

    private static void Check(Faults faults, FileMonth.FigureItem figure, string path, MethodInput input)
    {
        var unit = RequireDimension(faults, figure.Unit, input.Name, input.Unit, $"{path}.unit");
        var sane = faults.Require(
            figure.Value is { } value && Math.Abs(value) <= LargestFigure && value.Scale <= MostDecimals, $"{path}.value", "invalid-figure",
            string.Create(CultureInfo.InvariantCulture, $"A number up to {LargestFigure} with {MostDecimals} decimals at most."));
        if (unit is null || !sane)
            return;
        var (inUnit, lowest, highest) = (new Measure(figure.Value!.Value, unit).In(input.Unit)?.Value, input.Lowest ?? -LargestFigure, input.Highest ?? LargestFigure);
        faults.Require(
            inUnit >= lowest && inUnit <= highest, $"{path}.value", "out-of-range",
            string.Create(CultureInfo.InvariantCulture, $"{input.Name} is from {lowest} to {highest} {input.Unit}."));
    }

    /// <summary>The unit that was given; null where it is none of the input's dimension.</summary>
    private static Unit? RequireDimension(Faults faults, string? given, string input, Unit like, string path) => faults.Require(
        Unit.TryParse(given, out var unit) && unit!.SameDimension(like), path, "wrong-dimension",
        $"{input} is {like.Dimension}, in {like} or a unit like it; {(unit is null ? $"that is no unit of {Unit.MostAtoms} parts at most" : $"{unit} is {unit.Dimension}")}.") ? unit : null;

    /// <summary>What the plan measures, each as its method has it.</summary>
    public static Dictionary<(string Stream, string Input), MethodInput> Measured(QualityPlan plan)
    {
        var methods = plan.Content.Streams.ToDictionary(
            stream => stream.Code, stream => MethodPacks.Find(plan.Pack, plan.PackVersion)!.Method(stream.Method, plan.Year.Value)!, StringComparer.Ordinal);
        return plan.Content.Inputs.Where(input => input.Basis == Basis.Measured).ToDictionary(
            input => (input.Stream, input.Input), input => methods[input.Stream].Inputs.Single(one => one.Name == input.Input));
    }
}
