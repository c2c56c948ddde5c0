using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Surrenders;

/// <param name="Vintage">Null: the oldest vintages first, of those that answer for the year.</param>
public sealed record SurrenderPart(string Instrument, Quantity Quantity, ComplianceYear? Vintage);

/// <param name="Vintage">Null: the oldest vintages first.</param>
/// <param name="By">Who asks; only the holder may.</param>
public sealed record SurrenderUnits(Guid SurrenderId, Guid AccountId, string Instrument, Quantity Quantity,
    ComplianceYear? Vintage, Person By, DateTimeOffset At) : LedgerCommand(At)
{
    /// <summary>The year it answers for; null: the one whose deadline comes next.</summary>
    public ComplianceYear? Year { get; init; }

    /// <summary>Other units surrendered with these, all or none.</summary>
    public ImmutableArray<SurrenderPart> Further { get; init; } = [];

    internal ImmutableArray<SurrenderPart> Parts => [new(Instrument, Quantity, Vintage), .. Further];
}

/// <param name="Year">The year it answers for; null: all years together.</param>
/// <param name="IsOffset">The units are offsets.</param>
/// <param name="Asked">Stands for what was asked beside this instrument, vintage and quantity; null: nothing.</param>
public sealed record UnitsSurrendered(Guid SurrenderId, Guid AccountId, Guid ParticipantId, Guid ToAccountId,
    string Instrument, ComplianceYear? VintageAsked, Blocks Blocks, DateTimeOffset At,
    ComplianceYear? Year = null, bool IsOffset = false, Guid? Asked = null) : LedgerEvent(At);

/// <summary>
/// Gives units up for what was emitted (清缴). Terminal: nothing leaves the surrender account. Units surrendered before the
/// participant is known as a covered entity count when it becomes one. Units of several kinds are told one by one, the
/// further ones under ids of their own, so that each can be taken back by itself. Where the policy pack asks for a second
/// person it is a submission (提交): its units are held where they are, as those of any transaction that is proposed.
/// </summary>
public static class Surrendering
{
    /// <summary>Kinds of units in one surrender.</summary>
    public const int MostParts = 20;

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, SurrenderUnits c) => ledger.Accounts.Find(c.AccountId) switch
    {
        null => Refusals.UnknownAccount(c.AccountId),
        { } account when account.ParticipantId != c.By.ParticipantId => Refusals.NotYours(account.Number),
        _ when ledger.Receipts.Answer(c.SurrenderId, ReceiptOf(c.AccountId, c.Parts[0], AskedBeside(c))) is { } answer => answer,
        _ when FurtherIds(c).FirstOrDefault(ledger.Receipts.Has) is var used && used != Guid.Empty => Refusals.IdReused(used),
        _ when c.Parts.FirstOrDefault(part => !ledger.Rules.At(c.At).IsInstrument(part.Instrument)) is { } unknown => Refusals.UnknownInstrument(unknown.Instrument),
        _ when c.Parts.FirstOrDefault(part => !Answers(ledger.Rules.At(c.At), part.Instrument)) is { } other => Answering.WrongUnit(other.Instrument),
        _ when c.Parts.Any(part => part.Quantity.IsZero) => Reject("nothing-surrendered", "A surrender is of at least one unit."),
        _ when NamedTwice(c) is { } twice => Reject("units-named-twice", $"{twice} is named twice with the same vintage, or once for any vintage."),
        { } account when !ledger.Rules.At(c.At).Allows(TransactionTypes.Surrender, account.Type, AccountTypes.Surrender) =>
            Refusals.NotAllowed(TransactionTypes.Surrender, account.Type, AccountTypes.Surrender),
        { } account when ChangingStatus.Refusal(ledger, TransactionTypes.Surrender, account, null, c.At) is { } refusal => refusal,
        { } account when IsReviewed(ledger, c) && ledger.Transactions.PendingOf(account.Id, byOfficials: false) + c.Parts.Length > TransactionDesk.MostPendingOfAnAccount =>
            Reject("too-many-pending", $"Account {account.Number} may have {TransactionDesk.MostPendingOfAnAccount} transactions under way, and would have more."),
        { } account when Answering.Refusal(ledger, account.ParticipantId, c.Year, c.Parts, c.At) is { } refusal => refusal,
        { } account when Missing(ledger, account, c) is { } refusal => refusal,
        { } account => Accept(IsReviewed(ledger, c) ? Submitted(ledger, account, c) : Done(ledger, account, c)),
    };

    public static void Evolve(LedgerState ledger, UnitsSurrendered e)
    {
        ledger.Move(e.AccountId, e.ToAccountId, e.Instrument, e.Blocks);
        ledger.Receipts.Add(e.SurrenderId, ReceiptOf(e.AccountId, new(e.Instrument, e.Blocks.Quantity, e.VintageAsked), e.Asked));
        ledger.Compliance.Surrendered(e);
    }

    /// <summary>The id of one of the surrender's parts; the first has the id of the whole.</summary>
    public static Guid IdOf(Guid surrenderId, int part) => part == 0 ? surrenderId : DeterministicGuid.From(surrenderId, "part", part);

    /// <summary>The same whether it was reviewed or not: it is asked in the same words.</summary>
    internal static Receipt ReceiptOf(TransactionProposed e) => ReceiptOf(
        e.Terms.FromAccountId, new(e.Terms.Instrument, e.Asked.Quantity, e.Asked.Vintage), e.Terms.PartOf is null ? AskedBeside(e.Asked.Year, e.Terms.Further ?? []) : null);

    private static bool IsReviewed(LedgerState ledger, SurrenderUnits c) => ledger.Rules.At(c.At).NeedsSecondPerson(TransactionTypes.Surrender);

    /// <summary>Anybody can reckon them, and may have given one of them to a request of his own.</summary>
    private static IEnumerable<Guid> FurtherIds(SurrenderUnits c) => Enumerable.Range(1, c.Further.Length).Select(part => IdOf(c.SurrenderId, part));

    private static bool Answers(LedgerRules rules, string instrument) => rules.Answers(instrument) || rules.IsOffset(instrument);

    private static string? NamedTwice(SurrenderUnits c) => c.Parts.GroupBy(part => part.Instrument, StringComparer.Ordinal)
        .Where(same => same.Count() > 1 && (same.Any(part => part.Vintage is null) || same.Select(part => part.Vintage).Distinct().Count() < same.Count()))
        .Select(same => same.Key).FirstOrDefault();

    private static Decision<LedgerEvent>? Missing(LedgerState ledger, Account account, SurrenderUnits c)
    {
        var year = Answering.YearOf(ledger, c.Year, c.At);
        foreach (var part in c.Parts)
        {
            if (Answering.Free(ledger, account, part, year, c.At) is var free && free < part.Quantity)
                return Refusals.InsufficientUnits(account.Number, free, part.Quantity);
        }
        return null;
    }

    private static ImmutableArray<LedgerEvent> Submitted(LedgerState ledger, Account account, SurrenderUnits c) =>
    [
        .. c.Parts.Select((part, number) => Proposed(ledger, account, c, part, number)),
        .. Heard(ledger, account, c),
    ];

    private static TransactionProposed Proposed(LedgerState ledger, Account account, SurrenderUnits c, SurrenderPart part, int number)
    {
        var year = Answering.YearOf(ledger, c.Year, c.At);
        var terms = new TransactionTerms(
            TransactionTypes.Surrender, account.Id, account.ParticipantId, ledger.Accounts.AuthorityId(AccountTypes.Surrender), Guid.Empty, part.Instrument,
            Answering.Choose(ledger, account, part, year, ownYearFirst: false, c.At), null, null, null, year,
            number > 0 || c.Further.IsEmpty ? null : c.Further, number > 0 ? c.SurrenderId : null);
        return new TransactionProposed(IdOf(c.SurrenderId, number), terms, new TransactionAsked(part.Quantity, part.Vintage, null, null, c.Year), c.By, c.At);
    }

    private static ImmutableArray<LedgerEvent> Done(LedgerState ledger, Account account, SurrenderUnits c) =>
    [
        .. ComplianceCalendar.Due(ledger, c.At),
        .. c.Parts.Select((part, number) => Surrendered(ledger, account, c, part, number)),
        .. Heard(ledger, account, c),
    ];

    private static IEnumerable<LedgerEvent> Heard(LedgerState ledger, Account account, SurrenderUnits c) => Timeliness.Heard(
        ledger, account.ParticipantId, Answering.YearOf(ledger, c.Year, c.At), c.SurrenderId, c.Parts.Aggregate(Quantity.Zero, (sum, part) => sum + part.Quantity), c.At);

    private static UnitsSurrendered Surrendered(LedgerState ledger, Account account, SurrenderUnits c, SurrenderPart part, int number)
    {
        var year = Answering.YearOf(ledger, c.Year, c.At);
        return new UnitsSurrendered(
            IdOf(c.SurrenderId, number), account.Id, account.ParticipantId, ledger.Accounts.AuthorityId(AccountTypes.Surrender), part.Instrument,
            part.Vintage, Answering.Choose(ledger, account, part, year, ownYearFirst: false, c.At), c.At, year,
            ledger.Rules.At(c.At).IsOffset(part.Instrument), number == 0 ? AskedBeside(c) : null);
    }

    private static Guid? AskedBeside(SurrenderUnits c) => AskedBeside(c.Year, c.Further);

    private static Guid? AskedBeside(ComplianceYear? year, ImmutableArray<SurrenderPart> further) => year is null && further.IsEmpty
        ? null
        : Receipt.ContentOf([year, .. further]);

    private static Receipt ReceiptOf(Guid accountId, SurrenderPart part, Guid? asked) =>
        new(TransactionTypes.Surrender, accountId, Guid.Empty, part.Instrument, part.Vintage, part.Quantity.Value, asked ?? Guid.Empty);
}
