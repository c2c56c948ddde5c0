using System.Globalization;
using System.Xml;
using CarbonMarket.ServiceDefaults.Problems;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using XlsxCell = DocumentFormat.OpenXml.Spreadsheet.Cell;
using XlsxSheet = DocumentFormat.OpenXml.Spreadsheet.Sheet;

namespace CarbonMarket.Verification.Exchange;

/// <summary>The sheets of a workbook (XLSX, ECMA-376) as its cells say, read cell by cell; nothing in it is calculated or followed.</summary>
internal sealed class WorkbookReader
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private readonly Faults _faults;
    private readonly List<string> _texts = [];
    private int _elements;

    private WorkbookReader(Faults faults) => _faults = faults;

    /// <summary>The sheets; where it cannot be taken apart also its faults.</summary>
    /// <param name="wanted">Sheets that are read; of others only the name is.</param>
    public static IReadOnlyList<Sheet> Read(ReadOnlyMemory<byte> content, IReadOnlySet<string> wanted, Faults faults)
    {
        try
        {
            if (!WorkbookPackage.Unpacks(content, faults))
                return [];
            using var workbook = SpreadsheetDocument.Open(new MemoryStream(content.ToArray(), writable: false), isEditable: false, WorkbookPackage.Bounded);
            return WorkbookPackage.IsPassive(workbook, faults) ? new WorkbookReader(faults).Sheets(workbook, wanted) : [];
        }
        catch (Exception exception) when (IsOfTheFile(exception))
        {
            faults.Add("body", "unreadable-workbook", $"A whole XLSX workbook. This one cannot be read: {exception.Message}");
            return [];
        }
    }

    // What the libraries throw at a file that is broken or forged.
    private static bool IsOfTheFile(Exception exception) => exception
        is InvalidDataException or XmlException or OpenXmlPackageException or FileFormatException or IOException or FormatException or UriFormatException
        or InvalidOperationException or ArgumentException or KeyNotFoundException or NotSupportedException or OverflowException;

    private List<Sheet> Sheets(SpreadsheetDocument workbook, IReadOnlySet<string> wanted)
    {
        var part = workbook.WorkbookPart ?? throw new InvalidDataException("It has no workbook.");
        List<XlsxSheet> named = [.. part.Workbook.Sheets?.Elements<XlsxSheet>() ?? []];
        if (!_faults.Require(named.Count <= SheetLimits.MostSheets, "body", "too-many-sheets", $"A workbook has {SheetLimits.MostSheets} sheets at most, not {named.Count}."))
            return [];
        ReadSharedTexts(part);
        var sheets = new List<Sheet>();
        foreach (var sheet in named)
        {
            var name = sheet.Name?.Value ?? string.Empty;
            sheets.Add(new Sheet(name, wanted.Contains(name) ? Rows(name, PartOf(sheet, part)) : []));
        }

        return sheets;
    }

    private static WorksheetPart PartOf(XlsxSheet sheet, WorkbookPart workbook) =>
        workbook.GetPartById(sheet.Id?.Value ?? string.Empty) as WorksheetPart ?? throw new InvalidDataException($"{sheet.Name} is no sheet of cells.");

    private void ReadSharedTexts(WorkbookPart part)
    {
        if (part.SharedStringTablePart is not { } shared)
            return;
        using var reader = OpenXmlReader.Create(shared);
        while (reader.Read())
        {
            if (reader.ElementType != typeof(SharedStringItem) || !reader.IsStartElement)
                continue;
            Count();
            _texts.Add(TextOf((SharedStringItem)reader.LoadCurrentElement()!));
        }
    }

    private List<SheetRow> Rows(string sheet, WorksheetPart part)
    {
        var (rows, number) = (new List<SheetRow>(), 0);
        using var reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            if (reader.ElementType != typeof(Row) || !reader.IsStartElement)
                continue;
            Count();
            number = Attribute(reader, "r") is { } said ? int.Parse(said, CultureInfo.InvariantCulture) : number + 1;
            if (rows.Count == SheetLimits.MostRows)
            {
                _faults.Add(Sheet.Place(sheet, 0, number), "too-many-rows", $"A sheet has {SheetLimits.MostRows} rows at most.");
                break;
            }

            var cells = Cells(sheet, number, reader);
            if (cells.Exists(cell => !cell.IsEmpty))
                rows.Add(new SheetRow(number, cells));
        }

        return rows;
    }

    private List<Cell> Cells(string sheet, int row, OpenXmlReader reader)
    {
        var cells = new List<Cell>();
        if (!reader.ReadFirstChild())
            return cells;
        do
        {
            if (reader.ElementType != typeof(XlsxCell))
                continue;
            Count();
            var given = (XlsxCell)reader.LoadCurrentElement()!;
            var (column, cell) = (given.CellReference?.Value is { } reference ? ColumnOf(reference) : cells.Count, Of(given));
            if (cell.IsEmpty)
                continue;
            if (column >= SheetLimits.MostColumns)
            {
                _faults.Add(Sheet.Place(sheet, column, row), "too-many-columns", $"A row has {SheetLimits.MostColumns} cells at most.");
                continue;
            }

            while (cells.Count <= column)
                cells.Add(Cell.Empty);
            cells[column] = Sheet.Bounded(cell, sheet, column, row, _faults);
        }
        while (reader.ReadNextSibling());

        return cells;
    }

    private Cell Of(XlsxCell cell)
    {
        if (cell.CellFormula is { } formula)
            return new Cell(formula.Text, CellKind.Formula);
        var value = cell.CellValue?.Text ?? string.Empty;
        return cell.DataType?.InnerText switch
        {
            null or "n" => new Cell(value, CellKind.Number),
            "s" => new Cell(_texts[int.Parse(value, CultureInfo.InvariantCulture)]),
            "inlineStr" => new Cell(cell.InlineString is { } inline ? TextOf(inline) : string.Empty),
            "str" => new Cell(XmlText.Read(value)),
            _ => new Cell(value, CellKind.Other),
        };
    }

    // Rows and cells may be empty, and then cost time without being kept.
    private void Count()
    {
        if (++_elements > SheetLimits.MostElements)
            throw new InvalidDataException($"It has more than {SheetLimits.MostElements} rows, cells and texts.");
    }

    // In runs where its parts look different; how it is pronounced is not part of it.
    private static string TextOf(RstType text) => XmlText.Read(text.Text?.Text ?? string.Concat(text.Elements<Run>().Select(run => run.Text?.Text)));

    private static string? Attribute(OpenXmlReader reader, string name) =>
        reader.Attributes.Where(attribute => attribute.LocalName == name && attribute.NamespaceUri.Length == 0).Select(attribute => attribute.Value).FirstOrDefault();

    private static int ColumnOf(string reference)
    {
        var column = 0;
        foreach (var letter in reference.TakeWhile(char.IsAsciiLetter).Take(4))
            column = column * 26 + char.ToUpperInvariant(letter) - 'A' + 1;
        return column > 0 ? column - 1 : throw new InvalidDataException($"{reference} names no cell.");
    }
}
