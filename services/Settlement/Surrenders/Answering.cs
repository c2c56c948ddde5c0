using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Surrenders;

/// <summary>
/// Which units answer for which year (履约年度): vintages by the rules of the pack, offsets (CCER) up to their share of the
/// amount due. The same for an entity's own surrender and for every transaction that ends on the surrender account.
/// </summary>
internal static class Answering
{
    /// <summary>The year a surrender is for; null where surrenders answer for all years together.</summary>
    public static ComplianceYear? YearOf(LedgerState ledger, ComplianceYear? asked, DateTimeOffset at) =>
        ledger.Rules.At(at).StatusRule.IsByYear ? asked ?? ledger.Rules.YearToSurrender(at) : null;

    /// <inheritdoc cref="YearOf(LedgerState, ComplianceYear?, DateTimeOffset)"/>
    public static ComplianceYear? YearOf(LedgerState ledger, ProposeTransaction c, Account to) =>
        c.Original is { } original ? original.Year : to.Type == AccountTypes.Surrender ? YearOf(ledger, c.Year, c.At) : null;

    /// <summary>By what holds when it is submitted; what others have submitted counts as used.</summary>
    public static Decision<LedgerEvent>? Refusal(
        LedgerState ledger, Guid participantId, ComplianceYear? asked, IReadOnlyCollection<SurrenderPart> parts, DateTimeOffset at) =>
        Refusal(ledger, participantId, asked, parts, _ => true, at);

    /// <summary>
    /// By what holds when it is approved: vintages may have become unusable and the amount due another. What is not decided
    /// yet counts for nothing then, or two that are too much together would keep each other waiting. The refusal is one of this moment:
    /// once a report is amended, the same word may be heard. Null also where it is no surrender.
    /// </summary>
    public static Decision<LedgerEvent>? RefusalForNow(LedgerState ledger, Transaction waiting, DateTimeOffset at) =>
        Timeliness.AnswersFor(waiting.Terms) is var (entity, year)
        && Refusal(ledger, entity, year, [.. ledger.Transactions.WithParts(waiting).SelectMany(PartsOf)], other => other.IsApproved, at) is Rejected refused
            ? refused with { Passes = true }
            : null;

    // Arms stand in order of precedence; the specs pin that order.
    private static Decision<LedgerEvent>? Refusal(
        LedgerState ledger, Guid participantId, ComplianceYear? asked, IReadOnlyCollection<SurrenderPart> parts, Func<Transaction, bool> counts, DateTimeOffset at)
    {
        if (YearOf(ledger, asked, at) is not { } year)
            return asked is null ? null : Reject("not-by-year", $"In this market a surrender answers for all years together, not for {asked}.");
        var rules = ledger.Rules.At(at);
        foreach (var part in parts.Where(part => rules.Answers(part.Instrument)))
        {
            if ((rules.VintageOf(part.Instrument) ?? part.Vintage) is { } vintage && !rules.AnswersFor(year, vintage, at))
                return Reject("vintage-not-usable", $"{part.Instrument} of {vintage} does not answer for {year}; {Text(rules, year, at)}.");
        }
        var offsets = parts.Where(part => rules.IsOffset(part.Instrument)).Aggregate(Quantity.Zero, (sum, part) => sum + part.Quantity);
        return offsets.IsZero ? null : OffsetRefusal(ledger, rules, participantId, year, offsets, counts);
    }

    /// <summary>Null also where the transaction is no surrender.</summary>
    public static Decision<LedgerEvent>? Refusal(LedgerState ledger, ProposeTransaction c, TransactionType type, Account from, Account to)
    {
        if (to.Type != AccountTypes.Surrender)
            return null;
        var (rules, entity) = (ledger.Rules.At(c.At), c.OnBehalfOfParticipantId ?? from.ParticipantId);
        if (entity == Guid.Empty)
            return Reject("entity-missing", $"A {c.Type} names the participant whose obligation it answers for.");
        // What officials force may come before what makes the entity a covered one; what a holder offers waits for it, or it could name anybody.
        if (!c.By.IsOfficial && c.OnBehalfOfParticipantId is { } named && ledger.Compliance.Find(named)?.Record is null)
            return Reject("entity-not-covered", $"Participant {named} owes nothing in this market that a {c.Type} could answer for.");
        if (!rules.Answers(c.Instrument) && !rules.IsOffset(c.Instrument))
            return WrongUnit(c.Instrument);
        var part = new SurrenderPart(c.Instrument, c.Serials?.Quantity ?? c.Quantity, c.Serials?.Vintage ?? c.Vintage);
        if (Refusal(ledger, entity, c.Year, [part], c.At) is { } refusal)
            return refusal;
        return type.OwnYearFirst && YearOf(ledger, c, to) is { } year && (rules.VintageOf(c.Instrument) ?? part.Vintage) is { } vintage && vintage != year
            && OwnYear(rules, from, year) is { IsZero: false } own
            ? Reject("own-year-first", $"{own} units of {year} lie free on account {from.Number} and go first.")
            : null;
    }

    public static Decision<LedgerEvent> WrongUnit(string instrument) =>
        Reject("wrong-unit", $"Units of {instrument} do not answer for what this market accounts for.");

    /// <summary>Units of the account that may go into it.</summary>
    public static Quantity Free(LedgerState ledger, Account account, SurrenderPart part, ComplianceYear? year, DateTimeOffset at) => part.Vintage is { } vintage
        ? account.Units.Of(part.Instrument, vintage)
        : Usable(ledger, account, part, year, at).Aggregate(Quantity.Zero, (sum, held) => sum + held.Quantity);

    /// <inheritdoc cref="Free(LedgerState, Account, SurrenderPart, ComplianceYear?, DateTimeOffset)"/>
    public static Quantity Free(LedgerState ledger, ProposeTransaction c, TransactionType type, Account from, Account to) =>
        to.Type == AccountTypes.Surrender ? Free(ledger, from, PartOf(c), YearOf(ledger, c, to), c.At)
        : c.Vintage is { } vintage ? from.Units.Of(c.Instrument, vintage)
        : from.Free(c.Instrument);

    /// <summary>The units that leave first: oldest vintages of those that answer for the year, or the year's own before them.</summary>
    public static Blocks Choose(LedgerState ledger, Account account, SurrenderPart part, ComplianceYear? year, bool ownYearFirst, DateTimeOffset at)
    {
        if (part.Vintage is not null || year is null)
            return account.Units.Oldest(part.Instrument, part.Quantity, part.Vintage);
        var blocks = new List<Block>();
        var wanted = part.Quantity;
        foreach (var (vintage, held) in Usable(ledger, account, part, year, at).OrderByDescending(held => ownYearFirst && held.Vintage == year))
        {
            var taken = Quantity.Min(wanted, held);
            if (!taken.IsZero)
                blocks.AddRange(account.Units.Oldest(part.Instrument, taken, vintage));
            wanted -= taken;
        }
        return new Blocks(blocks);
    }

    /// <inheritdoc cref="Choose(LedgerState, Account, SurrenderPart, ComplianceYear?, bool, DateTimeOffset)"/>
    public static Blocks Choose(LedgerState ledger, ProposeTransaction c, TransactionType type, Account from, Account to) => to.Type == AccountTypes.Surrender
        ? Choose(ledger, from, PartOf(c), YearOf(ledger, c, to), type.OwnYearFirst, c.At)
        : from.Units.Oldest(c.Instrument, c.Quantity, c.Vintage);

    private static SurrenderPart PartOf(ProposeTransaction c) => new(c.Instrument, c.Quantity, c.Vintage);

    private static IEnumerable<SurrenderPart> PartsOf(Transaction waiting) =>
        waiting.Terms.Blocks.Vintages.Select(held => new SurrenderPart(waiting.Terms.Instrument, held.Quantity, held.Vintage));

    private static IEnumerable<(ComplianceYear Vintage, Quantity Quantity)> Usable(
        LedgerState ledger, Account account, SurrenderPart part, ComplianceYear? year, DateTimeOffset at)
    {
        var rules = ledger.Rules.At(at);
        return account.Units.Vintages(part.Instrument)
            .Where(held => year is not { } answered || rules.IsOffset(part.Instrument) || rules.AnswersFor(answered, held.Vintage, at));
    }

    private static Decision<LedgerEvent>? OffsetRefusal(
        LedgerState ledger, LedgerRules rules, Guid participantId, ComplianceYear year, Quantity asked, Func<Transaction, bool> counts)
    {
        if (ledger.Compliance.Find(participantId)?.Record is not { } record || record.Entry(year) is not { Excluded: false, Verified: { } due })
            return Reject("amount-due-unknown", $"Offsets stand in for a share of what is due for {year}, and that is not known yet.");
        var limit = rules.OffsetLimit(year, due);
        var used = (record.Answers.FirstOrDefault(answers => answers.Year == year)?.Offsets ?? Quantity.Zero) + UnderWay(ledger, rules, participantId, year, counts);
        return used + asked > limit
            ? Reject("offset-limit-exceeded", $"Of the {due} due for {year} at most {limit} may be offsets; {used} are used, {asked} more were asked.")
            : null;
    }

    /// <summary>Offsets that transactions not completed yet would surrender for the entity and year.</summary>
    private static Quantity UnderWay(
        LedgerState ledger, LedgerRules rules, Guid participantId, ComplianceYear year, Func<Transaction, bool> counts) => ledger.Transactions.Pending.Values
        .Where(waiting => counts(waiting) && Timeliness.AnswersFor(waiting.Terms) == (participantId, year) && rules.IsOffset(waiting.Terms.Instrument))
        .Aggregate(Quantity.Zero, (sum, waiting) => sum + waiting.Terms.Blocks.Quantity);

    private static Quantity OwnYear(LedgerRules rules, Account account, ComplianceYear year) => account.Units.Instruments
        .Where(rules.Answers).Aggregate(Quantity.Zero, (sum, instrument) => sum + account.Units.Of(instrument, year));

    private static string Text(LedgerRules rules, ComplianceYear year, DateTimeOffset at) => rules.VintagesFor(year, at) is { IsEmpty: false } usable
        ? "vintages that do: " + string.Join(", ", usable.Select(span => $"{span.FirstVintage}-{span.LastVintage}"))
        : "no vintage does so now";
}
