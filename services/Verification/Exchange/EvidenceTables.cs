using System.Globalization;
using CarbonMarket.Verification.Evidence;

namespace CarbonMarket.Verification.Exchange;

/// <param name="Name">Of the member in JSON, and so of what a fault of it is found under.</param>
/// <param name="Write">What an exported cell says.</param>
/// <param name="Prefilled">The template says it already; a row that says no more than that is not filled in.</param>
/// <param name="Optional">A file may be without it.</param>
internal sealed record Column<T>(string Name, Func<T, Cell> Write, bool Prefilled = false, bool Optional = false);

/// <summary>What one list of a month is as a table: a sheet of the workbook, a kind of row in the CSV file.</summary>
/// <param name="Word">What a row of it is called in CSV.</param>
/// <param name="List">The list's name in JSON.</param>
internal sealed record Table<T>(string Sheet, string Word, string List, IReadOnlyList<Column<T>> Columns, Func<RowReader, T> Read)
{
    public IEnumerable<string> Required => Columns.Where(column => !column.Optional).Select(column => column.Name);

    public IEnumerable<string> Optional => Columns.Where(column => column.Optional).Select(column => column.Name);
}

/// <summary>
/// The one place that says which columns there are. What a month's evidence comes to say besides gets its column here, and is then
/// in template, import and export.
/// </summary>
internal static class EvidenceTables
{
    public const string Year = "year";
    public const string Month = "month";

    /// <summary>For the reader's eye: nothing is read from them.</summary>
    public static readonly IReadOnlyList<string> Notes = ["title", "lowest", "highest", "methodUnit"];

    public static readonly Table<FileMonth.FileItem> Files = new(
        "Files", "file", "files",
        [
            new("sha256", file => Text(file.Sha256)),
            new("name", file => Text(file.Name)),
            new("kind", file => Text(file.Kind)),
            new("calibration.meter", file => Text(file.Calibration?.Meter), Optional: true),
            new("calibration.calibratedOn", file => Day(file.Calibration?.CalibratedOn), Optional: true),
            new("calibration.validUntil", file => Day(file.Calibration?.ValidUntil), Optional: true),
            new("calibration.errorPercent", file => file.Calibration?.ErrorPercent is { } error ? CellText.Write(error) : Cell.Empty, Optional: true),
            new("test.laboratory", file => Text(file.Test?.Laboratory), Optional: true),
            new("test.mark", file => Text(file.Test?.Mark), Optional: true),
            new("test.basis", file => Text(file.Test?.Basis), Optional: true),
            new("test.sampledOn", file => Day(file.Test?.SampledOn), Optional: true),
            new("test.testedOn", file => Day(file.Test?.TestedOn), Optional: true),
        ],
        row => new FileMonth.FileItem
        {
            Sha256 = row.Text("sha256"), Name = row.Text("name"), Kind = row.Text("kind"),
            Calibration = row.SaysOf("calibration.")
                ? new FileMonth.CalibrationItem
                {
                    Meter = row.Text("calibration.meter"), CalibratedOn = row.Day("calibration.calibratedOn"), ValidUntil = row.Day("calibration.validUntil"),
                    ErrorPercent = row.Number("calibration.errorPercent"),
                }
                : null,
            Test = row.SaysOf("test.")
                ? new FileMonth.TestItem
                {
                    Laboratory = row.Text("test.laboratory"), Mark = row.Text("test.mark"), Basis = row.Text("test.basis"), SampledOn = row.Day("test.sampledOn"),
                    TestedOn = row.Day("test.testedOn"),
                }
                : null,
        });

    public static readonly Table<FileMonth.FigureItem> Figures = new(
        "Figures", "figure", "figures",
        [
            new("stream", figure => Text(figure.Stream), Prefilled: true),
            new("input", figure => Text(figure.Input), Prefilled: true),
            new("value", figure => figure.Value is { } value ? CellText.Write(value) : Cell.Empty),
            new("unit", figure => Text(figure.Unit), Prefilled: true),
            new("evidence", figure => Text(figure.Evidence)),
        ],
        row => new FileMonth.FigureItem
        {
            Stream = row.Text("stream"), Input = row.Text("input"), Value = row.Number("value"), Unit = row.Text("unit"), Evidence = row.Text("evidence"),
        });

    /// <summary>The sheets that are read.</summary>
    public static readonly IReadOnlySet<string> Sheets = new HashSet<string>(StringComparer.Ordinal) { Files.Sheet, Figures.Sheet };

    private static Cell Day(DateOnly? day) => Text(day?.ToString("O", CultureInfo.InvariantCulture));

    private static Cell Text(string? text) => new(CellText.Write(text ?? string.Empty));
}
