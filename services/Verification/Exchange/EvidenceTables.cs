using CarbonMarket.Verification.Evidence;

namespace CarbonMarket.Verification.Exchange;

/// <param name="Name">Of the member in JSON, and so of what a fault of it is found under.</param>
/// <param name="Write">What an exported cell says.</param>
/// <param name="Prefilled">The template says it already; a row that says no more than that is not filled in.</param>
internal sealed record Column<T>(string Name, Func<T, Cell> Write, bool Prefilled = false);

/// <summary>What one list of a month is as a table: a sheet of the workbook, a kind of row in the CSV file.</summary>
/// <param name="Word">What a row of it is called in CSV.</param>
/// <param name="List">The list's name in JSON.</param>
internal sealed record Table<T>(string Sheet, string Word, string List, IReadOnlyList<Column<T>> Columns, Func<RowReader, T> Read);

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
        ],
        row => new FileMonth.FileItem { Sha256 = row.Text("sha256"), Name = row.Text("name"), Kind = row.Text("kind") });

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

    private static Cell Text(string? text) => new(CellText.Write(text ?? string.Empty));
}
