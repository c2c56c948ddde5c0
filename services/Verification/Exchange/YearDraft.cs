using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Evidence;
using CarbonMarket.Verification.Plans;

namespace CarbonMarket.Verification.Exchange;

/// <summary>One row that was read, with the place it has in the file.</summary>
internal sealed record Placed(object Item, RowReader Row);

/// <summary>
/// A year's evidence as a file says it: the months that something is filled in for. They are checked as a month filed by JSON is, and
/// each fault is found at its cell.
/// </summary>
internal sealed partial class YearDraft(int year)
{
    private readonly SortedDictionary<int, Month> _months = [];

    public static YearDraft Read(IReadOnlyList<Sheet> sheets, int year, Faults faults)
    {
        var draft = new YearDraft(year);
        foreach (var sheet in sheets)
            draft.Read(sheet, faults);
        foreach (var month in draft._months.Where(month => !month.Value.IsFilledIn).Select(month => month.Key).ToList())
            draft._months.Remove(month);
        if (!faults.Any && draft._months.Count == 0)
            faults.Add("body", "nothing-filled-in", $"A sheet {EvidenceTables.Figures.Sheet}, or a CSV file, with at least one month filled in.");
        return draft;
    }

    /// <summary>SHA-256 of all files that are named.</summary>
    public IEnumerable<string> Files => _months.Values.SelectMany(month => month.Items(EvidenceTables.Files)).Select(file => file.Sha256).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Checks every month, save at cells and sheets that could not be read.</summary>
    public void Check(Faults faults, QualityPlan plan, IReadOnlySet<string> kept)
    {
        var unread = faults.All.Select(fault => fault.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var (number, month) in _months)
        {
            var found = new Faults(SheetLimits.MostFaults);
            MonthChecks.Check(found, month.Request(), plan, number, kept);
            foreach (var (path, code, message) in found.All)
            {
                var place = month.PlaceOf(path);
                if (!unread.Contains(place ?? month.TopOf(path)))
                    faults.Add(place ?? month.TopOf(path), code, place is null ? string.Create(CultureInfo.InvariantCulture, $"{year}-{number:00}: {message}") : message);
            }
        }
    }

    /// <summary>What is to be decided, month by month.</summary>
    public ImmutableArray<SubmitMonth> Commands(PolicyPack pack, QualityPlan plan, DateTimeOffset at) =>
        [.. _months.Select(month => FileMonth.Command(pack, plan, month.Key, month.Value.Request(), at))];

    /// <summary>Where a month is named first.</summary>
    public string PlaceOf(int month) => _months[month].First.Place(EvidenceTables.Month);

    private void Read(Sheet sheet, Faults faults)
    {
        if (sheet.Name == YearSheets.Instructions)
            return;
        if (sheet.Name == CsvSheets.SheetName)
        {
            var lacking = EvidenceTables.All.ToLookup(table => table.MayLack);
            var required = lacking[false].SelectMany(table => table.Required).Prepend(CsvTable.Row);
            var optional = lacking[true].SelectMany(table => table.Required).Concat(EvidenceTables.All.SelectMany(table => table.Optional));
            Rows(sheet, Header(sheet, required, optional, faults), faults, row => Read(row, row.Text(CsvTable.Row), faults));
        }
        else if (EvidenceTables.All.FirstOrDefault(table => table.Sheet == sheet.Name) is { } table)
            Rows(sheet, Header(sheet, table.Required, table.Optional, faults), faults, row => Read(table, row));
        else
            faults.Add($"{sheet.Name}!A1", "unknown-sheet", $"The sheets are {YearSheets.Instructions}, {string.Join(", ", EvidenceTables.All.Select(one => one.Sheet))}.");
    }

    private static Header? Header(Sheet sheet, IEnumerable<string> required, IEnumerable<string> optional, Faults faults) => Exchange.Header.Read(
        sheet, [EvidenceTables.Year, EvidenceTables.Month, .. required], optional.Concat(EvidenceTables.Notes).Distinct(StringComparer.Ordinal).ToList(), faults);

    private static void Rows(Sheet sheet, Header? header, Faults faults, Action<RowReader> read)
    {
        if (header is null)
            return;
        foreach (var row in sheet.Rows.Where(row => row.Number > 1 && row.Cells.Any(cell => !cell.IsEmpty)))
        {
            var reader = new RowReader(sheet.Name, header, row, faults);
            reader.RefuseFormulas();
            read(reader);
        }
    }

    private void Read(RowReader row, string? word, Faults faults)
    {
        if (EvidenceTables.All.FirstOrDefault(table => table.Word == word) is { } named)
            Read(named, row);
        else
            faults.Add(row.Place(CsvTable.Row), "unknown-row", $"One of {string.Join(", ", EvidenceTables.All.Select(table => table.Word))}.");
    }

    private void Read(Table table, RowReader row)
    {
        var right = row.Whole(EvidenceTables.Year, year, year, "wrong-year", $"The year that is filed: {year}.");
        var number = row.Whole(EvidenceTables.Month, 1, 12, "invalid-month", "A month from 1 to 12.");
        var item = table.Item(row);
        if (right is null || number is null)
            return;
        if (!_months.TryGetValue(number.Value, out var month))
            _months.Add(number.Value, month = new Month(row));
        month.Add(table, new Placed(item, row));
        month.IsFilledIn |= table.FilledIn.Any(row.IsGiven);
    }

    private sealed partial class Month(RowReader first)
    {
        public RowReader First => first;

        private readonly Dictionary<string, List<Placed>> _lists = EvidenceTables.All.ToDictionary(table => table.List, _ => new List<Placed>(), StringComparer.Ordinal);

        /// <summary>Something that the template does not say already.</summary>
        public bool IsFilledIn { get; set; }

        public void Add(Table table, Placed item) => _lists[table.List].Add(item);

        public IEnumerable<T> Items<T>(Table<T> table)
            where T : class => _lists[table.List].Select(item => (T)item.Item);

        public FileMonth.Request Request()
        {
            var files = Items(EvidenceTables.Files).ToList();
            return new FileMonth.Request
            {
                Files = files,
                Figures = [.. Items(EvidenceTables.Figures).Select(figure => figure with { Evidence = HashOf(files, figure.Evidence) })],
                Units = [.. Items(EvidenceTables.Units).Select(one => one with { Evidence = HashOf(files, one.Evidence) })],
                Stocks = [.. Items(EvidenceTables.Stocks).Select(stock => stock with { Evidence = HashOf(files, stock.Evidence) })],
                CrossReadings = [.. Items(EvidenceTables.CrossReadings).Select(one => one with { Evidence = HashOf(files, one.Evidence) })],
            };
        }

        /// <summary>The cell of what a JSON path names; null where it names no row.</summary>
        public string? PlaceOf(string path)
        {
            var names = Named().Match(path);
            if (!names.Success)
                return null;
            var index = int.Parse(names.Groups["index"].ValueSpan, CultureInfo.InvariantCulture);
            return _lists[names.Groups["list"].Value][index].Row.Place(names.Groups["member"].Value);
        }

        /// <summary>The first cell of the sheet that the list of a JSON path has.</summary>
        public string TopOf(string path)
        {
            var sheet = (EvidenceTables.All.FirstOrDefault(table => path == $"$.{table.List}") ?? EvidenceTables.Figures).Sheet;
            return $"{(first.Sheet == CsvSheets.SheetName ? first.Sheet : sheet)}!A1";
        }

        /// <summary>A file may also be named by what people call it, where one file of the month alone is called so.</summary>
        private static string? HashOf(List<FileMonth.FileItem> files, string? evidence) =>
            !files.Exists(file => file.Sha256 == evidence) && files.FindAll(file => file.Name == evidence) is [{ Sha256: { } named }] ? named : evidence;

        [GeneratedRegex(@"^\$\.(?<list>\w+)\[(?<index>\d+)\](\.(?<member>[\w.]+))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
        private static partial Regex Named();
    }
}
