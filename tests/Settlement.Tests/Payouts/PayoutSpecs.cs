using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Withdrawals;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Payouts;

/// <summary>Withdrawn cash is put aside until the bank has answered; what it does not pay goes back.</summary>
public sealed class PayoutSpecs
{
    private static readonly DateTimeOffset Noon = On(2025, 6, 3);
    private static readonly Guid PutAside = new AccountBook(Rules).AuthorityId(AccountTypes.Payouts);
    private static readonly LedgerCommand[] Furnished =
        [Market.OpenTrading(Smelter) with { At = Noon }, new DepositCash(Id("deposit"), Trading(Smelter), Money.OfMinor(1_000), Noon)];

    private static readonly CompleteWithdrawal Withdrawal = new(new WithdrawalTerms(Id("w"), Smelter, null, Quantity.Zero, Money.OfMinor(900)), Noon);
    private static readonly AnswerPayout Paid = new(Id("w"), "PAY-1", null, Noon.AddDays(1));
    private static readonly AnswerPayout Refused = new(Id("w"), "PAY-1", "account-closed", Noon.AddDays(1));

    [Fact]
    public void Withdrawn_cash_is_put_aside() => TheLedger.Given().After(Furnished).When(Withdrawal).Then(
        new PayoutReserved(Id("w"), Smelter, Trading(Smelter), PutAside, Money.OfMinor(900), Noon));

    [Fact]
    public void What_the_bank_has_paid_has_left_the_ledger()
    {
        TheLedger.Given().After([.. Furnished, Withdrawal]).When(Paid).Then(
            new PayoutPaid(Id("w"), Smelter, PutAside, Money.OfMinor(900), "PAY-1", Noon.AddDays(1)));
        var ledger = After([.. Furnished, Withdrawal, Paid]);
        ledger.Bank.Withdrawn.ShouldBe(Money.OfMinor(900));
        ledger.Accounts[PutAside].Cash.ShouldBe(Money.Zero);
        ledger.Payouts.Open.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_bank_refuses_is_back_on_the_trading_account_and_counts_as_a_funding()
    {
        TheLedger.Given().After([.. Furnished, Withdrawal]).When(Refused).Then(new PayoutRefused(
            Id("w"), Smelter, PutAside, Trading(Smelter), Money.OfMinor(900), "PAY-1", "account-closed", Noon.AddDays(1), 2));
        After([.. Furnished, Withdrawal, Refused]).Accounts[Trading(Smelter)].Cash.ShouldBe(Money.OfMinor(1_000));
    }

    [Fact]
    public void The_banks_answer_said_again_changes_nothing_and_another_one_is_refused()
    {
        TheLedger.Given().After([.. Furnished, Withdrawal, Paid]).When(Paid with { At = Noon.AddDays(9) }).ThenEvents(events => events.ShouldBeEmpty());
        TheLedger.Given().After([.. Furnished, Withdrawal, Paid]).When(Paid with { BankReference = "PAY-2" }).ThenRejected("payout-answered");
        TheLedger.Given().After([.. Furnished, Withdrawal, Paid]).When(Refused).ThenRejected("payout-answered");
        TheLedger.Given().After([.. Furnished, Withdrawal, Refused]).When(Paid).ThenRejected("payout-answered");
    }

    [Fact]
    public void Nobody_is_paid_who_has_not_withdrawn() => TheLedger.Given().After(Furnished).When(Paid).ThenRejected("unknown-payout");

    [Fact]
    public void A_released_withdrawal_told_again_is_put_aside_once() =>
        TheLedger.Given().After([.. Furnished, Withdrawal]).When(Withdrawal).ThenEvents(events => events.ShouldBeEmpty());

    [Fact]
    public void An_account_to_which_cash_may_come_back_is_not_closed()
    {
        LedgerCommand[] emptied =
        [
            .. Furnished, Withdrawal with { Terms = Withdrawal.Terms with { Cash = Money.OfMinor(1_000) } },
            new ChangeAccountStatus(Id("closing"), Trading(Smelter), AccountStatuses.Closing, "asked for", OfficialOne, Noon),
        ];
        var close = new ChangeAccountStatus(Id("closed"), Trading(Smelter), AccountStatuses.Closed, "empty", OfficialTwo, Noon);
        TheLedger.Given().After(emptied).When(close).ThenRejected("account-not-empty");
        TheLedger.Given().After([.. emptied, Paid]).When(close).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void A_restricted_account_may_still_withdraw_and_a_suspended_one_not()
    {
        LedgerCommand Status(string status) => new ChangeAccountStatus(Id(status), Trading(Smelter), status, "ground", OfficialOne, Noon);
        TheLedger.Given().After([.. Furnished, Status(AccountStatuses.Restricted)]).When(Withdrawal).ThenEvents(events => events.ShouldHaveSingleItem().ShouldBeOfType<PayoutReserved>());
        TheLedger.Given().After([.. Furnished, Status(AccountStatuses.Suspended)]).When(Withdrawal).ThenEvents(events =>
            events.ShouldHaveSingleItem().ShouldBeOfType<WithdrawalHeld>().Code.ShouldBe("account-may-not-send"));
    }

    [Fact]
    public void Cash_put_aside_outlasts_a_snapshot()
    {
        var ledger = After([.. Furnished, Withdrawal]);
        ledger = Model.ReadSnapshot(Model.WriteSnapshot(ledger));
        ConservationStatement.Of(ledger).Balanced.ShouldBeTrue();
        ledger.Payouts.Open.ShouldHaveSingleItem().AmountMinor.ShouldBe(Money.OfMinor(900));
        ledger = Model.ReadSnapshot(Model.WriteSnapshot(Then(ledger, Refused)));
        ledger.Accounts[Trading(Smelter)].Cash.ShouldBe(Money.OfMinor(1_000));
        ledger.Payouts.AnswerTo(Id("w")).ShouldBe(new PayoutAnswer(Id("w"), "PAY-1", false));
    }

    [Fact]
    public void An_account_is_found_by_its_number_and_by_no_other()
    {
        var ledger = After([.. Furnished, Market.OpenTrading(Kiln) with { At = Noon }]);
        foreach (var account in ledger.Accounts.Opened)
            ledger.Accounts.Numbered(account.Number).ShouldBe(account);
        var number = ledger.Accounts.Opened[0].Number;
        ledger.Accounts.Numbered(number[..^1] + (number[^1] == '0' ? '1' : '0')).ShouldBeNull();
        ledger.Accounts.Numbered(AccountNumber.Of("UK-100", 10_000_001)).ShouldBeNull();
        ledger.Accounts.Numbered(AccountNumber.Of("CN-620", 10_000_003)).ShouldBeNull();
        ledger.Accounts.Numbered(ledger.Accounts[PutAside].Number).ShouldBeNull();
        ledger.Accounts.Numbered("nobody").ShouldBeNull();
    }
}
