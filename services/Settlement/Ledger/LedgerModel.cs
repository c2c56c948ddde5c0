using System.Diagnostics;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Banking;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.DailyStatements;
using CarbonMarket.Settlement.Deadlines;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Payouts;
using CarbonMarket.Settlement.SecondBook;
using CarbonMarket.Settlement.Penalties;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Transfers;
using CarbonMarket.Settlement.Withdrawals;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>The registry ledger (登记簿) of one market as the journaled engine runs it: each feature decides for itself.</summary>
public sealed class LedgerModel(RuleBook rules) : IJournaledModel<LedgerState, LedgerCommand, LedgerEvent>
{
    public LedgerState Initial() => new(rules);

    /// <summary>What is to be noted of an earlier moment is noted before anything else is written.</summary>
    public Decision<LedgerEvent> Decide(LedgerState state, LedgerCommand command) => Decided(state, command) switch
    {
        Decision<LedgerEvent>.Accepted { Events: [not (CarryOverHoldingNoted or CarryOverSnapshotTaken or CarryOverFrozenNoted or CarryOverClosed), ..] events }
            when CarryOverCalendar.Due(state, command.At) is { IsEmpty: false } due => Decision<LedgerEvent>.Accept(due.AddRange(events)),
        var decision => decision,
    };

    private static Decision<LedgerEvent> Decided(LedgerState state, LedgerCommand command) => command switch
    {
        OpenAccount c => AccountOpening.Decide(state, c),
        ChangeAccountStatus c => ChangingStatus.Decide(state, c),
        ProposeCap c => Capping.Decide(state, c),
        ApproveCap c => Capping.Decide(state, c),
        ProposeIssuance c => Issuing.Decide(state, c),
        ApproveIssuance c => Issuing.Decide(state, c),
        AllocateUnits c => Allocating.Decide(state, c),
        DeliverAllocation c => Allocating.Decide(state, c),
        TransferUnits c => Transferring.Decide(state, c),
        TrustAccount c => Trusting.Decide(state, c),
        FreezeUnits c => Freezing.Decide(state, c),
        LiftFreeze c => Freezing.Decide(state, c),
        TellHolds c => TellingHolds.Decide(state, c),
        ProposeTransaction c => Proposing.Decide(state, c),
        ClaimTransaction c => Approving.Decide(state, c),
        CommentTransaction c => Approving.Decide(state, c),
        ApproveTransaction c => Approving.Decide(state, c),
        EndTransaction c => Approving.Decide(state, c),
        CompleteTransaction c => Completing.Decide(state, c),
        DepositCash c => Depositing.Decide(state, c),
        LockTrades c => LockingTrades.Decide(state, c),
        CloseTradingDay c => ClearingRun.Decide(state, c),
        ContinueClearing c => ClearingRun.Decide(state, c),
        ObjectToStatement c => Objecting.Decide(state, c),
        DecideObjection c => Objecting.Decide(state, c),
        CompleteWithdrawal c => Withdrawing.Decide(state, c),
        AnswerPayout c => PayingOut.Decide(state, c),
        ReportBankDifferences c => ReportingBankDifferences.Decide(c),
        SurrenderUnits c => Surrendering.Decide(state, c),
        CoverEntity c => ComplianceFacts.Decide(state, c),
        SetExclusion c => ComplianceFacts.Decide(state, c),
        RecordEmissions c => ComplianceFacts.Decide(state, c),
        EnterHeldFact c => ComplianceFacts.Decide(state, c),
        FollowCalendar c => ComplianceCalendar.Decide(state, c),
        SuspendDifferingAccounts c => StoppingAccounts.Decide(state, c),
        ReportDifferences c => StoppingAccounts.Decide(state, c),
        FollowCarryOvers c => CarryOverCalendar.Decide(state, c),
        RequestCarryOver c => CarryingOver.Decide(state, c),
        EndCarryOver c => CarryingOver.Decide(state, c),
        PublishAveragePrice c => Penalising.Decide(state, c),
        AssessPenalty c => Penalising.Decide(state, c),
        DecidePenalty c => Penalising.Decide(state, c),
        GiveNotices c => Noticing.Decide(state, c),
        ImposeDeduction c => Deducting.Decide(state, c),
        ReduceAllocation c => Reducing.Decide(state, c),
        CarryOut c => CarryingOver.Decide(state, c),
        _ => throw new UnreachableException(command.ToString()),
    };

    public LedgerState Evolve(LedgerState state, LedgerEvent @event)
    {
        state.CountsFrom = @event.At > state.CountsFrom ? @event.At : state.CountsFrom;
        Apply(state, @event);
        state.Version++;
        return state;
    }

    public byte[] WriteSnapshot(LedgerState state) => LedgerSnapshot.Of(state).ToBytes();

    public LedgerState ReadSnapshot(ReadOnlyMemory<byte> snapshot) => LedgerSnapshot.Read(snapshot).Restore(rules);

    internal static void Apply(LedgerState state, LedgerEvent @event)
    {
        switch (@event)
        {
            case AccountOpened e: AccountOpening.Evolve(state, e); break;
            case AccountStatusChanged e: ChangingStatus.Evolve(state, e); break;
            case CapProposed e: Capping.Evolve(state, e); break;
            case CapSet e: Capping.Evolve(state, e); break;
            case IssuanceProposed e: Issuing.Evolve(state, e); break;
            case UnitsIssued e: Issuing.Evolve(state, e); break;
            case UnitsAllocated e: Allocating.Evolve(state, e); break;
            case AllocationNotDeliverable e: Allocating.Evolve(state, e); break;
            case UnitsTransferred e: Transferring.Evolve(state, e); break;
            case AccountTrusted e: Trusting.Evolve(state, e); break;
            case AccountDistrusted e: Trusting.Evolve(state, e); break;
            case UnitsFrozen e: Freezing.Evolve(state, e); break;
            case FreezeLifted e: Freezing.Evolve(state, e); break;
            case HeldUnitsTold e: TellingHolds.Evolve(state, e); break;
            case TransactionProposed e: Proposing.Evolve(state, e); break;
            case TransactionClaimed e: Approving.Evolve(state, e); break;
            case TransactionCommented e: Approving.Evolve(state, e); break;
            case TransactionApproved e: Approving.Evolve(state, e); break;
            case TransactionEnded e: Approving.Evolve(state, e); break;
            case TransactionCompleted e: Completing.Evolve(state, e); break;
            case CashDeposited e: Depositing.Evolve(state, e); break;
            case TradeLocked e: LockingTrades.Evolve(state, e); break;
            case ClearingDue e: ClearingRun.Evolve(state, e); break;
            case TradeSettled e: ClearingRun.Evolve(state, e); break;
            case TradePostponed e: ClearingRun.Evolve(state, e); break;
            case TradeFailed e: ClearingRun.Evolve(state, e); break;
            case TradingDayCleared e: ClearingRun.Evolve(state, e); break;
            case StatementObjected e: Objecting.Evolve(state, e); break;
            case ObjectionDecided e: Objecting.Evolve(state, e); break;
            case UnitsWithdrawn e: Withdrawing.Evolve(state, e); break;
            case CashWithdrawn e: Withdrawing.Evolve(state, e); break;
            case PayoutReserved e: PayingOut.Evolve(state, e); break;
            case PayoutPaid e: PayingOut.Evolve(state, e); break;
            case PayoutRefused e: PayingOut.Evolve(state, e); break;
            case WithdrawalHeld e: Withdrawing.Evolve(state, e); break;
            case UnitsSurrendered e: Surrendering.Evolve(state, e); break;
            case EntityCovered e: ComplianceFacts.Evolve(state, e); break;
            case CoverageChanged e: ComplianceFacts.Evolve(state, e); break;
            case CoverageHeld e: ComplianceFacts.Evolve(state, e); break;
            case YearExcluded e: ComplianceFacts.Evolve(state, e); break;
            case ExclusionLifted e: ComplianceFacts.Evolve(state, e); break;
            case ExclusionHeld e: ComplianceFacts.Evolve(state, e); break;
            case EmissionsRecorded e: ComplianceFacts.Evolve(state, e); break;
            case EmissionsHeld e: ComplianceFacts.Evolve(state, e); break;
            case ComplianceCalendarStarted e: ComplianceCalendar.Evolve(state, e); break;
            case ComplianceYearBegun e: ComplianceCalendar.Evolve(state, e); break;
            case ComplianceYearClosed e: ComplianceCalendar.Evolve(state, e); break;
            case BooksDiffered e: StoppingAccounts.Evolve(state, e); break;
            case EntityAssessed e: ComplianceCalendar.Evolve(state, e); break;
            case SubmittedInTimeChanged e: Timeliness.Evolve(state, e); break;
            case ObligationAmended e: Amending.Evolve(state, e); break;
            case AveragePricePublished e: Penalising.Evolve(state, e); break;
            case PenaltyAssessed e: Penalising.Evolve(state, e); break;
            case PenaltyDecided e: Penalising.Evolve(state, e); break;
            case DeadlineNoticeGiven e: Noticing.Evolve(state, e); break;
            case DeadlineNoticesGiven e: Noticing.Evolve(state, e); break;
            case DeductionImposed e: Deducting.Evolve(state, e); break;
            case AllocationDeducted e: Deducting.Evolve(state, e); break;
            case AllocationReduced e: Reducing.Evolve(state, e); break;
            case DebtSettled e: Reducing.Evolve(state, e); break;
            case DebtReopened e: Reducing.Evolve(state, e); break;
            case CarryOverHoldingNoted e: CarryOverCalendar.Evolve(state, e); break;
            case CarryOverSnapshotTaken e: CarryOverCalendar.Evolve(state, e); break;
            case CarryOverFrozenNoted e: CarryOverCalendar.Evolve(state, e); break;
            case CarryOverClosed e: CarryOverCalendar.Evolve(state, e); break;
            case CarryOverRequested e: CarryingOver.Evolve(state, e); break;
            case CarryOverEnded e: CarryingOver.Evolve(state, e); break;
            case CarriedOver e: CarryingOver.Evolve(state, e); break;
            case BankDiffered: break; // Told to people; nothing in the ledger follows from it.
            default: throw new UnreachableException(@event.ToString());
        }
    }
}
