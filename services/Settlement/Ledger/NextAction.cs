using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Deadlines;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Withdrawals;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>A command the ledger owes itself, under an id that is the same whoever finds it due.</summary>
public sealed record NextAction(Guid CommandId, LedgerCommand Command)
{
    // What waits is looked through once for so many actions, not for each of them.
    private const int MostAtOnce = 500;

    /// <summary>What is due by legal time: a deadline that has passed, or anything that can go on.</summary>
    public static IReadOnlyList<NextAction> Due(LedgerState ledger, DateTimeOffset legalTime) =>
        ComplianceCalendar.NextDue(ledger) is { } due && due <= legalTime
            ? [Action(ledger, $"calendar:{due.UtcTicks}", new FollowCalendar(due))]
            : CarryOverCalendar.NextDue(ledger) is { } noted && noted <= legalTime
            ? [Action(ledger, $"carry-overs:{noted.UtcTicks}", new FollowCarryOvers(noted))]
            : Noticing.Due(ledger, legalTime) is { } notices
            ? [Action(ledger, $"notices:{notices.At.UtcTicks}", notices)]
            : Possible(ledger, legalTime);

    /// <summary>
    /// What stood still and can go on: a day that can be cleared, something that waited for an account, an amount or another
    /// fact. All that is returned can be done together, in its order: none of it takes from another what that needs. Empty
    /// when there is nothing to do.
    /// </summary>
    public static IReadOnlyList<NextAction> Possible(LedgerState ledger, DateTimeOffset at) =>
        Kinds(ledger, at).Select(actions => actions.Take(MostAtOnce).ToList()).FirstOrDefault(actions => actions.Count > 0) ?? [];

    private static IEnumerable<IEnumerable<NextAction>> Kinds(LedgerState ledger, DateTimeOffset at) =>
    [
        TellingHolds.Untold(ledger, at).Select(told => Action(ledger, $"holds:{told.AccountId}:{ledger.Version}", told)),
        ClearingRun.Parts(ledger).Select(part => Action(ledger, $"clearing:{part.TradingDay:O}:{part.FromSequence}", part)),
        Allocating.Deliverable(ledger, at).Select(line =>
            Action(ledger, $"allocation:{line.PlanId}:{line.Line}:{at.UtcTicks}", new DeliverAllocation(line.PlanId, line.Line, at))),
        Withdrawing.Releasable(ledger, at).Select(withdrawal =>
            Action(ledger, $"withdrawal:{withdrawal.WithdrawalId}:{at.UtcTicks}", new CompleteWithdrawal(withdrawal, at))),
        Completing.Ready(ledger, at).Select(transaction => Action(ledger, $"transaction:{transaction.TransactionId}:{at.UtcTicks}", transaction)),
        CarryingOver.Next(ledger, at) is { } carried ? [Action(ledger, $"carry-over:{carried.RequestId}:{at.UtcTicks}", carried)] : [],
        ComplianceFacts.Ready(ledger).Select(fact => Action(ledger, $"enter-{fact.Kind}:{fact.ParticipantId}:{fact.Year}:{fact.Number}", fact)),
    ];

    private static NextAction Action(LedgerState ledger, string name, LedgerCommand command) =>
        new(DeterministicGuid.From($"settlement:{ledger.Rules.Market}:{name}"), command);
}
