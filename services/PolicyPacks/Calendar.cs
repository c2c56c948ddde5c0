using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;

namespace CarbonMarket.PolicyPacks;

/// <summary>Legal days, sessions and deadlines as instants, in the market's own zone.</summary>
public sealed partial record PolicyPack
{
    /// <summary>The legal day (法定日) an instant belongs to.</summary>
    public DateOnly LegalDay(DateTimeOffset at) => DateOnly.FromDateTime(Local(at));

    /// <summary>What the clocks of the market show at an instant.</summary>
    public TimeOnly LocalTime(DateTimeOffset at) => TimeOnly.FromDateTime(Local(at));

    /// <summary>An instant as people of the market are told it: by its clocks, with their offset.</summary>
    public string Moment(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, Zone).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    public bool IsTradingDay(DateOnly day) => Trading.Days.Contains(day.DayOfWeek) && !Trading.Holidays.Contains(day);

    /// <summary>The session of that mode which an instant lies in, if the market is open then for any instrument.</summary>
    public Session? SessionAt(DateTimeOffset at, string mode = Session.Continuous) => SessionAt(at, session => session.Mode == mode);

    /// <summary>The session of the instrument's book, continuous or a call, which an instant lies in; null while the book is shut.</summary>
    public Session? SessionAt(DateTimeOffset at, Instrument instrument) =>
        SessionAt(at, session => session.IsOfBook && session.IsFor(instrument));

    /// <summary>The instrument's session of that mode which an instant lies in.</summary>
    public Session? SessionAt(DateTimeOffset at, Instrument instrument, string mode) =>
        SessionAt(at, session => session.Mode == mode && session.IsFor(instrument));

    /// <summary>The instrument's calls of a day in their order, each with the instant at which it is uncrossed.</summary>
    public ImmutableArray<(Session Call, DateTimeOffset ClosesAt)> CallsOf(DateOnly day, Instrument instrument) => !IsTradingDay(day) ? [] :
    [
        .. from session in Trading.Sessions
           where session.Mode == Session.Call && session.IsFor(instrument)
           orderby session.Closes
           select (session, Instant(day, session.Closes)),
    ];

    public DateTimeOffset EndOf(Session session, DateOnly day) => Instant(day, session.Closes);

    /// <summary>When the day's last session of any mode closes, whether or not the day is a trading day.</summary>
    public DateTimeOffset EndOfTrading(DateOnly day) => Instant(day, Trading.Sessions.Max(session => session.Closes));

    /// <summary>When the market opens next: the first session of a trading day that begins then or later.</summary>
    public DateTimeOffset NextOpen(DateTimeOffset from)
    {
        var opens = Trading.Sessions.Min(session => session.Opens);
        for (var day = LegalDay(from); ; day = day.AddDays(1))
        {
            if (IsTradingDay(day) && Instant(day, opens) >= from)
                return Instant(day, opens);
        }
    }

    /// <summary>When the instrument's next continuous session begins, after that instant; null: it has none.</summary>
    public DateTimeOffset? NextContinuous(DateTimeOffset after, Instrument instrument)
    {
        var opens = Trading.Sessions.Where(session => session.Mode == Session.Continuous && session.IsFor(instrument))
            .Select(session => session.Opens).Order().ToList();
        for (var day = LegalDay(after); opens.Count > 0; day = day.AddDays(1))
        {
            foreach (var time in opens)
            {
                if (IsTradingDay(day) && Instant(day, time) is var begins && begins > after)
                    return begins;
            }
        }
        return null;
    }

    public DateTimeOffset StartOfDay(DateOnly day) => Instant(day, TimeOnly.MinValue);

    /// <summary>The first instant that no longer belongs to the day.</summary>
    public DateTimeOffset EndOfDay(DateOnly day) => StartOfDay(day.AddDays(1));

    /// <summary>First instant at which the year's annual report is late: its last day counts in full.</summary>
    public DateTimeOffset ReportDeadline(ComplianceYear year) =>
        EndOfDay(Exception(year)?.Report ?? Compliance.ReportDeadline.In(year.Value + 1));

    /// <summary>First instant at which the year's surrender is late: its last day counts in full.</summary>
    public DateTimeOffset SurrenderDeadline(ComplianceYear year) =>
        EndOfDay(Exception(year)?.Surrender ?? Compliance.SurrenderDeadline.In(year.Value + 1));

    /// <summary>A working day (工作日) of the offices: days that make up for holidays belong to them.</summary>
    public bool IsWorkingDay(DateOnly day) => Registry.WorkingHours is not { } hours
        || hours.MakeUpDays.Contains(day) || (hours.Days.Contains(day.DayOfWeek) && !Trading.Holidays.Contains(day));

    /// <summary>The last of so many working days after a day, which is not counted itself.</summary>
    public DateOnly AfterWorkingDays(DateOnly day, int days)
    {
        for (; days > 0; days--)
        {
            do
                day = day.AddDays(1);
            while (!IsWorkingDay(day));
        }

        return day;
    }

    /// <summary>The last of as many working days as the parameter says; null: the pack does not say.</summary>
    public DateOnly? AfterWorkingDays(string parameter, DateOnly day) => Count(parameter, day) is { } days ? AfterWorkingDays(day, days) : null;

    /// <summary>The moment so many working hours later; where the pack knows no working hours, so many hours later.</summary>
    public DateTimeOffset AfterWorkingHours(DateTimeOffset from, int hours)
    {
        if (Registry.WorkingHours is not { } working)
            return from.AddHours(hours);
        var left = TimeSpan.FromHours(hours);
        for (var day = LegalDay(from); ; day = day.AddDays(1))
        {
            var (opens, closes) = (Instant(day, working.Opens), Instant(day, working.Closes));
            var begins = from > opens ? from : opens;
            if (!IsWorkingDay(day) || begins >= closes)
                continue;
            if (begins + left <= closes)
                return begins + left;
            left -= closes - begins;
        }
    }

    /// <summary>
    /// The last moment from which so many working hours are over by <paramref name="until"/>; where the pack knows no
    /// working hours, so many hours before.
    /// </summary>
    public DateTimeOffset BeforeWorkingHours(DateTimeOffset until, int hours)
    {
        if (Registry.WorkingHours is not { } working)
            return until.AddHours(-hours);
        var left = TimeSpan.FromHours(hours);
        for (var day = LegalDay(until); ; day = day.AddDays(-1))
        {
            var (opens, closes) = (Instant(day, working.Opens), Instant(day, working.Closes));
            var ends = until < closes ? until : closes;
            if (!IsWorkingDay(day) || ends <= opens)
                continue;
            if (ends - left >= opens)
                return ends - left;
            left -= ends - opens;
        }
    }

    public DateTimeOffset SnapshotOf(CarryOverRules rules) => Instant(rules.SnapshotDay, rules.SnapshotTime);

    private DeadlinesOfYear? Exception(ComplianceYear year) =>
        Compliance.Exceptions.FirstOrDefault(exception => exception.Year == year.Value);

    private Session? SessionAt(DateTimeOffset at, Func<Session, bool> wanted)
    {
        var local = Local(at);
        if (!IsTradingDay(DateOnly.FromDateTime(local)))
            return null;
        var time = TimeOnly.FromDateTime(local);
        return Trading.Sessions.FirstOrDefault(session => session.Opens <= time && time < session.Closes && wanted(session));
    }

    private DateTime Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).DateTime;

    /// <summary>
    /// A local time that a change of clocks skips is taken as far after the change as it was meant to be after midnight;
    /// one that comes twice means its first coming.
    /// </summary>
    private DateTimeOffset Instant(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time, DateTimeKind.Unspecified);
        if (Zone.IsInvalidTime(local))
            return new DateTimeOffset(local, Zone.GetUtcOffset(local.AddHours(-3)));
        return Zone.IsAmbiguousTime(local)
            ? new DateTimeOffset(local, Zone.GetAmbiguousTimeOffsets(local).Max())
            : new DateTimeOffset(local, Zone.GetUtcOffset(local));
    }
}
