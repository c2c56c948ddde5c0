using CarbonMarket.Kernel;

namespace CarbonMarket.ServiceDefaults.Problems;

public static class RequiredYears
{
    /// <param name="first">The first that the market knows.</param>
    public static void RequireYear(this Faults faults, int? year, int first, string path) => faults.Require(
        year is { } given && ComplianceYear.IsValid(given) && given >= first, path, "invalid-year", $"A year from {first} on, where this market begins.");
}
