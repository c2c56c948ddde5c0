using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Calculation;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Verification.Calculations;
using CarbonMarket.Verification.Engagements;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;
using CarbonMarket.Verification.Reports;

namespace CarbonMarket.Verification.Checks;

/// <summary>What the checks measure by; null: the pack has no such limit, and the check is off.</summary>
/// <param name="ConstantMonths">Months in a row with one and the same value.</param>
/// <param name="YearOnYearPercent">Change from the year before.</param>
/// <param name="OutlierFactor">A month's value from the median of its year, as a factor in either direction.</param>
/// <param name="SampleTestDays">From taking a sample to testing it.</param>
/// <param name="CogenerationPercent">Power and heat of the heat of the fuel; a plant is below it.</param>
/// <param name="CondensingPercent">The same where all units condense.</param>
/// <param name="GenerationTolerancePercent">Of a unit's generation from capacity times running hours times load factor.</param>
/// <param name="StockTolerancePercent">Of what left the stock by its book from what was measured.</param>
/// <param name="CrossSourceTolerancePercent">Of what another source says from what was filed.</param>
/// <param name="ConversionTolerancePercent">Of a figure as received from what the laboratory's report converts to.</param>
/// <param name="PeerFactor">What a stream emits per unit used from the middle of its peers, as a factor in either direction.</param>
public sealed record CheckLimits(int? ConstantMonths, decimal? YearOnYearPercent, decimal? OutlierFactor, int? SampleTestDays = null, decimal? CogenerationPercent = null,
    decimal? CondensingPercent = null, decimal? GenerationTolerancePercent = null, decimal? StockTolerancePercent = null, decimal? PeerFactor = null,
    decimal? CrossSourceTolerancePercent = null, decimal? ConversionTolerancePercent = null)
{
    public static CheckLimits Of(PolicyPack pack, DateOnly on) => new(
        pack.Count("check-constant-months", on), pack.Parameter("check-year-on-year-change")?.On(on)?.Value,
        pack.Parameter("check-outlier-factor")?.On(on)?.Value, pack.Count("check-sample-test-days", on),
        pack.Parameter("check-cogeneration-efficiency")?.On(on)?.Value, pack.Parameter("check-condensing-efficiency")?.On(on)?.Value,
        pack.Parameter("check-generation-tolerance")?.On(on)?.Value, pack.Parameter("check-stock-tolerance")?.On(on)?.Value, pack.Parameter("check-peer-factor")?.On(on)?.Value,
        pack.Parameter("check-cross-source-tolerance")?.On(on)?.Value, pack.Parameter("check-conversion-tolerance")?.On(on)?.Value);
}

/// <summary>A year's evidence and what it is held against.</summary>
/// <param name="Sources">What the evidence comes to; empty while it comes to nothing.</param>
/// <param name="PlanBefore">Of the year before, as is all that has Before in its name; null: there was none.</param>
/// <param name="Engagement">The verification of this year; null: nobody is appointed.</param>
/// <param name="Computed">The traces that the evidence comes to so far.</param>
/// <param name="Peers">What streams of the same kinds emit elsewhere; a kind that few have is not among them.</param>
public sealed record CheckedYear(
    QualityPlan Plan, ImmutableArray<MonthlyEvidence> Months, ImmutableArray<ReportSource> Sources, CheckLimits Limits, QualityPlan? PlanBefore = null,
    EmissionReport? ReportBefore = null, Engagement? EngagementBefore = null, Engagement? Engagement = null,
    YearOfEvidence? Computed = null, ImmutableArray<Peers>? Peers = null)
{
    /// <summary>What each month says of each generating unit that the plan still has.</summary>
    public IEnumerable<(int Month, GeneratingUnit Unit, UnitMonth Said)> UnitMonths() =>
        from month in Months
        orderby month.Month
        from said in month.Content.Units ?? []
        from unit in Plan.Content.Units ?? []
        where unit.Code == said.GeneratingUnit
        select (month.Month, unit, said);

    /// <summary>What each month's stock books say, beside the figures that were measured, in the figures' units.</summary>
    internal IEnumerable<StockBeside> Stocks() =>
        from month in Months
        orderby month.Month
        from stock in month.Content.Stocks ?? []
        from figure in month.Content.Figures
        where figure.Stream == stock.Stream && figure.Input == stock.Input
        select new StockBeside(month.Month, stock, figure);

    /// <summary>What other sources say beside what is filed of streams and generating units.</summary>
    internal IEnumerable<CrossReadingBeside> CrossReadings()
    {
        foreach (var month in Months.OrderBy(month => month.Month))
        {
            foreach (var reading in month.Content.CrossReadings ?? [])
            {
                var filed = month.Content.Figures.Where(figure => figure.Stream == reading.Of && figure.Input == reading.Input).Select(figure => (figure.Value, figure.Unit))
                    .Concat(from unit in month.Content.Units ?? []
                            where unit.GeneratingUnit == reading.Of
                            from told in MonthChecks.UnitFigures
                            where told.Input == reading.Input
                            select (told.Of(unit), told.Unit.ToString()));
                foreach (var (value, unit) in filed)
                    yield return new CrossReadingBeside(month.Month, reading, value, unit);
            }
        }
    }

    /// <summary>GJ that were burned in a month, by net calorific value; null where a fuel's is not known or nothing is computed.</summary>
    public decimal? FuelHeat(int month)
    {
        var burned = (Computed?.Parts ?? []).Where(part => part.Month == month && part.Trace.Inputs.Any(input => input.Name == "oxidationRate")).ToList();
        return burned.Count > 0 && burned.TrueForAll(part => Of(part, "ncv") is not null) ? burned.Sum(part => Of(part, "quantity") * Of(part, "ncv")) : null;

        static decimal? Of(StreamMonth part, string name) => part.Trace.Inputs.FirstOrDefault(input => input.Name == name)?.Entries[0].Value;
    }

    /// <summary>Each measured figure through the year.</summary>
    public IEnumerable<(string Stream, string Input, IReadOnlyList<(int Month, MonthFigure Figure)> Months)> Figures() =>
        Months.SelectMany(month => month.Content.Figures.Select(figure => (month.Month, Figure: figure)))
            .GroupBy(one => (one.Figure.Stream, one.Figure.Input))
            .OrderBy(series => series.Key.Stream, StringComparer.Ordinal).ThenBy(series => series.Key.Input, StringComparer.Ordinal)
            .Select(series => (series.Key.Stream, series.Key.Input, (IReadOnlyList<(int, MonthFigure)>)[.. series.OrderBy(one => one.Month)]));

    /// <summary>What laboratories' reports say of their samples, month by month.</summary>
    internal IEnumerable<TestedSample> Tests() =>
        from month in Months
        orderby month.Month
        from file in month.Content.Files
        where file.Test is not null
        select new TestedSample(month.Month, file.Sha256, file.Test!);

    /// <summary>Whether a value is further from what it should be than so many percent of that; never where there is no limit.</summary>
    public static bool IsApart(decimal value, decimal expected, decimal? percent) => Math.Abs(value - expected) > expected * percent / 100;

    public static ImmutableSortedDictionary<string, string> Values(params (string Name, object? Value)[] values) => values.ToImmutableSortedDictionary(
        value => value.Name, value => Convert.ToString(value.Value, CultureInfo.InvariantCulture) ?? string.Empty, StringComparer.Ordinal);
}

/// <summary>A stock book's month and the figure it stands beside.</summary>
internal sealed record StockBeside(int Month, StockMonth Stock, MonthFigure Figure)
{
    public string Unit => Figure.Unit;

    public decimal Measured => Figure.Value;

    public decimal? Used => In(Unit, Stock.Used);

    /// <summary>An amount of the book in another unit; null where that is of another month, in which the input had another dimension, or no decimal holds it.</summary>
    public decimal? In(string unit, decimal amount) => Measure.Of(amount, Stock.Unit).In(Calculation.Unit.Parse(unit))?.Value;
}

/// <summary>What another source says and the figure that was filed.</summary>
internal sealed record CrossReadingBeside(int Month, CrossReading Reading, decimal Filed, string Unit)
{
    /// <summary>In the unit of what was filed, which is of the same dimension; null where no decimal holds it.</summary>
    public decimal? Said => Measure.Of(Reading.Value, Reading.Unit).In(Calculation.Unit.Parse(Unit))?.Value;
}

/// <param name="Sha256">Of the laboratory's report, filed for the month.</param>
internal sealed record TestedSample(int Month, string Sha256, LabTest Test)
{
    public string Path => $"months/{Month}/files/{Sha256}";
}
