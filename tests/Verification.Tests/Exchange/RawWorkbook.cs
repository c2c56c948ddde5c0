using System.IO.Compression;
using System.Security;
using System.Text;

namespace CarbonMarket.Verification.Exchange;

/// <summary>An XLSX written part by part, so that it can also be one that no spreadsheet would write.</summary>
internal sealed class RawWorkbook
{
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006";
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Types = "application/vnd.openxmlformats-officedocument.spreadsheetml";

    public RawWorkbook(IReadOnlyList<Sheet> sheets)
    {
        Parts["[Content_Types].xml"] = $"""
            <Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
            <Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Types}.sheet.main+xml"/>
            {string.Concat(sheets.Index().Select(sheet => $"""<Override PartName="/xl/sheet{sheet.Index}.xml" ContentType="{Types}.worksheet+xml"/>"""))}</Types>
            """;
        Parts["_rels/.rels"] = Relations($"""<Relationship Id="r" Type="{Office}/officeDocument" Target="xl/workbook.xml"/>""");
        Parts["xl/workbook.xml"] = $"""
            <workbook xmlns="{Main}" xmlns:r="{Office}"><sheets>
            {string.Concat(sheets.Index().Select(sheet => $"""<sheet name="{sheet.Item.Name}" sheetId="{sheet.Index + 1}" r:id="s{sheet.Index}"/>"""))}</sheets></workbook>
            """;
        Parts["xl/_rels/workbook.xml.rels"] = Relations(string.Concat(
            sheets.Index().Select(sheet => $"""<Relationship Id="s{sheet.Index}" Type="{Office}/worksheet" Target="sheet{sheet.Index}.xml"/>""")));
        foreach (var (index, sheet) in sheets.Index())
            Parts[$"xl/sheet{index}.xml"] = $"""<worksheet xmlns="{Main}"><sheetData>{string.Concat(sheet.Rows.Select(Row))}</sheetData></worksheet>""";
    }

    public Dictionary<string, string> Parts { get; } = new(StringComparer.Ordinal);

    /// <summary>Another part, and what the workbook has to do with it.</summary>
    public RawWorkbook With(string path, string contentType, string relation, string content = "<x/>", bool isExternal = false)
    {
        if (!isExternal)
        {
            Parts[$"xl/{path}"] = content;
            Parts["[Content_Types].xml"] = Parts["[Content_Types].xml"].Replace("</Types>", $"""<Override PartName="/xl/{path}" ContentType="{contentType}"/></Types>""", StringComparison.Ordinal);
        }

        Parts["xl/_rels/workbook.xml.rels"] = Parts["xl/_rels/workbook.xml.rels"].Replace(
            "</Relationships>", $"""<Relationship Id="x" Type="{relation}" Target="{path}"{(isExternal ? " TargetMode=\"External\"" : "")}/></Relationships>""", StringComparison.Ordinal);
        return this;
    }

    public RawWorkbook Replace(string part, string old, string by)
    {
        Parts[part].ShouldContain(old);
        Parts[part] = Parts[part].Replace(old, by, StringComparison.Ordinal);
        return this;
    }

    public byte[] Bytes()
    {
        using var content = new MemoryStream();
        using (var archive = new ZipArchive(content, ZipArchiveMode.Create))
        {
            foreach (var (path, text) in Parts)
            {
                using var entry = archive.CreateEntry(path).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return content.ToArray();
    }

    private static string Relations(string relations) => $"""<Relationships xmlns="{Package}/relationships">{relations}</Relationships>""";

    private static string Row(SheetRow row) => $"""<row r="{row.Number}">{string.Concat(row.Cells.Select((cell, column) => Of(cell, Sheet.Reference(column, row.Number))))}</row>""";

    private static string Of(Cell cell, string reference) => cell.Kind switch
    {
        CellKind.Number => $"""<c r="{reference}"><v>{cell.Text}</v></c>""",
        CellKind.Formula => $"""<c r="{reference}"><f>{SecurityElement.Escape(cell.Text)}</f><v>1000</v></c>""",
        CellKind.Other => $"""<c r="{reference}" t="e"><v>{SecurityElement.Escape(cell.Text)}</v></c>""",
        _ => $"""<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{SecurityElement.Escape(cell.Text)}</t></is></c>""",
    };
}
