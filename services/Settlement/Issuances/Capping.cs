using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Issuances;

/// <param name="Ground">The decision of the authority that sets it.</param>
public sealed record ProposeCap(
    Guid CapId, string Instrument, ComplianceYear Vintage, Quantity Quantity, string Ground, Person By, DateTimeOffset At) : LedgerCommand(At);

public sealed record ApproveCap(Guid CapId, Person By, DateTimeOffset At) : LedgerCommand(At);

public sealed record CapProposed(
    Guid CapId, string Instrument, ComplianceYear Vintage, Quantity Quantity, string Ground, string ProposedBy, DateTimeOffset At) : LedgerEvent(At);

/// <summary>From now on no more units of the instrument and vintage are issued than this, those issued before included.</summary>
public sealed record CapSet(
    Guid CapId, string Instrument, ComplianceYear Vintage, Quantity Quantity, string ApprovedBy, DateTimeOffset At) : LedgerEvent(At);

/// <param name="ApprovedBy">Null while it is proposed.</param>
public sealed record IssuanceCap(
    Guid CapId, string Instrument, ComplianceYear Vintage, Quantity Quantity, string Ground, string ProposedBy, string? ApprovedBy);

/// <summary>How much may be issued, by instrument and vintage; where nothing was set there is no limit. One entry for each year's decision.</summary>
public sealed class IssuanceCaps
{
    private readonly SortedDictionary<Guid, IssuanceCap> _all = [];
    private readonly Dictionary<(string Instrument, ComplianceYear Vintage), IssuanceCap> _inForce = [];

    public IReadOnlyDictionary<Guid, IssuanceCap> All => _all;

    public IssuanceCap? InForce(string instrument, ComplianceYear vintage) => _inForce.GetValueOrDefault((instrument, vintage));

    /// <summary>Whether a block may be issued: serials count from 1 without gaps, so its last one says how much would be out.</summary>
    public bool Allows(string instrument, Block block) => InForce(instrument, block.Vintage) is not { } cap || block.Last <= cap.Quantity.Value;

    public void Note(IssuanceCap cap)
    {
        _all[cap.CapId] = cap;
        if (cap.ApprovedBy is not null)
            _inForce[(cap.Instrument, cap.Vintage)] = cap;
    }

    internal void Restore(ImmutableArray<IssuanceCap> all, ImmutableArray<Guid> inForce)
    {
        foreach (var cap in all)
            _all[cap.CapId] = cap;
        foreach (var id in inForce)
            _inForce[(_all[id].Instrument, _all[id].Vintage)] = _all[id];
    }

    internal ImmutableArray<Guid> IdsInForce => [.. _inForce.Values.Select(cap => cap.CapId).Order()];
}

/// <summary>Sets the cap of an instrument and vintage (配额总量): two officials, never below what is issued already.</summary>
public static class Capping
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, ProposeCap c) => c switch
    {
        { By.IsOfficial: false } => Reject("officials-only", "A cap is proposed by an official."),
        _ when ledger.Receipts.Answer(c.CapId, ReceiptOf(c.Instrument, c.Vintage, c.Quantity, c.Ground)) is { } answer => answer,
        _ when !ledger.Rules.At(c.At).IsInstrument(c.Instrument) => Refusals.UnknownInstrument(c.Instrument),
        _ when ledger.Rules.At(c.At).VintageOf(c.Instrument) is { } only && only != c.Vintage =>
            Reject("wrong-vintage", $"{c.Instrument} stands for units of {only}, not {c.Vintage}."),
        _ when BelowIssued(ledger, c.Instrument, c.Vintage, c.Quantity) is { } refusal => refusal,
        _ => Accept(new CapProposed(c.CapId, c.Instrument, c.Vintage, c.Quantity, c.Ground, c.By.Subject, c.At)),
    };

    public static Decision<LedgerEvent> Decide(LedgerState ledger, ApproveCap c) => ledger.Caps.All.GetValueOrDefault(c.CapId) switch
    {
        _ when !c.By.IsOfficial => Reject("officials-only", "A cap is approved by an official."),
        null => Reject("unknown-cap", $"There is no cap {c.CapId} in this market."),
        { ApprovedBy: { } approver } when approver == c.By.Subject => Accept(),
        { ApprovedBy: not null } => Reject("already-approved", "The cap is approved."),
        { ProposedBy: var proposer } when proposer == c.By.Subject => Reject("four-eyes", "Whoever proposed a cap cannot approve it."),
        { } cap when BelowIssued(ledger, cap.Instrument, cap.Vintage, cap.Quantity) is { } refusal => refusal,
        { } cap => Accept(new CapSet(cap.CapId, cap.Instrument, cap.Vintage, cap.Quantity, c.By.Subject, c.At)),
    };

    public static void Evolve(LedgerState ledger, CapProposed e)
    {
        ledger.Receipts.Add(e.CapId, ReceiptOf(e.Instrument, e.Vintage, e.Quantity, e.Ground));
        ledger.Caps.Note(new IssuanceCap(e.CapId, e.Instrument, e.Vintage, e.Quantity, e.Ground, e.ProposedBy, null));
    }

    public static void Evolve(LedgerState ledger, CapSet e) => ledger.Caps.Note(ledger.Caps.All[e.CapId] with { ApprovedBy = e.ApprovedBy });

    /// <summary>Null: the block may be issued.</summary>
    internal static Decision<LedgerEvent>? Exceeded(LedgerState ledger, string instrument, Block block) =>
        ledger.Caps.Allows(instrument, block) ? null : Reject("cap-exceeded",
            $"The cap of {instrument} {block.Vintage} is {ledger.Caps.InForce(instrument, block.Vintage)!.Quantity}; {block.First - 1} are issued, {block.Quantity} more were asked.");

    private static Decision<LedgerEvent>? BelowIssued(LedgerState ledger, string instrument, ComplianceYear vintage, Quantity cap) =>
        ledger.Serials.Next(instrument, vintage, Quantity.Zero).Last is var issued && issued > cap.Value
            ? Reject("cap-below-issued", $"{issued} units of {instrument} {vintage} are issued; a cap of {cap} comes too late.")
            : null;

    private static Receipt ReceiptOf(string instrument, ComplianceYear vintage, Quantity quantity, string ground) =>
        new("cap", Guid.Empty, Guid.Empty, instrument, vintage, quantity.Value, Receipt.ContentOf(ground));
}
