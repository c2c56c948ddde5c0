namespace CarbonMarket.Verification.Exchange;

/// <summary>The sheets of a year as one long table: the columns of all of them, and before them which sheet a row would be in.</summary>
internal static class CsvTable
{
    public const string Row = "row";

    private static readonly Dictionary<string, string> Words = EvidenceTables.All.ToDictionary(table => table.Sheet, table => table.Word, StringComparer.Ordinal);

    public static byte[] Write(IReadOnlyList<Sheet> sheets)
    {
        var names = sheets.SelectMany(sheet => NamesOf(sheet)).Distinct(StringComparer.Ordinal).ToList();
        var rows = sheets.SelectMany(sheet =>
        {
            var at = NamesOf(sheet).Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
            return sheet.Rows.Skip(1).Select(row => (IReadOnlyList<Cell>)[new Cell(Words[sheet.Name]), .. names.Select(name => row[at.GetValueOrDefault(name, -1)])]);
        });
        return CsvSheets.Write([[new Cell(Row), .. names.Select(name => new Cell(name))], .. rows]);
    }

    private static IEnumerable<string> NamesOf(Sheet sheet) => sheet.Rows[0].Cells.Select(cell => cell.Text);
}
