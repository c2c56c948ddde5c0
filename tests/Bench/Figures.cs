using System.Globalization;

namespace CarbonMarket.Bench;

/// <summary>How benchmarks count and say what they count.</summary>
internal static class Figures
{
    /// <summary>Of sorted values: the smallest that a share of them does not exceed.</summary>
    public static double Quantile(this IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    public static double Median(this IEnumerable<double> values) => values.Order().ToList() is var sorted && sorted.Count % 2 == 1
        ? sorted[sorted.Count / 2]
        : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;

    /// <summary>Four significant digits: nothing measured here is known better.</summary>
    public static double Rounded(this double value) =>
        double.Parse(value.ToString("g4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A whole number that follows <c>--name</c>.</summary>
    public static int Number(this string[] arguments, string name, int otherwise)
    {
        var at = Array.IndexOf(arguments, name);
        if (at < 0)
            return otherwise;
        return at + 1 < arguments.Length && int.TryParse(arguments[at + 1], CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"{name} takes a whole number above zero.", nameof(arguments));
    }

    /// <summary>What stands behind the option; null without it.</summary>
    public static string? Word(this string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is var at and >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;

    public static void Say(string text) => Console.Error.WriteLine(text);
}
