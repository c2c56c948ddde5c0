using System.Collections.Immutable;
using CarbonMarket.Calculation;
using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>
/// A figure as received (收到基) is not what the laboratory measured on the air-dried sample (空气干燥基) comes to [V:S7]. The conversion is a method of the
/// plan's pack; what a report does not say is not converted.
/// </summary>
internal sealed class ConversionDiffers : ICheck
{
    private const string PerTonneOfCarbon = "tC/t";

    public string Code => "conversion-differs";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year)
    {
        var pack = MethodPacks.Find(year.Plan.Pack, year.Plan.PackVersion)!;
        var figures = year.Months.SelectMany(month => month.Content.Figures.Select(figure => (month.Month, Figure: figure))).ToLookup(one => (one.Month, one.Figure.Evidence), one => one.Figure);
        return from tested in year.Tests()
               from figure in figures[(tested.Month, tested.Sha256)]
               let converted = Converted(pack, year.Plan.Year.Value, tested, figure.Input)
               where converted is not null
               // Of a gas, whose figures are of cubic metres, such a report says nothing.
               let filed = Measure.Of(figure.Value, figure.Unit).In(converted.Measure.Unit)?.Value
               where filed is not null && IsApart(filed.Value, converted.Result, year.Limits.ConversionTolerancePercent)
               select new CheckResult(
                   Code, $"{figure.Input} of stream {figure.Stream} in month {tested.Month} is filed as {filed} {converted.Unit}; the laboratory's report converts to {converted.Measure}.",
                   Severity, $"months/{tested.Month}/{figure.Stream}/{figure.Input}",
                   Values(("filed", filed), ("converted", converted.Result), ("unit", converted.Unit), ("limit", year.Limits.ConversionTolerancePercent)));
    }

    private static Trace? Converted(MethodPack pack, int year, TestedSample tested, string input)
    {
        var test = tested.Test;
        if (test is not { TotalMoisturePercent: { } total, AirDriedMoisturePercent: { } airDried })
            return null;
        (string Name, Measure Measure)[] moisture = [("totalMoisture", Measure.Of(total, "%")), ("airDriedMoisture", Measure.Of(airDried, "%"))];
        return (input, test) switch
        {
            ("carbonContent", { AirDriedCarbonPercent: { } carbon }) => Compute("as-received-carbon", [.. moisture, ("airDriedCarbon", Measure.Of(carbon / 100, PerTonneOfCarbon))]),
            ("ncv", { AirDriedGrossCalorificGjPerT: { } gross, AirDriedHydrogenPercent: { } hydrogen }) => Compute(
                "as-received-ncv", [.. moisture, ("airDriedGrossCalorific", Measure.Of(gross, "GJ/t")), ("airDriedHydrogen", Measure.Of(hydrogen, "%"))]),
            _ => null,
        };

        // Null where the pack of an older plan has no conversion.
        Trace? Compute(string method, (string Name, Measure Measure)[] inputs) => Calculator.Compute(pack, new CalculationRequest(
            method, year, tested.Test.TestedOn, ImmutableSortedDictionary<string, string>.Empty,
            inputs.ToImmutableSortedDictionary(one => one.Name, one => ImmutableArray.Create(new GivenFigure(one.Measure, new Origin("evidence", tested.Sha256))), StringComparer.Ordinal))).Trace;
    }
}
