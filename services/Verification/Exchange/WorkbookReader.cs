using System.Globalization;
using System.Text;
using System.Xml;
using CarbonMarket.ServiceDefaults.Problems;
using DocumentFormat.OpenXml.Packaging;
using XlsxSheet = DocumentFormat.OpenXml.Spreadsheet.Sheet;

namespace CarbonMarket.Verification.Exchange;

/// <summary>The sheets of a workbook (XLSX, ECMA-376) as its cells say, read cell by cell; nothing in it is calculated or followed.</summary>
internal sealed class WorkbookReader
{
    public const string MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>A cell's characters, each written as its number.</summary>
    private const int LongestWritten = SheetLimits.LongestCell * 7;

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
        using var reader = Open(shared);
        while (reader.Read())
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "si" })
                continue;
            Count();
            _texts.Add(XmlText.Read(Content(reader).Text));
        }
    }

    private List<SheetRow> Rows(string sheet, WorksheetPart part)
    {
        var (rows, number) = (new List<SheetRow>(), 0);
        using var reader = Open(part);
        while (reader.Read())
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "row" })
                continue;
            Count();
            number = reader.GetAttribute("r") is { } said ? int.Parse(said, CultureInfo.InvariantCulture) : number + 1;
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

    private List<Cell> Cells(string sheet, int row, XmlReader reader)
    {
        var cells = new List<Cell>();
        foreach (var node in Nodes(reader))
        {
            if (node != XmlNodeType.Element || reader.LocalName != "c")
                continue;
            Count();
            var (column, cell) = (reader.GetAttribute("r") is { } reference ? ColumnOf(reference) : cells.Count, Of(reader));
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

        return cells;
    }

    private Cell Of(XmlReader reader)
    {
        var type = reader.GetAttribute("t");
        var (value, formula) = Content(reader);
        if (formula is not null)
            return new Cell(formula, CellKind.Formula);
        return type switch
        {
            null or "n" => new Cell(value, CellKind.Number),
            "s" => new Cell(_texts[int.Parse(value, CultureInfo.InvariantCulture)]),
            "inlineStr" or "str" => new Cell(XmlText.Read(value)),
            _ => new Cell(value, CellKind.Other),
        };
    }

    /// <summary>What an element says in its values and texts, which may be in runs that look different, and its formula; how a text is pronounced is not part of it.</summary>
    private static (string Text, string? Formula) Content(XmlReader reader)
    {
        var (text, formula, inside, pronounced) = (new StringBuilder(), (StringBuilder?)null, (string?)null, false);
        foreach (var node in Nodes(reader))
        {
            switch (node)
            {
                case XmlNodeType.Element:
                    inside = reader.IsEmptyElement ? null : reader.LocalName;
                    formula ??= reader.LocalName == "f" ? new StringBuilder() : null;
                    pronounced |= inside == "rPh";
                    break;
                case XmlNodeType.EndElement:
                    inside = null;
                    pronounced &= reader.LocalName != "rPh";
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace when inside == "f":
                    Append(reader, formula!);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace when inside is "v" or "t" && !pronounced:
                    Append(reader, text);
                    break;
            }
        }

        return (text.ToString(), formula?.ToString());
    }

    // Runs cost a few bytes each: what is too long already does not grow with every one of them.
    private static void Append(XmlReader reader, StringBuilder text)
    {
        if (text.Length <= LongestWritten)
            text.Append(reader.Value);
    }

    /// <summary>What the element holds on which the reader stands, one after the other; it stands at the element's end then.</summary>
    private static IEnumerable<XmlNodeType> Nodes(XmlReader reader)
    {
        var depth = reader.Depth;
        if (reader.IsEmptyElement)
            yield break;
        while (reader.Read() && reader.Depth > depth)
            yield return reader.NodeType;
    }

    private static XmlReader Open(OpenXmlPart part) => XmlReader.Create(
        part.GetStream(FileMode.Open, FileAccess.Read), new XmlReaderSettings { CloseInput = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });

    // Rows and cells may be empty, and then cost time without being kept.
    private void Count()
    {
        if (++_elements > SheetLimits.MostElements)
            throw new InvalidDataException($"It has more than {SheetLimits.MostElements} rows, cells and texts.");
    }

    private static int ColumnOf(string reference)
    {
        var column = 0;
        foreach (var letter in reference.TakeWhile(char.IsAsciiLetter).Take(4))
            column = column * 26 + char.ToUpperInvariant(letter) - 'A' + 1;
        return column > 0 ? column - 1 : throw new InvalidDataException($"{reference} names no cell.");
    }
}
