using System.Collections.Immutable;

namespace CarbonMarket.Calculation;

/// <summary>One thing wrong with a method pack.</summary>
/// <param name="Path">JSON path within the file; <c>$</c> is the whole file.</param>
public sealed record MethodPackFault(string File, string Path, string Problem, string Right)
{
    public override string ToString() => $"{File} {Path}: {Problem}; right is: {Right}";
}

/// <summary>Nothing is calculated by a pack with faults; all of them are named at once.</summary>
public sealed class InvalidMethodPackException(ImmutableArray<MethodPackFault> faults) : Exception(
    $"The method pack has {faults.Length} fault(s):{Environment.NewLine}" + string.Join(Environment.NewLine, faults.Select(fault => "  " + fault)))
{
    public ImmutableArray<MethodPackFault> Faults { get; } = faults;
}
