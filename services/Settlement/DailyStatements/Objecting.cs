using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.DailyStatements;

/// <param name="By">For the participant whose statement it is.</param>
public sealed record ObjectToStatement(Guid ObjectionId, DateOnly TradingDay, string Text, Person By, DateTimeOffset At) : LedgerCommand(At);

public sealed record DecideObjection(Guid ObjectionId, bool Upheld, string Answer, Person By, DateTimeOffset At) : LedgerCommand(At);

public sealed record StatementObjected(Guid ObjectionId, Guid ParticipantId, DateOnly TradingDay, string Text, string By, DateTimeOffset At) : LedgerEvent(At);

public sealed record ObjectionDecided(
    Guid ObjectionId, Guid ParticipantId, DateOnly TradingDay, bool Upheld, string Answer, string By, DateTimeOffset At) : LedgerEvent(At);

/// <param name="ObjectionId">Made by the caller; names the objection.</param>
/// <param name="ParticipantId">The participant whose statement it is.</param>
/// <param name="TradingDay">The day of the statement.</param>
/// <param name="Text">What is wrong with it, in the participant's words.</param>
/// <param name="By">Subject of the token of the person who objected.</param>
/// <param name="MadeAt">Legal time.</param>
/// <param name="Upheld">Null until an official has decided.</param>
/// <param name="Answer">The official's words; null until one has decided.</param>
/// <param name="DecidedBy">Subject of the official's token; null until one has decided.</param>
/// <param name="DecidedAt">Legal time; null until an official has decided.</param>
public sealed record StatementObjection(
    Guid ObjectionId, Guid ParticipantId, DateOnly TradingDay, string Text, string By, DateTimeOffset MadeAt,
    bool? Upheld = null, string? Answer = null, string? DecidedBy = null, DateTimeOffset? DecidedAt = null);

/// <summary>Objections to statements, one for each at most, in the order in which they came.</summary>
public sealed class ObjectionBook
{
    private readonly List<Guid> _order = [];
    private readonly Dictionary<Guid, StatementObjection> _byId = [];
    private readonly Dictionary<(Guid ParticipantId, DateOnly Day), Guid> _byStatement = [];

    public IEnumerable<StatementObjection> All => _order.Select(id => _byId[id]);

    public StatementObjection? Find(Guid objectionId) => _byId.GetValueOrDefault(objectionId);

    public StatementObjection? Of(Guid participantId, DateOnly day) =>
        _byStatement.TryGetValue((participantId, day), out var id) ? _byId[id] : null;

    /// <summary>Objections with the number of each, after a number; they are only ever added, so it is a lasting cursor.</summary>
    public IEnumerable<(int Number, StatementObjection Objection)> After(int seen) =>
        Enumerable.Range(1, _order.Count).Skip(seen).Select(number => (number, _byId[_order[number - 1]]));

    public void Note(StatementObjection objection)
    {
        if (!_byId.ContainsKey(objection.ObjectionId))
            _order.Add(objection.ObjectionId);
        _byId[objection.ObjectionId] = objection;
        _byStatement[(objection.ParticipantId, objection.TradingDay)] = objection.ObjectionId;
    }
}

/// <summary>
/// A participant objects to its statement in writing before the market opens again; silence is acceptance (视为认可). An
/// official answers. A statement is never changed: what an objection puts right is a new entry, a correction (更正).
/// </summary>
public static class Objecting
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, ObjectToStatement c) => ledger.Clearing.Day(c.TradingDay) switch
    {
        _ when ledger.Receipts.Answer(c.ObjectionId, ReceiptOf(c.By.ParticipantId, c.TradingDay, c.Text)) is { } answer => answer,
        _ when ledger.Accounts.Trading(c.By.ParticipantId) is null =>
            Reject("no-trading-account", "The participant has no trading account, so there is no statement of it."),
        { ClearedAt: null } => Reject("day-not-cleared", $"Trading day {c.TradingDay:O} is not cleared; its statement is not there yet."),
        { ClearedAt: { } clearedAt } when ledger.Rules.ObjectionsUntil(c.TradingDay, clearedAt) is var until && until <= c.At =>
            Reject("objection-too-late", $"The statement of {c.TradingDay:O} counts as accepted since {until:O}."),
        _ when ledger.Objections.Of(c.By.ParticipantId, c.TradingDay) is { } made =>
            Reject("objection-already-made", $"Objection {made.ObjectionId} to the statement of {c.TradingDay:O} is there already."),
        _ => Accept(new StatementObjected(c.ObjectionId, c.By.ParticipantId, c.TradingDay, c.Text, c.By.Subject, c.At)),
    };

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, DecideObjection c) => ledger.Objections.Find(c.ObjectionId) switch
    {
        _ when !c.By.IsOfficial => Reject("officials-only", "An objection is decided by an official."),
        null => Reject("unknown-objection", $"There is no objection {c.ObjectionId} in this market."),
        { Upheld: { } upheld } decided when upheld == c.Upheld && decided.Answer == c.Answer => Accept(),
        { Upheld: not null } decided => Reject("already-decided", $"{decided.DecidedBy} has decided on this objection."),
        { } open => Accept(new ObjectionDecided(open.ObjectionId, open.ParticipantId, open.TradingDay, c.Upheld, c.Answer, c.By.Subject, c.At)),
    };

    public static void Evolve(LedgerState ledger, StatementObjected e)
    {
        ledger.Objections.Note(new StatementObjection(e.ObjectionId, e.ParticipantId, e.TradingDay, e.Text, e.By, e.At));
        ledger.Receipts.Add(e.ObjectionId, ReceiptOf(e.ParticipantId, e.TradingDay, e.Text));
    }

    public static void Evolve(LedgerState ledger, ObjectionDecided e) => ledger.Objections.Note(
        ledger.Objections.Find(e.ObjectionId)! with { Upheld = e.Upheld, Answer = e.Answer, DecidedBy = e.By, DecidedAt = e.At });

    private static Receipt ReceiptOf(Guid participantId, DateOnly day, string text) =>
        new("statement-objection", participantId, Guid.Empty, null, null, 0, Receipt.ContentOf(day.ToString("O"), text));
}
