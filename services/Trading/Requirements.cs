using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Trading;

/// <summary>What this service asks of an input in more than one place.</summary>
internal static class Requirements
{
    public static void RequirePositive(this Faults faults, long? amount, string path) =>
        faults.Require(amount > 0, path, "not-positive", "A whole number above zero.");

    public static void RequireName(this Faults faults, string? name, string path) =>
        faults.Require(name is { Length: > 0 and <= 64 }, path, "required", "A name of 1-64 characters.");
}
