using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.CarryOvers;

/// <summary>
/// How much a participant may carry over, with everything it follows from: T = B + NS × R, rounded down to whole units, and
/// never more than was held at the snapshot.
/// </summary>
/// <param name="IntoYear">The vintage that old units are carried over into.</param>
/// <param name="Base">B, granted without net sales.</param>
/// <param name="Factor">R, multiple of net sales.</param>
/// <param name="Sold">Units sold by settled trades, of the vintages that are carried over and in the calendar years that count.</param>
/// <param name="Bought">Likewise bought.</param>
/// <param name="NetSold">NS, sold less bought; zero where more was bought.</param>
/// <param name="Granted">T.</param>
/// <param name="Held">At the snapshot; null: it is still to come.</param>
/// <param name="Most">What may be carried over in all.</param>
/// <param name="Requested">Units requested so far, those that are carried over already included.</param>
/// <param name="Left">Of that, not requested yet.</param>
/// <param name="LateFor">The year whose late surrender bars it; null: it is not barred.</param>
public sealed record Entitlement(
    ComplianceYear IntoYear, Quantity Base, decimal Factor, Quantity Sold, Quantity Bought, Quantity NetSold, Quantity Granted, Quantity? Held,
    Quantity Most, Quantity Requested, Quantity Left, ComplianceYear? LateFor)
{
    public static Entitlement Of(LedgerState ledger, CarryOverRules rules, Guid participantId, DateTimeOffset at)
    {
        var (into, file) = (ComplianceYear.Of(rules.IntoYear), ledger.CarryOvers.Of(participantId, rules.IntoYear));
        var (grant, factor) = ledger.Rules.At(at).CarryOverNumbers(into);
        var (sold, bought) = ledger.NetSales.Of(participantId, rules, ledger.Rules.At(at).Answers);
        var net = sold > bought ? sold - bought : Quantity.Zero;
        var granted = Quantity.Of((long)decimal.Floor(grant.Value + (net.Value * factor)));
        var most = ledger.CarryOvers.HasSnapshot(rules.IntoYear) ? Quantity.Min(granted, file.Held) : Quantity.Zero;
        return new Entitlement(into, grant, factor, sold, bought, net, granted, ledger.CarryOvers.HasSnapshot(rules.IntoYear) ? file.Held : null,
            most, file.Requested, most > file.Requested ? most - file.Requested : Quantity.Zero, LateYear(ledger, rules, participantId));
    }

    /// <summary>Nobody is late for a year after its last; such years were once written down as not reported.</summary>
    internal static ComplianceYear? LateYear(LedgerState ledger, CarryOverRules rules, Guid participantId) =>
        ledger.Compliance.Find(participantId)?.Record is { } record
            ? record.Assessments.Where(assessed => assessed.WasLate && !(assessed.Year > record.LastYear) && rules.BarredIfLate.Contains(assessed.Year.Value))
                .Select(assessed => (ComplianceYear?)assessed.Year).FirstOrDefault()
            : null;
}
