using System.Globalization;
using CarbonMarket.Audit.Log;

namespace CarbonMarket.Audit.History;

/// <summary>The last entry a reader has seen: microseconds of recording, service, sequence, as in 1614585600000000.trading.42.</summary>
public sealed record HistoryCursor(DateTimeOffset RecordedAt, string Service, long Sequence)
{
    public static HistoryCursor Beginning { get; } = new(DateTimeOffset.UnixEpoch, string.Empty, 0);

    public static HistoryCursor Of(AuditEntry entry) => new(entry.RecordedAt, entry.Service, entry.Sequence);

    public static bool TryParse(string text, out HistoryCursor cursor)
    {
        cursor = Beginning;
        var parts = text.Split('.');
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            || microseconds > AuditEntry.Microseconds(DateTimeOffset.MaxValue)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
            return false;
        cursor = new HistoryCursor(AuditEntry.FromMicroseconds(microseconds), parts[1], sequence);
        return true;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{AuditEntry.Microseconds(RecordedAt)}.{Service}.{Sequence}");
}
