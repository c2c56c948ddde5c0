using System.Collections.Immutable;

namespace CarbonMarket.MainJob.Registry;

/// <summary>One thing wrong in a file, where to find it, and what was expected there.</summary>
/// <param name="Line">Counts from 1, the header included.</param>
/// <param name="Column">Counts from 1; 0 when the whole line or file is meant.</param>
public sealed record Fault(string File, int Line, int Column, string ColumnName, string Message)
{
    public override string ToString() => Column == 0
        ? $"{File}, line {Line}: {Message}"
        : $"{File}, line {Line}, column {Column} ({ColumnName}): {Message}";
}

/// <summary>What reading a file pair gave: the extract, or every fault found and no extract.</summary>
public sealed record RegistryReading(RegistryExtract? Extract, ImmutableArray<Fault> Faults);
