using CarbonMarket.ServiceDefaults.Problems;

namespace CarbonMarket.Verification;

/// <summary>What this service asks of an input in more than one place.</summary>
internal static class Requirements
{
    private const long MostTonnes = 1_000_000_000_000;

    /// <summary>Whole tonnes. A fraction is a fault of its own rather than an unreadable body, so that it is named with the others.</summary>
    public static void RequireTonnes(this Faults faults, decimal? tonnes, string path) => faults.Require(
        tonnes is >= 0 and <= MostTonnes && decimal.IsInteger(tonnes.Value), path, "invalid-tonnes", $"A whole number of tonnes from 0 to {MostTonnes}.");

    /// <summary>A version where one is given.</summary>
    public static void RequireVersion(this Faults faults, long? version, string path = "$.reportVersion") =>
        faults.Require(version is null or >= 1, path, "invalid-version", "Versions count from 1.");
}
