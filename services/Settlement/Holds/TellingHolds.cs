using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Holds;

/// <summary>Holds on a trading account have changed; Trading is to know.</summary>
public sealed record TellHolds(Guid AccountId, DateTimeOffset At) : LedgerCommand(At);

/// <summary>Trading is told how many units of an instrument are held on a trading account, by whatever holds: it lets nobody offer them.</summary>
/// <param name="HeldQuantity">From now on, all holds together; a unit that several hold counts once.</param>
public sealed record HeldUnitsTold(Guid AccountId, Guid ParticipantId, string Instrument, Quantity HeldQuantity, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Units may be frozen, pledged or taken up by a transaction while they lie on a trading account, where Trading lets their holder
/// offer them. Whatever changed the holds, the ledger owes Trading the new number, as it owes itself what waits.
/// </summary>
public static class TellingHolds
{
    public static Decision<LedgerEvent> Decide(LedgerState ledger, TellHolds c) => ledger.Accounts.Find(c.AccountId) is { } account
        ? Accept(account.UntoldHeld.Select(held => (LedgerEvent)new HeldUnitsTold(account.Id, account.ParticipantId, held.Instrument, held.Held, c.At)).ToImmutableArray())
        : Refusals.UnknownAccount(c.AccountId);

    public static void Evolve(LedgerState ledger, HeldUnitsTold e) => ledger.Accounts[e.AccountId].TellHeld(e.Instrument, e.HeldQuantity);

    public static IEnumerable<TellHolds> Untold(LedgerState ledger, DateTimeOffset at) =>
        ledger.Accounts.WithUntoldHolds.Select(account => new TellHolds(account.Id, at));
}
