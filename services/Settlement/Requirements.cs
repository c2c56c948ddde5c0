using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Settlement.Transactions;

namespace CarbonMarket.Settlement;

/// <summary>What this service asks of an input in more than one place.</summary>
internal static class Requirements
{
    /// <summary>More than any market has; keeps every sum of the ledger within 64 bits.</summary>
    public const long LargestQuantity = 1_000_000_000_000;

    /// <inheritdoc cref="LargestQuantity"/>
    public const long LargestAmountMinor = 1_000_000_000_000_000;

    public static void RequireQuantity(this Faults faults, long? quantity, string path) => faults.Require(
        quantity is > 0 and <= LargestQuantity, path, "out-of-range", $"Whole units, 1-{LargestQuantity}.");

    public static void RequireAmount(this Faults faults, long? amountMinor, string path) => faults.Require(
        amountMinor is > 0 and <= LargestAmountMinor, path, "out-of-range", $"Minor units of the currency, 1-{LargestAmountMinor}.");

    public static void RequireVintage(this Faults faults, int? vintage, string path) => faults.Require(
        vintage is null || ComplianceYear.IsValid(vintage.Value), path, "invalid-year", "A year, or null.");

    /// <summary>
    /// A day whose year can be a compliance year: it is reckoned with, and neither its next day nor the deadline that follows it may lie
    /// beyond what a calendar has.
    /// </summary>
    public static DateOnly RequireDay(this Faults faults, string text, string path)
    {
        faults.Require(
            DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && ComplianceYear.IsValid(day.Year),
            path, "invalid-date", "An ISO 8601 date of a year from 2000 to 2100: 2021-06-01.");
        return day;
    }

    /// <summary>Consecutive serials of one vintage; null is no fault.</summary>
    public static void RequireSerials(this Faults faults, PutTransaction.NewSerials? serials, string path)
    {
        if (serials is null)
            return;
        faults.Require(serials.Vintage is { } vintage && ComplianceYear.IsValid(vintage), $"{path}.vintage", "invalid-year", "A year.");
        faults.RequireQuantity(serials.First, $"{path}.first");
        faults.RequireQuantity(serials.Last, $"{path}.last");
        faults.Require(serials.First is null || serials.Last is null || serials.First <= serials.Last, path, "out-of-range",
            $"The last serial ({serials.Last}) is not below the first ({serials.First}).");
    }
}
