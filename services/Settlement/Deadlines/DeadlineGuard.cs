using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;

namespace CarbonMarket.Settlement.Deadlines;

/// <summary>One way to come by units, and the last moment at which it is in time.</summary>
/// <param name="Way">surrender, buy-listed, buy-block, or a transaction type by which units come.</param>
/// <param name="Until">Up to this moment; null: there is none before the deadline any more.</param>
/// <param name="Passed">It is over on the day that was asked for.</param>
/// <param name="Why">How the moment was found.</param>
public sealed record LastMoment(string Way, DateTimeOffset? Until, bool Passed, string Why);

/// <summary>Units on their way to or from the entity that are not there yet.</summary>
/// <param name="TransactionId">The transaction by which they move.</param>
/// <param name="Type">The type of the transaction, as the policy pack names it.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Incoming">They come to the entity, or are surrendered on its behalf. False: they leave it.</param>
/// <param name="NotBefore">When its delay is over; null: it waits for its second person.</param>
/// <param name="InTime">
/// Before the deadline as things stand: a surrender that answers for a year by when it was submitted; all else by when its delay is over,
/// so false while nobody has approved it.
/// </param>
public sealed record DelayedUnits(Guid TransactionId, string Type, string Instrument, Quantity Quantity, bool Incoming, DateTimeOffset? NotBefore, bool InTime);

/// <summary>Where an entity stands before its surrender deadline, by what the ledger holds now.</summary>
/// <param name="ParticipantId">The covered entity.</param>
/// <param name="Year">The compliance year whose deadline comes next on the day asked for.</param>
/// <param name="Deadline">First instant at which a surrender is late.</param>
/// <param name="DaysLeft">Legal days until the last one that is in time; 0 on that day and after it.</param>
/// <param name="Due">Null while the verified emissions are not known.</param>
/// <param name="Answered">
/// Surrendered and counted for the year, offsets within their limit included; where the market does not tell years apart, surrendered in
/// all.
/// </param>
/// <param name="Outstanding">Still to be surrendered.</param>
/// <param name="Arrears">The same, of years whose deadline has passed.</param>
/// <param name="Held">Free on the holding account and of vintages that answer for the year.</param>
/// <param name="OffsetsUsable">Free offsets, as far as they may still stand in.</param>
/// <param name="OnTradingAccount">Usable units on the trading account; they have to be moved first.</param>
/// <param name="PendingIn">Bought and not yet delivered.</param>
/// <param name="PendingOut">Sold and not yet delivered.</param>
/// <param name="HeldBack">Usable but frozen, pledged, to be carried over or promised to a transaction.</param>
/// <param name="StillToBuy">Outstanding beyond everything that is there or bound to come.</param>
/// <param name="Delayed">Transactions under way from it, to it or on its behalf.</param>
/// <param name="LastMoments">Until when there is still time, by each way to surrender or to come by units.</param>
public sealed record DeadlineStanding(
    Guid ParticipantId, ComplianceYear Year, DateTimeOffset Deadline, int DaysLeft, Quantity? Due, Quantity Answered, Quantity Outstanding, Quantity Arrears,
    Quantity Held, Quantity OffsetsUsable, Quantity OnTradingAccount, Quantity PendingIn, Quantity PendingOut, Quantity HeldBack, Quantity StillToBuy,
    ImmutableArray<DelayedUnits> Delayed, ImmutableArray<LastMoment> LastMoments)
{
    /// <summary>Submitted to be surrendered for the year, and not decided or not completed yet.</summary>
    public Quantity Submitted { get; init; }
}

/// <summary>
/// What is due, what is there, and until when the rest can still be bought or transferred (履约期限提示): by the working hours,
/// sessions and calendar of the pack. A trade is in time if the clearing run of its day comes before the deadline.
/// </summary>
public static class DeadlineGuard
{
    private const int FarthestTradingDays = 60;

    /// <param name="at">The moment asked about; holdings are those of now.</param>
    public static DeadlineStanding Of(LedgerState ledger, ComplianceRecord record, ComplianceYear year, DateTimeOffset at) =>
        Figures(ledger, record, year, Timeliness.UnderWay(ledger, year), at) with
        {
            Delayed = Delayed(ledger, record.ParticipantId, ledger.Rules.SurrenderDeadline(year)),
            LastMoments = LastMoments(ledger, ledger.Rules.PackAt(at), ledger.Rules.At(at), year, at),
        };

    /// <summary>The same without what is delayed and without the last moments.</summary>
    /// <param name="underWay">Surrenders for the year that are not decided yet.</param>
    internal static DeadlineStanding Figures(LedgerState ledger, ComplianceRecord record, ComplianceYear year, ILookup<Guid, Transaction> underWay, DateTimeOffset at)
    {
        var (pack, rules, deadline) = (ledger.Rules.PackAt(at), ledger.Rules.At(at), ledger.Rules.SurrenderDeadline(year));
        var (due, answered, outstanding, offsets, arrears) = Owed(record, rules, year);
        var units = new Usable(ledger, record.ParticipantId, year, at);
        var offsetsUsable = Quantity.Min(offsets, units.Offsets);
        var submitted = underWay[record.ParticipantId].Aggregate(Quantity.Zero, (sum, waiting) => sum + waiting.Terms.Blocks.Quantity);
        var expected = units.Held + offsetsUsable + units.TradingAfterSettlement + submitted;
        return new DeadlineStanding(
            record.ParticipantId, year, deadline, Math.Max(0, ledger.Rules.LastDayOfSurrender(year).DayNumber - pack.LegalDay(at).DayNumber), due, answered,
            outstanding, arrears, units.Held, offsetsUsable, units.OnTrading, units.PendingIn, units.PendingOut, units.HeldBack,
            outstanding > expected ? outstanding - expected : Quantity.Zero, [], []) { Submitted = submitted };
    }

    /// <summary>When the last session closes in which allowances that answer for the year can be bought in time.</summary>
    public static DateTimeOffset? LastPurchase(LedgerState ledger, ComplianceYear year, DateTimeOffset at) =>
        LastSession(ledger, ledger.Rules.PackAt(at), ledger.Rules.At(at), year, session => session.IsOfBook, at);

    private static (Quantity? Due, Quantity Answered, Quantity Outstanding, Quantity OffsetsLeft, Quantity Arrears) Owed(
        ComplianceRecord record, LedgerRules rules, ComplianceYear year)
    {
        if (!rules.StatusRule.IsByYear)
        {
            var verified = record.VerifiedThrough(year.Value);
            return (verified, record.Surrendered, verified > record.Surrendered ? verified - record.Surrendered : Quantity.Zero, Quantity.Zero, Quantity.Zero);
        }
        var owed = Obligation.Of(record, year.Value, rules.OffsetLimit);
        var arrears = owed.Where(other => other.Year < year).Aggregate(Quantity.Zero, (sum, other) => sum + other.Outstanding);
        return owed.FirstOrDefault(other => other.Year == year) is { } own
            ? (own.Due, own.Answered, own.Outstanding, own.OffsetsStillUsable, arrears)
            : (Quantity.Zero, Quantity.Zero, Quantity.Zero, Quantity.Zero, arrears);
    }

    private static ImmutableArray<DelayedUnits> Delayed(LedgerState ledger, Guid participantId, DateTimeOffset deadline) =>
    [
        .. from waiting in ledger.Transactions.Pending.Values
           let terms = waiting.Terms
           where terms.FromParticipantId == participantId || terms.ToParticipantId == participantId || terms.OnBehalfOfParticipantId == participantId
           select new DelayedUnits(waiting.TransactionId, terms.Type, terms.Instrument, terms.Blocks.Quantity,
               terms.ToParticipantId == participantId || terms.OnBehalfOfParticipantId == participantId, waiting.NotBefore,
               (Timeliness.AnswersFor(terms) is null ? waiting.NotBefore : waiting.ProposedAt) < deadline),
    ];

    private static ImmutableArray<LastMoment> LastMoments(LedgerState ledger, PolicyPack pack, LedgerRules rules, ComplianceYear year, DateTimeOffset at)
    {
        var deadline = ledger.Rules.SurrenderDeadline(year);
        LastMoment Moment(string way, DateTimeOffset? until, string why) => new(way, until, until is null || until <= at, why);
        return
        [
            Moment("surrender", deadline, "the last day counts in full"),
            Moment("buy-listed", LastSession(ledger, pack, rules, year, session => session.IsOfBook, at), "close of the last session of the book; delivered by that day's clearing run"),
            Moment("buy-block", LastSession(ledger, pack, rules, year, session => session.Mode == Session.Block, at), "close of the last block session; delivered by that day's clearing run"),
            .. from type in pack.Registry.TransactionTypes
               where type.ProposedBy == Proposer.Holder && (type.To.Contains(AccountTypes.OperatorHolding, StringComparer.Ordinal) || type.To.Contains(AccountTypes.Surrender, StringComparer.Ordinal))
               select Transfer(pack, rules, type, deadline) is var (until, why) ? Moment(type.Id, until, why) : throw new System.Diagnostics.UnreachableException(),
        ];
    }

    private static (DateTimeOffset Until, string Why) Transfer(PolicyPack pack, LedgerRules rules, TransactionType type, DateTimeOffset deadline) => type switch
    {
        _ when rules.StatusRule.IsByYear && type.To.Contains(AccountTypes.Surrender, StringComparer.Ordinal) => (deadline, "submitted before the deadline; approved, it may be, after it"),
        { DelayWorkingHours: { } hours } => (pack.BeforeWorkingHours(deadline, hours), $"approved {hours} working hours before the deadline"),
        { ApprovedBy: Approver.Official } => (pack.BeforeWorkingHours(deadline, 0), "approved before the offices close for the last time"),
        _ => (deadline, "approved before the deadline"),
    };

    private static DateTimeOffset? LastSession(
        LedgerState ledger, PolicyPack pack, LedgerRules rules, ComplianceYear year, Func<Session, bool> wanted, DateTimeOffset at)
    {
        var lastDay = ledger.Rules.LastDayOfSurrender(year);
        var bought = pack.Instruments.Where(instrument => rules.Answers(instrument.Id)
            && (instrument.Vintage is not { } vintage || rules.AnswersFor(year, ComplianceYear.Of(vintage), at))).ToList();
        var sessions = pack.Trading.Sessions.Where(session => wanted(session) && bought.Exists(session.IsFor)).ToList();
        return sessions.Count == 0 ? null : Enumerable.Range(0, FarthestTradingDays).Select(back => lastDay.AddDays(-back)).Where(pack.IsTradingDay)
            .Select(day => (DateTimeOffset?)pack.EndOf(sessions.MaxBy(session => session.Closes)!, day)).FirstOrDefault();
    }

    /// <summary>Units of a participant that answer for a year, by where they are.</summary>
    private sealed class Usable
    {
        public Usable(LedgerState ledger, Guid participantId, ComplianceYear year, DateTimeOffset at)
        {
            var rules = ledger.Rules.At(at);
            Quantity Sum(UnitHoldings units) => units.Instruments.Where(rules.Answers)
                .SelectMany(units.Vintages).Where(held => rules.AnswersFor(year, held.Vintage, at)).Aggregate(Quantity.Zero, (sum, held) => sum + held.Quantity);
            if (ledger.Accounts.Of(participantId, AccountTypes.OperatorHolding) is { } holding)
            {
                (Held, HeldBack) = (Sum(holding.Units), Sum(holding.Held));
                Offsets = holding.Units.Instruments.Where(rules.IsOffset).Aggregate(Quantity.Zero, (sum, instrument) => sum + holding.Units.Of(instrument));
            }
            if (ledger.Accounts.Trading(participantId) is not { } trading)
                return;
            HeldBack += Sum(trading.Held);
            OnTrading = Sum(trading.Units);
            foreach (var (instrument, pending) in trading.PendingUnits.Where(entry => rules.Answers(entry.Key)
                && (rules.VintageOf(entry.Key) is not { } vintage || rules.AnswersFor(year, vintage, at))))
            {
                PendingIn += pending.In;
                PendingOut += pending.Out;
            }
        }

        public Quantity Held { get; }

        public Quantity HeldBack { get; }

        public Quantity Offsets { get; }

        public Quantity OnTrading { get; }

        public Quantity PendingIn { get; }

        public Quantity PendingOut { get; }

        public Quantity TradingAfterSettlement => OnTrading + PendingIn > PendingOut ? OnTrading + PendingIn - PendingOut : Quantity.Zero;
    }
}
