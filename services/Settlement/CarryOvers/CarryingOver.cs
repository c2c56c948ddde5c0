using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.CarryOvers;

/// <param name="Vintage">Where the instrument has units of several.</param>
public sealed record RequestCarryOver(Guid RequestId, Guid AccountId, string Instrument, Quantity Quantity, ComplianceYear? Vintage,
    Guid ByParticipantId, DateTimeOffset At) : LedgerCommand(At);

/// <summary>Its own side takes a request back, or an official refuses it.</summary>
public sealed record EndCarryOver(Guid RequestId, string Reason, Person By, DateTimeOffset At) : LedgerCommand(At);

/// <summary>The day of its batch has come.</summary>
public sealed record CarryOut(Guid RequestId, DateTimeOffset At) : LedgerCommand(At);

/// <summary>The units stay on the account and are held there until the batch is carried out.</summary>
/// <param name="DueAt">First instant of the day on which it is.</param>
/// <param name="IsLate">Filed after the last day, for units that were frozen on it.</param>
public sealed record CarryOverRequested(Guid RequestId, Guid ParticipantId, Guid AccountId, ComplianceYear IntoYear, string Instrument,
    ComplianceYear? VintageAsked, Blocks Blocks, DateTimeOffset DueAt, bool IsLate, DateTimeOffset At) : LedgerEvent(At);

/// <param name="Outcome"><c>withdrawn</c> by its side, or <c>rejected</c> by an official.</param>
public sealed record CarryOverEnded(Guid RequestId, Guid ParticipantId, string Outcome, string Reason, string By, DateTimeOffset At) : LedgerEvent(At)
{
    public const string Withdrawn = "withdrawn";

    public const string Rejected = "rejected";
}

/// <summary>The old units are cancelled and as many of the new vintage issued in their place.</summary>
/// <param name="ToAccountId">The cancellation account.</param>
public sealed record CarriedOver(Guid RequestId, Guid ParticipantId, Guid AccountId, Guid ToAccountId, string Instrument, Blocks Blocks,
    string IntoInstrument, Block Issued, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Carries units of old vintages over into a new one (结转): as many requests as a participant likes, from its holding account,
/// within what it may in all. The new units come on the day of the batch, one for one.
/// </summary>
public static class CarryingOver
{
    public const string TransactionType = "carry-over";

    /// <summary>Holds of what an account's holder has under way, beyond which no carry-over is requested; it may always end one.</summary>
    public const int MostHoldsUnderWay = 250;

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, RequestCarryOver c) => ledger.Accounts.Find(c.AccountId) switch
    {
        null => Refusals.UnknownAccount(c.AccountId),
        { } account when account.ParticipantId != c.ByParticipantId => Refusals.NotYours(account.Number),
        _ when ledger.Receipts.Answer(c.RequestId, ReceiptOf(c.AccountId, c.Instrument, c.Vintage, c.Quantity)) is { } answer => answer,
        _ when !ledger.Rules.At(c.At).IsInstrument(c.Instrument) => Refusals.UnknownInstrument(c.Instrument),
        _ when c.Quantity.IsZero => Reject("nothing-carried-over", "A carry-over is of at least one unit."),
        { } account => ledger.Rules.CarryOverOf(VintageOf(ledger, c), c.Instrument, c.At) is { } rules
            ? Within(ledger, c, account, rules)
            : Reject("not-carried-over", $"Units of {c.Instrument} {VintageOf(ledger, c)} are not carried over into any year."),
    };

    public static Decision<LedgerEvent> Decide(LedgerState ledger, EndCarryOver c) => ledger.CarryOvers.Pending.GetValueOrDefault(c.RequestId) switch
    {
        { } request when MayEnd(request, c.By) => Accept(Ended(request, c.By.IsOfficial ? CarryOverEnded.Rejected : CarryOverEnded.Withdrawn, c)),
        _ => Reject("unknown-carry-over", $"No carry-over {c.RequestId} is under way in this market."),
    };

    public static Decision<LedgerEvent> Decide(LedgerState ledger, CarryOut c) =>
        ledger.CarryOvers.Pending.GetValueOrDefault(c.RequestId) is { } request && request.DueAt <= c.At && Obstacle(ledger, request, c.At) is null
            ? Accept(Done(ledger, request, c.At))
            : Accept();

    public static bool MayEnd(CarryOverRequest request, Person by) => by.IsOfficial || request.ParticipantId == by.ParticipantId;

    /// <summary>The next request that can be carried out.</summary>
    public static CarryOut? Next(LedgerState ledger, DateTimeOffset at) => ledger.CarryOvers.DueBy(at)
        .Where(request => Obstacle(ledger, request, at) is null)
        .Select(request => new CarryOut(request.RequestId, at)).FirstOrDefault();

    public static void Evolve(LedgerState ledger, CarryOverRequested e)
    {
        ledger.Receipts.Add(e.RequestId, ReceiptOf(e.AccountId, e.Instrument, e.VintageAsked, e.Blocks.Quantity));
        ledger.Accounts[e.AccountId].Hold(new UnitHold(e.RequestId, HoldKind.CarryOver, e.Instrument, e.Blocks));
        ledger.CarryOvers.Begin(new CarryOverRequest(e.RequestId, e.ParticipantId, e.AccountId, e.IntoYear, e.Instrument, e.Blocks, e.DueAt, e.IsLate));
        ledger.CarryOvers.Change(e.ParticipantId, e.IntoYear.Value, file => file with
        {
            Requested = file.Requested + e.Blocks.Quantity,
            RequestedLate = e.IsLate ? file.RequestedLate + e.Blocks.Quantity : file.RequestedLate,
        });
    }

    public static void Evolve(LedgerState ledger, CarryOverEnded e)
    {
        var request = ledger.CarryOvers.End(e.RequestId);
        ledger.Accounts[request.AccountId].EndHold(e.RequestId);
        ledger.CarryOvers.Change(request.ParticipantId, request.IntoYear.Value, file => file with
        {
            Requested = file.Requested - request.Blocks.Quantity,
            RequestedLate = request.IsLate ? file.RequestedLate - request.Blocks.Quantity : file.RequestedLate,
        });
    }

    public static void Evolve(LedgerState ledger, CarriedOver e)
    {
        LedgerImbalanceException.Unless(e.Blocks.Quantity == e.Issued.Quantity, $"{e.Blocks.Quantity} units were carried over into {e.Issued.Quantity}.");
        ledger.CarryOvers.End(e.RequestId);
        ledger.Accounts[e.AccountId].EndHold(e.RequestId);
        ledger.Move(e.AccountId, e.ToAccountId, e.Instrument, e.Blocks);
        ledger.Issue(e.AccountId, e.IntoInstrument, e.Issued);
    }

    // Arms stand in order of precedence; the specs pin that order.
    private static Decision<LedgerEvent> Within(LedgerState ledger, RequestCarryOver c, Account account, CarryOverRules rules)
    {
        var (pack, may) = (ledger.Rules.At(c.At), Entitlement.Of(ledger, rules, account.ParticipantId, c.At));
        var file = ledger.CarryOvers.Of(account.ParticipantId, rules.IntoYear);
        return c switch
        {
            _ when !pack.Allows(TransactionType, account.Type, AccountTypes.Cancellation) =>
                Refusals.NotAllowed(TransactionType, account.Type, AccountTypes.Cancellation),
            _ when ChangingStatus.Refusal(ledger, TransactionType, account, null, c.At) is { } refusal => refusal,
            _ when c.At < ledger.Rules.StartOfDay(rules.Opens) || !ledger.CarryOvers.HasSnapshot(rules.IntoYear) =>
                Reject("carry-over-not-open", $"Requests into {rules.IntoYear} are taken from {rules.Opens:yyyy-MM-dd}."),
            _ when may.LateFor is { } late => Reject("carry-over-barred", $"What was due for {late} was surrendered late; nothing is carried over into {rules.IntoYear}."),
            _ when IsClosed(ledger, rules, c.At) && file.RequestedLate + c.Quantity > file.FrozenAtClose => Reject("carry-over-closed",
                $"Requests into {rules.IntoYear} were taken until {rules.Batches[^1].RequestsTo:yyyy-MM-dd}; {file.FrozenAtClose} units were frozen then, {file.RequestedLate} of them are filed."),
            _ when c.Quantity > may.Left => Reject("carry-over-exceeded",
                $"At most {may.Most} units may be carried over into {rules.IntoYear} ({may.Granted} granted, {may.Held} held at the snapshot); {may.Requested} are requested, {c.Quantity} more were asked."),
            _ when account.Units.Of(c.Instrument, VintageOf(ledger, c)!.Value) is var free && free < c.Quantity =>
                Refusals.InsufficientUnits(account.Number, free, c.Quantity),
            _ when account.HoldsUnderWay - ledger.Transactions.PendingOf(account.Id, byOfficials: true) is var own && own >= MostHoldsUnderWay => Reject("too-many-holds",
                $"The holder of account {account.Number} has {own} carry-overs and transactions under way; with {MostHoldsUnderWay} no more are requested."),
            _ => Accept(Requested(ledger, c, account, rules)),
        };
    }

    private static CarryOverRequested Requested(LedgerState ledger, RequestCarryOver c, Account account, CarryOverRules rules)
    {
        var late = IsClosed(ledger, rules, c.At);
        var due = late ? c.At : rules.Batches.Where(batch => c.At < ledger.Rules.EndOfDay(batch.RequestsTo)).Select(batch => ledger.Rules.StartOfDay(batch.ProcessedOn)).First();
        return new CarryOverRequested(c.RequestId, account.ParticipantId, account.Id, ComplianceYear.Of(rules.IntoYear), c.Instrument, c.Vintage,
            account.Units.Oldest(c.Instrument, c.Quantity, VintageOf(ledger, c)), due, late, c.At);
    }

    private static CarriedOver Done(LedgerState ledger, CarryOverRequest request, DateTimeOffset at) => new(
        request.RequestId, request.ParticipantId, request.AccountId, ledger.Accounts.AuthorityId(AccountTypes.Cancellation), request.Instrument,
        request.Blocks, Into(ledger, request, at)!, NewBlock(ledger, request, at), at);

    /// <summary>What keeps a request whose day has come from being carried out; it waits until that is gone.</summary>
    private static string? Obstacle(LedgerState ledger, CarryOverRequest request, DateTimeOffset at) => ledger.Accounts[request.AccountId] switch
    {
        { } account when ChangingStatus.Refusal(ledger, TransactionType, account, null, at) is { } stopped => stopped.Code,
        { } account when !request.Blocks.All(block => account.MayMove(request.Instrument, block, but: [request.RequestId], frozen: false)) => "units-not-free",
        _ when Lateness(ledger, request) is { } lateness => lateness,
        _ when Into(ledger, request, at) is null => "unknown-instrument",
        _ when !ledger.Caps.Allows(Into(ledger, request, at)!, NewBlock(ledger, request, at)) => "cap-exceeded",
        _ => null,
    };

    /// <summary>It surrendered late, or that cannot be known before what it submitted in time is decided.</summary>
    private static string? Lateness(LedgerState ledger, CarryOverRequest request)
    {
        var rules = ledger.Rules.CarryOvers.First(rules => rules.IntoYear == request.IntoYear.Value);
        return Entitlement.LateYear(ledger, rules, request.ParticipantId) is not null ? "carry-over-barred"
            : rules.BarredIfLate.Any(year => Timeliness.InReview(ledger, request.ParticipantId, ComplianceYear.Of(year)) is not null) ? "surrender-in-review"
            : null;
    }

    private static string? Into(LedgerState ledger, CarryOverRequest request, DateTimeOffset at) =>
        ledger.Rules.At(at).VintageOf(request.Instrument) is null ? request.Instrument : ledger.Rules.At(at).AllowanceOf(request.IntoYear);

    private static Block NewBlock(LedgerState ledger, CarryOverRequest request, DateTimeOffset at) =>
        ledger.Serials.Next(Into(ledger, request, at)!, request.IntoYear, request.Blocks.Quantity);

    private static bool IsClosed(LedgerState ledger, CarryOverRules rules, DateTimeOffset at) => at >= ledger.Rules.ClosesAt(rules);

    private static ComplianceYear? VintageOf(LedgerState ledger, RequestCarryOver c) => ledger.Rules.At(c.At).VintageOf(c.Instrument) ?? c.Vintage;

    private static CarryOverEnded Ended(CarryOverRequest request, string outcome, EndCarryOver c) =>
        new(request.RequestId, request.ParticipantId, outcome, c.Reason, c.By.Subject, c.At);

    private static Receipt ReceiptOf(Guid accountId, string instrument, ComplianceYear? vintage, Quantity quantity) =>
        new(TransactionType, accountId, Guid.Empty, instrument, vintage, quantity.Value);
}
