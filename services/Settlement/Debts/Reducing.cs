using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Debts;

/// <summary>The final figure of an entity's allocation of one vintage is lower than what it was allocated.</summary>
/// <param name="Vintage">Where the instrument has units of several.</param>
/// <param name="Final">What it should have been allocated in all.</param>
/// <param name="ByPlan">
/// An approved plan says so, under an id that follows from the plan's, and an allocation that is not above the figure any more is left as it is. Otherwise
/// an official says so, under an id of its own, and is told where that is so.
/// </param>
public sealed record ReduceAllocation(Guid ReductionId, Guid ParticipantId, string Instrument, ComplianceYear? Vintage, Quantity Final, string Ground,
    Person By, DateTimeOffset At, bool ByPlan = false) : LedgerCommand(At);

/// <param name="Before">Allocated in all until now, what was kept back and what waits to be issued included.</param>
/// <param name="After">The final figure.</param>
/// <param name="GivenBack">Of what was kept back of it, goes back to the deductions' remainders: nothing was issued for it.</param>
/// <param name="Demanded">Issued too much: to be returned (待缴回).</param>
/// <param name="Waiting">Lines of the entity that are still to be issued, with what is left of each; null: none waited.</param>
public sealed record AllocationReduced(Guid ReductionId, Guid ParticipantId, string Instrument, ComplianceYear Vintage, Quantity Before, Quantity After,
    ImmutableArray<DeductionPart> GivenBack, Quantity Demanded, string Ground, string By, DateTimeOffset At, ImmutableArray<WaitingLine>? Waiting = null)
    : LedgerEvent(At);

/// <summary>Units have been returned, or taken back, that were owed.</summary>
public sealed record DebtSettled(Guid DebtId, Guid ParticipantId, Guid TransactionId, Quantity Quantity, DateTimeOffset At) : LedgerEvent(At);

/// <summary>What settled a debt has been corrected: it is owed again.</summary>
/// <param name="SettledBy">The transaction that was corrected.</param>
public sealed record DebtReopened(Guid DebtId, Guid ParticipantId, Guid SettledBy, Guid TransactionId, Quantity Quantity, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Takes an allocation back (多退少补). What still waits to be issued is not issued; what was only kept back is given back to the deductions it was kept for; what was
/// issued is owed as a debt, because the entity may have sold it, and is settled by the returns of the pack.
/// </summary>
public static class Reducing
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, ReduceAllocation c) => c switch
    {
        { By.IsOfficial: false } => Reject("officials-only", "An allocation is reduced by an official."),
        _ when Answer(ledger, c) is { } answer => answer,
        _ when !ledger.Rules.At(c.At).IsInstrument(c.Instrument) => Refusals.UnknownInstrument(c.Instrument),
        _ => VintageOf(ledger, c) is { } vintage && AllocatedOf(ledger, c) is var before && before > c.Final
            ? Accept(Reduced(ledger, c, vintage, before))
            : c.ByPlan && IsKnown(ledger, c)
            ? Accept()
            : Reject("allocation-not-above", $"{c.Instrument} {VintageOf(ledger, c)}: {AllocatedOf(ledger, c)} units were allocated, which is not above {c.Final}."),
    };

    public static void Evolve(LedgerState ledger, AllocationReduced e)
    {
        ledger.Receipts.AddOwn(e.ReductionId, ReceiptOf(e.ParticipantId, e.Instrument, e.Vintage, e.After, e.Ground));
        var waiting = e.Waiting ?? [];
        ledger.Debts.Reduce(e.ParticipantId, e.Instrument, e.Vintage, waiting.Aggregate(e.After, (issued, line) => issued - line.Quantity));
        foreach (var line in waiting)
            ledger.Allocations.Lower(line);
        foreach (var part in e.GivenBack)
            ledger.Debts.GiveBack(part, e.Instrument, e.Vintage);
        if (!e.Demanded.IsZero)
            ledger.Debts.Note(new Debt(e.ReductionId, e.ParticipantId, e.Instrument, e.Demanded, [], e.Ground, e.At));
    }

    public static void Evolve(LedgerState ledger, DebtSettled e) => ledger.Debts.Settle(e.DebtId, new Settlement(e.TransactionId, e.Quantity));

    public static void Evolve(LedgerState ledger, DebtReopened e) => ledger.Debts.Reopen(e.DebtId, new Settlement(e.SettledBy, e.Quantity));

    /// <summary>What the correction of a return makes owed again.</summary>
    internal static IEnumerable<LedgerEvent> Reopened(LedgerState ledger, TransactionCompleted completed)
    {
        var left = completed.Blocks.Quantity;
        foreach (var debt in completed.Reverses is null ? [] : ledger.Debts.DebtsOf(completed.ToParticipantId))
        {
            var settled = debt.Settlements.FirstOrDefault(settlement => settlement.TransactionId == completed.Reverses)?.Quantity ?? Quantity.Zero;
            var reopened = Quantity.Min(left, settled);
            if (reopened.IsZero)
                continue;
            yield return new DebtReopened(debt.DebtId, debt.ParticipantId, completed.Reverses!.Value, completed.TransactionId, reopened, completed.At);
            left -= reopened;
        }
    }

    /// <summary>What a completed return settles: the sender's debts of that instrument, oldest first.</summary>
    internal static IEnumerable<LedgerEvent> Settled(LedgerState ledger, TransactionCompleted completed)
    {
        if (ledger.Rules.At(completed.At).Transaction(completed.Type) is not { SettlesDebts: true })
            yield break;
        var left = completed.Blocks.Quantity;
        foreach (var debt in ledger.Debts.DebtsOf(completed.FromParticipantId).Where(debt => debt.Instrument == completed.Instrument))
        {
            var settled = Quantity.Min(left, debt.Outstanding);
            if (settled.IsZero)
                continue;
            yield return new DebtSettled(debt.DebtId, debt.ParticipantId, completed.TransactionId, settled, completed.At);
            left -= settled;
        }
    }

    private static AllocationReduced Reduced(LedgerState ledger, ReduceAllocation c, ComplianceYear vintage, Quantity before)
    {
        var excess = before - c.Final;
        var waiting = ImmutableArray.CreateBuilder<WaitingLine>();
        foreach (var line in ledger.Allocations.WaitingOf(c.ParticipantId, c.Instrument, vintage).Reverse())
        {
            var kept = Quantity.Min(excess, line.Quantity);
            waiting.Add(line with { Quantity = line.Quantity - kept });
            excess -= kept;
        }
        var given = ImmutableArray.CreateBuilder<DeductionPart>();
        // What was deducted last is given back first.
        foreach (var deduction in ledger.Debts.DeductionsOf(c.ParticipantId).Reverse())
        {
            var back = Quantity.Min(excess, deduction.DeductedFrom(c.Instrument, vintage));
            if (back.IsZero)
                continue;
            given.Add(new DeductionPart(deduction.DeductionId, back));
            excess -= back;
        }
        return new AllocationReduced(
            c.ReductionId, c.ParticipantId, c.Instrument, vintage, before, c.Final, given.DrainToImmutable(), excess, c.Ground, c.By.Subject, c.At,
            waiting.Count == 0 ? null : waiting.DrainToImmutable());
    }

    private static Decision<LedgerEvent>? Answer(LedgerState ledger, ReduceAllocation c)
    {
        var asked = ReceiptOf(c.ParticipantId, c.Instrument, VintageOf(ledger, c), c.Final, c.Ground);
        return c.ByPlan ? ledger.Receipts.AnswerOwn(c.ReductionId, asked) : ledger.Receipts.Answer(c.ReductionId, asked);
    }

    private static Quantity AllocatedOf(LedgerState ledger, ReduceAllocation c) => VintageOf(ledger, c) is { } vintage
        ? ledger.Allocations.WaitingOf(c.ParticipantId, c.Instrument, vintage)
            .Aggregate(ledger.Debts.AllocatedOf(c.ParticipantId, c.Instrument, vintage), (sum, line) => sum + line.Quantity)
        : Quantity.Zero;

    /// <summary>Something was allocated, so that the figure is not one of an allocation that has still to come.</summary>
    private static bool IsKnown(LedgerState ledger, ReduceAllocation c) => VintageOf(ledger, c) is { } vintage
        && (ledger.Debts.WasAllocated(c.ParticipantId, c.Instrument, vintage) || ledger.Allocations.WaitingOf(c.ParticipantId, c.Instrument, vintage).Any());

    private static ComplianceYear? VintageOf(LedgerState ledger, ReduceAllocation c) => ledger.Rules.At(c.At).VintageOf(c.Instrument) ?? c.Vintage;

    private static Receipt ReceiptOf(Guid participantId, string instrument, ComplianceYear? vintage, Quantity final, string ground) =>
        new("allocation-reduction", participantId, Guid.Empty, instrument, vintage, final.Value, Receipt.ContentOf(ground));
}
