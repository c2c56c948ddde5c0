using static CarbonMarket.Verification.Exchange.GoodYear;

namespace CarbonMarket.Verification.Exchange;

/// <summary>Whatever can be wrong with one cell, and all that an import then says.</summary>
internal static class SpoiltCells
{
    /// <param name="Faults">Column or sheet, then the code; what has no column is at the top of the sheet.</param>
    /// <param name="Formats">Both where left out.</param>
    internal sealed record Spoilt(string Sheet, string Column, Cell Cell, string[] Faults, string? Formats = null);

    public static IEnumerable<Spoilt> All =>
    [
        // Negative fuel, and numbers that people, spreadsheets and programs write otherwise.
        Figure("value", Number("-1"), "value out-of-range"),
        Figure("value", Number("-0.0000000001"), "value out-of-range"),
        .. Texts("1,000", "1 000", "1.000,5", "1e3", "1E3", "NaN", "Infinity", "∞", "٣٤", "１２", "1000 t", "0x3E8", "'5", "12345678901234567890123456789", "one", "1/2", "5.", ".5")
            .Select(text => Figure("value", text, "value not-a-number")),
        Figure("value", Cell.Empty, "value invalid-figure"),
        Figure("value", Number("1000000000001"), "value invalid-figure"),
        Figure("value", Number("1.00000000001"), "value invalid-figure"),
        Figure("value", Number("1E+300"), "value not-a-number") with { Formats = "xlsx" },

        // Formulas, whether a spreadsheet would run them or they are text that it might.
        .. Texts("=1+1", "+5", "-2+3+cmd|' /C calc'!A0", "@SUM(A1:A9)", "＝1+1", "=HYPERLINK(\"http://example.org\",\"1\")").Select(text => Figure("value", text, "value formula-in-cell")),
        .. Texts("=t", "+t", "-t", "@t", "＋t").Select(text => Figure("unit", text, "unit formula-in-cell")),
        .. Texts("=cmd()", "-1.csv", "＠cmd").Select(text => File("name", text, "name formula-in-cell")),
        Figure("value", new Cell("1+1", CellKind.Formula), "value formula-in-cell") with { Formats = "xlsx" },
        Figure("value", new Cell("[1]Sheet1!A1", CellKind.Formula), "value formula-in-cell") with { Formats = "xlsx" },
        Figure("unit", new Cell("\"t\"", CellKind.Formula), "unit formula-in-cell") with { Formats = "xlsx" },
        File("name", new Cell("DDE(\"cmd\",\"/C calc\",\"x\")", CellKind.Formula), "name formula-in-cell") with { Formats = "xlsx" },
        Figure("value", new Cell("#REF!", CellKind.Other), "value not-a-number") with { Formats = "xlsx" },
        File("name", new Cell("#N/A", CellKind.Other), "name not-text") with { Formats = "xlsx" },

        // Wrong units.
        .. Texts("GJ/t", "bushel", "", "T", "kWh", "tCO2").Select(text => Figure("unit", text, "unit wrong-dimension")),

        // Evidence that is not there.
        .. Texts("nothing.csv", "", new('0', 64), "2025").Select(text => Figure("evidence", text, "evidence unknown-file")),
        .. Texts("", "abc", new('f', 64), "../../etc/passwd").Select(text => File("sha256", text, "sha256 unknown-file", "evidence unknown-file", "evidence+1 unknown-file")),
        .. Texts("", " ", new('x', 201)).Select(text => File("name", text, "name invalid-text")),
        File("name", new Cell("a_x0007_b"), "name invalid-text") with { Formats = "xlsx" },
        File("name", new Cell("a\u0007b"), "name invalid-text") with { Formats = "csv" },
        File("name", new Cell(new('x', 1001)), "name cell-too-long"),
        .. Texts("photo", "", "Meter-Reading", "meter-reading,other", "0").Select(text => File("kind", text, "kind unknown-evidence-kind")),

        // What the plan does not know, and what it then misses.
        .. Texts("S9", "s1", "").Select(text => Figure("stream", text, "row not-planned", "figure-missing")),
        .. Texts("humidity", "oxidationRate", "").Select(text => Figure("input", text, "row not-planned", "figure-missing")),
        Figure("input", new Cell("ncv"), "unit wrong-dimension", "row+1 repeated-item", "figure-missing"),

        // Months and years there are none of.
        .. new[] { "0", "13", "-1", "2.5", "99999999999" }.Select(text => Figure("month", Number(text), "month invalid-month", "figure-missing")),
        Figure("month", Cell.Empty, "month invalid-month", "figure-missing"),
        .. Texts("February", "2025-02-30", "二月").Select(text => Figure("month", text, "month not-a-number", "figure-missing")),
        .. new[] { "2024", "20255", "2025.5", "0" }.Select(text => Figure("year", Number(text), "year wrong-year", "figure-missing")),
        Figure("year", Cell.Empty, "year wrong-year", "figure-missing"),
        .. Texts("1900-02-29", "31/12/2025", "民国114年").Select(text => Figure("year", text, "year not-a-number", "figure-missing")),
    ];

    /// <summary>Places and codes that an import of this file names.</summary>
    public static string[] Expected(this Spoilt spoilt, string format, int month) =>
    [
        .. spoilt.Faults.Select(fault => fault.Split(' ') is [var where, var code]
            ? $"{PlaceOf(where, spoilt.Sheet, format, month)} {code}"
            : $"{(format == "csv" ? CsvSheets.SheetName : Figures)}!A1 {fault}"),
    ];

    private static string PlaceOf(string where, string sheet, string format, int month)
    {
        var (column, below) = where.Split('+') is [var name, _] ? (name, 1) : (where, 0);
        var on = column == "evidence" ? Figures : sheet;
        var place = Place(format, on, column == "row" ? "year" : column, RowOf(on, month) + below);
        return column == "row" && format == "csv" ? place.Replace("!B", "!A", StringComparison.Ordinal) : place;
    }

    private static IEnumerable<Cell> Texts(params string[] texts) => texts.Select(text => new Cell(text));

    private static Cell Number(string text) => new(text, CellKind.Number);

    private static Spoilt Figure(string column, Cell cell, params string[] faults) => new(Figures, column, cell, faults);

    private static Spoilt File(string column, Cell cell, params string[] faults) => new(Files, column, cell, faults);
}
