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

    /// <summary>The end of all that holds units which the transaction moves.</summary>
    public static IEnumerable<LedgerEvent> Ended(LedgerState ledger, ProposeTransaction c, TransactionType type, Account sender, Blocks moved)
    {
        var holds = Holds(ledger, c, type, sender).Order().Where(hold => moved.Any(block => sender.Holds[hold].Overlaps(c.Instrument, block))).ToList();
        var transactions = holds.Select(hold => ledger.Transactions.Pending.GetValueOrDefault(hold)).OfType<Transaction>();
        return [.. holds.Select(hold => Ended(ledger, hold, $"Gives way to {c.Type} {c.TransactionId}.", c)), .. Timeliness.Ended(ledger, transactions, c.At)];
    }

    private static bool Yields(LedgerState ledger, Guid hold, DateTimeOffset at) => ledger.Transactions.Pending.GetValueOrDefault(hold) is { } waiting
        ? !waiting.ProposedBy.IsOfficial && !(waiting.IsApproved && ledger.Rules.At(at).Transaction(waiting.Terms.Type)?.ApprovedBy == Approver.Official)
        : ledger.CarryOvers.Pending.ContainsKey(hold);

    private static LedgerEvent Ended(LedgerState ledger, Guid hold, string reason, ProposeTransaction c) =>
        ledger.Transactions.Pending.GetValueOrDefault(hold) is { } waiting
            ? new TransactionEnded(hold, waiting.Terms.FromParticipantId, TransactionEnded.Rejected, reason, c.By.Subject, c.At)
            : new CarryOverEnded(hold, ledger.CarryOvers.Pending[hold].ParticipantId, CarryOverEnded.Rejected, reason, c.By.Subject, c.At);
}
