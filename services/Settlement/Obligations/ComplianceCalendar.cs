using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>Legal time has reached <see cref="LedgerCommand.At"/>.</summary>
public sealed record FollowCalendar(DateTimeOffset At) : LedgerCommand(At);

/// <summary>The market has its first covered entity: from now on years begin and close.</summary>
public sealed record ComplianceCalendarStarted(ComplianceYear Year, ComplianceYear FirstToClose, DateTimeOffset At) : LedgerEvent(At);

/// <param name="At">First instant of the year, in the market's own zone.</param>
public sealed record ComplianceYearBegun(ComplianceYear Year, DateTimeOffset At) : LedgerEvent(At);

/// <summary>Where an entity stood when the year's surrender deadline had passed.</summary>
/// <param name="Due">For that year alone; null: it was not known, or years are not told apart.</param>
/// <param name="Outstanding">Of that, not answered for; null: years are not told apart.</param>
/// <param name="Submitted">Units of surrenders for that year that were submitted in time and not decided yet; the status counts them. Null: none.</param>
public sealed record EntityAssessed(Guid ParticipantId, ComplianceYear Year, string Status, Quantity Verified,
    Quantity Surrendered, DateTimeOffset At, Quantity? Due = null, Quantity? Outstanding = null, Quantity? Submitted = null)
    : LedgerEvent(At);

/// <param name="Counts">Entities by status.</param>
public sealed record ComplianceYearClosed(ComplianceYear Year, ImmutableSortedDictionary<string, long> Counts, DateTimeOffset At)
    : LedgerEvent(At);

/// <summary>
/// Begins each compliance year on 1 January and closes it when its surrender deadline has passed, in order, once each,
/// however far legal time jumps. Facts that depend on the year bring the calendar up to their own time first.
/// </summary>
public static class ComplianceCalendar
{
    public static Decision<LedgerEvent> Decide(LedgerState ledger, FollowCalendar c) => Accept(Due(ledger, c.At));

    /// <summary>When the next year begins or closes; null while the market has no covered entity.</summary>
    public static DateTimeOffset? NextDue(LedgerState ledger) =>
        ledger.Compliance is { CurrentYear: { } current, NextToClose: { } toClose }
            ? Earlier(ledger.Rules.StartOf(current.Next), ledger.Rules.SurrenderDeadline(toClose))
            : null;

    /// <summary>What legal time has brought about by <paramref name="at"/> and is not written yet.</summary>
    public static ImmutableArray<LedgerEvent> Due(LedgerState ledger, DateTimeOffset at)
    {
        if (ledger.Compliance is not { CurrentYear: { } current, NextToClose: { } toClose })
            return [];
        var events = ImmutableArray.CreateBuilder<LedgerEvent>();
        while (true)
        {
            var (begins, closes) = (ledger.Rules.StartOf(current.Next), ledger.Rules.SurrenderDeadline(toClose));
            if (Earlier(begins, closes) > at)
                return events.DrainToImmutable();
            if (begins <= closes)
            {
                events.Add(new ComplianceYearBegun(current = current.Next, begins));
                continue;
            }
            Assess(ledger, toClose, closes, events);
            toClose = toClose.Next;
        }
    }

    public static void Evolve(LedgerState ledger, ComplianceCalendarStarted e) => ledger.Compliance.Start(e.Year, e.FirstToClose);

    public static void Evolve(LedgerState ledger, ComplianceYearBegun e) => ledger.Compliance.Begin(e.Year, e.At);

    public static void Evolve(LedgerState ledger, ComplianceYearClosed e) => ledger.Compliance.Close(new ClosedYear(e.Year, e.At, e.Counts));

    public static void Evolve(LedgerState ledger, EntityAssessed e) => ledger.Compliance.Change(e.ParticipantId, file =>
        file.Record = file.Record?.Assessed(AssessmentOf(e)));

    internal static YearAssessment AssessmentOf(EntityAssessed e) => new(e.Year, e.Status, e.Due, e.Outstanding) { Submitted = e.Submitted ?? Quantity.Zero };

    /// <summary>The first year closed is the first whose deadline is still to come when the market begins.</summary>
    internal static ComplianceCalendarStarted Started(RuleBook rules, DateTimeOffset at)
    {
        var year = rules.YearOf(at);
        var toClose = rules.SurrenderDeadline(year.Previous) > at ? year.Previous : year;
        return new ComplianceCalendarStarted(year, toClose < rules.FirstYear ? rules.FirstYear : toClose, at);
    }

    private static void Assess(
        LedgerState ledger, ComplianceYear year, DateTimeOffset deadline, ImmutableArray<LedgerEvent>.Builder events)
    {
        var (counts, underWay) = (new SortedDictionary<string, long>(StringComparer.Ordinal), Timeliness.UnderWay(ledger, year));
        foreach (var record in ledger.Compliance.Records.Where(record => record.FirstYear <= year))
        {
            var (rules, submitted) = (ledger.Rules.At(deadline), underWay[record.ParticipantId].ToList());
            var status = StatusRule.Code(rules.StatusRule.For(Timeliness.IfApproved(ledger, record, submitted), year));
            var assessed = new EntityAssessed(record.ParticipantId, year, status, record.VerifiedThrough(year.Value), record.Surrendered, deadline);
            events.Add(rules.StatusRule.IsByYear ? ByYear(assessed, record, rules) with { Submitted = Sum(submitted) } : assessed);
            counts[status] = counts.GetValueOrDefault(status) + 1;
        }
        events.Add(new ComplianceYearClosed(year, counts.ToImmutableSortedDictionary(StringComparer.Ordinal), deadline));
    }

    private static EntityAssessed ByYear(EntityAssessed assessed, ComplianceRecord record, LedgerRules rules) =>
        Obligation.Of(record, assessed.Year.Value, rules.OffsetLimit).FirstOrDefault(owed => owed.Year == assessed.Year) is { } owed
            ? assessed with { Due = owed.Due, Outstanding = owed.Outstanding }
            : assessed with { Due = Quantity.Zero, Outstanding = Quantity.Zero };

    private static Quantity? Sum(List<Transaction> submitted) => submitted.Count == 0
        ? null
        : submitted.Aggregate(Quantity.Zero, (sum, waiting) => sum + waiting.Terms.Blocks.Quantity);

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left <= right ? left : right;
}
