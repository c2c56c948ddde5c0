using System.Collections.Immutable;

namespace CarbonMarket.MainJob.Registry;

/// <summary>Reads the file pair. Nothing is taken from a pair in which anything is wrong.</summary>
public static class RegistryFiles
{
    public static RegistryReading Read(string operatorsPath, string allocationPath)
    {
        var operators = OperatorsFile.Read(operatorsPath);
        var allocation = AllocationFile.Read(allocationPath, operators);
        ImmutableArray<Fault> faults =
            [.. InOrder(operators.Faults), .. InOrder(allocation.Faults)];
        if (faults.Length > 0)
            return new RegistryReading(null, faults);
        // By number, not by line: a shuffled file is the same registry and must lead to the same market.
        var rows = operators.Operators
            .Select(row => row with { Allocation = allocation.Of(row.Id) })
            .OrderBy(row => row.Id.Length).ThenBy(row => row.Id, StringComparer.Ordinal);
        return new RegistryReading(new RegistryExtract(operators.Years, [.. rows]), faults);
    }

    private static IEnumerable<Fault> InOrder(ImmutableArray<Fault> faults) =>
        faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column);
}
