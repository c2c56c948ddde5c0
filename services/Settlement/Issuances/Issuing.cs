using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Issuances;

/// <param name="Vintage">Null: the one the instrument stands for, or the legal year.</param>
/// <param name="By">The person who proposes; another must approve.</param>
public sealed record ProposeIssuance(Guid IssuanceId, Guid AccountId, string Instrument, ComplianceYear? Vintage,
    Quantity Quantity, string By, DateTimeOffset At) : LedgerCommand(At);

public sealed record ApproveIssuance(Guid IssuanceId, string By, DateTimeOffset At) : LedgerCommand(At);

/// <param name="ParticipantId">Holder of the account.</param>
public sealed record IssuanceProposed(Guid IssuanceId, Guid AccountId, Guid ParticipantId, string Instrument,
    ComplianceYear Vintage, ComplianceYear? VintageAsked, Quantity Quantity, string ProposedBy, DateTimeOffset At)
    : LedgerEvent(At);

/// <param name="AccountType">Where the units arrived: units on a trading account are Trading's to know.</param>
/// <param name="ApprovedBy">The second person; null where the policy pack asks for none.</param>
/// <param name="FundingNumber">
/// Counts the fundings of trading accounts; null for other accounts, and on facts from before they were counted.
/// </param>
public sealed record UnitsIssued(Guid IssuanceId, Guid AccountId, Guid ParticipantId, string AccountType,
    string Instrument, Block Block, string? ApprovedBy, DateTimeOffset At, long? FundingNumber = null) : LedgerEvent(At);

/// <summary>An issuance on its way: asked for by one person, in force by the word of another.</summary>
public sealed record IssuanceProposal(Guid IssuanceId, Guid AccountId, string Instrument, ComplianceYear Vintage,
    Quantity Quantity, string ProposedBy, DateTimeOffset ProposedAt)
{
    public string? ApprovedBy { get; init; }

    public Block? Issued { get; init; }
}

/// <summary>
/// All issuances, those in force included. Each is an act of two officials on one account, not a line of an allocation
/// plan, so they need no bound of their own; the limit of <see cref="Receipts"/> is theirs too.
/// </summary>
public sealed class IssuanceDesk
{
    private readonly Dictionary<Guid, IssuanceProposal> _proposals = [];

    public IEnumerable<IssuanceProposal> All => _proposals.Values;

    public IssuanceProposal? Find(Guid issuanceId) => _proposals.GetValueOrDefault(issuanceId);

    public void Note(IssuanceProposal proposal) => _proposals[proposal.IssuanceId] = proposal;
}

/// <summary>Brings units into being (配额签发): proposed by one official, approved by another (four eyes).</summary>
public static class Issuing
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, ProposeIssuance c) =>
        ledger.Accounts.Find(c.AccountId) switch
        {
            _ when ledger.Receipts.Answer(c.IssuanceId, ReceiptOf(c.AccountId, c.Instrument, c.Vintage, c.Quantity)) is { } answer => answer,
            null => Refusals.UnknownAccount(c.AccountId),
            _ when !ledger.Rules.At(c.At).IsInstrument(c.Instrument) => Refusals.UnknownInstrument(c.Instrument),
            _ when ledger.Rules.At(c.At).VintageOf(c.Instrument) is { } only && c.Vintage is { } asked && only != asked =>
                Reject("wrong-vintage", $"{c.Instrument} stands for units of {only}, not {asked}."),
            _ when c.Quantity.IsZero => Reject("nothing-issued", "An issuance is of at least one unit."),
            { } account when !ledger.Rules.At(c.At).Allows(TransactionTypes.Issuance, AccountTypes.Issuance, account.Type) =>
                Refusals.NotAllowed(TransactionTypes.Issuance, AccountTypes.Issuance, account.Type),
        { } account when ChangingStatus.Refusal(ledger, TransactionTypes.Issuance, null, account, c.At) is { } refusal => refusal,
            { } account => Propose(ledger, c, account.ParticipantId, account.Type),
        };

    public static Decision<LedgerEvent> Decide(LedgerState ledger, ApproveIssuance c) => ledger.Issuances.Find(c.IssuanceId) switch
    {
        null => Reject("unknown-issuance", $"There is no issuance {c.IssuanceId} in this market."),
        { ProposedBy: var proposer } when proposer == c.By =>
            Reject("four-eyes", "Whoever proposed an issuance cannot approve it."),
        { ApprovedBy: { } approver } when approver == c.By => Accept(),
        { Issued: not null } => Reject("already-approved", "The issuance is approved and its units are issued."),
        { } proposal when ChangingStatus.Refusal(ledger, TransactionTypes.Issuance, null, ledger.Accounts[proposal.AccountId], c.At) is { } refusal => refusal,
        { } proposal when Capping.Exceeded(ledger, proposal.Instrument, ledger.Serials.Next(proposal.Instrument, proposal.Vintage, proposal.Quantity)) is { } refusal => refusal,
        { } proposal => Accept(Issued(ledger, proposal, c.By, c.At)),
    };

    public static void Evolve(LedgerState ledger, IssuanceProposed e)
    {
        ledger.Receipts.Add(e.IssuanceId, ReceiptOf(e.AccountId, e.Instrument, e.VintageAsked, e.Quantity));
        ledger.Issuances.Note(new IssuanceProposal(e.IssuanceId, e.AccountId, e.Instrument, e.Vintage, e.Quantity, e.ProposedBy, e.At));
    }

    public static void Evolve(LedgerState ledger, UnitsIssued e)
    {
        ledger.Issue(e.AccountId, e.Instrument, e.Block);
        ledger.Fundings = e.FundingNumber ?? ledger.Fundings;
        var proposal = ledger.Issuances.Find(e.IssuanceId);
        LedgerImbalanceException.Unless(proposal?.Quantity == e.Block.Quantity, $"Issuance {e.IssuanceId} was proposed for another quantity.");
        ledger.Issuances.Note(proposal with { ApprovedBy = e.ApprovedBy, Issued = e.Block });
    }

    private static Receipt ReceiptOf(Guid accountId, string instrument, ComplianceYear? vintage, Quantity quantity) =>
        new(TransactionTypes.Issuance, accountId, Guid.Empty, instrument, vintage, quantity.Value);

    private static Decision<LedgerEvent> Propose(LedgerState ledger, ProposeIssuance c, Guid participantId, string accountType)
    {
        var vintage = ledger.Rules.At(c.At).VintageOf(c.Instrument) ?? c.Vintage ?? ledger.Rules.YearOf(c.At);
        var proposed = new IssuanceProposed(
            c.IssuanceId, c.AccountId, participantId, c.Instrument, vintage, c.Vintage, c.Quantity, c.By, c.At);
        if (ledger.Rules.At(c.At).NeedsSecondPerson(TransactionTypes.Issuance))
            return Accept(proposed);
        var block = ledger.Serials.Next(c.Instrument, vintage, c.Quantity);
        if (Capping.Exceeded(ledger, c.Instrument, block) is { } refusal)
            return refusal;
        return Accept(proposed, new UnitsIssued(
            c.IssuanceId, c.AccountId, participantId, accountType, c.Instrument, block, null, c.At, FundingNumber(ledger, accountType)));
    }

    private static UnitsIssued Issued(LedgerState ledger, IssuanceProposal proposal, string approver, DateTimeOffset at)
    {
        var account = ledger.Accounts[proposal.AccountId];
        var block = ledger.Serials.Next(proposal.Instrument, proposal.Vintage, proposal.Quantity);
        return new UnitsIssued(proposal.IssuanceId, account.Id, account.ParticipantId, account.Type,
            proposal.Instrument, block, approver, at, FundingNumber(ledger, account.Type));
    }

    private static long? FundingNumber(LedgerState ledger, string accountType) =>
        accountType == AccountTypes.Trading ? ledger.Fundings + 1 : null;
}
