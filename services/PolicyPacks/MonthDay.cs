using System.Globalization;

namespace CarbonMarket.PolicyPacks;

/// <summary>A day that exists in every year, written MM-dd. 29 February is none.</summary>
public readonly record struct MonthDay(int Month, int Day)
{
    // Any year that has no 29 February.
    private const int CommonYear = 2001;

    public DateOnly In(int year) => new(year, Month, Day);

    public static bool TryParse(string? text, out MonthDay day)
    {
        var valid = DateOnly.TryParseExact(
            CommonYear + "-" + text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        day = valid ? new MonthDay(date.Month, date.Day) : default;
        return valid;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Month:00}-{Day:00}");
}
