using System.Globalization;
using CarbonMarket.Verification.Evidence;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using XlsxCell = DocumentFormat.OpenXml.Spreadsheet.Cell;
using XlsxColumn = DocumentFormat.OpenXml.Spreadsheet.Column;
using XlsxSheet = DocumentFormat.OpenXml.Spreadsheet.Sheet;

namespace CarbonMarket.Verification.Exchange;

/// <summary>
/// The sheets of a year as a workbook: instructions first, then the tables, whose cells say what may stand in them. All but numbers is
/// formatted as text, or a spreadsheet would make dates and numbers of names and hashes.
/// </summary>
internal static class WorkbookWriter
{
    private const uint Plain = 0;
    private const uint Heading = 1;
    private const uint AsText = 2;
    private const uint Wrapped = 3;
    private const int BuiltInTextFormat = 49;
    private const int MostRows = SheetLimits.MostRows;
    private const double Narrow = 12;
    private const double Wide = 28;

    public static byte[] Write(IReadOnlyList<Sheet> sheets)
    {
        using var content = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(content, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            var styles = workbook.AddNewPart<WorkbookStylesPart>();
            styles.Stylesheet = Styles();
            var named = new Sheets();
            foreach (var (index, sheet) in sheets.Prepend(Instructions.Sheet).Index())
            {
                var part = workbook.AddNewPart<WorksheetPart>();
                Write(part, sheet);
                named.AppendChild(new XlsxSheet { Name = sheet.Name, SheetId = (uint)index + 1, Id = workbook.GetIdOfPart(part) });
            }

            workbook.Workbook = new Workbook(named);
        }

        return content.ToArray();
    }

    private static void Write(WorksheetPart part, Sheet sheet)
    {
        var (isTable, names) = (sheet.Name != YearSheets.Instructions, sheet.Rows[0].Cells.Select(cell => cell.Text).ToList());
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new Worksheet());
        if (isTable)
            writer.WriteElement(new SheetViews(new SheetView(
                new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 }));
        writer.WriteElement(isTable ? Columns(names) : new Columns(new XlsxColumn { Min = 1, Max = 1, Width = 120, CustomWidth = true }));
        writer.WriteStartElement(new SheetData());
        foreach (var row in sheet.Rows)
        {
            writer.WriteStartElement(new Row { RowIndex = (uint)row.Number });
            for (var column = 0; column < row.Cells.Count; column++)
            {
                if (!row[column].IsEmpty)
                    writer.WriteElement(Of(row[column], Exchange.Sheet.Reference(column, row.Number), isTable ? row.Number == 1 ? Heading : AsText : Wrapped));
            }

            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        if (isTable)
            writer.WriteElement(Validations(names));
        writer.WriteEndElement();
    }

    private static XlsxCell Of(Cell cell, string reference, uint style) => cell.Kind == CellKind.Number
        ? new XlsxCell { CellReference = reference, CellValue = new CellValue(cell.Text), StyleIndex = Plain }
        : new XlsxCell
        {
            CellReference = reference, DataType = CellValues.InlineString, StyleIndex = style,
            InlineString = new InlineString(new Text(XmlText.Write(cell.Text)) { Space = SpaceProcessingModeValues.Preserve }),
        };

    private static Columns Columns(List<string> names) => new(names.Select((name, index) => new XlsxColumn
    {
        Min = (uint)index + 1, Max = (uint)index + 1, Width = IsNumber(name) ? Narrow : Wide, CustomWidth = true, Style = IsNumber(name) ? Plain : AsText,
    }));

    private static bool IsNumber(string name) => EvidenceTables.Numbers.Contains(name);

    /// <summary>What a spreadsheet lets its user choose from; a warning only, since the import says more.</summary>
    private static DataValidations Validations(List<string> names)
    {
        List<DataValidation> rules = [Rule(names.IndexOf(EvidenceTables.Month), "1", DataValidationValues.Whole, "12")];
        if (names.IndexOf("kind") is >= 0 and var kind)
            rules.Add(Rule(kind, $"\"{string.Join(',', Enum.GetValues<EvidenceKind>().Select(Words.Of))}\"", DataValidationValues.List));
        if (names.IndexOf("evidence") is >= 0 and var evidence)
            rules.Add(Rule(evidence, FileNames, DataValidationValues.List));
        if (names.IndexOf("value") is >= 0 and var value)
            rules.Add(Rule(value, "-1000000000000", DataValidationValues.Decimal, "1000000000000"));
        return new DataValidations(rules) { Count = (uint)rules.Count };
    }

    /// <summary>The cells of the other sheet that name files: <c>Files!$D$2:$D$20000</c>.</summary>
    private static string FileNames
    {
        get
        {
            var column = Exchange.Sheet.Letters(2 + EvidenceTables.Files.Columns.Index().Single(column => column.Item.Name == "name").Index);
            return string.Create(CultureInfo.InvariantCulture, $"{EvidenceTables.Files.Sheet}!${column}$2:${column}${MostRows}");
        }
    }

    private static DataValidation Rule(int column, string first, DataValidationValues type, string? second = null)
    {
        var rule = new DataValidation
        {
            Type = type, AllowBlank = true, ShowErrorMessage = true, ErrorStyle = DataValidationErrorStyleValues.Warning,
            SequenceOfReferences = new ListValue<StringValue>([$"{Exchange.Sheet.Reference(column, 2)}:{Exchange.Sheet.Reference(column, MostRows)}"]),
            Formula1 = new Formula1(first),
        };
        if (second is not null)
            rule.Formula2 = new Formula2(second);
        return rule;
    }

    private static Stylesheet Styles() => new(
        new Fonts(new Font(), new Font(new Bold())) { Count = 2 },
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })) { Count = 2 },
        new Borders(new Border()) { Count = 1 },
        new CellStyleFormats(new CellFormat()) { Count = 1 },
        new CellFormats(
            new CellFormat(),
            new CellFormat { FontId = 1, ApplyFont = true, NumberFormatId = BuiltInTextFormat, ApplyNumberFormat = true },
            new CellFormat { NumberFormatId = BuiltInTextFormat, ApplyNumberFormat = true },
            new CellFormat(new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Top }) { ApplyAlignment = true }) { Count = 4 });
}
