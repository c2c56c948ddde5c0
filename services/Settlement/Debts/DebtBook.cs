using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Debts;

/// <summary>Units to be given back (待缴回): the allocation was too high, and what cannot be taken is owed. Never a negative balance.</summary>
/// <param name="Settlements">Which transactions have settled how much of it.</param>
public sealed record Debt(
    Guid DebtId, Guid ParticipantId, string Instrument, Quantity Quantity, ImmutableArray<Settlement> Settlements, string Ground, DateTimeOffset At)
{
    [JsonIgnore]
    public Quantity Settled => Settlements.Aggregate(Quantity.Zero, (sum, settlement) => sum + settlement.Quantity);

    [JsonIgnore]
    public Quantity Outstanding => Quantity - Settled;
}

public sealed record Settlement(Guid TransactionId, Quantity Quantity);

/// <summary>Why an allocation is cut (核减); kept apart, because only some of them may be decided anew.</summary>
public enum DeductionReason
{
    /// <summary>What was due was not surrendered (未清缴).</summary>
    NotSurrendered,

    /// <summary>A report was false (造假).</summary>
    FalseReport,

    /// <summary>Allowances of a later year were used before (预支).</summary>
    Borrowed,

    Other,
}

/// <summary>Units to be kept back from coming allocations.</summary>
/// <param name="From">Kept back so far, by the instrument and vintage it was kept back from.</param>
public sealed record Deduction(
    Guid DeductionId, Guid ParticipantId, DeductionReason Reason, Quantity Quantity, ImmutableArray<KeptBack> From, string Ground, DateTimeOffset At)
{
    [JsonIgnore]
    public Quantity Deducted => From.Aggregate(Quantity.Zero, (sum, kept) => sum + kept.Quantity);

    /// <summary>What is carried on to the next stage or year.</summary>
    [JsonIgnore]
    public Quantity Remainder => Quantity - Deducted;

    public Quantity DeductedFrom(string instrument, ComplianceYear vintage) =>
        From.FirstOrDefault(kept => kept.Instrument == instrument && kept.Vintage == vintage)?.Quantity ?? Quantity.Zero;

    public Deduction With(string instrument, ComplianceYear vintage, Quantity deducted) => this with
    {
        From = [.. From.Where(kept => kept.Instrument != instrument || kept.Vintage != vintage).Append(new KeptBack(instrument, vintage, deducted))],
    };
}

public sealed record KeptBack(string Instrument, ComplianceYear Vintage, Quantity Quantity);

/// <summary>A part of one deduction, kept back or given back to it.</summary>
public sealed record DeductionPart(Guid DeductionId, Quantity Quantity);

/// <summary>What an entity was allocated of one vintage, before anything was kept back of it.</summary>
public sealed record AllocatedInAll(Guid ParticipantId, string Instrument, ComplianceYear Vintage, Quantity Quantity);

/// <summary>
/// Debts, deductions and what they are reckoned from. One entry for each act of an official, and one for each entity,
/// instrument and vintage that was allocated.
/// </summary>
public sealed class DebtBook
{
    private readonly SortedDictionary<Guid, Debt> _debts = [];
    private readonly SortedDictionary<Guid, Deduction> _deductions = [];
    private readonly Dictionary<Guid, List<Guid>> _debtsOf = [];
    private readonly Dictionary<Guid, List<Guid>> _deductionsOf = [];
    private readonly Dictionary<(Guid ParticipantId, string Instrument, ComplianceYear Vintage), Quantity> _allocated = [];

    /// <summary>A participant's debts, oldest first.</summary>
    public IEnumerable<Debt> DebtsOf(Guid participantId) => _debtsOf.GetValueOrDefault(participantId, []).Select(id => _debts[id]);

    /// <summary>A participant's deductions, oldest first.</summary>
    public IEnumerable<Deduction> DeductionsOf(Guid participantId) => _deductionsOf.GetValueOrDefault(participantId, []).Select(id => _deductions[id]);

    public Quantity AllocatedOf(Guid participantId, string instrument, ComplianceYear vintage) => _allocated.GetValueOrDefault((participantId, instrument, vintage));

    /// <summary>Something was, whatever has become of it.</summary>
    public bool WasAllocated(Guid participantId, string instrument, ComplianceYear vintage) => _allocated.ContainsKey((participantId, instrument, vintage));

    public void Note(Debt debt)
    {
        if (_debts.TryAdd(debt.DebtId, debt))
            Of(_debtsOf, debt.ParticipantId).Add(debt.DebtId);
        else
            _debts[debt.DebtId] = debt;
    }

    public void Settle(Guid debtId, Settlement settlement) => Note(_debts[debtId] with { Settlements = _debts[debtId].Settlements.Add(settlement) });

    /// <summary>A return was a mistake and has been corrected: so much of what it settled is owed again.</summary>
    public void Reopen(Guid debtId, Settlement settlement) => Note(_debts[debtId] with
    {
        Settlements = [.. _debts[debtId].Settlements.Select(known => known.TransactionId == settlement.TransactionId ? known with { Quantity = known.Quantity - settlement.Quantity } : known)],
    });

    public void Note(Deduction deduction)
    {
        if (_deductions.TryAdd(deduction.DeductionId, deduction))
            Of(_deductionsOf, deduction.ParticipantId).Add(deduction.DeductionId);
        else
            _deductions[deduction.DeductionId] = deduction;
    }

    public void Deduct(DeductionPart part, string instrument, ComplianceYear vintage)
    {
        var deduction = _deductions[part.DeductionId];
        Note(deduction.With(instrument, vintage, deduction.DeductedFrom(instrument, vintage) + part.Quantity));
    }

    public void GiveBack(DeductionPart part, string instrument, ComplianceYear vintage)
    {
        var deduction = _deductions[part.DeductionId];
        Note(deduction.With(instrument, vintage, deduction.DeductedFrom(instrument, vintage) - part.Quantity));
    }

    public void Allocated(Guid participantId, string instrument, ComplianceYear vintage, Quantity quantity) =>
        _allocated[(participantId, instrument, vintage)] = AllocatedOf(participantId, instrument, vintage) + quantity;

    public void Reduce(Guid participantId, string instrument, ComplianceYear vintage, Quantity to) => _allocated[(participantId, instrument, vintage)] = to;

    private static List<Guid> Of(Dictionary<Guid, List<Guid>> index, Guid participantId)
    {
        if (!index.TryGetValue(participantId, out var ids))
            index.Add(participantId, ids = []);
        return ids;
    }

    internal Parts ToParts() => new(
        [.. _debtsOf.OrderBy(entry => entry.Key).SelectMany(entry => entry.Value).Select(id => _debts[id])],
        [.. _deductionsOf.OrderBy(entry => entry.Key).SelectMany(entry => entry.Value).Select(id => _deductions[id])],
        [
            .. _allocated.Select(entry => new AllocatedInAll(entry.Key.ParticipantId, entry.Key.Instrument, entry.Key.Vintage, entry.Value))
                .OrderBy(entry => entry.ParticipantId).ThenBy(entry => entry.Instrument, StringComparer.Ordinal).ThenBy(entry => entry.Vintage),
        ]);

    internal void Restore(Parts parts)
    {
        foreach (var debt in parts.Debts)
            Note(debt);
        foreach (var deduction in parts.Deductions)
            Note(deduction);
        foreach (var entry in parts.Allocated)
            Allocated(entry.ParticipantId, entry.Instrument, entry.Vintage, entry.Quantity);
    }

    internal sealed record Parts(ImmutableArray<Debt> Debts, ImmutableArray<Deduction> Deductions, ImmutableArray<AllocatedInAll> Allocated);
}
