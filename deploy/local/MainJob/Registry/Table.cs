using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace CarbonMarket.MainJob.Registry;

/// <summary>A CSV file as lines and named columns, with a place to write down what is wrong in it.</summary>
public sealed class Table
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly List<Line> _lines = [];
    private readonly List<Fault> _faults = [];
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

    private int _width;

    private Table(string file) => File = file;

    public string File { get; }

    public IReadOnlyCollection<string> Columns => _columns.Keys;

    public IReadOnlyList<Line> Lines => _lines;

    /// <summary>Some line could not be taken apart, so what it said is unknown.</summary>
    public bool HasUnreadLines { get; private set; }

    public ImmutableArray<Fault> Faults => [.. _faults];

    /// <summary>Reads the whole file; a line with too few or too many cells is a fault and is left out.</summary>
    public static Table Read(string path)
    {
        var table = new Table(Path.GetFileName(path));
        try
        {
            var bytes = System.IO.File.ReadAllBytes(path);
            if (Utf8.IsValid(bytes))
                table.ReadLines(bytes);
            else
                table._faults.Add(new Fault(table.File, LineOfFirstInvalidByte(bytes), 0, "", "The text is not UTF-8."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            table._faults.Add(new Fault(table.File, 0, 0, "", $"The file cannot be read: {exception.Message}"));
        }
        return table;
    }

    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>Notes a missing column, once however often it is asked for.</summary>
    public void Require(string column)
    {
        if (!Has(column) && _missing.Add(column))
            _faults.Add(new Fault(File, 1, _width + 1, column, "The column is missing."));
    }

    /// <summary>For a file that says nothing without rows; an allocation table may be empty.</summary>
    public void RequireLines()
    {
        if (_lines.Count == 0 && _faults.Count == 0)
            _faults.Add(new Fault(File, 2, 0, "", "The file has a header but no rows."));
    }

    public void FaultInHeader(string column, string message) =>
        _faults.Add(new Fault(File, 1, _columns.GetValueOrDefault(column, -1) + 1, column, message));

    public void FaultAt(Line line, string column, string message) =>
        _faults.Add(new Fault(File, line.Number, _columns.GetValueOrDefault(column, -1) + 1, column, message));

    /// <summary>The trimmed text of a cell; empty when the column does not exist (which is a fault of its own).</summary>
    public string Cell(Line line, string column) =>
        _columns.TryGetValue(column, out var index) ? line.Cells[index].Trim() : "";

    private void ReadLines(byte[] bytes)
    {
        using var reader = CsvReader.Create(bytes, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            // A quote that is never closed spoils its own line and not the rest of the file.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => FaultInQuoting((int)record.LineNumber),
        });
        if (!reader.Read())
        {
            _faults.Add(new Fault(File, 1, 0, "", "The file is empty."));
            return;
        }
        ReadHeader(Cells(reader));
        while (reader.Read())
            ReadLine(new Line((int)reader.LineNumber, Cells(reader)));
    }

    private static ImmutableArray<string> Cells(CsvReader reader) =>
        [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];

    private void FaultInQuoting(int line)
    {
        HasUnreadLines = true;
        _faults.Add(new Fault(File, line, 0, "", "A quotation mark stands where none may, or is never closed."));
    }

    private static int LineOfFirstInvalidByte(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        while (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done)
        {
            line += rune.Value == '\n' ? 1 : 0;
            bytes = bytes[length..];
        }
        return line;
    }

    private void ReadHeader(ImmutableArray<string> names)
    {
        _width = names.Length;
        for (var index = 0; index < names.Length; index++)
        {
            var name = names[index].Trim();
            if (!_columns.TryAdd(name, index))
                _faults.Add(new Fault(File, 1, index + 1, name, "The column appears twice."));
        }
    }

    private void ReadLine(Line line)
    {
        if (line.Cells.Length == _width)
        {
            _lines.Add(line);
            return;
        }
        HasUnreadLines = true;
        if (!_faults.Any(fault => fault.Line == line.Number))
            _faults.Add(new Fault(File, line.Number, Math.Min(line.Cells.Length, _width) + 1, "",
                $"The line has {line.Cells.Length} cells, the header {_width}."));
    }

    /// <param name="Number">Counts from 1, the header included; the last one when a quoted cell spans several.</param>
    public sealed record Line(int Number, ImmutableArray<string> Cells);
}
