using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Postings;

/// <summary>So much of one asset goes from one account to another: what double entry (复式记账) writes down twice.</summary>
/// <param name="Type">The type of transaction, as the policy pack names it.</param>
/// <param name="TransactionId">The transfer, trade, deposit, plan, ... by which it goes.</param>
/// <param name="Asset">An instrument, or <see cref="Cash"/>.</param>
/// <param name="Vintage">Null for cash.</param>
/// <param name="Amount">Units, or minor units of the currency; above zero.</param>
/// <param name="Serials">The units themselves, ascending; empty for cash.</param>
public sealed record Movement(
    string Type, Guid TransactionId, Guid FromAccountId, Guid ToAccountId, string Asset, ComplianceYear? Vintage, long Amount,
    ImmutableArray<SerialRange> Serials)
{
    public const string Cash = "cash";

    public static IEnumerable<Movement> OfUnits(string type, Guid transactionId, Guid giver, Guid taker, string instrument, IEnumerable<Block> blocks) =>
        from vintage in blocks.GroupBy(block => block.Vintage).OrderBy(vintage => vintage.Key)
        let serials = vintage.OrderBy(block => block.First).Select(block => new SerialRange(block.First, block.Last)).ToImmutableArray()
        select new Movement(type, transactionId, giver, taker, instrument, vintage.Key, serials.Sum(range => range.Count), serials);

    public static Movement OfCash(string type, Guid transactionId, Guid giver, Guid taker, Money amount) =>
        new(type, transactionId, giver, taker, Cash, null, amount.Minor, []);
}
