using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Holds;

/// <summary>Why an authority freezes or lets go: who ordered it and under which number.</summary>
/// <param name="Authority">The court or supervisory organ.</param>
/// <param name="Order">Number of its order.</param>
public sealed record FreezeGround(string Authority, string Order);

/// <summary>
/// Freezes units: these serials wherever they lie; or so many of an instrument on one account; or, with neither, all of the
/// instrument on that account as it is now.
/// </summary>
/// <param name="AccountId">Null: wherever the serials are.</param>
/// <param name="Quantity">Null: all.</param>
public sealed record FreezeUnits(
    Guid FreezeId, Guid? AccountId, string Instrument, Block? Serials, Quantity? Quantity, HoldKind Kind, FreezeGround Ground, Person By,
    DateTimeOffset At) : LedgerCommand(At);

/// <summary>Lets go of everything that a freeze or pledge holds, on whatever accounts. Another official does so than imposed it.</summary>
public sealed record LiftFreeze(Guid FreezeId, FreezeGround Ground, Person By, DateTimeOffset At) : LedgerCommand(At);

/// <summary>These units of one account stay where they are. A freeze that finds units on several accounts is told once for each.</summary>
public sealed record UnitsFrozen(
    Guid FreezeId, Guid AccountId, Guid ParticipantId, string AccountType, string Instrument, Blocks Blocks, HoldKind Kind, FreezeGround Ground,
    FreezeAsked Asked, string By, DateTimeOffset At) : LedgerEvent(At);

/// <summary>What was asked, to know a repeat by.</summary>
public sealed record FreezeAsked(Guid? AccountId, Block? Serials, Quantity? Quantity);

/// <summary>What the freeze held on one account is free of it.</summary>
public sealed record FreezeLifted(
    Guid FreezeId, Guid AccountId, Guid ParticipantId, string AccountType, string Instrument, Blocks Blocks, HoldKind Kind, FreezeGround Ground,
    string By, DateTimeOffset At) : LedgerEvent(At);

/// <summary>Which accounts a freeze holds something on.</summary>
public sealed class FreezeDesk
{
    private readonly SortedDictionary<Guid, SortedSet<Guid>> _accounts = [];

    public IReadOnlyCollection<Guid> AccountsOf(Guid freezeId) => _accounts.TryGetValue(freezeId, out var accounts) ? accounts : [];

    public void Note(Guid freezeId, Guid accountId)
    {
        if (!_accounts.TryGetValue(freezeId, out var accounts))
            _accounts.Add(freezeId, accounts = []);
        accounts.Add(accountId);
    }

    public void Forget(Guid freezeId, Guid accountId)
    {
        if (_accounts.TryGetValue(freezeId, out var accounts) && accounts.Remove(accountId) && accounts.Count == 0)
            _accounts.Remove(freezeId);
    }
}

/// <summary>
/// Judicial freeze (司法冻结) and pledge (质押) of units. They lie beside other holds: a transaction under way whose units are
/// frozen waits, and no holder keeps units from a freeze by having them under way. Units that answer for something already, surrendered or cancelled, are nobody's to freeze.
/// </summary>
public static class Freezing
{
    /// <summary>Freezes and pledges; what the account's holder has under way does not count, or it could keep a court from freezing.</summary>
    public const int MostHoldsOfAnAccount = 500;

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, FreezeUnits c) => c switch
    {
        { By.IsOfficial: false } => Reject("officials-only", "Units are frozen by an official."),
        _ when ledger.Receipts.Answer(c.FreezeId, ReceiptOf(c)) is { } answer => answer,
        _ when !ledger.Rules.At(c.At).IsInstrument(c.Instrument) => Refusals.UnknownInstrument(c.Instrument),
        { AccountId: null, Serials: null } => Reject("nothing-named", "A freeze names an account, or serials, or both."),
        { AccountId: { } id } when ledger.Accounts.Find(id) is null => Refusals.UnknownAccount(id),
        _ => Found(ledger, c) switch
        {
            [] => Reject("nothing-to-freeze", $"None of those units of {c.Instrument} lies on an account where it can be frozen."),
            var found when c.Quantity is { } asked && found.Sum(part => part.Blocks.Quantity.Value) < asked.Value =>
                Refusals.InsufficientUnits(found[0].Account.Number, Quantity.Of(found.Sum(part => part.Blocks.Quantity.Value)), asked),
            var found when found.FirstOrDefault(part => part.Account.HoldsByOrder >= MostHoldsOfAnAccount).Account is { } full =>
                Reject("too-many-holds", $"Account {full.Number} has {full.HoldsByOrder} freezes and pledges on it; {MostHoldsOfAnAccount} is as many as it may have."),
            var found => Accept(found.Select(part => (LedgerEvent)new UnitsFrozen(
                    c.FreezeId, part.Account.Id, part.Account.ParticipantId, part.Account.Type, c.Instrument, part.Blocks, c.Kind, c.Ground,
                    new FreezeAsked(c.AccountId, c.Serials, c.Quantity), c.By.Subject, c.At)).ToImmutableArray()),
        },
    };

    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, LiftFreeze c) => c switch
    {
        { By.IsOfficial: false } => Reject("officials-only", "A freeze is lifted by an official."),
        _ => ledger.Freezes.AccountsOf(c.FreezeId).Select(id => (Account: ledger.Accounts[id], Hold: ledger.Accounts[id].Holds[c.FreezeId])).ToList() switch
        {
            [] => Reject("freeze-not-in-force", $"No freeze {c.FreezeId} holds anything in this market."),
            var held when held.Exists(part => part.Hold.ImposedBy == c.By.Subject) =>
                Reject("four-eyes", $"{c.By.Subject} imposed freeze {c.FreezeId}; lifting it takes another official."),
            var held => Accept(held.Select(part => (LedgerEvent)new FreezeLifted(
                    c.FreezeId, part.Account.Id, part.Account.ParticipantId, part.Account.Type, part.Hold.Instrument, part.Hold.Blocks, part.Hold.Kind, c.Ground,
                    c.By.Subject, c.At)).ToImmutableArray()),
        },
    };

    public static void Evolve(LedgerState ledger, UnitsFrozen e)
    {
        if (ledger.Freezes.AccountsOf(e.FreezeId).Count == 0)
            ledger.Receipts.Add(e.FreezeId, ReceiptOf(e));
        ledger.Accounts[e.AccountId].Hold(new UnitHold(e.FreezeId, e.Kind, e.Instrument, e.Blocks, e.By));
        ledger.Freezes.Note(e.FreezeId, e.AccountId);
    }

    public static void Evolve(LedgerState ledger, FreezeLifted e)
    {
        ledger.Accounts[e.AccountId].EndHold(e.FreezeId);
        ledger.Freezes.Forget(e.FreezeId, e.AccountId);
    }

    private static ImmutableArray<(Account Account, Blocks Blocks)> Found(LedgerState ledger, FreezeUnits c)
    {
        IEnumerable<Account> accounts = c.AccountId is { } id ? [ledger.Accounts[id]] : ledger.Accounts.All.OrderBy(account => account.Number, StringComparer.Ordinal);
        return
        [
            .. from account in accounts
               where account.Type is not (AccountTypes.Surrender or AccountTypes.Cancellation)
               let blocks = c.Serials is { } serials ? account.Within(c.Instrument, serials)
                   : c.Quantity is { } asked ? account.Freezable(c.Instrument, asked)
                   : account.Everything(c.Instrument)
               where blocks.Count > 0
               select (account, blocks),
        ];
    }

    private static Receipt ReceiptOf(FreezeUnits c) =>
        ReceiptOf(c.Kind, c.Instrument, new FreezeAsked(c.AccountId, c.Serials, c.Quantity), c.Ground);

    private static Receipt ReceiptOf(UnitsFrozen e) => ReceiptOf(e.Kind, e.Instrument, e.Asked, e.Ground);

    private static Receipt ReceiptOf(HoldKind kind, string instrument, FreezeAsked asked, FreezeGround ground) => new(
        $"{kind}", asked.AccountId ?? Guid.Empty, Guid.Empty, instrument, null, asked.Quantity?.Value ?? 0,
        Receipt.ContentOf(asked.Serials, ground));
}
