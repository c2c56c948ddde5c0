using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Accounts;

public sealed record OpenAccount(Guid AccountId, Guid ParticipantId, string Type, DateTimeOffset At) : LedgerCommand(At);

public sealed record AccountOpened(Guid AccountId, string Number, Guid ParticipantId, string Type, DateTimeOffset At) : LedgerEvent(At);

/// <summary>Opens accounts: one of each type for a participant, under the next number.</summary>
public static class AccountOpening
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, OpenAccount c) => ledger.Accounts.Find(c.AccountId) switch
    {
        { } known when known.ParticipantId == c.ParticipantId && known.Type == c.Type => Accept(),
        { } => Refusals.IdReused(c.AccountId),
        _ when !ledger.Rules.At(c.At).IsAccountType(c.Type) =>
            Reject("unknown-account-type", $"This market's policy pack has no account type {c.Type}."),
        _ when !ledger.Rules.At(c.At).ParticipantsHold(c.Type) =>
            Reject("account-type-of-authority", $"Accounts of type {c.Type} belong to the authority; participants open none."),
        _ when ledger.Accounts.Of(c.ParticipantId, c.Type) is { } open =>
            Reject("account-already-open", $"The participant has account {open.Number} of type {c.Type}; one is all it may have."),
        _ => Accept(new AccountOpened(c.AccountId, ledger.Accounts.NextNumber, c.ParticipantId, c.Type, c.At)),
    };

    public static void Evolve(LedgerState ledger, AccountOpened e)
    {
        var account = ledger.Accounts.Open(e.AccountId, e.Number, e.ParticipantId, e.Type);
        if (e.Type == AccountTypes.Trading)
            ledger.Clearing.BindOpenTradesTo(account);
        if (e.Type == AccountTypes.OperatorHolding)
            ledger.Allocations.AccountOpened(e.ParticipantId);
    }
}
