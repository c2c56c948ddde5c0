using System.Text;

namespace CarbonMarket.Verification.Exchange;

/// <summary>Files that are wrong as a whole, and all that an import then says.</summary>
internal static class BrokenFiles
{
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static IEnumerable<(string Name, string Format, byte[] Content, string[] Faults)> All(GoodYear year)
    {
        var (sheets, whole) = (year.Sheets(), new RawWorkbook(year.Sheets()).Bytes());
        foreach (var length in new[] { 1, 10, 100, whole.Length / 2, whole.Length - 30, whole.Length - 1 })
            yield return ($"a ZIP archive cut after {length} bytes", "xlsx", whole[..length], ["body unreadable-workbook"]);
        foreach (var at in new[] { 0, 40, whole.Length / 3 })
            yield return ($"a ZIP archive with other bytes from {at} on", "xlsx", [.. whole[..at], .. Enumerable.Repeat((byte)0x5A, 64), .. whole[(at + 64)..]], ["body unreadable-workbook"]);
        yield return ("CSV that is sent as XLSX", "xlsx", CsvTable.Write(sheets), ["body unreadable-workbook"]);
        yield return ("XLSX that is sent as CSV", "csv", whole, ["Csv!A1 not-utf8"]);
        yield return ("a ZIP archive that is no workbook", "xlsx", Without("xl/workbook.xml"), ["body unreadable-workbook"]);
        yield return ("a workbook without one of its sheets", "xlsx", Without("xl/sheet1.xml"), ["body unreadable-workbook"]);
        yield return ("a sheet that is no XML", "xlsx", Raw().Replace("xl/sheet1.xml", "</sheetData>", "<").Bytes(), ["body unreadable-workbook"]);
        yield return ("a sheet with entities of its own", "xlsx", Raw().Replace("xl/sheet0.xml", "<worksheet", "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">]><worksheet").Bytes(), ["body unreadable-workbook"]);
        yield return ("a row whose number is none", "xlsx", Raw().Replace("xl/sheet1.xml", "<row r=\"2\"", "<row r=\"x\"").Bytes(), ["body unreadable-workbook"]);
        yield return ("a text that is not shared", "xlsx", Raw().Replace("xl/sheet1.xml", "<c r=\"E2\">", "<c r=\"E2\" t=\"s\">").Bytes(), ["body unreadable-workbook"]);

        yield return ("a bomb of 80 MB of blanks", "xlsx", Raw().Replace("xl/sheet1.xml", "<sheetData>", $"<sheetData>{new string(' ', 80_000_000)}").Bytes(), ["body unpacks-too-large"]);
        yield return ("a small bomb", "xlsx", Raw().Replace("xl/sheet1.xml", "<sheetData>", $"<sheetData>{new string(' ', 3_000_000)}").Bytes(), ["body unpacks-too-large"]);
        yield return ("a bomb that says it is small", "xlsx", Lying(Raw().Replace("xl/sheet1.xml", "<sheetData>", $"<sheetData>{new string(' ', 80_000_000)}").Bytes()), ["body unreadable-workbook"]);
        yield return ("very many empty rows", "xlsx", Noisy(Raw().Replace("xl/sheet1.xml", "</sheetData>", $"{string.Concat(Enumerable.Repeat("<row/>", SheetLimits.MostElements))}</sheetData>")), ["body unreadable-workbook"]);
        // Joined one by one they would be copied for hours.
        var runs = string.Concat(Enumerable.Repeat("<t>x</t>", 4_000_000));
        yield return ("a cell of very many runs", "xlsx", Noisy(Raw().Replace("xl/sheet0.xml", "<t xml:space=\"preserve\">1.csv</t>", runs)), ["Files!D2 cell-too-long"]);
        yield return (
            "a shared text of very many runs", "xlsx",
            Noisy(Raw().With(
                "sharedStrings.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml", $"{Relations}/sharedStrings",
                $"""<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>{runs}</si></sst>""")
                .Replace("xl/sheet0.xml", """<c r="D2" t="inlineStr"><is><t xml:space="preserve">1.csv</t></is></c>""", """<c r="D2" t="s"><v>0</v></c>""")),
            ["Files!D2 cell-too-long"]);
        yield return (
            "a formula of very many pieces", "xlsx",
            Noisy(Raw().Replace("xl/sheet1.xml", "<c r=\"E2\">", $"<c r=\"E2\"><f>{string.Concat(Enumerable.Repeat("1<!---->", 4_000_000))}</f>")), ["Figures!E2 cell-too-long"]);
        var parts = Raw();
        for (var part = 0; part < SheetLimits.MostParts; part++)
            parts.Parts[$"xl/other{part}.xml"] = "<x/>";
        yield return ("a workbook of very many parts", "xlsx", parts.Bytes(), ["body too-many-parts"]);
        yield return ("a workbook of very many sheets", "xlsx", new RawWorkbook([.. sheets, .. Enumerable.Range(1, 9).Select(number => new Sheet($"S{number}", []))]).Bytes(), ["body too-many-sheets"]);
        yield return (
            "very many rows", "xlsx", Raw().Replace("xl/sheet1.xml", "</sheetData>", $"{string.Concat(Enumerable.Range(26, 20_001).Select(Row))}</sheetData>").Bytes(),
            ["Figures!A20001 too-many-rows", .. Enumerable.Range(26, 2_500).SelectMany(row => new[] { $"Figures!A{row} wrong-year", $"Figures!B{row} invalid-month" }).Take(SheetLimits.MostFaults - 1)]);
        yield return ("very many rows of text", "csv", [.. CsvTable.Write(sheets), .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("x\n", 20_000)))], TooManyRows());
        yield return ("a cell far to the right", "xlsx", Raw().Replace("xl/sheet1.xml", "<c r=\"G2\"", "<c r=\"XFD2\"").Bytes(), ["Figures!XFD2 too-many-columns", "Figures!G2 unknown-file"]);
        yield return ("a row of very many cells", "csv", Csv(text => text.Replace("figure,2025,1,", "figure,2025,1" + new string(',', 60), StringComparison.Ordinal)), ["Csv!AY14 too-many-columns", "Csv!AY15 too-many-columns", "Csv!A1 figure-missing", "Csv!A1 figure-missing"]);

        yield return ("macros", "xlsx", Raw().With("vbaProject.bin", "application/vnd.ms-office.vbaProject", "http://schemas.microsoft.com/office/2006/relationships/vbaProject").Bytes(), ["body active-content"]);
        yield return ("a workbook that says it has macros", "xlsx", Raw().Replace(
            "[Content_Types].xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml").Bytes(), ["body active-content"]);
        yield return ("data from another workbook", "xlsx", Raw().With(
            "externalLinks/externalLink1.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml", $"{Relations}/externalLink").Bytes(), ["body external-link"]);
        yield return ("data from a data base", "xlsx", Raw().With(
            "connections.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml", $"{Relations}/connections").Bytes(), ["body external-link"]);
        yield return ("something of an address", "xlsx", Raw().With("http://example.org/x", "", $"{Relations}/image", isExternal: true).Bytes(), ["body external-link"]);

        yield return ("Latin-1", "csv", Csv(text => text, Encoding.Latin1, "é"), ["Csv!A2 not-utf8"]);
        yield return ("GB 18030", "csv", [.. CsvTable.Write(sheets), 0xD2, 0xBB, 0xD4, 0xC2], ["Csv!A38 not-utf8"]);
        yield return ("UTF-16", "csv", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Text())).ToArray(), ["Csv!A1 not-utf8"]);
        yield return ("a quotation mark that is not closed", "csv", Csv(text => text.Replace("1.csv,", "\"1.csv,", StringComparison.Ordinal)), [.. Malformed(2, 12), "Csv!F2 unknown-evidence-kind"]);
        yield return ("semicolons", "csv", Csv(text => text.Replace(',', ';')), ["Csv!A1 unknown-column", .. Enumerable.Repeat("Csv!A1 missing-column", 11)]);
        yield return ("nothing but a heading", "csv", Csv(text => text[..(text.IndexOf('\n', StringComparison.Ordinal) + 1)]), ["body nothing-filled-in"]);
        yield return ("nothing but a byte order mark", "csv", [0xEF, 0xBB, 0xBF], Enumerable.Repeat("Csv!A1 missing-column", 11).ToArray());
        yield return ("rows of a third kind", "csv", Csv(text => text.Replace("file,2025,12", "meter,2025,12", StringComparison.Ordinal)), ["Csv!A13 unknown-row", .. NoFile()]);
        foreach (var column in GoodYear.FigureColumns)
        {
            yield return ($"no column {column}", "xlsx", Renamed("xl/sheet1.xml", column, ""), ["Figures!A1 missing-column"]);
            yield return (
                $"{column} in capitals", "xlsx", Renamed("xl/sheet1.xml", column, column.ToUpperInvariant()),
                [$"{Sheet.Place("Figures", Array.IndexOf(GoodYear.FigureColumns, column), 1)} unknown-column", "Figures!A1 missing-column"]);
        }

        yield return ("a column twice", "xlsx", Renamed("xl/sheet1.xml", "unit", "value"), ["Figures!F1 repeated-item", "Figures!A1 missing-column"]);
        yield return ("a heading that is a formula", "csv", Csv(text => text.Replace("value", "=value", StringComparison.Ordinal)), ["Csv!I1 unknown-column", "Csv!A1 missing-column"]);
        yield return ("another sheet", "xlsx", new RawWorkbook([.. sheets, new Sheet("Sheet1", [])]).Bytes(), ["Sheet1!A1 unknown-sheet"]);
        yield return ("no figures", "xlsx", new RawWorkbook([sheets[0]]).Bytes(), [.. Enumerable.Repeat("Figures!A1 figure-missing", 24)]);
        yield return ("no files", "xlsx", new RawWorkbook([sheets[1]]).Bytes(), [.. Enumerable.Repeat("Files!A1 list-size", 12), .. Enumerable.Range(2, 24).Select(row => $"Figures!G{row} unknown-file")]);

        byte[] Without(string part)
        {
            var raw = Raw();
            raw.Parts.Remove(part);
            return raw.Bytes();
        }

        // With what does not compress, so that the rest may unpack to more.
        static byte[] Noisy(RawWorkbook workbook)
        {
            var noise = new byte[200_000];
            new Random(4711).NextBytes(noise);
            workbook.Parts["xl/noise.xml"] = $"<x>{Convert.ToHexString(noise)}</x>";
            return workbook.Bytes();
        }

        // Every part has 100 bytes, says the archive's directory.
        static byte[] Lying(byte[] archive)
        {
            for (var at = 0; archive.AsSpan(at).IndexOf("PK\x01\x02"u8) is >= 0 and var found; at += found + 4)
                BitConverter.TryWriteBytes(archive.AsSpan(at + found + 24), 100).ShouldBeTrue();
            return archive;
        }

        RawWorkbook Raw() => new(sheets);
        byte[] Renamed(string part, string column, string by) => Raw().Replace(part, $">{column}<", $">{by}<").Bytes();
        string Text() => Encoding.UTF8.GetString(CsvTable.Write(sheets)).TrimStart('\uFEFF');
        byte[] Csv(Func<string, string> spoil, Encoding? encoding = null, string by = "") =>
            (encoding ?? Encoding.UTF8).GetBytes(spoil(by.Length == 0 ? Text() : Text().Replace("1.csv", by, StringComparison.Ordinal)));
        string[] NoFile() => ["Csv!A1 list-size", "Csv!K36 unknown-file", "Csv!K37 unknown-file"];
        static string Row(int number) => $"<row r=\"{number}\"><c r=\"H{number}\"><v>1</v></c></row>";
        static string[] TooManyRows() => ["Csv!A20001 too-many-rows", .. Enumerable.Range(38, SheetLimits.MostFaults - 1).Select(row => $"Csv!A{row} unknown-row")];
        static string[] Malformed(params int[] rows) => [.. rows.Select(row => $"Csv!A{row} malformed-row")];
    }
}
