using System.Collections.Immutable;

namespace CarbonMarket.MainJob.Registry;

/// <summary>The registry's table of free allocation: one installation a line, whose number is the operator's.</summary>
public sealed class AllocationFile
{
    private static readonly ImmutableArray<string> Columns =
        ["permit_id", "installation_id", "installation_name", "account_holder"];

    private static readonly ImmutableArray<string> Parts = ["standard_", "ner_", "total_"];

    private readonly Table _table;
    private readonly Dictionary<string, int> _lineOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableSortedDictionary<int, long>> _totals = new(StringComparer.Ordinal);

    private AllocationFile(Table table) => _table = table;

    public ImmutableArray<Fault> Faults => _table.Faults;

    public static AllocationFile Read(string path, OperatorsFile operators)
    {
        var file = new AllocationFile(Table.Read(path));
        if (file._table.Columns.Count == 0)
            return file;
        foreach (var column in Columns)
            file._table.Require(column);
        var years = Parts.SelectMany(part => YearColumns.Of(file._table, part)).Union(operators.Years).Order().ToList();
        foreach (var column in years.SelectMany(year => Parts.Select(part => $"{part}{year}")))
            file._table.Require(column);
        foreach (var line in file._table.Lines)
            file.ReadLine(line, years, operators);
        return file;
    }

    /// <summary>Tonnes by year, years without any left out.</summary>
    public ImmutableSortedDictionary<int, long> Of(string operatorId) =>
        _totals.GetValueOrDefault(operatorId, ImmutableSortedDictionary<int, long>.Empty);

    private void ReadLine(Table.Line line, IReadOnlyList<int> years, OperatorsFile operators)
    {
        var id = _table.Cell(line, "installation_id");
        if (_table.Has("installation_id"))
        {
            if (!operators.Knows(id))
                _table.FaultAt(line, "installation_id", $"Operator \"{id}\" is not in the operators' file.");
            if (!_lineOf.TryAdd(id, line.Number))
                _table.FaultAt(line, "installation_id", $"Operator {id} is already on line {_lineOf[id]}.");
        }
        var totals = years.ToDictionary(year => year, year => ReadYear(line, year));
        foreach (var year in operators.Years.Where(year => totals[year] > 0 && operators.Find(id)?.AccountsFor(year) == false))
            _table.FaultAt(line, $"total_{year}", $"Operator {id} does not account for {year}.");
        _totals[id] = totals.Where(total => total.Value > 0)
            .ToImmutableSortedDictionary(total => total.Key, total => total.Value);
    }

    private long ReadYear(Table.Line line, int year)
    {
        var cells = Parts.Select(part => Cells.Tonnes(_table, line, $"{part}{year}")).ToList();
        if (cells is not [{ } standard, { } reserve, { } total])
            return 0;
        if (standard + reserve != total)
            _table.FaultAt(line, $"total_{year}", $"{total} is not standard {standard} + new entrants' reserve {reserve}.");
        return total;
    }
}
