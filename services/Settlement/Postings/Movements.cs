using System.Diagnostics;
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
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Payouts;
using CarbonMarket.Settlement.Penalties;
using CarbonMarket.Settlement.SecondBook;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Transfers;
using CarbonMarket.Settlement.Withdrawals;

namespace CarbonMarket.Settlement.Postings;

/// <summary>
/// What each fact of the journal moves. Where units come from and where cash comes from and goes to are accounts here too,
/// the issuance account and the settlement bank: they stand below zero by what they have given, so that every posting has
/// its counterpart and all balances together are nought.
/// </summary>
public sealed class Movements(string market)
{
    private const string SettlementBank = "settlement-bank";

    public Guid Issuance { get; } = AccountBook.AuthorityId(market, AccountTypes.Issuance);

    public Guid Bank { get; } = AccountBook.AuthorityId(market, SettlementBank);

    public Guid Fees { get; } = AccountBook.AuthorityId(market, AccountTypes.Fees);

    public Guid RiskReserve { get; } = AccountBook.AuthorityId(market, AccountTypes.RiskReserve);

    /// <summary>A kind of fact that this does not know stops whoever asks: nothing may move unseen.</summary>
    public IEnumerable<Movement> Of(LedgerEvent fact) => fact switch
    {
        UnitsIssued e => Movement.OfUnits(TransactionTypes.Issuance, e.IssuanceId, Issuance, e.AccountId, e.Instrument, [e.Block]),
        UnitsAllocated e => Movement.OfUnits(TransactionTypes.Allocation, e.PlanId, Issuance, e.AccountId, e.Instrument, [e.Block]),
        UnitsTransferred e => Movement.OfUnits(e.TransactionType, e.TransferId, e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks),
        TransactionCompleted e => Movement.OfUnits(e.Type, e.TransactionId, e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks),
        UnitsSurrendered e => Movement.OfUnits(TransactionTypes.Surrender, e.SurrenderId, e.AccountId, e.ToAccountId, e.Instrument, e.Blocks),
        UnitsWithdrawn e => Movement.OfUnits(
            TransactionTypes.TransferFromTrading, e.WithdrawalId, e.FromAccountId, e.ToAccountId, e.Instrument, e.Blocks),
        CarriedOver e =>
        [
            .. Movement.OfUnits(CarryingOver.TransactionType, e.RequestId, e.AccountId, e.ToAccountId, e.Instrument, e.Blocks),
            .. Movement.OfUnits(CarryingOver.TransactionType, e.RequestId, Issuance, e.AccountId, e.IntoInstrument, [e.Issued]),
        ],
        CashDeposited e => [Movement.OfCash(TransactionTypes.CashDeposit, e.DepositId, Bank, e.AccountId, e.AmountMinor)],
        CashWithdrawn e => [Movement.OfCash(TransactionTypes.CashWithdrawal, e.WithdrawalId, e.AccountId, Bank, e.AmountMinor)],
        PayoutReserved e => [Movement.OfCash(TransactionTypes.PayoutReservation, e.WithdrawalId, e.AccountId, e.ToAccountId, e.AmountMinor)],
        PayoutPaid e => [Movement.OfCash(TransactionTypes.CashWithdrawal, e.WithdrawalId, e.FromAccountId, Bank, e.AmountMinor)],
        PayoutRefused e => [Movement.OfCash(TransactionTypes.PayoutReturn, e.WithdrawalId, e.FromAccountId, e.AccountId, e.AmountMinor)],
        TradeSettled e =>
        [
            .. Movement.OfUnits(TransactionTypes.TradeSettlement, e.TradeId, e.SellerAccountId, e.BuyerAccountId, e.Instrument, e.Blocks),
            Movement.OfCash(TransactionTypes.TradeSettlement, e.TradeId, e.BuyerAccountId, e.SellerAccountId, e.CashMinor),
            .. FeesOf(e),
        ],
        AccountOpened or AccountStatusChanged or AccountTrusted or AccountDistrusted => [],
        CapProposed or CapSet or IssuanceProposed or AllocationNotDeliverable => [],
        UnitsFrozen or FreezeLifted or HeldUnitsTold => [],
        TransactionProposed or TransactionClaimed or TransactionCommented or TransactionApproved or TransactionEnded => [],
        TradeLocked or ClearingDue or TradePostponed or TradeFailed or TradingDayCleared or WithdrawalHeld => [],
        StatementObjected or ObjectionDecided => [],
        EntityCovered or CoverageChanged or CoverageHeld or YearExcluded or ExclusionLifted or ExclusionHeld => [],
        EmissionsRecorded or EmissionsHeld or EntityAssessed or SubmittedInTimeChanged => [],
        ComplianceCalendarStarted or ComplianceYearBegun or ComplianceYearClosed => [],
        ObligationAmended or AveragePricePublished or PenaltyAssessed or PenaltyDecided or DeadlineNoticeGiven or DeadlineNoticesGiven => [],
        DeductionImposed or AllocationDeducted or AllocationReduced or DebtSettled or DebtReopened => [],
        CarryOverHoldingNoted or CarryOverSnapshotTaken or CarryOverFrozenNoted or CarryOverClosed or CarryOverRequested or CarryOverEnded => [],
        BooksDiffered or BankDiffered => [],
        _ => throw new UnreachableException($"Nobody has said what {fact.GetType().Name} moves."),
    };

    private IEnumerable<Movement> FeesOf(TradeSettled e) =>
        from fee in new[]
        {
            Movement.OfCash(TransactionTypes.TradeFee, e.TradeId, e.BuyerAccountId, Fees, e.BuyerFeeMinor),
            Movement.OfCash(TransactionTypes.TradeFee, e.TradeId, e.SellerAccountId, Fees, e.SellerFeeMinor),
            Movement.OfCash(TransactionTypes.RiskReserveContribution, e.TradeId, Fees, RiskReserve, e.RiskReserveMinor),
        }
        where fee.Amount > 0
        select fee;
}
