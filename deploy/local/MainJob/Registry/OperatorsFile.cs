using System.Collections.Immutable;

namespace CarbonMarket.MainJob.Registry;

/// <summary>The registry's compliance report: one operator a line.</summary>
public sealed class OperatorsFile
{
    private static readonly ImmutableArray<string> Columns =
    [
        "regulator", "account_holder", "account_type", "account_status", "operator_id", "permit_or_plan_id",
        "installation_name", "first_year", "last_year", "cumulative_emissions", "cumulative_surrenders",
        "nace_code", "nace_description",
    ];

    private static readonly ImmutableArray<string> Statuses = ["", "A", "B", "C", "EXCLUDED", "NOT_APPLICABLE"];

    private readonly Table _table;
    private readonly Dictionary<string, int> _lineOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Operator> _byId = new(StringComparer.Ordinal);

    private OperatorsFile(Table table, ImmutableArray<int> years) => (_table, Years) = (table, years);

    public ImmutableArray<int> Years { get; }

    /// <summary>The rows without a fault. Worth nothing unless <see cref="Faults"/> is empty.</summary>
    public IReadOnlyCollection<Operator> Operators => _byId.Values;

    public ImmutableArray<Fault> Faults => _table.Faults;

    public static OperatorsFile Read(string path)
    {
        var table = Table.Read(path);
        table.RequireLines();
        if (table.Columns.Count == 0)
            return new OperatorsFile(table, []);
        foreach (var column in Columns)
            table.Require(column);
        var years = YearColumns.Of(table, "emissions_");
        RequireStatusColumns(table, years);
        var file = new OperatorsFile(table, [.. years]);
        foreach (var line in table.Lines)
            file.ReadOperator(line);
        return file;
    }

    /// <summary>Also true when ids could not be read: that fault is told once, not once for each of their readers.</summary>
    public bool Knows(string operatorId) =>
        !_table.Has("operator_id") || _table.HasUnreadLines || _lineOf.ContainsKey(operatorId);

    /// <summary>Null when there is no such operator, or its row has a fault.</summary>
    public Operator? Find(string operatorId) => _byId.GetValueOrDefault(operatorId);

    private static void RequireStatusColumns(Table table, IReadOnlyList<int> years)
    {
        var published = YearColumns.Of(table, "status_");
        foreach (var year in years.Except(published))
            table.Require($"status_{year}");
        foreach (var year in published.Except(years))
            table.Require($"emissions_{year}");
    }

    private void ReadOperator(Table.Line line)
    {
        var faultsBefore = _table.Faults.Length;
        var id = ReadId(line);
        var firstYear = Cells.Year(_table, line, "first_year");
        var lastYear = _table.Cell(line, "last_year").Length == 0 ? null : Cells.Year(_table, line, "last_year");
        if (lastYear < firstYear)
            _table.FaultAt(line, "last_year", $"{lastYear} is before the first year {firstYear}.");
        var emissions = Years.ToImmutableSortedDictionary(
            year => year, year => ReadEmissions(line, year, firstYear, lastYear));
        var emitted = Cells.Tonnes(_table, line, "cumulative_emissions");
        var surrendered = Cells.Tonnes(_table, line, "cumulative_surrenders");
        RequireStatuses(line);
        if (_table.Faults.Length == faultsBefore)
            RequireSum(line, emissions, emitted);
        if (_table.Faults.Length == faultsBefore && id is not null && firstYear is { } first && Years.Length > 0)
            _byId.Add(id, new Operator(id, first, lastYear, emissions, emitted ?? 0, surrendered ?? 0,
                ImmutableSortedDictionary<int, long>.Empty, PublishedStatus(line)));
    }

    private string? ReadId(Table.Line line)
    {
        var id = _table.Cell(line, "operator_id");
        if (!_table.Has("operator_id"))
            return null;
        if (id.Length is 0 or > 12 || !id.All(char.IsAsciiDigit))
            _table.FaultAt(line, "operator_id", $"\"{id}\" is not an operator's number (digits, at most 12).");
        else if (!_lineOf.TryAdd(id, line.Number))
            _table.FaultAt(line, "operator_id", $"Operator {id} is already on line {_lineOf[id]}.");
        return id;
    }

    private EmissionCell ReadEmissions(Table.Line line, int year, int? firstYear, int? lastYear)
    {
        var column = $"emissions_{year}";
        var text = _table.Cell(line, column);
        if (text.Length == 0)
            return EmissionCell.NotReported;
        if (year < firstYear || year > lastYear)
            _table.FaultAt(line, column, $"{year} lies outside the operator's years {firstYear}-{lastYear}.");
        if (string.Equals(text, "EXCLUDED", StringComparison.Ordinal))
            return EmissionCell.Excluded;
        return Cells.Tonnes(_table, line, column) is { } tonnes ? EmissionCell.Of(tonnes) : EmissionCell.NotReported;
    }

    private void RequireSum(Table.Line line, ImmutableSortedDictionary<int, EmissionCell> emissions, long? published)
    {
        var sum = emissions.Values.Sum(cell => cell.Tonnes ?? 0);
        if (published is { } cumulative && cumulative != sum)
            _table.FaultAt(line, "cumulative_emissions", $"{cumulative} is not the sum of the years, which is {sum}.");
    }

    private void RequireStatuses(Table.Line line)
    {
        foreach (var column in Years.Select(year => $"status_{year}").Where(_table.Has))
        {
            if (!Statuses.Contains(_table.Cell(line, column), StringComparer.Ordinal))
                _table.FaultAt(line, column, $"\"{_table.Cell(line, column)}\" is not a compliance status.");
        }
    }

    private string? PublishedStatus(Table.Line line)
    {
        var status = _table.Cell(line, $"status_{Years[^1]}");
        return status.Length == 0 ? null : status;
    }
}
