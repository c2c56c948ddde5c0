using System.Globalization;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Verification.Exchange;

/// <summary>The names in the first row of a sheet, in any order.</summary>
internal sealed class Header
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    private Header()
    {
    }

    /// <summary>Null, and a fault at the sheet's first cell, where a column is missing; a column that nothing is read from is a fault of its own.</summary>
    public static Header? Read(Sheet sheet, IEnumerable<string> required, IReadOnlyCollection<string> optional, Faults faults)
    {
        var (header, needed) = (new Header(), required.Distinct(StringComparer.Ordinal).ToList());
        var first = sheet.Rows is [{ Number: 1 } row, ..] ? row : new SheetRow(1, []);
        for (var column = 0; column < first.Cells.Count; column++)
        {
            var (place, name) = (Sheet.Place(sheet.Name, column, 1), first[column].Text);
            if (name.Length > 0
                && faults.Require(
                    needed.Concat(optional).Contains(name, StringComparer.Ordinal), place, "unknown-column", $"The columns are {string.Join(", ", needed.Concat(optional))}."))
                faults.Require(header._columns.TryAdd(name, column), place, "repeated-item", "Another column has this name.");
        }

        var missing = needed.Where(name => !header._columns.ContainsKey(name)).ToList();
        foreach (var name in missing)
            faults.Add(Sheet.Place(sheet.Name, 0, 1), "missing-column", $"The first row has a column {name}.");
        return missing.Count == 0 ? header : null;
    }

    public IEnumerable<string> Names => _columns.Keys;

    /// <summary>From 0; null where there is no such column.</summary>
    public int? Of(string name) => _columns.TryGetValue(name, out var column) ? column : null;
}

/// <summary>One row by the names of its columns. What a cell says wrongly is a fault at that cell, and null.</summary>
internal sealed class RowReader(string sheet, Header header, SheetRow row, Faults faults)
{
    // Spreadsheets take 1900 for a leap year, so that their count is true from March of it on.
    private const int SpreadsheetLeapDay = 60;
    private const int LastSpreadsheetDay = 2_958_465;
    private static readonly DateOnly FirstSpreadsheetDay = new(1899, 12, 30);

    public string Sheet => sheet;

    public string Place(string column) => Exchange.Sheet.Place(sheet, header.Of(column) ?? 0, row.Number);

    public bool IsGiven(string column) => !CellOf(column).IsEmpty;

    /// <summary>Whether any column with this beginning is given.</summary>
    public bool SaysOf(string beginning) => header.Names.Any(name => name.StartsWith(beginning, StringComparison.Ordinal) && IsGiven(name));

    public string? Text(string column) => CellOf(column) switch
    {
        { Kind: CellKind.Formula } => null,
        { Kind: CellKind.Other } => Refuse(column, "not-text", "Text; not a date, a truth value or an error."),
        var cell when CellText.LooksLikeFormula(cell) => Refuse(column, "formula-in-cell", "Text that begins like a formula is written with ' before it."),
        var cell => CellText.Read(cell.Text),
    };

    public decimal? Number(string column)
    {
        var cell = CellOf(column);
        if (cell is { Kind: CellKind.Formula } or { IsEmpty: true })
            return null;
        if (CellText.TryRead(cell, out var number))
            return number;
        if (CellText.LooksLikeFormula(cell))
            Refuse(column, "formula-in-cell", "What a formula comes to, not the formula.");
        else
            Refuse(column, "not-a-number", "Digits 0-9 with a point before the decimals, without thousands separators, unit or exponent: 1234.5.");
        return null;
    }

    /// <summary>A day as text, 2026-01-31, or as a spreadsheet keeps it: days since the end of 1899.</summary>
    public DateOnly? Day(string column)
    {
        var cell = CellOf(column);
        if (cell is { Kind: CellKind.Formula } or { IsEmpty: true })
            return null;
        if (DateOnly.TryParseExact(cell.Text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        if (cell.Kind == CellKind.Number && CellText.TryRead(cell, out var number) && decimal.IsInteger(number) && number is > SpreadsheetLeapDay and <= LastSpreadsheetDay)
            return FirstSpreadsheetDay.AddDays((int)number);
        Refuse(column, "not-a-day", "A day, as 2026-01-31.");
        return null;
    }

    /// <summary>A whole number from the first to the last; null with a fault otherwise.</summary>
    public int? Whole(string column, int first, int last, string code, string message)
    {
        var given = Number(column);
        if (given is { } number && decimal.IsInteger(number) && number >= first && number <= last)
            return (int)number;
        if (given is not null || !IsGiven(column))
            faults.Add(Place(column), code, message);
        return null;
    }

    /// <summary>All of the row's formulas, also where nothing is read; the cells themselves are then passed over.</summary>
    public void RefuseFormulas()
    {
        for (var column = 0; column < row.Cells.Count; column++)
        {
            if (row[column].Kind == CellKind.Formula)
                faults.Add(Exchange.Sheet.Place(sheet, column, row.Number), "formula-in-cell", "What a formula comes to, not the formula.");
        }
    }

    private Cell CellOf(string column) => header.Of(column) is { } index ? row[index] : Cell.Empty;

    private string? Refuse(string column, string code, string message)
    {
        faults.Add(Place(column), code, message);
        return null;
    }
}
