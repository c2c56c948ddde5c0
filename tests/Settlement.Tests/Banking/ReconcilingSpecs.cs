using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Banking;

/// <summary>The bank's statement against the ledger: whatever one has and the other has not is seen.</summary>
public sealed class ReconcilingSpecs
{
    private static readonly BankEntry Credit = new("C-1", BankNoticeKind.Credit, null, "UK-100-10000001-10", Pence(100), Noon);
    private static readonly BankEntry Payment = new("PAY-1", BankNoticeKind.Paid, Id("w"), "UK-100-10000001-10", Pence(40), Noon);
    private static readonly LedgerEntry Deposit = new(BankEntry.DepositId("uk-ets", "C-1"), true, Pence(100), Noon);
    private static readonly LedgerEntry Withdrawal = new(Id("w"), false, Pence(40), Noon);

    private static readonly HashSet<EntryKey> NothingElsewhere = [];

    [Fact]
    public void What_both_have_agrees()
    {
        var reconciliation = Of([Credit, Payment], [Deposit, Withdrawal]);
        reconciliation.Agrees.ShouldBeTrue();
        (reconciliation.Matched, reconciliation.BankInMinor, reconciliation.BankOutMinor).ShouldBe((2, Pence(100), Pence(40)));
        (reconciliation.LedgerInMinor, reconciliation.LedgerOutMinor).ShouldBe((Pence(100), Pence(40)));
    }

    [Fact]
    public void What_the_ledger_lacks_is_shown_with_the_id_under_which_it_can_be_booked()
    {
        var difference = Of([Credit, Payment], [Withdrawal]).Differences.ShouldHaveSingleItem();
        difference.ShouldBe(new BankDifference("not-in-ledger", Deposit.TransactionId, true, "C-1", "UK-100-10000001-10", Pence(100), null));
    }

    [Fact]
    public void What_the_bank_lacks_is_shown() => Of([Credit], [Deposit, Withdrawal]).Differences.ShouldHaveSingleItem()
        .ShouldBe(new BankDifference("not-at-bank", Id("w"), false, null, null, null, Pence(40)));

    [Fact]
    public void Another_amount_is_shown() => Of([Credit with { AmountMinor = Pence(101) }], [Deposit]).Differences.ShouldHaveSingleItem()
        .ShouldBe(new BankDifference("amount-differs", Deposit.TransactionId, true, "C-1", "UK-100-10000001-10", Pence(101), Pence(100)));

    [Fact]
    public void What_the_bank_has_twice_is_shown_once()
    {
        var reconciliation = Of([Credit, Credit], [Deposit]);
        (reconciliation.Matched, reconciliation.Differences.ShouldHaveSingleItem().Code).ShouldBe((1, "twice-at-bank"));
    }

    [Fact]
    public void What_was_booked_on_another_day_is_no_difference_on_the_banks_day_nor_on_that_one()
    {
        var banksDay = Reconciling.Of("uk-ets", Today, [Credit], [], [Deposit with { At = Noon.AddDays(1) }], NothingElsewhere);
        banksDay.Agrees.ShouldBeTrue();
        banksDay.OfOtherDays.ShouldBe([Deposit.Key]);
        Reconciling.Of("uk-ets", Today.AddDays(1), [], [Deposit, Withdrawal], [], banksDay.OfOtherDays.ToHashSet()).Differences.ShouldHaveSingleItem()
            .ShouldBe(new BankDifference("not-at-bank", Id("w"), false, null, null, null, Pence(40)));
    }

    [Fact]
    public void A_deposit_that_the_bank_has_is_no_withdrawal() =>
        Reconciling.Of("uk-ets", Today, [], [Withdrawal], [], new HashSet<EntryKey> { Withdrawal.Key with { IsDeposit = true } }).Agrees.ShouldBeFalse();

    private static BankReconciliation Of(BankEntry[] bank, LedgerEntry[] ledger) => Reconciling.Of("uk-ets", Today, bank, ledger, [], NothingElsewhere);
}
