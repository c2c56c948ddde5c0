using System.Globalization;
using CarbonMarket.Verification.Evidence;

namespace CarbonMarket.Verification.Exchange;

/// <param name="Name">Of the member in JSON, and so of what a fault of it is found under.</param>
/// <param name="Write">What an exported cell says.</param>
/// <param name="Prefilled">The template says it already; a row that says no more than that is not filled in.</param>
/// <param name="Optional">A file may be without it.</param>
internal sealed record Column<T>(string Name, Func<T, Cell> Write, bool Prefilled = false, bool Optional = false);

/// <summary>What one list of a month is as a table: a sheet of the workbook, a kind of row in the CSV file.</summary>
/// <param name="Word">What a row of it is called in CSV.</param>
/// <param name="List">The list's name in JSON.</param>
/// <param name="MayLack">A CSV file without rows of it may be without its columns too.</param>
internal abstract record Table(string Sheet, string Word, string List, bool MayLack)
{
    public abstract IEnumerable<string> Required { get; }

    public abstract IEnumerable<string> Optional { get; }

    /// <summary>Those that make a row one that somebody has filled in.</summary>
    public abstract IEnumerable<string> FilledIn { get; }

    public abstract object Item(RowReader row);

    /// <summary>The list of a month, each item as the cells of its columns.</summary>
    public abstract IEnumerable<IEnumerable<Cell>> Rows(FileMonth.Request month);
}

internal sealed record Table<T>(
    string Sheet, string Word, string List, IReadOnlyList<Column<T>> Columns, Func<RowReader, T> Read, Func<FileMonth.Request, IReadOnlyList<T>?> Of, bool MayLack = false)
    : Table(Sheet, Word, List, MayLack)
    where T : class
{
    public override IEnumerable<string> Required => Columns.Where(column => !column.Optional).Select(column => column.Name);

    public override IEnumerable<string> Optional => Columns.Where(column => column.Optional).Select(column => column.Name);

    public override IEnumerable<string> FilledIn => Columns.Where(column => !column.Prefilled).Select(column => column.Name);

    public override object Item(RowReader row) => Read(row);

    public override IEnumerable<IEnumerable<Cell>> Rows(FileMonth.Request month) =>
        (Of(month) ?? []).Select(item => Columns.Select(column => column.Write(item)));
}

/// <summary>
/// The one place that says which columns there are. What a month's evidence comes to say besides gets its column here, and is then
/// in template, import and export.
/// </summary>
internal static class EvidenceTables
{
    public const string Year = "year";
    public const string Month = "month";

    /// <summary>For the reader's eye: nothing is read from them.</summary>
    public static readonly IReadOnlyList<string> Notes = ["title", "lowest", "highest", "methodUnit"];

    /// <summary>Columns that a spreadsheet keeps as numbers.</summary>
    public static readonly IReadOnlySet<string> Numbers = new HashSet<string>(StringComparer.Ordinal)
    {
        Year, Month, "value", "lowest", "highest", "calibration.errorPercent", "generationMwh", "heatSuppliedGj", "boilerHeatGj", "runningHours", "loadFactorPercent",
        "opening", "purchased", "sold", "closing", "test.totalMoisturePercent", "test.airDriedMoisturePercent", "test.airDriedCarbonPercent",
        "test.airDriedHydrogenPercent", "test.airDriedSulphurPercent", "test.airDriedGrossCalorificGjPerT",
    };

    public static readonly Table<FileMonth.FileItem> Files = new(
        "Files", "file", "files",
        [
            new("sha256", file => Text(file.Sha256)),
            new("name", file => Text(file.Name)),
            new("kind", file => Text(file.Kind)),
            new("calibration.meter", file => Text(file.Calibration?.Meter), Optional: true),
            new("calibration.calibratedOn", file => Day(file.Calibration?.CalibratedOn), Optional: true),
            new("calibration.validUntil", file => Day(file.Calibration?.ValidUntil), Optional: true),
            new("calibration.errorPercent", file => Number(file.Calibration?.ErrorPercent), Optional: true),
            new("test.laboratory", file => Text(file.Test?.Laboratory), Optional: true),
            new("test.mark", file => Text(file.Test?.Mark), Optional: true),
            new("test.basis", file => Text(file.Test?.Basis), Optional: true),
            new("test.sampledOn", file => Day(file.Test?.SampledOn), Optional: true),
            new("test.testedOn", file => Day(file.Test?.TestedOn), Optional: true),
            new("test.totalMoisturePercent", file => Number(file.Test?.TotalMoisturePercent), Optional: true),
            new("test.airDriedMoisturePercent", file => Number(file.Test?.AirDriedMoisturePercent), Optional: true),
            new("test.airDriedCarbonPercent", file => Number(file.Test?.AirDriedCarbonPercent), Optional: true),
            new("test.airDriedHydrogenPercent", file => Number(file.Test?.AirDriedHydrogenPercent), Optional: true),
            new("test.airDriedSulphurPercent", file => Number(file.Test?.AirDriedSulphurPercent), Optional: true),
            new("test.airDriedGrossCalorificGjPerT", file => Number(file.Test?.AirDriedGrossCalorificGjPerT), Optional: true),
        ],
        row => new FileMonth.FileItem
        {
            Sha256 = row.Text("sha256"), Name = row.Text("name"), Kind = row.Text("kind"),
            Calibration = row.SaysOf("calibration.")
                ? new FileMonth.CalibrationItem
                {
                    Meter = row.Text("calibration.meter"), CalibratedOn = row.Day("calibration.calibratedOn"), ValidUntil = row.Day("calibration.validUntil"),
                    ErrorPercent = row.Number("calibration.errorPercent"),
                }
                : null,
            Test = row.SaysOf("test.")
                ? new FileMonth.TestItem
                {
                    Laboratory = row.Text("test.laboratory"), Mark = row.Text("test.mark"), Basis = row.Text("test.basis"), SampledOn = row.Day("test.sampledOn"),
                    TestedOn = row.Day("test.testedOn"), TotalMoisturePercent = row.Number("test.totalMoisturePercent"),
                    AirDriedMoisturePercent = row.Number("test.airDriedMoisturePercent"), AirDriedCarbonPercent = row.Number("test.airDriedCarbonPercent"),
                    AirDriedHydrogenPercent = row.Number("test.airDriedHydrogenPercent"), AirDriedSulphurPercent = row.Number("test.airDriedSulphurPercent"),
                    AirDriedGrossCalorificGjPerT = row.Number("test.airDriedGrossCalorificGjPerT"),
                }
                : null,
        },
        month => month.Files);

    public static readonly Table<FileMonth.FigureItem> Figures = new(
        "Figures", "figure", "figures",
        [
            new("stream", figure => Text(figure.Stream), Prefilled: true),
            new("input", figure => Text(figure.Input), Prefilled: true),
            new("value", figure => Number(figure.Value)),
            new("unit", figure => Text(figure.Unit), Prefilled: true),
            new("evidence", figure => Text(figure.Evidence)),
        ],
        row => new FileMonth.FigureItem
        {
            Stream = row.Text("stream"), Input = row.Text("input"), Value = row.Number("value"), Unit = row.Text("unit"), Evidence = row.Text("evidence"),
        },
        month => month.Figures);

    public static readonly Table<FileMonth.UnitItem> Units = new(
        "Units", "unit", "units",
        [
            new("generatingUnit", one => Text(one.GeneratingUnit)),
            new("generationMwh", one => Number(one.GenerationMwh)),
            new("heatSuppliedGj", one => Number(one.HeatSuppliedGj)),
            new("boilerHeatGj", one => Number(one.BoilerHeatGj)),
            new("runningHours", one => Number(one.RunningHours)),
            new("loadFactorPercent", one => Number(one.LoadFactorPercent)),
            new("evidence", one => Text(one.Evidence)),
        ],
        row => new FileMonth.UnitItem
        {
            GeneratingUnit = row.Text("generatingUnit"), GenerationMwh = row.Number("generationMwh"), HeatSuppliedGj = row.Number("heatSuppliedGj"),
            BoilerHeatGj = row.Number("boilerHeatGj"), RunningHours = row.Number("runningHours"), LoadFactorPercent = row.Number("loadFactorPercent"),
            Evidence = row.Text("evidence"),
        },
        month => month.Units, MayLack: true);

    public static readonly Table<FileMonth.StockItem> Stocks = new(
        "Stocks", "stock", "stocks",
        [
            new("stream", stock => Text(stock.Stream)),
            new("input", stock => Text(stock.Input)),
            new("opening", stock => Number(stock.Opening)),
            new("purchased", stock => Number(stock.Purchased)),
            new("sold", stock => Number(stock.Sold)),
            new("closing", stock => Number(stock.Closing)),
            new("unit", stock => Text(stock.Unit)),
            new("evidence", stock => Text(stock.Evidence)),
        ],
        row => new FileMonth.StockItem
        {
            Stream = row.Text("stream"), Input = row.Text("input"), Opening = row.Number("opening"), Purchased = row.Number("purchased"), Sold = row.Number("sold"),
            Closing = row.Number("closing"), Unit = row.Text("unit"), Evidence = row.Text("evidence"),
        },
        month => month.Stocks, MayLack: true);

    public static readonly Table<FileMonth.CrossReadingItem> CrossReadings = new(
        "CrossReadings", "cross-reading", "crossReadings",
        [
            new("of", one => Text(one.Of)),
            new("input", one => Text(one.Input)),
            new("source", one => Text(one.Source)),
            new("value", one => Number(one.Value)),
            new("unit", one => Text(one.Unit)),
            new("evidence", one => Text(one.Evidence)),
        ],
        row => new FileMonth.CrossReadingItem
        {
            Of = row.Text("of"), Input = row.Text("input"), Source = row.Text("source"), Value = row.Number("value"), Unit = row.Text("unit"),
            Evidence = row.Text("evidence"),
        },
        month => month.CrossReadings, MayLack: true);

    public static readonly IReadOnlyList<Table> All = [Files, Figures, Units, Stocks, CrossReadings];

    /// <summary>The sheets that are read.</summary>
    public static readonly IReadOnlySet<string> Sheets = All.Select(table => table.Sheet).ToHashSet(StringComparer.Ordinal);

    private static Cell Day(DateOnly? day) => Text(day?.ToString("O", CultureInfo.InvariantCulture));

    private static Cell Number(decimal? number) => number is { } value ? CellText.Write(value) : Cell.Empty;

    private static Cell Text(string? text) => new(CellText.Write(text ?? string.Empty));
}
