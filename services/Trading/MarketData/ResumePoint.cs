using System.Globalization;

namespace CarbonMarket.Trading.MarketData;

/// <summary>
/// How far a consumer has come, over all channels: it has every message up to this one. What a stream's ids mean; to the
/// consumer a word to give back.
/// </summary>
/// <param name="Format">Of the fold; places of different formats cannot be compared.</param>
/// <param name="Version">Of the journal.</param>
/// <param name="Index">Of the message among those of the version; <see cref="All"/>: all of them.</param>
public readonly record struct ResumePoint(int Format, long Version, int Index) : IComparable<ResumePoint>
{
    public const int All = int.MaxValue;
    private const char Between = '-';

    public static ResumePoint AfterAllOf(long version) => new(MarketDataFold.Format, version, All);

    public static bool TryParse(string? text, out ResumePoint point)
    {
        point = default;
        var parts = text?.Split(Between) ?? [];
        if (parts.Length is not (2 or 3) || !TryParse(parts[0], out int format) || !TryParse(parts[1], out long version))
            return false;
        var index = All;
        if (parts.Length == 3 && !TryParse(parts[2], out index))
            return false;
        point = new ResumePoint(format, version, index);
        return true;
    }

    public static bool operator <(ResumePoint left, ResumePoint right) => left.CompareTo(right) < 0;

    public static bool operator >(ResumePoint left, ResumePoint right) => left.CompareTo(right) > 0;

    public static bool operator <=(ResumePoint left, ResumePoint right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ResumePoint left, ResumePoint right) => left.CompareTo(right) >= 0;

    public int CompareTo(ResumePoint other) => (Version, Index).CompareTo((other.Version, other.Index));

    public override string ToString() => Index == All
        ? string.Create(CultureInfo.InvariantCulture, $"{Format}{Between}{Version}")
        : string.Create(CultureInfo.InvariantCulture, $"{Format}{Between}{Version}{Between}{Index}");

    private static bool TryParse<T>(string text, out T number)
        where T : struct, IParsable<T>, System.Numerics.INumberBase<T> =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
