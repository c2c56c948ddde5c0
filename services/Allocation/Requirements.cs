using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Allocation;

/// <summary>What this service asks of an input in more than one place.</summary>
internal static class Requirements
{
    public static void RequireYear(this Faults faults, int? year, int first, string path) => faults.Require(
        year is { } given && ComplianceYear.IsValid(given) && given >= first, path, "invalid-year", $"A year from {first} on, where this market begins.");
}
