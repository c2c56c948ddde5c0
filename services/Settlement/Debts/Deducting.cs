using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Settlement.Ledger.LedgerEvent>;

namespace CarbonMarket.Settlement.Debts;

/// <param name="Ground">The decision it rests on.</param>
public sealed record ImposeDeduction(
    Guid DeductionId, Guid ParticipantId, DeductionReason Reason, Quantity Quantity, string Ground, Person By, DateTimeOffset At) : LedgerCommand(At);

public sealed record DeductionImposed(
    Guid DeductionId, Guid ParticipantId, DeductionReason Reason, Quantity Quantity, string Ground, string By, DateTimeOffset At) : LedgerEvent(At);

/// <summary>Of one line of a plan, these units are kept back; what is left of the line is issued.</summary>
/// <param name="Allocated">Units of the line.</param>
/// <param name="Deducted">Of these, kept back.</param>
public sealed record AllocationDeducted(Guid PlanId, int Line, Guid ParticipantId, string Instrument, ComplianceYear Vintage, Quantity Allocated,
    Quantity Deducted, ImmutableArray<DeductionPart> Parts, DateTimeOffset At) : LedgerEvent(At);

/// <summary>
/// Keeps back from an entity's allocation (核减) what it did not surrender, borrowed or gained by a false report: the oldest
/// deduction first, never more than is issued; the remainder goes on to the next stage.
/// </summary>
public static class Deducting
{
    // Arms stand in order of precedence; the specs pin that order.
    public static Decision<LedgerEvent> Decide(LedgerState ledger, ImposeDeduction c) => c switch
    {
        { By.IsOfficial: false } => Reject("officials-only", "A deduction is imposed by an official."),
        _ when ledger.Receipts.Answer(c.DeductionId, ReceiptOf(c.ParticipantId, c.Reason, c.Quantity, c.Ground)) is { } answer => answer,
        { Quantity.IsZero: true } => Reject("nothing-deducted", "A deduction is of at least one unit."),
        { Reason: DeductionReason.NotSurrendered } when !ledger.Rules.At(c.At).DeductsShortfall(c.At) => Reject("deduction-not-lawful",
            $"By the law in force on {c.At:yyyy-MM-dd} no new deduction is decided for what was not surrendered; earlier ones still run."),
        { Reason: DeductionReason.NotSurrendered } when Timeliness.InReview(ledger, c.ParticipantId) is { } waiting => Reject("surrender-in-review",
            $"{waiting.Terms.Type} {waiting.TransactionId} was submitted in time, on {waiting.ProposedAt:O}; what was not surrendered is known when it is decided."),
        _ => Accept(new DeductionImposed(c.DeductionId, c.ParticipantId, c.Reason, c.Quantity, c.Ground, c.By.Subject, c.At)),
    };

    public static void Evolve(LedgerState ledger, DeductionImposed e)
    {
        ledger.Receipts.Add(e.DeductionId, ReceiptOf(e.ParticipantId, e.Reason, e.Quantity, e.Ground));
        ledger.Debts.Note(new Deduction(e.DeductionId, e.ParticipantId, e.Reason, e.Quantity, [], e.Ground, e.At));
    }

    public static void Evolve(LedgerState ledger, AllocationDeducted e)
    {
        foreach (var part in e.Parts)
            ledger.Debts.Deduct(part, e.Instrument, e.Vintage);
        ledger.Debts.Allocated(e.ParticipantId, e.Instrument, e.Vintage, e.Deducted);
        if (e.Deducted == e.Allocated)
            ledger.Allocations.NoteIssued(e.PlanId, e.Line, e.Line);
    }

    private static Receipt ReceiptOf(Guid participantId, DeductionReason reason, Quantity quantity, string ground) =>
        new("deduction", participantId, Guid.Empty, null, null, quantity.Value, Receipt.ContentOf(reason, ground));

    /// <summary>What the lines of one envelope use up together: several may be of one entity.</summary>
    internal sealed class Draft(LedgerState ledger)
    {
        private readonly Dictionary<Guid, Quantity> _taken = [];

        public ImmutableArray<DeductionPart> Take(Guid participantId, Quantity allocated)
        {
            var parts = ImmutableArray.CreateBuilder<DeductionPart>();
            foreach (var deduction in ledger.Debts.DeductionsOf(participantId))
            {
                var taken = Quantity.Min(allocated, deduction.Remainder - _taken.GetValueOrDefault(deduction.DeductionId));
                if (taken.IsZero)
                    continue;
                parts.Add(new DeductionPart(deduction.DeductionId, taken));
                _taken[deduction.DeductionId] = _taken.GetValueOrDefault(deduction.DeductionId) + taken;
                allocated -= taken;
            }
            return parts.DrainToImmutable();
        }
    }
}
