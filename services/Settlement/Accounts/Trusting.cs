using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Accounts;

/// <param name="Trusted">False: no longer.</param>
/// <param name="ByParticipantId">Who asks; only the holder may.</param>
public sealed record TrustAccount(Guid AccountId, Guid TrustedAccountId, bool Trusted, Guid ByParticipantId, DateTimeOffset At) : LedgerCommand(At);

/// <param name="From">When transfers to it count as transfers to a trusted account.</param>
public sealed record AccountTrusted(Guid AccountId, Guid ParticipantId, Guid TrustedAccountId, Guid TrustedParticipantId, DateTimeOffset From, DateTimeOffset At)
    : LedgerEvent(At);

public sealed record AccountDistrusted(Guid AccountId, Guid ParticipantId, Guid TrustedAccountId, Guid TrustedParticipantId, DateTimeOffset At)
    : LedgerEvent(At);

/// <summary>
/// Keeps the list of accounts that an account trusts (信任账户名单). An entry counts after the delay of the policy pack, so
/// that a thief with one person's key cannot trust himself and be quick; it ends at once.
/// </summary>
public static class Trusting
{
    public const int MostTrusted = 100;

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, TrustAccount c) =>
        (ledger.Accounts.Find(c.AccountId), ledger.Accounts.Find(c.TrustedAccountId)) switch
        {
            (null, _) => Refusals.UnknownAccount(c.AccountId),
            ({ } account, _) when account.ParticipantId != c.ByParticipantId => Refusals.NotYours(account.Number),
            (_, null) => Refusals.UnknownAccount(c.TrustedAccountId),
            ({ } account, { } other) when account.ParticipantId == other.ParticipantId =>
                Reject("trusts-itself", $"Account {other.Number} is your own; the list is for accounts of others."),
            ({ } account, { } other) when account.Trusted.ContainsKey(other.Id) == c.Trusted => Accept(),
            ({ } account, { } other) when !c.Trusted =>
                Accept(new AccountDistrusted(account.Id, account.ParticipantId, other.Id, other.ParticipantId, c.At)),
            ({ Trusted.Count: >= MostTrusted } account, _) =>
                Reject("too-many-trusted", $"Account {account.Number} trusts {MostTrusted} accounts, which is as many as it may."),
            ({ } account, { } other) => Accept(new AccountTrusted(
                account.Id, account.ParticipantId, other.Id, other.ParticipantId, ledger.Rules.At(c.At).TrustedFrom(c.At), c.At)),
        };

    public static void Evolve(LedgerState ledger, AccountTrusted e) => ledger.Accounts[e.AccountId].Trust(e.TrustedAccountId, e.From);

    public static void Evolve(LedgerState ledger, AccountDistrusted e) => ledger.Accounts[e.AccountId].Distrust(e.TrustedAccountId);
}
