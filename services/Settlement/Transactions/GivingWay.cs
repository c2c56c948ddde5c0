using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>
/// An authority that moves what it has frozen (司法扣划、更正登记) goes before what the holder has under way: that is ended as far as it
/// holds the same units, however many of its own side have agreed to it. What an official has approved stands.
/// </summary>
internal static class GivingWay
{
    /// <summary>The account's holds that do not stand in the transaction's way.</summary>
    public static IReadOnlyCollection<Guid> Holds(LedgerState ledger, ProposeTransaction c, TransactionType type, Account sender) =>
        type.MovesFrozen ? sender.Holds.Keys.Where(hold => Yields(ledger, hold, c.At)).ToHashSet() : [];

    /// <summary>The end of all that holds units which the transaction moves; a surrender ends with all its parts.</summary>
    public static IEnumerable<LedgerEvent> Ended(LedgerState ledger, ProposeTransaction c, TransactionType type, Account sender, Blocks moved)
    {
        var (reason, desk) = ($"Gives way to {c.Type} {c.TransactionId}.", ledger.Transactions);
        var holds = Holds(ledger, c, type, sender).Order().Where(hold => moved.Any(block => sender.Holds[hold].Overlaps(c.Instrument, block))).ToList();
        var transactions = holds.Select(hold => desk.Pending.GetValueOrDefault(hold)).OfType<Transaction>()
            .Select(waiting => desk.Pending[waiting.Terms.PartOf ?? waiting.TransactionId]).Distinct().ToList();
        return
        [
            .. transactions.SelectMany(waiting => desk.WithParts(waiting)).Select(waiting => new TransactionEnded(
                waiting.TransactionId, waiting.Terms.FromParticipantId, TransactionEnded.Rejected, reason, c.By.Subject, c.At)),
            .. holds.Select(hold => ledger.CarryOvers.Pending.GetValueOrDefault(hold)).OfType<CarryOverRequest>().Select(waiting => new CarryOverEnded(
                waiting.RequestId, waiting.ParticipantId, CarryOverEnded.Rejected, reason, c.By.Subject, c.At)),
            .. Timeliness.Ended(ledger, transactions, c.At),
        ];
    }

    private static bool Yields(LedgerState ledger, Guid hold, DateTimeOffset at) => ledger.Transactions.Pending.GetValueOrDefault(hold) is { } waiting
        ? !waiting.ProposedBy.IsOfficial && !(waiting.IsApproved && ledger.Rules.At(at).Transaction(waiting.Terms.Type)?.ApprovedBy == Approver.Official)
        : ledger.CarryOvers.Pending.ContainsKey(hold);
}
