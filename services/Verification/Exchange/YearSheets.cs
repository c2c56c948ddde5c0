using CarbonMarket.Calculation;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Verification.Exchange;

/// <summary>A year's evidence as tables: empty as its plan asks for it, or as it is filed.</summary>
internal static class YearSheets
{
    public const string Instructions = "Instructions";

    /// <summary>Every month, stream and input that the plan measures, with everything but the figure.</summary>
    public static IReadOnlyList<Sheet> Template(QualityPlan plan)
    {
        var measured = MonthChecks.Measured(plan);
        var figures = Enumerable.Range(1, 12).SelectMany(month => measured.OrderBy(input => input.Key).Select(input => (month, new FileMonth.FigureItem
        {
            Stream = input.Key.Stream, Input = input.Key.Input, Unit = input.Value.Unit.ToString(),
        })));
        return [Of(EvidenceTables.Files, plan, [], _ => []), Of(EvidenceTables.Figures, plan, figures, figure => Notes(measured, figure))];
    }

    public static IReadOnlyList<Sheet> Filed(QualityPlan plan, IEnumerable<MonthlyEvidence> months)
    {
        var (measured, filed) = (MonthChecks.Measured(plan), months.OrderBy(month => month.Month).ToList());
        return
        [
            Of(EvidenceTables.Files, plan, filed.SelectMany(month => month.Content.Files.Select(file => (month.Month, new FileMonth.FileItem
            {
                Sha256 = file.Sha256, Name = file.Name, Kind = Words.Of(file.Kind), Calibration = Says(file.Calibration), Test = Says(file.Test),
            }))), _ => []),
            Of(EvidenceTables.Figures, plan, filed.SelectMany(month => month.Content.Figures.Select(figure => (month.Month, new FileMonth.FigureItem
            {
                Stream = figure.Stream, Input = figure.Input, Value = figure.Value, Unit = figure.Unit, Evidence = figure.Evidence,
            }))), figure => Notes(measured, figure)),
        ];
    }

    private static FileMonth.CalibrationItem? Says(MeterCalibration? says) => says is null ? null : new FileMonth.CalibrationItem
    {
        Meter = says.Meter, CalibratedOn = says.CalibratedOn, ValidUntil = says.ValidUntil, ErrorPercent = says.ErrorPercent,
    };

    private static FileMonth.TestItem? Says(LabTest? says) => says is null ? null : new FileMonth.TestItem
    {
        Laboratory = says.Laboratory, Mark = Words.Of(says.Mark), Basis = Words.Of(says.Basis), SampledOn = says.SampledOn, TestedOn = says.TestedOn,
    };

    private static Sheet Of<T>(Table<T> table, QualityPlan plan, IEnumerable<(int Month, T Item)> items, Func<T, IEnumerable<Cell>> notes)
    {
        var hasNotes = ReferenceEquals(table, EvidenceTables.Figures);
        IEnumerable<string> header = [EvidenceTables.Year, EvidenceTables.Month, .. table.Columns.Select(column => column.Name), .. hasNotes ? EvidenceTables.Notes : []];
        return new Sheet(
            table.Sheet,
            [
                new SheetRow(1, [.. header.Select(name => new Cell(name))]),
                .. items.Select((item, index) => new SheetRow(
                    index + 2,
                    [CellText.Write(plan.Year.Value), CellText.Write(item.Month), .. table.Columns.Select(column => column.Write(item.Item)), .. notes(item.Item)])),
            ]);
    }

    /// <summary>What is measured, in which bounds and unit, for whoever fills it in; nothing where the plan no longer measures it.</summary>
    private static IEnumerable<Cell> Notes(Dictionary<(string Stream, string Input), MethodInput> measured, FileMonth.FigureItem figure) =>
        measured.TryGetValue((figure.Stream!, figure.Input!), out var input)
            ?
            [
                new Cell(CellText.Write($"{input.Title.Zh} {input.Title.En}")), input.Lowest is { } lowest ? CellText.Write(lowest) : Cell.Empty,
                input.Highest is { } highest ? CellText.Write(highest) : Cell.Empty, new Cell(CellText.Write(input.Unit.ToString())),
            ]
            : [];
}
