namespace CarbonMarket.ServiceDefaults.Clock;

/// <summary>
/// Legal time (法定时间) for the whole platform. In production it is the system's; in a sandbox an operator sets it and
/// every service follows. Deadlines, sessions and business times come from here; tokens, time-outs and logs do not.
/// </summary>
public sealed class MarketClock(TimeProvider system) : TimeProvider
{
    private Setting _setting = Setting.Initial;

    /// <summary>Raised after legal time has jumped.</summary>
    public event EventHandler? Changed;

    /// <summary>Version of the setting that is followed; 0 is the system's time.</summary>
    public long Version => Volatile.Read(ref _setting).Version;

    public bool Running => Volatile.Read(ref _setting).Running;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Volatile.Read(ref _setting) switch
    {
        { Version: 0 } => system.GetUtcNow(),
        { Running: true } running => (running.LegalTime + (system.GetUtcNow() - running.SetAt)).ToUniversalTime(),
        var frozen => frozen.LegalTime.ToUniversalTime(),
    };

    /// <summary>Follows a newer setting; an older or repeated one changes nothing.</summary>
    public void Follow(long version, DateTimeOffset legalTime, DateTimeOffset setAt, bool running)
    {
        var next = new Setting(version, legalTime, setAt, running);
        while (Volatile.Read(ref _setting) is var current && current.Version < version)
        {
            if (Interlocked.CompareExchange(ref _setting, next, current) != current)
                continue;
            Changed?.Invoke(this, EventArgs.Empty);
            return;
        }
    }

    private sealed record Setting(long Version, DateTimeOffset LegalTime, DateTimeOffset SetAt, bool Running)
    {
        public static readonly Setting Initial = new(0, default, default, true);
    }
}
