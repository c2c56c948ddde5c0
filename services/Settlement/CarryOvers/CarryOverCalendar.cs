using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.CarryOvers;

/// <summary>Legal time has reached <see cref="LedgerCommand.At"/>.</summary>
public sealed record FollowCarryOvers(DateTimeOffset At) : LedgerCommand(At);

/// <summary>What a participant held of the old vintages at the snapshot, less what was promised to be surrendered or cancelled.</summary>
public sealed record CarryOverHoldingNoted(Guid ParticipantId, ComplianceYear IntoYear, Quantity Held, DateTimeOffset At) : LedgerEvent(At);

/// <param name="Holders">Participants that held something.</param>
public sealed record CarryOverSnapshotTaken(ComplianceYear IntoYear, long Holders, DateTimeOffset At) : LedgerEvent(At);

/// <summary>What was frozen when the last request could be filed; it may be filed once it is free.</summary>
public sealed record CarryOverFrozenNoted(Guid ParticipantId, ComplianceYear IntoYear, Quantity Frozen, DateTimeOffset At) : LedgerEvent(At);

public sealed record CarryOverClosed(ComplianceYear IntoYear, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Notes what is held at each carry-over's snapshot and what is frozen when its requests end, before anything of a later
/// time is written: the figures are those of the very moment, however late legal time is heard.
/// </summary>
public static class CarryOverCalendar
{
    public static Decision<LedgerEvent> Decide(LedgerState ledger, FollowCarryOvers c) => Accept(Due(ledger, c.At));

    /// <summary>When the next note is to be made; null: none is. A ledger without accounts has nothing to note.</summary>
    public static DateTimeOffset? NextDue(LedgerState ledger)
    {
        if (ledger.Rules.CarryOvers.IsEmpty || ledger.Accounts.Opened.Count == 0)
            return null;
        DateTimeOffset? next = null;
        foreach (var rules in ledger.Rules.CarryOvers)
        {
            if (NextOf(ledger, rules) is { } due && (next is null || due < next))
                next = due;
        }
        return next;
    }

    /// <summary>What is to be noted by that time and is not yet.</summary>
    public static ImmutableArray<LedgerEvent> Due(LedgerState ledger, DateTimeOffset at)
    {
        if (NextDue(ledger) is not { } next || next > at)
            return [];
        var events = ImmutableArray.CreateBuilder<LedgerEvent>();
        foreach (var rules in ledger.Rules.CarryOvers)
        {
            var into = ComplianceYear.Of(rules.IntoYear);
            if (!ledger.CarryOvers.HasSnapshot(rules.IntoYear) && ledger.Rules.SnapshotOf(rules) is var snapshot && snapshot <= at)
            {
                var held = Totals(ledger, account => HeldOn(ledger, account, rules, snapshot)).Select(total => new CarryOverHoldingNoted(total.Key, into, total.Value, snapshot)).ToList();
                events.AddRange(held);
                events.Add(new CarryOverSnapshotTaken(into, held.Count, snapshot));
            }
            if (!ledger.CarryOvers.IsClosed(rules.IntoYear) && ledger.Rules.ClosesAt(rules) is var closes && closes <= at)
            {
                events.AddRange(Totals(ledger, account => FrozenOn(ledger, account, rules, closes)).Select(total => new CarryOverFrozenNoted(total.Key, into, total.Value, closes)));
                events.Add(new CarryOverClosed(into, closes));
            }
        }
        return events.DrainToImmutable();
    }

    public static void Evolve(LedgerState ledger, CarryOverHoldingNoted e) =>
        ledger.CarryOvers.Change(e.ParticipantId, e.IntoYear.Value, file => file with { Held = e.Held });

    public static void Evolve(LedgerState ledger, CarryOverSnapshotTaken e) => ledger.CarryOvers.TakeSnapshot(e.IntoYear.Value);

    public static void Evolve(LedgerState ledger, CarryOverFrozenNoted e) =>
        ledger.CarryOvers.Change(e.ParticipantId, e.IntoYear.Value, file => file with { FrozenAtClose = e.Frozen });

    public static void Evolve(LedgerState ledger, CarryOverClosed e) => ledger.CarryOvers.Close(e.IntoYear.Value);

    private static DateTimeOffset? NextOf(LedgerState ledger, CarryOverRules rules) =>
        !ledger.CarryOvers.HasSnapshot(rules.IntoYear) ? ledger.Rules.SnapshotOf(rules)
        : !ledger.CarryOvers.IsClosed(rules.IntoYear) ? ledger.Rules.ClosesAt(rules)
        : null;

    private static SortedDictionary<Guid, Quantity> Totals(LedgerState ledger, Func<Account, Quantity> of)
    {
        var totals = new SortedDictionary<Guid, Quantity>();
        foreach (var account in ledger.Accounts.Opened)
        {
            if (of(account) is { IsZero: false } units)
                totals[account.ParticipantId] = totals.GetValueOrDefault(account.ParticipantId) + units;
        }
        return totals;
    }

    /// <summary>Registry side, trading side and frozen together, less what a request under way would surrender or cancel.</summary>
    private static Quantity HeldOn(LedgerState ledger, Account account, CarryOverRules rules, DateTimeOffset at)
    {
        var held = Sum(account.AllBlocks, ledger.Rules.At(at), rules);
        var promised = account.Holds.Values.Where(hold => hold.Kind == HoldKind.Transaction
            && ledger.Transactions.Pending.GetValueOrDefault(hold.HoldId) is { } waiting
            && ledger.Accounts[waiting.Terms.ToAccountId].Type is AccountTypes.Surrender or AccountTypes.Cancellation);
        return held - Sum(promised.SelectMany(hold => hold.Blocks.Select(block => (hold.Instrument, block))), ledger.Rules.At(at), rules);
    }

    /// <summary>Units under several freezes count once.</summary>
    private static Quantity FrozenOn(LedgerState ledger, Account account, CarryOverRules rules, DateTimeOffset at)
    {
        var frozen = new UnitHoldings();
        foreach (var (instrument, block) in account.Holds.Values.Where(hold => hold.Kind == HoldKind.Freeze).SelectMany(hold => hold.Blocks.Select(block => (hold.Instrument, block))))
        {
            foreach (var seen in frozen.Within(instrument, block))
                frozen.Take(instrument, seen);
            frozen.Put(instrument, block);
        }
        return Sum(frozen.Blocks, ledger.Rules.At(at), rules);
    }

    private static Quantity Sum(IEnumerable<(string Instrument, Block Block)> blocks, LedgerRules pack, CarryOverRules rules) => blocks
        .Where(held => rules.Carries(held.Block.Vintage.Value) && pack.Answers(held.Instrument))
        .Aggregate(Quantity.Zero, (sum, held) => sum + held.Block.Quantity);
}
