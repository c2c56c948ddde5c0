using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Trading;

/// <summary>What this service asks of an input in more than one place.</summary>
internal static class Requirements
{
    public static void RequirePositive(this Faults faults, long? amount, string path) =>
        faults.Require(amount > 0, path, "not-positive", "A whole number above zero.");
}
