using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Penalties;

/// <param name="Ground">Where it was published.</param>
public sealed record PublishAveragePrice(Month Month, Price Price, string Ground, Person By, DateTimeOffset At) : LedgerCommand(At);

/// <param name="Year">The year not surrendered for; null for other violations.</param>
/// <param name="ActOn">Legal day of the act; null for a surrender, whose day is the last of its deadline.</param>
public sealed record AssessPenalty(Guid PenaltyId, Guid ParticipantId, string Violation, ComplianceYear? Year, DateOnly? ActOn, Money? Gains, bool OfPerson,
    string Ground, Person By, DateTimeOffset At) : LedgerCommand(At);

public sealed record DecidePenalty(Guid PenaltyId, int Step, Money Amount, string Ground, Person By, DateTimeOffset At) : LedgerCommand(At);

/// <summary>The month's average price, as the authority says it; one said later goes before it.</summary>
public sealed record AveragePricePublished(Month Month, Price PriceMinor, string Ground, string By, DateTimeOffset At) : LedgerEvent(At);

public sealed record PenaltyAssessed(Guid PenaltyId, Guid ParticipantId, ComplianceYear? Year, PenaltyWorksheet Worksheet, Guid Asked, string Ground, string By,
    DateTimeOffset At) : LedgerEvent(At);

/// <param name="Units">Of a later step: units that were still not surrendered, for which it is; null: as the worksheet says.</param>
public sealed record PenaltyDecided(Guid PenaltyId, Guid ParticipantId, int Step, Money AmountMinor, string Ground, string By, DateTimeOffset At,
    Quantity? Units = null) : LedgerEvent(At);

/// <param name="Step">Number of the worksheet's step, from 1.</param>
/// <param name="AmountMinor">The fine, in minor units of the currency.</param>
/// <param name="Ground">Why it is so much.</param>
/// <param name="By">Subject of the token of the official who decided it.</param>
/// <param name="At">Legal time.</param>
/// <param name="Units">Of a later step: units that were still not surrendered, for which it is; null: as the worksheet says.</param>
public sealed record PenaltyDecision(int Step, Money AmountMinor, string Ground, string By, DateTimeOffset At, Quantity? Units = null);

public sealed record Penalty(
    Guid PenaltyId, Guid ParticipantId, ComplianceYear? Year, PenaltyWorksheet Worksheet, string Ground, string AssessedBy, DateTimeOffset AssessedAt,
    ImmutableArray<PenaltyDecision> Decisions);

/// <summary>Every penalty that was assessed: acts of officials, few enough to stay.</summary>
public sealed class PenaltyBook
{
    private readonly SortedDictionary<Guid, Penalty> _all = [];

    public IReadOnlyDictionary<Guid, Penalty> All => _all;

    public IEnumerable<Penalty> Of(Guid participantId) => _all.Values.Where(penalty => penalty.ParticipantId == participantId).OrderBy(penalty => penalty.AssessedAt);

    public void Note(Penalty penalty) => _all[penalty.PenaltyId] = penalty;
}

/// <summary>
/// Assesses penalties (行政处罚) by the law in force on the day of the act, with a worksheet, and records what another official
/// decides within its range. The fine itself is paid elsewhere.
/// </summary>
public static class Penalising
{
    public static Decision<LedgerEvent> Decide(LedgerState ledger, PublishAveragePrice c) => c switch
    {
        { By.IsOfficial: false } => Reject("officials-only", "An average price is published by an official."),
        _ when ledger.Turnover.Published.GetValueOrDefault(c.Month) is { } known && known.Price == c.Price && known.Ground == c.Ground => Accept(),
        _ => Accept(new AveragePricePublished(c.Month, c.Price, c.Ground, c.By.Subject, c.At)),
    };

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, AssessPenalty c) => c switch
    {
        { By.IsOfficial: false } => Reject("officials-only", "A penalty is assessed by an official."),
        _ when ledger.Receipts.Answer(c.PenaltyId, ReceiptOf(c.ParticipantId, c.Year, AskedOf(c))) is { } answer => answer,
        { Violation: PenaltyWorksheet.Surrender, Year: { } year } => OfSurrender(ledger, c, year),
        { ActOn: { } day } when c.Violation != PenaltyWorksheet.Surrender =>
            Assessed(ledger, c, new PenaltyInputs(c.Violation, day, null, null, null, null, c.Gains, c.OfPerson)),
        _ => Reject("act-missing", "A penalty names the year that was not surrendered for, or the day of the act."),
    };

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, DecidePenalty c) => ledger.Penalties.All.GetValueOrDefault(c.PenaltyId) switch
    {
        _ when !c.By.IsOfficial => Reject("officials-only", "A penalty is decided by an official."),
        null => Reject("unknown-penalty", $"There is no penalty {c.PenaltyId} in this market."),
        { } penalty when penalty.Decisions.FirstOrDefault(decision => decision.Step == c.Step) is { } decided =>
            decided.AmountMinor == c.Amount && decided.By == c.By.Subject ? Accept() : Reject("already-decided", $"Step {c.Step} is decided: {decided.AmountMinor}."),
        { } penalty when penalty.AssessedBy == c.By.Subject => Reject("four-eyes", "Whoever assessed a penalty does not decide it."),
        { } penalty when penalty.Worksheet.Steps.FirstOrDefault(step => step.Number == c.Step) is not { } => Reject("unknown-step",
            $"The worksheet has {penalty.Worksheet.Steps.Length} steps, not a step {c.Step}."),
        { } penalty when c.Step > 1 && penalty.Decisions.All(decision => decision.Step != c.Step - 1) =>
            Reject("step-out-of-order", $"Step {c.Step - 1} comes first."),
        { } penalty when StillUnpaid(ledger, penalty, c) is { IsZero: true } =>
            Reject("nothing-outstanding", $"What was due for {penalty.Year} has been surrendered since."),
        { } penalty when penalty.Worksheet.Step(c.Step, StillUnpaid(ledger, penalty, c)) is var step && (c.Amount < step.Lowest || c.Amount > step.Highest) =>
            Reject("penalty-out-of-range", $"The law allows {step.Lowest} to {step.Highest} ({step.Formula}), not {c.Amount}."),
        { } penalty => Accept(new PenaltyDecided(
            c.PenaltyId, penalty.ParticipantId, c.Step, c.Amount, c.Ground, c.By.Subject, c.At, StillUnpaid(ledger, penalty, c))),
    };

    public static void Evolve(LedgerState ledger, AveragePricePublished e) => ledger.Turnover.Publish(new PublishedPrice(e.Month, e.PriceMinor, e.Ground, e.By));

    public static void Evolve(LedgerState ledger, PenaltyAssessed e)
    {
        ledger.Receipts.Add(e.PenaltyId, ReceiptOf(e.ParticipantId, e.Year, e.Asked));
        ledger.Penalties.Note(new Penalty(e.PenaltyId, e.ParticipantId, e.Year, e.Worksheet, e.Ground, e.By, e.At, []));
    }

    public static void Evolve(LedgerState ledger, PenaltyDecided e)
    {
        var penalty = ledger.Penalties.All[e.PenaltyId];
        ledger.Penalties.Note(penalty with { Decisions = penalty.Decisions.Add(new PenaltyDecision(e.Step, e.AmountMinor, e.Ground, e.By, e.At, e.Units)) });
    }

    /// <summary>The average price of a month: as published, or turnover over volume of all allowances, to the minor unit, half of it up.</summary>
    public static (Price Price, string Source)? AveragePrice(LedgerState ledger, Month month, DateTimeOffset at)
    {
        if (ledger.Turnover.Published.GetValueOrDefault(month) is { } published)
            return (published.Price, $"published for {month}: {published.Ground}");
        var (volume, turnover) = ledger.Turnover.Of(month, ledger.Rules.At(at).Answers);
        var mean = volume.IsZero ? 0 : (long)decimal.Round((decimal)turnover.Minor / volume.Value, MidpointRounding.AwayFromZero);
        return mean == 0 ? null : (Price.OfMinor(mean), string.Create(CultureInfo.InvariantCulture, $"trades of {month}: turnover {turnover} over volume {volume}"));
    }

    // Arms stand in order of precedence; the specs pin that order.
    private static Decision<LedgerEvent> OfSurrender(LedgerState ledger, AssessPenalty c, ComplianceYear year)
    {
        var day = ledger.Rules.LastDayOfSurrender(year);
        var found = ledger.Compliance.Find(c.ParticipantId)?.Record?.Assessments.FirstOrDefault(assessed => assessed.Year == year);
        return (found, AveragePrice(ledger, Month.EndedBy(day), c.At)) switch
        {
            (null or { Missed: null }, _) => Reject("year-not-assessed", $"Participant {c.ParticipantId} has not been assessed for {year} by itself; its deadline is the end of {day:yyyy-MM-dd}."),
            ({ Outstanding.IsZero: true }, _) => Reject("nothing-outstanding", $"Nothing was outstanding for {year} when its deadline had passed."),
            _ when Timeliness.InReview(ledger, c.ParticipantId, year) is { } waiting => Reject("surrender-in-review",
                $"{waiting.Terms.Type} {waiting.TransactionId} for {year} was submitted in time, on {waiting.ProposedAt:O}; what was late is known when it is decided."),
            ({ Missed.IsZero: true }, _) => Reject("nothing-outstanding", $"What was outstanding for {year} when its deadline had passed had been submitted in time."),
            (_, null) when PenaltyWorksheet.NeedsPrice(ledger.Rules.PackAt(c.At), c.Violation, day) =>
                Reject("average-price-unknown", $"No trade was settled in {Month.EndedBy(day)} and no average price is published for it."),
            ({ Missed: { } shortfall }, var average) => Assessed(ledger, c, new PenaltyInputs(
                c.Violation, day, shortfall, Quantity.Min(shortfall, OutstandingNow(ledger, c.ParticipantId, year, c.At)), average?.Price, average?.Source, null, c.OfPerson)),
        };
    }

    private static Decision<LedgerEvent> Assessed(LedgerState ledger, AssessPenalty c, PenaltyInputs inputs) =>
        PenaltyWorksheet.Of(ledger.Rules.PackAt(c.At), inputs) is { } worksheet
            ? Accept(new PenaltyAssessed(c.PenaltyId, c.ParticipantId, c.Year, worksheet, AskedOf(c), c.Ground, c.By.Subject, c.At))
            : Reject("no-penalty-in-force", $"The rules know no fine for {c.Violation} on {inputs.ActOn:yyyy-MM-dd}.");

    private static Quantity OutstandingNow(LedgerState ledger, Guid participantId, ComplianceYear year, DateTimeOffset at) =>
        ledger.Compliance.Find(participantId)?.Record is { } record
            ? Obligation.Of(record, year.Value, ledger.Rules.At(at).OffsetLimit).FirstOrDefault(owed => owed.Year == year)?.Outstanding ?? Quantity.Zero
            : Quantity.Zero;

    /// <summary>What a later step is of: unpaid when it was assessed, and not surrendered since. Null: the first step, which is of the act itself.</summary>
    private static Quantity? StillUnpaid(LedgerState ledger, Penalty penalty, DecidePenalty c) =>
        c.Step > 1 && penalty is { Year: { } year, Worksheet.Inputs.Unpaid: { } unpaid }
            ? Quantity.Min(unpaid, OutstandingNow(ledger, penalty.ParticipantId, year, c.At))
            : null;

    private static Guid AskedOf(AssessPenalty c) => Receipt.ContentOf(c.Violation, c.ActOn, c.Gains?.Minor, c.OfPerson, c.Ground);

    private static Receipt ReceiptOf(Guid participantId, ComplianceYear? year, Guid asked) => new("penalty", participantId, Guid.Empty, null, year, 0, asked);
}
