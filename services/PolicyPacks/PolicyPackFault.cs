using System.Collections.Immutable;

namespace CarbonMarket.PolicyPacks;

/// <summary>One thing wrong with one pack.</summary>
/// <param name="File">The pack's file.</param>
/// <param name="Path">JSON path within it; <c>$</c> is the whole file.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Right">What would be right.</param>
public sealed record PolicyPackFault(string File, string Path, string Problem, string Right)
{
    public override string ToString() => $"{File} {Path}: {Problem}; right is: {Right}";
}

/// <summary>A service does not start on packs with faults; all of them are named at once.</summary>
public sealed class InvalidPolicyPacksException(ImmutableArray<PolicyPackFault> faults) : Exception(
    $"The policy packs have {faults.Length} fault(s):{Environment.NewLine}"
    + string.Join(Environment.NewLine, faults.Select(fault => "  " + fault)))
{
    public ImmutableArray<PolicyPackFault> Faults { get; } = faults;
}
