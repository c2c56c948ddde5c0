using System.Text;
using CarbonMarket.ServiceDefaults.Problems;
using CsCheck;

namespace CarbonMarket.Verification.Exchange;

/// <summary>Whatever comes is read or refused with a fault: no file makes the platform fail.</summary>
public sealed class AnyFileTests
{
    private static readonly GoodYear Year = new(2025, [.. Enumerable.Range(1, 12).Select(month => new string((char)('a' + (month % 6)), 64))]);
    private static readonly byte[] Workbook = new RawWorkbook(Year.Sheets()).Bytes();
    private static readonly byte[] Csv = CsvTable.Write(Year.Sheets());

    private static readonly string[] Words =
    [
        "", "<", "</row>", "<row>", "<row r=\"-1\">", "<row r=\"0\"/>", "r=\"A0\"", "r=\"ZZZZ1\"", "t=\"s\"", "t=\"b\"", "t=\"d\"", "t=\"inlineStr\"", "t=\"?\"", "<v/>", "<v>9</v>", "<is/>", "<f/>",
        "&#x0;", "&lt;", "99999999999999999999", "-1", "1E999", "\uFFFF", "s1", "sheet1.xml", "xmlns=\"\"", "<!--", "]]>", "<c/>", "<sheetData>", "</sheetData>",
    ];

    [Fact]
    public void A_workbook_of_which_any_part_says_something_else() =>
        Gen.Select(Gen.Int[0, 6], Gen.Double[0, 1], Gen.Int[0, 40], Gen.OneOf(Words.Select(Gen.Const).ToArray()), (part, at, length, word) => (part, at, length, word)).Array[1, 4]
            .Sample(changes =>
            {
                var raw = new RawWorkbook(Year.Sheets());
                foreach (var (part, at, length, word) in changes)
                {
                    var name = raw.Parts.Keys.ElementAt(part % raw.Parts.Count);
                    var (text, start) = (raw.Parts[name], (int)(at * raw.Parts[name].Length));
                    raw.Parts[name] = text[..start] + word + text[Math.Min(text.Length, start + length)..];
                }

                return IsAnswered(raw.Bytes(), WorkbookReader.MediaType);
            });

    [Fact]
    public void A_workbook_with_any_bytes_changed() =>
        Gen.Select(Gen.Double[0, 1], Gen.Byte.Array[1, 16]).Array[1, 4].Sample(changes => IsAnswered(Changed(Workbook, changes), WorkbookReader.MediaType));

    [Fact]
    public void Csv_with_any_bytes_changed() =>
        Gen.Select(Gen.Double[0, 1], Gen.OneOf(Gen.Byte.Array[1, 16], Gen.OneOf(new[] { "\"", "\r", "\n", ",,", "\0", "\"\"\"", "=" }.Select(Gen.Const).ToArray()).Select(Encoding.UTF8.GetBytes))).Array[1, 4]
            .Sample(changes => IsAnswered(Changed(Csv, changes), CsvSheets.MediaType));

    private static byte[] Changed(byte[] content, (double At, byte[] By)[] changes)
    {
        var changed = content.ToArray();
        foreach (var (at, by) in changes)
            by.CopyTo(changed, (int)(at * (changed.Length - by.Length)));
        return changed;
    }

    /// <summary>Either all of it was read, or a fault has a place, a code with a title and words.</summary>
    private static bool IsAnswered(byte[] content, string mediaType)
    {
        var faults = new Faults(SheetLimits.MostFaults);
        ImportYear.Read(content, mediaType, 2025, faults);
        return faults.All.All(fault => fault.Path.Length > 0 && fault.Code.Length > 0 && fault.Message.Length > 0);
    }
}
