using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Obligations;

public sealed record CoverEntity(Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear, long Revision,
    DateTimeOffset At) : LedgerCommand(At);

/// <param name="Excluded">False: the year is owed again.</param>
public sealed record SetExclusion(Guid ParticipantId, ComplianceYear Year, bool Excluded, long Revision, DateTimeOffset At)
    : LedgerCommand(At);

public sealed record RecordEmissions(Guid ParticipantId, ComplianceYear Year, Quantity Verified, Guid ReportId,
    long ReportVersion, DateTimeOffset At) : LedgerCommand(At);

public enum HeldFactKind
{
    Coverage,
    Exclusion,
    Emissions,
}

/// <summary>This one held fact of an entity can be entered now; another that has become possible meanwhile is another command.</summary>
/// <param name="Year">Null for coverage.</param>
/// <param name="Number">The number its owner counts it under: a revision, or the version of a report.</param>
/// <param name="At">Legal time of the fact.</param>
public sealed record EnterHeldFact(Guid ParticipantId, HeldFactKind Kind, ComplianceYear? Year, long Number, DateTimeOffset At)
    : LedgerCommand(At);

public sealed record EntityCovered(Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear,
    ComplianceYear CurrentYear, long Revision, DateTimeOffset At) : LedgerEvent(At);

public sealed record CoverageChanged(Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear, long Revision,
    DateTimeOffset At) : LedgerEvent(At);

public sealed record EmissionsRecorded(Guid ParticipantId, ComplianceYear Year, Quantity Verified, Guid ReportId,
    long ReportVersion, DateTimeOffset At) : LedgerEvent(At);

public sealed record YearExcluded(Guid ParticipantId, ComplianceYear Year, long Revision, DateTimeOffset At) : LedgerEvent(At);

public sealed record ExclusionLifted(Guid ParticipantId, ComplianceYear Year, long Revision, DateTimeOffset At) : LedgerEvent(At);

/// <summary>The change of coverage contradicts the record for now; it is entered as soon as it no longer does.</summary>
public sealed record CoverageHeld(Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear, long Revision,
    string Code, DateTimeOffset At) : LedgerEvent(At);

/// <inheritdoc cref="CoverageHeld"/>
public sealed record ExclusionHeld(Guid ParticipantId, ComplianceYear Year, bool Excluded, long Revision, string Code,
    DateTimeOffset At) : LedgerEvent(At);

/// <inheritdoc cref="CoverageHeld"/>
public sealed record EmissionsHeld(Guid ParticipantId, ComplianceYear Year, Quantity Verified, Guid ReportId,
    long ReportVersion, string Code, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Enters what Allocation and Verification say about an entity into its compliance record. Their messages come in any
/// order: what the record cannot take yet (emissions before the coverage they belong to) is held, visibly, and entered later.
/// </summary>
public static class ComplianceFacts
{
    // What time or another message may mend. Anything else is a contradiction between the services and is refused.
    private static readonly ImmutableHashSet<string> Mendable = ImmutableHashSet.Create(StringComparer.Ordinal,
        "not-covered", "year-not-reportable", "year-excluded", "year-has-emissions", "emissions-outside-coverage");

    public static Decision<LedgerEvent> Decide(LedgerState ledger, CoverEntity c) => Enter(ledger, c.ParticipantId, c.At,
        now => Command(c, now), file => file.HeldCoverage.Contains(c),
        code => new CoverageHeld(c.ParticipantId, c.FirstYear, c.LastYear, c.Revision, code, c.At));

    public static Decision<LedgerEvent> Decide(LedgerState ledger, SetExclusion c) => Enter(ledger, c.ParticipantId, c.At,
        _ => Command(c), file => file.HeldExclusions.Contains(c),
        code => new ExclusionHeld(c.ParticipantId, c.Year, c.Excluded, c.Revision, code, c.At));

    public static Decision<LedgerEvent> Decide(LedgerState ledger, RecordEmissions c) => Enter(ledger, c.ParticipantId, c.At,
        _ => Command(c), file => file.HeldEmissions.Contains(c),
        code => new EmissionsHeld(c.ParticipantId, c.Year, c.Verified, c.ReportId, c.ReportVersion, code, c.At),
        c.ReportId);

    public static Decision<LedgerEvent> Decide(LedgerState ledger, EnterHeldFact c) =>
        ledger.Compliance.Find(c.ParticipantId) is { } file
            ? Enterable(file).FirstOrDefault(fact => Entering(fact) == c) switch
            {
                CoverEntity coverage => Decide(ledger, coverage),
                SetExclusion exclusion => Decide(ledger, exclusion),
                RecordEmissions emissions => Decide(ledger, emissions),
                _ => Accept(),
            }
            : Accept();

    /// <summary>Enters held facts that their records would take now, one of each.</summary>
    public static IEnumerable<EnterHeldFact> Ready(LedgerState ledger) =>
        ledger.Compliance.WithHeldFactsAndRecord.SelectMany(file => Enterable(file).Take(1)).Select(Entering);

    public static void Evolve(LedgerState ledger, EntityCovered e) => ledger.Compliance.Change(e.ParticipantId, file =>
    {
        file.HeldCoverage.RemoveAll(held => held.Revision <= e.Revision);
        file.Evolve(new ComplianceEvent.Covered(e.ParticipantId, e.FirstYear, e.LastYear, e.CurrentYear, e.Revision, e.At));
    });

    public static void Evolve(LedgerState ledger, CoverageChanged e) => ledger.Compliance.Change(e.ParticipantId, file =>
    {
        file.HeldCoverage.RemoveAll(held => held.Revision <= e.Revision);
        file.Evolve(new ComplianceEvent.CoverageChanged(e.ParticipantId, e.FirstYear, e.LastYear, e.Revision, e.At));
    });

    public static void Evolve(LedgerState ledger, EmissionsRecorded e) => ledger.Compliance.Change(e.ParticipantId, file =>
    {
        file.HeldEmissions.RemoveAll(held => held.Year == e.Year && held.ReportVersion <= e.ReportVersion);
        file.Evolve(new ComplianceEvent.EmissionsRecorded(e.ParticipantId, e.Year, e.Verified, e.ReportVersion, e.At));
    });

    public static void Evolve(LedgerState ledger, YearExcluded e) => ledger.Compliance.Change(e.ParticipantId, file =>
    {
        file.HeldExclusions.RemoveAll(held => held.Year == e.Year && held.Revision <= e.Revision);
        file.Evolve(new ComplianceEvent.YearExcluded(e.ParticipantId, e.Year, e.Revision, e.At));
    });

    public static void Evolve(LedgerState ledger, ExclusionLifted e) => ledger.Compliance.Change(e.ParticipantId, file =>
    {
        file.HeldExclusions.RemoveAll(held => held.Year == e.Year && held.Revision <= e.Revision);
        file.Evolve(new ComplianceEvent.ExclusionLifted(e.ParticipantId, e.Year, e.Revision, e.At));
    });

    public static void Evolve(LedgerState ledger, CoverageHeld e) => ledger.Compliance.Change(e.ParticipantId, file =>
        file.HeldCoverage.Add(new CoverEntity(e.ParticipantId, e.FirstYear, e.LastYear, e.Revision, e.At)));

    public static void Evolve(LedgerState ledger, ExclusionHeld e) => ledger.Compliance.Change(e.ParticipantId, file =>
        file.HeldExclusions.Add(new SetExclusion(e.ParticipantId, e.Year, e.Excluded, e.Revision, e.At)));

    public static void Evolve(LedgerState ledger, EmissionsHeld e) => ledger.Compliance.Change(e.ParticipantId, file =>
        file.HeldEmissions.Add(new RecordEmissions(e.ParticipantId, e.Year, e.Verified, e.ReportId, e.ReportVersion, e.At)));

    private static Decision<LedgerEvent> Enter(LedgerState ledger, Guid participantId, DateTimeOffset at,
        Func<ComplianceYear, ComplianceCommand> command, Func<EntityFile, bool> isHeld, Func<string, LedgerEvent> held,
        Guid reportId = default)
    {
        var file = ledger.Compliance.Find(participantId);
        var (due, now) = Calendar(ledger, at, starts: file?.Record is null);
        var record = due.Aggregate(file?.Record, (known, @event) => (known, @event) switch
        {
            (not null, ComplianceYearBegun year) => ComplianceRecord.Evolve(known, new ComplianceEvent.YearBegun(participantId, year.Year, year.At)),
            (not null, EntityAssessed assessed) when assessed.ParticipantId == participantId => known.Assessed(ComplianceCalendar.AssessmentOf(assessed)),
            _ => known,
        });
        return ComplianceRecord.Decide(record, command(now)) switch
        {
            Decision<ComplianceEvent>.Accepted { Events.IsEmpty: true } => Accept(),
            Decision<ComplianceEvent>.Accepted accepted => Accept(due.AddRange(accepted.Events.SelectMany(
                e => Amending.Following(ledger, record, e).Prepend(InLedger(e, reportId))))),
            Decision<ComplianceEvent>.Rejected { Code: var code } when Mendable.Contains(code) =>
                file is not null && isHeld(file) ? Accept() : Accept(held(code)),
            Decision<ComplianceEvent>.Rejected rejected => Reject(rejected.Code, rejected.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The calendar events to write before a fact of that time, and the year that then runs.</summary>
    private static (ImmutableArray<LedgerEvent> Due, ComplianceYear Now) Calendar(LedgerState ledger, DateTimeOffset at, bool starts)
    {
        if (ledger.Compliance.CurrentYear is not { } running)
        {
            var started = ComplianceCalendar.Started(ledger.Rules, at);
            return (starts ? [started] : [], started.Year);
        }
        var due = ComplianceCalendar.Due(ledger, at);
        return (due, due.OfType<ComplianceYearBegun>().LastOrDefault()?.Year ?? running);
    }

    private static IEnumerable<LedgerCommand> Enterable(EntityFile file)
    {
        if (file.Record is not { } record)
            return [];
        bool Takes(ComplianceCommand command) => ComplianceRecord.Decide(record, command) is Decision<ComplianceEvent>.Accepted { Events.IsEmpty: false };
        return file.HeldCoverage.Where(held => Takes(Command(held, record.CurrentYear)))
            .Concat<LedgerCommand>(file.HeldExclusions.Where(held => Takes(Command(held))))
            .Concat(file.HeldEmissions.Where(held => Takes(Command(held))));
    }

    private static EnterHeldFact Entering(LedgerCommand fact) => fact switch
    {
        CoverEntity c => new(c.ParticipantId, HeldFactKind.Coverage, null, c.Revision, c.At),
        SetExclusion c => new(c.ParticipantId, HeldFactKind.Exclusion, c.Year, c.Revision, c.At),
        RecordEmissions c => new(c.ParticipantId, HeldFactKind.Emissions, c.Year, c.ReportVersion, c.At),
        _ => throw new System.Diagnostics.UnreachableException(fact.ToString()),
    };

    private static ComplianceCommand.Cover Command(CoverEntity c, ComplianceYear now) =>
        new(c.ParticipantId, c.FirstYear, c.LastYear, now, c.Revision, c.At);

    private static ComplianceCommand Command(SetExclusion c) => c.Excluded
        ? new ComplianceCommand.Exclude(c.ParticipantId, c.Year, c.Revision, c.At)
        : new ComplianceCommand.LiftExclusion(c.ParticipantId, c.Year, c.Revision, c.At);

    private static ComplianceCommand.RecordEmissions Command(RecordEmissions c) =>
        new(c.ParticipantId, c.Year, c.Verified, c.ReportVersion, c.At);

    private static LedgerEvent InLedger(ComplianceEvent @event, Guid reportId) => @event switch
    {
        ComplianceEvent.Covered e => new EntityCovered(e.ParticipantId, e.FirstYear, e.LastYear, e.CurrentYear, e.Revision, e.At),
        ComplianceEvent.CoverageChanged e => new CoverageChanged(e.ParticipantId, e.FirstYear, e.LastYear, e.Revision, e.At),
        ComplianceEvent.EmissionsRecorded e => new EmissionsRecorded(e.ParticipantId, e.Year, e.Verified, reportId, e.ReportVersion, e.At),
        ComplianceEvent.YearExcluded e => new YearExcluded(e.ParticipantId, e.Year, e.Revision, e.At),
        ComplianceEvent.ExclusionLifted e => new ExclusionLifted(e.ParticipantId, e.Year, e.Revision, e.At),
        _ => throw new System.Diagnostics.UnreachableException(@event.ToString()),
    };
}
