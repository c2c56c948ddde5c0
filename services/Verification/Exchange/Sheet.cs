using System.Globalization;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Verification.Exchange;

/// <summary>What a cell holds. Number is what a spreadsheet keeps as a number; a number may also be written as text.</summary>
internal enum CellKind
{
    Text,
    Number,
    Formula,

    /// <summary>A date, a truth value or an error: nothing that evidence is made of.</summary>
    Other,
}

/// <param name="Text">Empty: the cell is.</param>
internal readonly record struct Cell(string Text, CellKind Kind = CellKind.Text)
{
    public static readonly Cell Empty = new(string.Empty);

    public bool IsEmpty => Text.Length == 0 && Kind != CellKind.Formula;
}

/// <param name="Number">As the spreadsheet counts: from 1, the header included.</param>
/// <param name="Cells">From column A on.</param>
internal sealed record SheetRow(int Number, IReadOnlyList<Cell> Cells)
{
    public Cell this[int column] => column >= 0 && column < Cells.Count ? Cells[column] : Cell.Empty;
}

/// <summary>A sheet of a workbook, or a CSV file, which is one sheet. Rows without anything in them may be left out.</summary>
internal sealed record Sheet(string Name, IReadOnlyList<SheetRow> Rows)
{
    /// <summary>How a spreadsheet names a cell: <c>Figures!E14</c>.</summary>
    /// <param name="column">From 0.</param>
    public static string Place(string sheet, int column, int row) => $"{sheet}!{Reference(column, row)}";

    /// <summary>The same within its sheet: <c>E14</c>.</summary>
    public static string Reference(int column, int row) => string.Create(CultureInfo.InvariantCulture, $"{Letters(column)}{row}");

    /// <summary>The cell, or an empty one where it holds too much.</summary>
    public static Cell Bounded(Cell cell, string sheet, int column, int row, Faults faults)
    {
        if (cell.Text.Length <= SheetLimits.LongestCell)
            return cell;
        faults.Add(Place(sheet, column, row), "cell-too-long", $"A cell has {SheetLimits.LongestCell} characters at most; this one has {cell.Text.Length} or more.");
        return Cell.Empty;
    }

    public static string Letters(int column) => (column < 26 ? string.Empty : Letters(column / 26 - 1)) + (char)('A' + column % 26);
}

/// <summary>How much a spreadsheet may hold, compressed and unpacked, so that reading one takes bounded memory and time.</summary>
internal static class SheetLimits
{
    /// <summary>The largest year there may be fits as CSV; a body of 8 MiB reaches no service.</summary>
    public const int LargestUpload = 7 * 1024 * 1024;
    public const int LargestUnpacked = 64 * 1024 * 1024;
    public const int MostUnpackedToPacked = 200;
    public const int MostParts = 100;
    public const int MostSheets = 10;
    public const int MostElements = 500_000;
    public const int MostRows = 20_000;
    public const int MostColumns = 50;
    public const int LongestCell = 1_000;
    public const int MostFaults = 5_000;
}
