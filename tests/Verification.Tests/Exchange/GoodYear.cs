using System.Globalization;

namespace CarbonMarket.Verification.Exchange;

/// <summary>Twelve months of a plant with one boiler, each with a file of its own, as the sheets that an import takes; a test spoils a cell of it.</summary>
/// <param name="Hashes">Of the twelve files.</param>
internal sealed record GoodYear(int Year, IReadOnlyList<string> Hashes)
{
    public const string Files = "Files";
    public const string Figures = "Figures";
    public static readonly string[] FileColumns = ["year", "month", "sha256", "name", "kind"];
    public static readonly string[] FigureColumns = ["year", "month", "stream", "input", "value", "unit", "evidence"];
    private static readonly string[] CsvColumns = ["row", .. FileColumns, .. FigureColumns[2..]];

    public IReadOnlyList<Sheet> Sheets() =>
    [
        new(Files, [Header(FileColumns), .. Months(month => [[Number(Year), Number(month), Text(Hashes[month - 1]), Text($"{month}.csv"), Text("meter-reading")]])]),
        new(
            Figures,
            [
                Header(FigureColumns),
                .. Months(month =>
                [
                    [Number(Year), Number(month), Text("S1"), Text("quantity"), Number(1000 + month), Text("t"), Text(Hashes[month - 1])],
                    [Number(Year), Number(month), Text("S1"), Text("ncv"), Number(23.5m), Text("GJ/t"), Text(Hashes[month - 1])],
                ]),
            ]),
    ];

    /// <summary>The same with one cell that says something else.</summary>
    public static IReadOnlyList<Sheet> Spoil(IReadOnlyList<Sheet> sheets, string sheet, string column, int row, Cell cell) =>
    [
        .. sheets.Select(one => one.Name != sheet ? one : one with
        {
            Rows = [.. one.Rows.Select(line => line.Number != row ? line : line with { Cells = [.. line.Cells.Select((old, index) => index == ColumnOf(sheet, column) ? cell : old)] })],
        }),
    ];

    /// <summary>Where the cell is in a file of that format.</summary>
    public static string Place(string format, string sheet, string column, int row) => format == "csv"
        ? Sheet.Place(CsvSheets.SheetName, Array.IndexOf(CsvColumns, column), sheet == Files ? row : row + 12)
        : Sheet.Place(sheet, ColumnOf(sheet, column), row);

    /// <summary>Row of a month's file, or of its quantity; the calorific value is one below.</summary>
    public static int RowOf(string sheet, int month) => sheet == Files ? month + 1 : month * 2;

    private static int ColumnOf(string sheet, string column) => Array.IndexOf(sheet == Files ? FileColumns : FigureColumns, column);

    private static SheetRow Header(string[] names) => new(1, [.. names.Select(name => new Cell(name))]);

    private static IEnumerable<SheetRow> Months(Func<int, Cell[][]> rows) =>
        Enumerable.Range(1, 12).SelectMany(rows).Select((cells, index) => new SheetRow(index + 2, cells));

    private static Cell Number(decimal number) => new(number.ToString(CultureInfo.InvariantCulture), CellKind.Number);

    private static Cell Text(string text) => new(text);
}
