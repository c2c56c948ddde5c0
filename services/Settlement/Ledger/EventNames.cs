using System.Collections.Immutable;
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
using Marten;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>The names events are stored under. A name is never changed or given to another event.</summary>
public static class EventNames
{
    public static ImmutableArray<(Type Type, string Name)> All { get; } =
    [
        (typeof(AccountOpened), "ledger.account-opened.v1"),
        (typeof(AccountStatusChanged), "ledger.account-status-changed.v1"),
        (typeof(CapProposed), "ledger.cap-proposed.v1"),
        (typeof(CapSet), "ledger.cap-set.v1"),
        (typeof(IssuanceProposed), "ledger.issuance-proposed.v1"),
        (typeof(UnitsIssued), "ledger.units-issued.v1"),
        (typeof(UnitsAllocated), "ledger.units-allocated.v1"),
        (typeof(AllocationNotDeliverable), "ledger.allocation-not-deliverable.v1"),
        (typeof(UnitsTransferred), "ledger.units-transferred.v1"),
        (typeof(AccountTrusted), "ledger.account-trusted.v1"),
        (typeof(AccountDistrusted), "ledger.account-distrusted.v1"),
        (typeof(UnitsFrozen), "ledger.units-frozen.v1"),
        (typeof(FreezeLifted), "ledger.freeze-lifted.v1"),
        (typeof(HeldUnitsTold), "ledger.held-units-told.v1"),
        (typeof(TransactionProposed), "ledger.transaction-proposed.v1"),
        (typeof(TransactionClaimed), "ledger.transaction-claimed.v1"),
        (typeof(TransactionCommented), "ledger.transaction-commented.v1"),
        (typeof(TransactionApproved), "ledger.transaction-approved.v1"),
        (typeof(TransactionEnded), "ledger.transaction-ended.v1"),
        (typeof(TransactionCompleted), "ledger.transaction-completed.v1"),
        (typeof(CashDeposited), "ledger.cash-deposited.v1"),
        (typeof(TradeLocked), "ledger.trade-locked.v1"),
        (typeof(ClearingDue), "ledger.clearing-due.v1"),
        (typeof(TradeSettled), "ledger.trade-settled.v1"),
        (typeof(TradePostponed), "ledger.trade-postponed.v1"),
        (typeof(TradeFailed), "ledger.trade-failed.v1"),
        (typeof(TradingDayCleared), "ledger.trading-day-cleared.v1"),
        (typeof(StatementObjected), "ledger.statement-objected.v1"),
        (typeof(ObjectionDecided), "ledger.objection-decided.v1"),
        (typeof(UnitsWithdrawn), "ledger.units-withdrawn.v1"),
        (typeof(CashWithdrawn), "ledger.cash-withdrawn.v1"),
        (typeof(PayoutReserved), "ledger.payout-reserved.v1"),
        (typeof(PayoutPaid), "ledger.payout-paid.v1"),
        (typeof(PayoutRefused), "ledger.payout-refused.v1"),
        (typeof(WithdrawalHeld), "ledger.withdrawal-held.v1"),
        (typeof(UnitsSurrendered), "ledger.units-surrendered.v1"),
        (typeof(BooksDiffered), "ledger.books-differed.v1"),
        (typeof(BankDiffered), "ledger.bank-differed.v1"),
        (typeof(EntityCovered), "compliance.entity-covered.v1"),
        (typeof(CoverageChanged), "compliance.coverage-changed.v1"),
        (typeof(CoverageHeld), "compliance.coverage-held.v1"),
        (typeof(YearExcluded), "compliance.year-excluded.v1"),
        (typeof(ExclusionLifted), "compliance.exclusion-lifted.v1"),
        (typeof(ExclusionHeld), "compliance.exclusion-held.v1"),
        (typeof(EmissionsRecorded), "compliance.emissions-recorded.v1"),
        (typeof(EmissionsHeld), "compliance.emissions-held.v1"),
        (typeof(ComplianceCalendarStarted), "compliance.calendar-started.v1"),
        (typeof(ComplianceYearBegun), "compliance.year-begun.v1"),
        (typeof(EntityAssessed), "compliance.entity-assessed.v1"),
        (typeof(ComplianceYearClosed), "compliance.year-closed.v1"),
        (typeof(SubmittedInTimeChanged), "compliance.submitted-in-time-changed.v1"),
        (typeof(ObligationAmended), "compliance.obligation-amended.v1"),
        (typeof(AveragePricePublished), "compliance.average-price-published.v1"),
        (typeof(PenaltyAssessed), "compliance.penalty-assessed.v1"),
        (typeof(PenaltyDecided), "compliance.penalty-decided.v1"),
        (typeof(DeadlineNoticeGiven), "compliance.deadline-notice-given.v1"),
        (typeof(DeadlineNoticesGiven), "compliance.deadline-notices-given.v1"),
        (typeof(DeductionImposed), "ledger.deduction-imposed.v1"),
        (typeof(AllocationDeducted), "ledger.allocation-deducted.v1"),
        (typeof(AllocationReduced), "ledger.allocation-reduced.v1"),
        (typeof(DebtSettled), "ledger.debt-settled.v1"),
        (typeof(DebtReopened), "ledger.debt-reopened.v1"),
        (typeof(CarryOverHoldingNoted), "ledger.carry-over-holding-noted.v1"),
        (typeof(CarryOverSnapshotTaken), "ledger.carry-over-snapshot-taken.v1"),
        (typeof(CarryOverFrozenNoted), "ledger.carry-over-frozen-noted.v1"),
        (typeof(CarryOverClosed), "ledger.carry-over-closed.v1"),
        (typeof(CarryOverRequested), "ledger.carry-over-requested.v1"),
        (typeof(CarryOverEnded), "ledger.carry-over-ended.v1"),
        (typeof(CarriedOver), "ledger.carried-over.v1"),
    ];

    public static void Map(StoreOptions store)
    {
        foreach (var (type, name) in All)
            store.Events.MapEventType(type, name);
    }
}
