using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Surrenders;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>What was moved by a completed transaction, as the journal has it; nothing about it can change.</summary>
/// <param name="TransactionId">Made by whoever proposed it.</param>
/// <param name="Type">As the policy pack names it.</param>
/// <param name="FromAccountId">Where the units came from, and go back to if it is undone.</param>
/// <param name="ToAccountId">Where they arrived.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Blocks">The units themselves, by vintage and serial.</param>
/// <param name="OnBehalfOfParticipantId">Whose obligation they answered for; null: nobody's.</param>
/// <param name="At">Legal time of its completion.</param>
/// <param name="Year">The compliance year they answered for; null: none, or all years together.</param>
public sealed record CompletedTransaction(
    Guid TransactionId, string Type, Guid FromAccountId, Guid ToAccountId, string Instrument, Blocks Blocks, Guid? OnBehalfOfParticipantId,
    DateTimeOffset At, ComplianceYear? Year = null);

/// <param name="Quantity">Units, where the ledger chooses them: oldest vintages first.</param>
/// <param name="Vintage">Only units of this year; null: any.</param>
/// <param name="Serials">These units and no others; then the quantity is theirs.</param>
/// <param name="Original">The transaction to be undone; null: none.</param>
public sealed record ProposeTransaction(
    Guid TransactionId, string Type, Guid FromAccountId, Guid ToAccountId, string Instrument, Quantity Quantity, ComplianceYear? Vintage,
    Block? Serials, Guid? OnBehalfOfParticipantId, CompletedTransaction? Original, string? Ground, Person By, DateTimeOffset At)
    : LedgerCommand(At)
{
    /// <summary>The year a surrender answers for; null: the one whose deadline comes next.</summary>
    public ComplianceYear? Year { get; init; }
}

/// <summary>The units stay on the sender's account and are held there until the transaction is completed or ended.</summary>
/// <param name="Asked">What was asked, to know a repeat by.</param>
public sealed record TransactionProposed(Guid TransactionId, TransactionTerms Terms, TransactionAsked Asked, Person ProposedBy, DateTimeOffset At)
    : LedgerEvent(At)
{
    public Guid FromParticipantId => Terms.FromParticipantId;

    public Guid ToParticipantId => Terms.ToParticipantId;

    public Guid? OnBehalfOfParticipantId => Terms.OnBehalfOfParticipantId;
}

/// <param name="Vintage">As asked; null: the ledger chose.</param>
/// <param name="Year">As asked; null: the ledger chose.</param>
public sealed record TransactionAsked(
    Quantity Quantity, ComplianceYear? Vintage, Block? Serials, Guid? OnBehalfOfParticipantId, ComplianceYear? Year = null);

/// <summary>
/// Takes up a transaction of any type that people propose: what may go from where to where, who asks, who approves and how
/// long it waits is said by the policy pack and nowhere else.
/// </summary>
public static class Proposing
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, ProposeTransaction c)
    {
        var rules = ledger.Rules.At(c.At);
        return (rules.Transaction(c.Type), ledger.Accounts.Find(c.FromAccountId), ledger.Accounts.Find(c.ToAccountId)) switch
        {
            (null or { ProposedBy: Proposer.Platform }, _, _) =>
                Reject("unknown-transaction-type", $"Nobody proposes a {c.Type} in this market; there are: {string.Join(", ", rules.Proposable)}."),
            ({ ProposedBy: Proposer.Official }, _, _) when !c.By.IsOfficial =>
                Reject("officials-only", $"A {c.Type} is proposed by an official."),
            (_, null, _) => Refusals.UnknownAccount(c.FromAccountId),
            ({ ProposedBy: Proposer.Holder }, { } from, _) when from.ParticipantId != c.By.ParticipantId => Refusals.NotYours(from.Number),
            _ when ledger.Receipts.Answer(c.TransactionId, ReceiptOf(c)) is { } answer => answer,
            (_, _, null) => Refusals.UnknownAccount(c.ToAccountId),
            _ when !rules.IsInstrument(c.Instrument) => Refusals.UnknownInstrument(c.Instrument),
            ({ } type, { } from, { } to) => Between(ledger, c, type, from, to),
        };
    }

    public static void Evolve(LedgerState ledger, TransactionProposed e)
    {
        ledger.Receipts.Add(e.TransactionId, e.Terms.Type == TransactionTypes.Surrender ? Surrendering.ReceiptOf(e) : ReceiptOf(e));
        ledger.Transactions.Begin(new Transaction(e.TransactionId, e.Terms, e.ProposedBy, e.At));
        ledger.Accounts[e.Terms.FromAccountId].Hold(new(e.TransactionId, Holds.HoldKind.Transaction, e.Terms.Instrument, e.Terms.Blocks));
    }

    // Arms stand in order of precedence; the specs pin that order.
    private static Decision<LedgerEvent> Between(LedgerState ledger, ProposeTransaction c, TransactionType type, Account from, Account to) => c switch
    {
        _ when !ledger.Rules.At(c.At).Moves(type, from.Type, to.Type, c.Instrument) => Reject("transaction-not-allowed",
            $"No {c.Type} takes {c.Instrument} from {from.Type} to {to.Type}."),
        _ when type.Holders == Holders.Same && from.ParticipantId != to.ParticipantId =>
            Reject("recipient-not-yours", $"Account {to.Number} belongs to another participant; a {c.Type} stays with one."),
        _ when type.Holders == Holders.Other && from.ParticipantId == to.ParticipantId =>
            Reject("recipient-is-sender", $"A {c.Type} goes to another participant, and account {to.Number} belongs to the same."),
        _ when type.Recipients == Recipients.Trusted && !from.Trusts(to.Id, c.At) =>
            Reject("recipient-not-trusted", $"Account {to.Number} is not on the list of accounts that {from.Number} trusts."),
        _ when type.Recipients == Recipients.Untrusted && from.Trusts(to.Id, c.At) =>
            Reject("recipient-trusted", $"Account {to.Number} is trusted by {from.Number}; the transfer to trusted accounts is for it."),
        _ when ChangingStatus.Refusal(ledger, c.Type, from, to, c.At) is { } refusal => refusal,
        { Ground: null } when type.ProposedBy == Proposer.Official =>
            Reject("ground-missing", $"A {c.Type} names its ground: the rule, the ruling or the request it rests on."),
        { Serials: null, Original: null, Quantity.IsZero: true } => Reject("nothing-moved", "A transaction is of at least one unit."),
        { By.IsOfficial: false } when ledger.Transactions.PendingOf(from.Id, byOfficials: false) >= TransactionDesk.MostPendingOfAnAccount => Reject("too-many-pending",
            $"Account {from.Number} has {TransactionDesk.MostPendingOfAnAccount} transactions under way, which is as many as it may have."),
        { By.IsOfficial: true } when ledger.Transactions.PendingOf(from.Id, byOfficials: true) >= TransactionDesk.MostPendingByOfficials => Reject("too-many-pending",
            $"Officials have {TransactionDesk.MostPendingByOfficials} transactions from account {from.Number} under way, which is as many as they may have."),
        _ when Reversal(ledger, c, type, from, to) is { } refusal => refusal,
        { Original: null } and ({ OnBehalfOfParticipantId: not null } or { Year: not null }) when to.Type != AccountTypes.Surrender =>
            Reject("answers-for-nobody", $"A {c.Type} to account {to.Number} surrenders nothing: it answers for no participant and no year, and names neither."),
        _ when Answering.Refusal(ledger, c, type, from, to) is { } refusal => refusal,
        _ when Missing(ledger, c, type, from, to) is { } refusal => refusal,
        _ => Accept(Begun(ledger, c, type, from, to)),
    };

    /// <summary>What undoes something undoes the very units, towards the account they came from, for whom they answered, once.</summary>
    private static Decision<LedgerEvent>? Reversal(LedgerState ledger, ProposeTransaction c, TransactionType type, Account from, Account to)
    {
        if (type.Reverses.IsEmpty)
            return c.Original is null ? null : Reject("reverses-nothing", $"A {c.Type} undoes no other transaction.");
        return c.Original switch
        {
            null => Reject("original-missing", $"A {c.Type} names the transaction it undoes."),
            { } original when !type.Reverses.Contains(original.Type, StringComparer.Ordinal) =>
                Reject("not-reversible", $"A {c.Type} undoes {string.Join(", ", type.Reverses)}, not a {original.Type}."),
            { } original when type.ReverseWithinDays is { } days && c.At >= original.At.AddDays(days) =>
                Reject("reversal-too-late", $"{original.Type} {original.TransactionId} could be undone within {days} days, until {original.At.AddDays(days):O}."),
            { } original when original.FromAccountId != to.Id || original.Instrument != c.Instrument =>
                Reject("reversal-elsewhere", $"Its {original.Instrument} came from account {original.FromAccountId} and goes back there."),
            { } original when OfAnother(original, c.OnBehalfOfParticipantId) is { } refusal => refusal,
            { } original when (c.Serials is { } serials ? Blocks.Of(serials) : original.Blocks).FirstOrDefault(block => !Within(block, original.Blocks) || ledger.Transactions.IsReversed(original.TransactionId, block)) is { First: > 0 } other =>
                Reject("not-of-original", $"Units {other.First}-{other.Last} of {other.Vintage} were not moved by {original.TransactionId}, or have gone back already."),
            _ => null,
        };
    }

    /// <summary>What undoes something names the entity it answered for, or none. Null: it does.</summary>
    internal static Decision<LedgerEvent>? OfAnother(CompletedTransaction original, Guid? named) =>
        named is { } entity && entity != original.OnBehalfOfParticipantId
            ? Reject("entity-not-of-original", $"{original.Type} {original.TransactionId} answered for {Named(original.OnBehalfOfParticipantId)}, not for {entity}, and so does what undoes it.")
            : null;

    private static string Named(Guid? participantId) => participantId is { } known ? $"participant {known}" : "nobody";

    private static Decision<LedgerEvent>? Missing(LedgerState ledger, ProposeTransaction c, TransactionType type, Account from, Account to) => (c.Serials, c.Original) switch
    {
        ({ } serials, _) => from.MayMove(c.Instrument, serials, GivingWay.Holds(ledger, c, type, from), type.MovesFrozen)
            ? null
            : Reject("units-not-free", $"Units {serials.First}-{serials.Last} of {serials.Vintage} do not lie free on account {from.Number}."),
        (null, { } original) => original.Blocks.FirstOrDefault(block => !from.MayMove(c.Instrument, block, GivingWay.Holds(ledger, c, type, from), type.MovesFrozen)) is { First: > 0 } moved
            ? Reject("units-not-free", $"Units {moved.First}-{moved.Last} of {moved.Vintage} do not lie free on account {from.Number}; name the serials that do.")
            : null,
        _ => Answering.Free(ledger, c, type, from, to) is var free && free < c.Quantity
            ? Refusals.InsufficientUnits(from.Number, free, c.Quantity)
            : null,
    };

    private static ImmutableArray<LedgerEvent> Begun(LedgerState ledger, ProposeTransaction c, TransactionType type, Account from, Account to)
    {
        var blocks = Chosen(ledger, c, type, from, to);
        var terms = new TransactionTerms(
            c.Type, from.Id, from.ParticipantId, to.Id, to.ParticipantId, c.Instrument, blocks, c.OnBehalfOfParticipantId ?? c.Original?.OnBehalfOfParticipantId,
            c.Original?.TransactionId, c.Ground, Answering.YearOf(ledger, c, to));
        var proposed = new TransactionProposed(c.TransactionId, terms, new TransactionAsked(QuantityOf(c), c.Vintage, c.Serials, c.OnBehalfOfParticipantId, c.Year), c.By, c.At);
        var ended = GivingWay.Ended(ledger, c, type, from, blocks);
        var heard = Timeliness.AnswersFor(terms) is var (entity, year) ? Timeliness.Heard(ledger, entity, year, c.TransactionId, terms.Blocks.Quantity, c.At) : [];
        if (type.ApprovedBy != Approver.Nobody)
            return [.. ended, proposed, .. heard];
        var notBefore = ledger.Rules.At(c.At).AfterDelay(type, c.At);
        var approved = new TransactionApproved(c.TransactionId, from.ParticipantId, null, notBefore, c.At);
        return notBefore <= c.At
            ? [.. ended, proposed, approved, .. Completing.Completion(ledger, c.TransactionId, terms, c.At), .. heard]
            : [.. ended, proposed, approved, .. heard];
    }

    private static Blocks Chosen(LedgerState ledger, ProposeTransaction c, TransactionType type, Account from, Account to) => (c.Serials, c.Original) switch
    {
        ({ } serials, _) => Blocks.Of(serials),
        (null, { } original) => original.Blocks,
        _ => Answering.Choose(ledger, c, type, from, to),
    };

    private static Quantity QuantityOf(ProposeTransaction c) => c.Serials?.Quantity ?? c.Original?.Blocks.Quantity ?? c.Quantity;

    private static bool Within(Block block, Blocks blocks) =>
        blocks.Any(other => other.Vintage == block.Vintage && other.First <= block.First && block.Last <= other.Last);

    private static Receipt ReceiptOf(ProposeTransaction c) =>
        new(c.Type, c.FromAccountId, c.ToAccountId, c.Instrument, c.Vintage, QuantityOf(c).Value,
            ContentOf(c.Serials, c.OnBehalfOfParticipantId, c.Original?.TransactionId, c.Ground, c.Year));

    private static Receipt ReceiptOf(TransactionProposed e) =>
        new(e.Terms.Type, e.Terms.FromAccountId, e.Terms.ToAccountId, e.Terms.Instrument, e.Asked.Vintage, e.Asked.Quantity.Value,
            ContentOf(e.Asked.Serials, e.Asked.OnBehalfOfParticipantId, e.Terms.Reverses, e.Terms.Ground, e.Asked.Year));

    private static Guid ContentOf(Block? serials, Guid? onBehalfOf, Guid? reverses, string? ground, ComplianceYear? year) => year is null
        ? Receipt.ContentOf(serials, onBehalfOf, reverses, ground)
        : Receipt.ContentOf(serials, onBehalfOf, reverses, ground, year);
}
