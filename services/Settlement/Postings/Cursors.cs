using System.Globalization;

namespace CarbonMarket.Settlement.Postings;

/// <summary>The last posting a reader has seen, as in 1234.2: version of the journal and line.</summary>
public readonly record struct PostingCursor(long Version, int Line)
{
    public static bool TryParse(string? text, out PostingCursor cursor)
    {
        var known = Cursors.TryParse(text, 2, out var numbers) && numbers[1] <= int.MaxValue;
        cursor = known ? new PostingCursor(numbers[0], (int)numbers[1]) : default;
        return known;
    }

    public override string ToString() => $"{Version}.{Line}";
}

/// <summary>The last passage of units a reader has seen, as in 1234.2.501: version, line, first serial.</summary>
public readonly record struct PassageCursor(long Version, int Line, long Serial)
{
    public static PassageCursor Of(UnitPassage passage) => new(passage.Version, passage.Line, passage.Serials.First);

    public static bool TryParse(string? text, out PassageCursor cursor)
    {
        var known = Cursors.TryParse(text, 3, out var numbers) && numbers[1] <= int.MaxValue && numbers[2] <= Requirements.LargestQuantity;
        cursor = known ? new PassageCursor(numbers[0], (int)numbers[1], numbers[2]) : default;
        return known;
    }

    public override string ToString() => $"{Version}.{Line}.{Serial}";
}

internal static class Cursors
{
    /// <summary>Null is the beginning.</summary>
    public static bool TryParse(string? text, int parts, out long[] numbers)
    {
        numbers = new long[parts];
        if (text is null)
            return true;
        var written = text.Split('.');
        for (var i = 0; i < parts; i++)
            if (written.Length != parts || !long.TryParse(written[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        return true;
    }
}
