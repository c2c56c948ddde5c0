using System.Globalization;

namespace CarbonMarket.MainJob.Registry;

/// <summary>The forms a cell may have. Each reader notes a fault and goes on, so that one run finds all of them.</summary>
public static class Cells
{
    /// <summary>A thousand million tonnes: more than any one operator emits, and far from where sums could overflow.</summary>
    private const long MostTonnes = 1_000_000_000;

    public static long? Tonnes(Table table, Table.Line line, string column)
    {
        var text = table.Cell(line, column);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tonnes) && tonnes <= MostTonnes)
            return tonnes;
        if (table.Has(column))
            table.FaultAt(line, column, WhyNotTonnes(text));
        return null;
    }

    public static int? Year(Table table, Table.Line line, string column)
    {
        var text = table.Cell(line, column);
        if (YearOf(text) is { } year)
            return year;
        if (table.Has(column))
            table.FaultAt(line, column, $"\"{text}\" is not a known year ({Years.First}-{Years.Last}).");
        return null;
    }

    public static int? YearOf(string text) =>
        text.Length == 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year)
        && year is >= Years.First and <= Years.Last
            ? year
            : null;

    private static string WhyNotTonnes(string text)
    {
        if (text.Length == 0)
            return "A number of tonnes is expected, the cell is empty.";
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return $"\"{text}\" is not a number of tonnes.";
        if (number < 0)
            return $"\"{text}\" is negative; tonnes never are.";
        return number == decimal.Truncate(number) && number > MostTonnes
            ? $"\"{text}\" is more than {MostTonnes} tonnes."
            : $"\"{text}\" is not a whole number of tonnes written in digits.";
    }

    /// <summary>The scheme began in 2021; a year far ahead is a slip of the pen.</summary>
    private static class Years
    {
        public const int First = 2021;
        public const int Last = 2099;
    }
}
