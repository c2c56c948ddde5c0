using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Compliance.ComplianceEvent>;
using static CarbonMarket.Settlement.Compliance.ComplianceCommand;
using static CarbonMarket.Settlement.Compliance.ComplianceEvent;

namespace CarbonMarket.Settlement.Compliance;

/// <summary>
/// What may be asked of one covered entity's compliance account. Facts of other services come with the number under which
/// their owner counts them, so that a repeat and a late arrival are recognised.
/// </summary>
public abstract record ComplianceCommand
{
    private ComplianceCommand(Guid participantId, DateTimeOffset at) => (ParticipantId, At) = (participantId, at);

    public Guid ParticipantId { get; }

    /// <summary>Legal time.</summary>
    public DateTimeOffset At { get; }

    /// <param name="CurrentYear">The year now running; only the first cover of an entity heeds it.</param>
    /// <param name="Revision">Counted by Allocation, shared by coverage and exclusions of one entity.</param>
    public sealed record Cover(Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear,
        ComplianceYear CurrentYear, long Revision, DateTimeOffset At) : ComplianceCommand(ParticipantId, At);

    public sealed record BeginYear(Guid ParticipantId, ComplianceYear Year, DateTimeOffset At)
        : ComplianceCommand(ParticipantId, At);

    /// <param name="Verified">Null withdraws the figure.</param>
    /// <param name="ReportVersion">Counted by Verification for each year's report.</param>
    public sealed record RecordEmissions(Guid ParticipantId, ComplianceYear Year, Quantity? Verified, long ReportVersion,
        DateTimeOffset At) : ComplianceCommand(ParticipantId, At);

    public sealed record Surrender(Guid ParticipantId, Guid SurrenderId, Quantity Quantity, DateTimeOffset At)
        : ComplianceCommand(ParticipantId, At);

    public sealed record ReverseSurrender(Guid ParticipantId, Guid ReversalId, Quantity Quantity, DateTimeOffset At)
        : ComplianceCommand(ParticipantId, At);

    public sealed record Exclude(Guid ParticipantId, ComplianceYear Year, long Revision, DateTimeOffset At)
        : ComplianceCommand(ParticipantId, At);

    public sealed record LiftExclusion(Guid ParticipantId, ComplianceYear Year, long Revision, DateTimeOffset At)
        : ComplianceCommand(ParticipantId, At);
}

// What was decided. The ledger journals each under an event of its own (Obligations), which is what is stored for ever.
public abstract record ComplianceEvent
{
    private ComplianceEvent(Guid participantId, DateTimeOffset at) => (ParticipantId, At) = (participantId, at);

    public Guid ParticipantId { get; }

    /// <summary>Legal time.</summary>
    public DateTimeOffset At { get; }

    public sealed record Covered(Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear,
        ComplianceYear CurrentYear, long Revision, DateTimeOffset At) : ComplianceEvent(ParticipantId, At);

    public sealed record CoverageChanged(Guid ParticipantId, ComplianceYear FirstYear, ComplianceYear? LastYear,
        long Revision, DateTimeOffset At) : ComplianceEvent(ParticipantId, At);

    public sealed record YearBegun(Guid ParticipantId, ComplianceYear Year, DateTimeOffset At)
        : ComplianceEvent(ParticipantId, At);

    public sealed record EmissionsRecorded(Guid ParticipantId, ComplianceYear Year, Quantity Verified, long ReportVersion,
        DateTimeOffset At) : ComplianceEvent(ParticipantId, At);

    public sealed record EmissionsWithdrawn(Guid ParticipantId, ComplianceYear Year, long ReportVersion, DateTimeOffset At)
        : ComplianceEvent(ParticipantId, At);

    /// <param name="Year">The year they answer for; null: all years together.</param>
    /// <param name="IsOffset">They are offsets, which count up to a share of the amount due.</param>
    public sealed record UnitsSurrendered(Guid ParticipantId, Guid SurrenderId, Quantity Quantity, DateTimeOffset At,
        ComplianceYear? Year = null, bool IsOffset = false) : ComplianceEvent(ParticipantId, At);

    public sealed record SurrenderReversed(Guid ParticipantId, Guid ReversalId, Quantity Quantity, DateTimeOffset At,
        ComplianceYear? Year = null, bool IsOffset = false) : ComplianceEvent(ParticipantId, At);

    public sealed record YearExcluded(Guid ParticipantId, ComplianceYear Year, long Revision, DateTimeOffset At)
        : ComplianceEvent(ParticipantId, At);

    public sealed record ExclusionLifted(Guid ParticipantId, ComplianceYear Year, long Revision, DateTimeOffset At)
        : ComplianceEvent(ParticipantId, At);
}

/// <summary>What is known of one year. Version and revision are those of the newest word heard about it.</summary>
public sealed record YearEntry(ComplianceYear Year, Quantity? Verified, long ReportVersion, bool Excluded, long Revision)
{
    public bool HasEmissions => Verified is { IsZero: false };
}

/// <summary>How an entity stood on a year when its surrender deadline had passed.</summary>
/// <param name="Due">Null: it was not known, or years were not told apart.</param>
/// <param name="Outstanding">Null: years were not told apart.</param>
public sealed record YearAssessment(ComplianceYear Year, string Status, Quantity? Due, Quantity? Outstanding)
{
    /// <summary>Asked to be surrendered for it by the deadline, undecided then, and not refused or taken back since.</summary>
    public Quantity Submitted { get; init; }

    /// <summary>Of what was outstanding, the part for which nothing was submitted in time; null: years were not told apart.</summary>
    [JsonIgnore]
    public Quantity? Missed => Outstanding is { } outstanding ? outstanding - Quantity.Min(outstanding, Submitted) : null;

    /// <summary>By a report amended since; null: it has not been.</summary>
    public Quantity? AmendedDue { get; init; }

    /// <summary>By the version assessed last.</summary>
    [JsonIgnore]
    public Quantity? LatestDue => AmendedDue ?? Due;

    /// <summary>At the deadline; an amendment does not make an entity late after the fact.</summary>
    [JsonIgnore]
    public bool WasLate => Missed is { } missed ? !missed.IsZero || Due is null : Status is "B" or "C";
}

/// <summary>What was surrendered for one year and no other, net of reversals.</summary>
public sealed record YearAnswers(ComplianceYear Year, Quantity Allowances, Quantity Offsets);

/// <summary>
/// The compliance account (履约账户) of one covered entity: which years it owes, what was verified for them, what it
/// surrendered, all cumulative. One allowance answers for one unit of the market's account (1 tCO2e, 1 tce), so both sides
/// are <see cref="Quantity"/>. What the figures amount to is said by the market's <see cref="StatusRule"/>.
/// A caller begins a new year before it brings the facts of that year. Surrenders and reversals stay by their id for ever:
/// some 60 bytes of every snapshot each, beside the ledger's receipt of the same surrender, whose limit is theirs too.
/// </summary>
public sealed record ComplianceRecord(
    Guid ParticipantId,
    ComplianceYear FirstYear,
    ComplianceYear? LastYear,
    ComplianceYear CurrentYear,
    long Revision,
    ImmutableArray<YearEntry> Years,
    ImmutableDictionary<Guid, Quantity> Surrenders,
    ImmutableDictionary<Guid, Quantity> Reversals)
{
    /// <summary>Net of reversals.</summary>
    public Quantity Surrendered { get; init; }

    /// <summary>Of these, what was surrendered for particular years, oldest first. The rest answers for all years together.</summary>
    public ImmutableArray<YearAnswers> Answers { get; init; } = [];

    /// <summary>Years that are closed, oldest first.</summary>
    public ImmutableArray<YearAssessment> Assessments { get; init; } = [];

    /// <summary>
    /// Last year that is due. A year is due once it is over; an entity's last year is due as soon as it has begun, since
    /// a closing installation reports before the year is out.
    /// </summary>
    public int DueThrough => LastYear is { } last && last <= CurrentYear ? last.Value : CurrentYear.Value - 1;

    /// <summary>Last year for which emissions may be recorded.</summary>
    public int ReportableThrough => LastYear?.Value ?? Math.Max(FirstYear.Value, CurrentYear.Value - 1);

    /// <summary>Verified emissions of the years that are due.</summary>
    public Quantity Verified => VerifiedThrough(DueThrough);

    public Quantity VerifiedThrough(int year) => Years
        .Where(entry => entry.Year >= FirstYear && entry.Year.Value <= year && !entry.Excluded)
        .Aggregate(Quantity.Zero, (sum, entry) => sum + (entry.Verified ?? Quantity.Zero));

    /// <summary>So much has been surrendered and not taken back, also of the year alone where one is named.</summary>
    public bool HasSurrendered(Quantity quantity, ComplianceYear? year, bool isOffset) => Surrendered >= quantity
        && (year is null || Answers.Any(answers => answers.Year == year && (isOffset ? answers.Offsets : answers.Allowances) >= quantity));

    public ComplianceRecord Assessed(YearAssessment assessment) => this with
    {
        Assessments = [.. Assessments.Where(other => other.Year != assessment.Year).Append(assessment).OrderBy(other => other.Year)],
    };

    public YearEntry Entry(ComplianceYear year) =>
        Years.FirstOrDefault(entry => entry.Year == year) ?? new YearEntry(year, null, 0, false, 0);

    /// <summary>The account as it stood just before <paramref name="at"/>; null if it did not exist yet.</summary>
    public static ComplianceRecord? Before(DateTimeOffset at, IEnumerable<ComplianceEvent> history) =>
        history.Where(@event => @event.At < at).Aggregate((ComplianceRecord?)null, Evolve);

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<ComplianceEvent> Decide(ComplianceRecord? record, ComplianceCommand command) => (record, command) switch
    {
        (_, Cover c) when c.LastYear < c.FirstYear =>
            Reject("years-out-of-order", $"The last year {c.LastYear} lies before the first, {c.FirstYear}."),
        (null, Cover c) =>
            Accept(new Covered(c.ParticipantId, c.FirstYear, c.LastYear, c.CurrentYear, c.Revision, c.At)),
        (null, _) => Reject("not-covered", $"Participant {command.ParticipantId} is not a covered entity of this market."),
        (_, Cover c) => record.Cover(c),
        (_, BeginYear c) when c.Year <= record.CurrentYear => Accept(),
        (_, BeginYear c) => Accept(new YearBegun(c.ParticipantId, c.Year, c.At)),
        (_, RecordEmissions c) => record.RecordEmissions(c, record.Entry(c.Year)),
        (_, Surrender { Quantity.IsZero: true }) => Reject("nothing-surrendered", "A surrender is of at least one unit."),
        (_, Surrender c) when record.Surrenders.TryGetValue(c.SurrenderId, out var known) =>
            SameOrRefuse(known == c.Quantity, "surrender-differs", $"Surrender {c.SurrenderId} is of {known} units."),
        (_, Surrender c) => Accept(new UnitsSurrendered(c.ParticipantId, c.SurrenderId, c.Quantity, c.At)),
        (_, ReverseSurrender { Quantity.IsZero: true }) => Reject("nothing-reversed", "A reversal is of at least one unit."),
        (_, ReverseSurrender c) when record.Reversals.TryGetValue(c.ReversalId, out var known) =>
            SameOrRefuse(known == c.Quantity, "reversal-differs", $"Reversal {c.ReversalId} is of {known} units."),
        (_, ReverseSurrender c) when c.Quantity > record.Surrendered =>
            Reject("reversal-exceeds-surrendered", $"{record.Surrendered} units surrendered, {c.Quantity} to be reversed."),
        (_, ReverseSurrender c) => Accept(new SurrenderReversed(c.ParticipantId, c.ReversalId, c.Quantity, c.At)),
        (_, Exclude c) when c.Revision <= record.Entry(c.Year).Revision => Accept(),
        (_, Exclude c) when record.Entry(c.Year).HasEmissions =>
            Reject("year-has-emissions", $"Emissions of {c.Year} are recorded; they must be withdrawn first."),
        (_, Exclude c) => Accept(new YearExcluded(c.ParticipantId, c.Year, c.Revision, c.At)),
        (_, LiftExclusion c) when c.Revision <= record.Entry(c.Year).Revision => Accept(),
        (_, LiftExclusion c) => Accept(new ExclusionLifted(c.ParticipantId, c.Year, c.Revision, c.At)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static ComplianceRecord Evolve(ComplianceRecord? record, ComplianceEvent @event) => (record, @event) switch
    {
        (null, Covered e) => new ComplianceRecord(e.ParticipantId, e.FirstYear, e.LastYear, e.CurrentYear, e.Revision, [],
            ImmutableDictionary<Guid, Quantity>.Empty, ImmutableDictionary<Guid, Quantity>.Empty),
        (null, _) => throw new UnreachableException($"{@event} before the entity was covered"),
        (_, CoverageChanged e) => record with { FirstYear = e.FirstYear, LastYear = e.LastYear, Revision = e.Revision },
        (_, YearBegun e) => record with { CurrentYear = e.Year },
        (_, EmissionsRecorded e) => record.With(record.Entry(e.Year) with { Verified = e.Verified, ReportVersion = e.ReportVersion }),
        (_, EmissionsWithdrawn e) => record.With(record.Entry(e.Year) with { Verified = null, ReportVersion = e.ReportVersion }),
        (_, UnitsSurrendered e) => record with
        {
            Surrendered = record.Surrendered + e.Quantity,
            Surrenders = record.Surrenders.Add(e.SurrenderId, e.Quantity),
            Answers = record.With(e.Year, e.IsOffset, known => known + e.Quantity),
        },
        (_, SurrenderReversed e) => record with
        {
            Surrendered = record.Surrendered - e.Quantity,
            Reversals = record.Reversals.Add(e.ReversalId, e.Quantity),
            Answers = record.With(e.Year, e.IsOffset, known => known - e.Quantity),
        },
        (_, YearExcluded e) => record.With(record.Entry(e.Year) with { Excluded = true, Revision = e.Revision }),
        (_, ExclusionLifted e) => record.With(record.Entry(e.Year) with { Excluded = false, Revision = e.Revision }),
        _ => throw new UnreachableException(@event.ToString()),
    };

    private Decision<ComplianceEvent> Cover(Cover c)
    {
        if (c.Revision < Revision)
            return Accept();
        if (c.Revision == Revision)
            return SameOrRefuse(c.FirstYear == FirstYear && c.LastYear == LastYear, "coverage-differs",
                $"Revision {Revision} covers {FirstYear} to {LastYear}.");
        var changed = this with { FirstYear = c.FirstYear, LastYear = c.LastYear };
        return Years.FirstOrDefault(entry => entry.HasEmissions && !changed.MayReport(entry.Year)) is { } stranded
            ? Reject("emissions-outside-coverage", $"Emissions of {stranded.Year} are recorded; they must be withdrawn first.")
            : Accept(new CoverageChanged(c.ParticipantId, c.FirstYear, c.LastYear, c.Revision, c.At));
    }

    private Decision<ComplianceEvent> RecordEmissions(RecordEmissions c, YearEntry known) => c switch
    {
        _ when c.ReportVersion < known.ReportVersion => Accept(),
        _ when c.ReportVersion == known.ReportVersion => SameOrRefuse(c.Verified == known.Verified, "report-differs",
            $"Version {c.ReportVersion} of the report for {c.Year} says {known.Verified}."),
        { Verified: null } => Accept(new EmissionsWithdrawn(c.ParticipantId, c.Year, c.ReportVersion, c.At)),
        // A nil report changes nothing anybody owes, so it may come for any year, even an excluded one.
        { Verified.IsZero: false } when known.Excluded =>
            Reject("year-excluded", $"The entity is excluded for {c.Year}."),
        { Verified.IsZero: false } when !MayReport(c.Year) => Reject("year-not-reportable",
            $"The entity may report {FirstYear} to {ReportableThrough}, not {c.Year}."),
        { Verified: { } verified } => Accept(new EmissionsRecorded(c.ParticipantId, c.Year, verified, c.ReportVersion, c.At)),
    };

    private bool MayReport(ComplianceYear year) => year >= FirstYear && year.Value <= ReportableThrough;

    private ComplianceRecord With(YearEntry entry) =>
        this with { Years = [.. Years.Where(other => other.Year != entry.Year).Append(entry).OrderBy(other => other.Year)] };

    private ImmutableArray<YearAnswers> With(ComplianceYear? year, bool isOffset, Func<Quantity, Quantity> change)
    {
        if (year is not { } answered)
            return Answers;
        var known = Answers.FirstOrDefault(other => other.Year == answered) ?? new YearAnswers(answered, Quantity.Zero, Quantity.Zero);
        var changed = isOffset ? known with { Offsets = change(known.Offsets) } : known with { Allowances = change(known.Allowances) };
        return [.. Answers.Where(other => other.Year != answered).Append(changed).OrderBy(other => other.Year)];
    }

    private static Decision<ComplianceEvent> SameOrRefuse(bool same, string code, string reason) =>
        same ? Accept() : Reject(code, reason);
}
