using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CarbonMarket.ServiceDefaults.Problems;
using CsvHelper;

namespace CarbonMarket.Verification.Exchange;

/// <summary>CSV (RFC 4180, UTF-8 with or without byte order mark) as one sheet, and back.</summary>
internal static class CsvSheets
{
    public const string MediaType = "text/csv";
    public const string SheetName = "Csv";

    /// <summary>The sheet; where the text cannot be taken apart also its faults.</summary>
    public static IReadOnlyList<Sheet> Read(ReadOnlyMemory<byte> content, Faults faults)
    {
        if (!Utf8.IsValid(content.Span))
        {
            faults.Add(Sheet.Place(SheetName, 0, LineOfFirstInvalidByte(content.Span)), "not-utf8", "CSV is text in UTF-8; this line is not.");
            return [];
        }

        using var reader = CsvReader.Create(content, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            // No cell has a line break in it; so a quote that is never closed spoils its own line and not the rest of the file.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => faults.Add(
                Sheet.Place(SheetName, 0, (int)record.LineNumber), "malformed-row", "A quotation mark stands where none may, or is never closed."),
        });
        var rows = new List<SheetRow>();
        while (reader.Read())
        {
            var number = (int)reader.LineNumber;
            if (rows.Count == SheetLimits.MostRows)
            {
                faults.Add(Sheet.Place(SheetName, 0, number), "too-many-rows", $"A sheet has {SheetLimits.MostRows} rows at most.");
                break;
            }

            if (reader.FieldCount <= SheetLimits.MostColumns)
                rows.Add(new SheetRow(number, Cells(reader, number, faults)));
            else
                faults.Add(
                    Sheet.Place(SheetName, SheetLimits.MostColumns, number), "too-many-columns", $"A row has {SheetLimits.MostColumns} cells at most, not {reader.FieldCount}.");
        }

        return [new Sheet(SheetName, rows)];
    }

    public static byte[] Write(IEnumerable<IReadOnlyList<Cell>> rows)
    {
        using var content = new MemoryStream();
        // With a byte order mark: without it a spreadsheet takes the text for something else than UTF-8.
        using (var csv = CsvWriter.Create(content, new CsvWriterOptions { WriteByteOrderMark = true }, leaveOpen: true))
        {
            foreach (var row in rows)
                csv.WriteRecord([.. row.Select(cell => cell.Text)]);
        }

        return content.ToArray();
    }

    private static Cell[] Cells(CsvReader reader, int row, Faults faults)
    {
        var cells = new Cell[reader.FieldCount];
        for (var column = 0; column < cells.Length; column++)
            cells[column] = Sheet.Bounded(new Cell(reader.GetString(column)), SheetName, column, row, faults);
        return cells;
    }

    private static int LineOfFirstInvalidByte(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        while (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done)
        {
            line += rune.Value == '\n' ? 1 : 0;
            bytes = bytes[length..];
        }

        return line;
    }
}
