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
        var asked = new FileMonth.Request
        {
            Figures = [.. MonthChecks.Measured(plan).OrderBy(input => input.Key).Select(input => new FileMonth.FigureItem
            {
                Stream = input.Key.Stream, Input = input.Key.Input, Unit = input.Value.Unit.ToString(),
            })],
        };
        return Of(plan, [.. Enumerable.Range(1, 12).Select(month => (month, asked))]);
    }

    public static IReadOnlyList<Sheet> Filed(QualityPlan plan, IEnumerable<MonthlyEvidence> months) =>
        Of(plan, [.. months.OrderBy(month => month.Month).Select(month => (month.Month, FileMonth.Asking(month.Content)))]);

    private static IReadOnlyList<Sheet> Of(QualityPlan plan, IReadOnlyList<(int Month, FileMonth.Request Request)> months)
    {
        var measured = MonthChecks.Measured(plan);
        return [.. EvidenceTables.All.Select(table => table == EvidenceTables.Figures
            ? Of(table, plan, EvidenceTables.Notes, months, month => month.Figures!.Select(figure => Notes(measured, figure)))
            : Of(table, plan, [], months, _ => Enumerable.Repeat(Enumerable.Empty<Cell>(), int.MaxValue)))];
    }

    private static Sheet Of(
        Table table, QualityPlan plan, IEnumerable<string> notes, IReadOnlyList<(int Month, FileMonth.Request Request)> months,
        Func<FileMonth.Request, IEnumerable<IEnumerable<Cell>>> noted) => new(
            table.Sheet,
            [
                new SheetRow(1, [.. new[] { EvidenceTables.Year, EvidenceTables.Month }.Concat(table.Required.Concat(table.Optional)).Concat(notes).Select(name => new Cell(name))]),
                .. months
                    .SelectMany(month => table.Rows(month.Request).Zip(noted(month.Request), (cells, beside) => (month.Month, Cells: cells.Concat(beside))))
                    .Select((row, index) => new SheetRow(index + 2, [CellText.Write(plan.Year.Value), CellText.Write(row.Month), .. row.Cells])),
            ]);

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
