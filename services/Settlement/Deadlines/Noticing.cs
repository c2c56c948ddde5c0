using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Deadlines;

/// <summary>A day has come on which entities that are short are told so.</summary>
public sealed record GiveNotices(DateTimeOffset At) : LedgerCommand(At);

/// <summary>An entity is short before its surrender deadline (履约提示); for itself and for the regulator.</summary>
/// <param name="ParticipantId">The covered entity that is short.</param>
/// <param name="Year">The compliance year whose deadline comes.</param>
/// <param name="DaysBefore">Days until the last day of surrender.</param>
/// <param name="Due">Null: its verified emissions are not known.</param>
/// <param name="Outstanding">Units still to be surrendered for the year.</param>
/// <param name="Held">Units free on its holding account that answer for the year.</param>
/// <param name="StillToBuy">Outstanding beyond everything that is there or bound to come.</param>
/// <param name="LastPurchaseAt">Close of the last session in which it can buy in time; null: there is none any more.</param>
/// <param name="Deadline">First instant at which a surrender is late.</param>
public sealed record DeadlineNoticeGiven(Guid ParticipantId, ComplianceYear Year, int DaysBefore, Quantity? Due, Quantity Outstanding, Quantity Held,
    Quantity StillToBuy, DateTimeOffset? LastPurchaseAt, DateTimeOffset Deadline, DateTimeOffset At) : LedgerEvent(At);

/// <param name="Given">Entities that were told.</param>
public sealed record DeadlineNoticesGiven(ComplianceYear Year, int DaysBefore, long Given, DateTimeOffset At) : LedgerEvent(At);

/// <summary>The newest notice of each entity, and which days are behind: one entry an entity and one a year.</summary>
public sealed class NoticeBook
{
    private readonly SortedDictionary<Guid, DeadlineNoticeGiven> _latest = [];
    private readonly SortedDictionary<int, int> _reached = [];

    public DeadlineNoticeGiven? LatestOf(Guid participantId) => _latest.GetValueOrDefault(participantId);

    /// <summary>The newest notices of a year or of all, ordered by participant.</summary>
    public IEnumerable<DeadlineNoticeGiven> After(Guid? participantId, ComplianceYear? year) => _latest
        .Where(entry => (participantId is not { } after || entry.Key.CompareTo(after) > 0) && (year is null || entry.Value.Year == year)).Select(entry => entry.Value);

    /// <summary>Whether the day so many days before the year's deadline, or a later one, has been reached.</summary>
    public bool IsBehind(ComplianceYear year, int daysBefore) => _reached.TryGetValue(year.Value, out var reached) && reached <= daysBefore;

    public void Note(DeadlineNoticeGiven notice) => _latest[notice.ParticipantId] = notice;

    public void Reach(ComplianceYear year, int daysBefore) => _reached[year.Value] = daysBefore;

    internal Parts ToParts() => new([.. _latest.Values], [.. _reached.Select(entry => new ReachedPart(entry.Key, entry.Value))]);

    internal void Restore(Parts parts)
    {
        foreach (var notice in parts.Latest)
            Note(notice);
        foreach (var (year, days) in parts.Reached)
            _reached[year] = days;
    }

    internal sealed record ReachedPart(int Year, int DaysBefore);

    internal sealed record Parts(ImmutableArray<DeadlineNoticeGiven> Latest, ImmutableArray<ReachedPart> Reached);
}

/// <summary>
/// Tells every entity that is short of what it has surrendered or submitted, on the days the pack names before the surrender deadline. A day that legal time has
/// jumped over is told by the one after it.
/// </summary>
public static class Noticing
{
    public static Decision<LedgerEvent> Decide(LedgerState ledger, GiveNotices c)
    {
        if (Next(ledger, c.At) is not { } next)
            return Accept();
        var notices = Notices(ledger, next.Year, next.DaysBefore, c.At).ToList();
        ImmutableArray<LedgerEvent> given = [.. notices, new DeadlineNoticesGiven(next.Year, next.DaysBefore, notices.Count, c.At)];
        return Accept(given);
    }

    /// <summary>The notices that are to be given by legal time; null: none are.</summary>
    public static GiveNotices? Due(LedgerState ledger, DateTimeOffset legalTime) =>
        Next(ledger, legalTime) is { } next ? new GiveNotices(MomentOf(ledger, next.Year, next.DaysBefore)) : null;

    public static void Evolve(LedgerState ledger, DeadlineNoticeGiven e) => ledger.Notices.Note(e);

    public static void Evolve(LedgerState ledger, DeadlineNoticesGiven e) => ledger.Notices.Reach(e.Year, e.DaysBefore);

    /// <summary>The last of the days that have come and are not behind.</summary>
    private static (ComplianceYear Year, int DaysBefore)? Next(LedgerState ledger, DateTimeOffset at) => ledger.Compliance.NextToClose is not { } year ? null
        : ledger.Rules.NoticeDays(year).Where(days => !ledger.Notices.IsBehind(year, days) && MomentOf(ledger, year, days) <= at)
            .Select(days => ((ComplianceYear, int)?)(year, days)).LastOrDefault();

    private static DateTimeOffset MomentOf(LedgerState ledger, ComplianceYear year, int daysBefore) =>
        ledger.Rules.StartOfDay(ledger.Rules.LastDayOfSurrender(year).AddDays(-daysBefore));

    private static IEnumerable<LedgerEvent> Notices(LedgerState ledger, ComplianceYear year, int daysBefore, DateTimeOffset at) =>
        from lastPurchase in new[] { DeadlineGuard.LastPurchase(ledger, year, at) }
        let underWay = Timeliness.UnderWay(ledger, year)
        from record in ledger.Compliance.Records
        where record.FirstYear <= year && (record.LastYear is null || year <= record.LastYear) && !record.Entry(year).Excluded
        let standing = DeadlineGuard.Figures(ledger, record, year, underWay, at)
        where standing.Due is null || standing.Outstanding > standing.Submitted
        select (LedgerEvent)new DeadlineNoticeGiven(record.ParticipantId, year, daysBefore, standing.Due, standing.Outstanding, standing.Held,
            standing.StillToBuy, lastPurchase, standing.Deadline, at);
}
