using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Deadlines;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Withdrawals;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>A command the ledger owes itself, under an id that is the same whoever finds it due.</summary>
public sealed record NextAction(Guid CommandId, LedgerCommand Command)
{
    /// <summary>What is due by legal time: a deadline that has passed, or anything that can go on.</summary>
    public static NextAction? Of(LedgerState ledger, DateTimeOffset legalTime) =>
        ComplianceCalendar.NextDue(ledger) is { } due && due <= legalTime
            ? Action(ledger, $"calendar:{due.UtcTicks}", new FollowCalendar(due))
            : CarryOverCalendar.NextDue(ledger) is { } noted && noted <= legalTime
            ? Action(ledger, $"carry-overs:{noted.UtcTicks}", new FollowCarryOvers(noted))
            : Noticing.Due(ledger, legalTime) is { } notices
            ? Action(ledger, $"notices:{notices.At.UtcTicks}", notices)
            : Possible(ledger, legalTime);

    /// <summary>
    /// What stood still and can go on: a day that can be cleared, something that waited for an account, an amount or another
    /// fact. Null when there is nothing to do.
    /// </summary>
    public static NextAction? Possible(LedgerState ledger, DateTimeOffset at)
    {
        if (ClearingRun.Next(ledger) is { } part)
            return Action(ledger, $"clearing:{part.TradingDay:O}:{part.FromSequence}", part);
        if (Allocating.Deliverable(ledger, at) is { } line)
            return Action(ledger, $"allocation:{line.PlanId}:{line.Line}:{at.UtcTicks}", new DeliverAllocation(line.PlanId, line.Line, at));
        if (Withdrawing.Releasable(ledger, at) is { } withdrawal)
            return Action(ledger, $"withdrawal:{withdrawal.WithdrawalId}:{at.UtcTicks}", new CompleteWithdrawal(withdrawal, at));
        if (Completing.Next(ledger, at) is { } transaction)
            return Action(ledger, $"transaction:{transaction.TransactionId}:{at.UtcTicks}", transaction);
        if (CarryingOver.Next(ledger, at) is { } carried)
            return Action(ledger, $"carry-over:{carried.RequestId}:{at.UtcTicks}", carried);
        return ComplianceFacts.Next(ledger) is { } fact
            ? Action(ledger, $"enter-{fact.Kind}:{fact.ParticipantId}:{fact.Year}:{fact.Number}", fact)
            : null;
    }

    private static NextAction Action(LedgerState ledger, string name, LedgerCommand command) =>
        new(DeterministicGuid.From($"settlement:{ledger.Rules.Market}:{name}"), command);
}
