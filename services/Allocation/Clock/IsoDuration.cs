using System.Xml;

namespace CarbonMarket.Allocation.Clock;

/// <summary>ISO 8601 durations of days, hours, minutes and seconds. Months and years have no fixed length and are refused.</summary>
internal static class IsoDuration
{
    public static TimeSpan? Parse(string? text)
    {
        var days = text?.Split('T')[0];
        if (days is null || days.Contains('Y', StringComparison.Ordinal) || days.Contains('M', StringComparison.Ordinal))
            return null;
        try
        {
            return XmlConvert.ToTimeSpan(text!);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return null;
        }
    }
}
