using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.TradingAccounts;

public sealed class WithdrawalSpecs
{
    [Fact]
    public void What_arrives_on_the_account_may_be_traded_with()
    {
        var funding = new FundAccount(Id("f1"), Ann, Plain, Quantity.Of(30), Money.Zero, Morning);
        Spec.Given().When(funding).Then(new AccountFunded(Id("f1"), Ann, Plain, Quantity.Of(30), Money.Zero, Morning));
        Spec.Given().When(funding).ThenState(market => market.Accounts[Ann].Units[Plain].Free.ShouldBe(30));
    }

    [Fact]
    public void A_funding_told_again_counts_once_in_whatever_order_they_come()
    {
        var fundings = new[] { 3, 1, 2, 5, 4 }.Select(number =>
            new FundAccount(Id($"f{number}"), Ann, null, Quantity.Zero, Money.OfMinor(number), Morning, number)).ToArray();
        var funded = Spec.Given().After(fundings);
        foreach (var funding in fundings)
            funded.When(funding).ThenNothing();
        Spec.Given().After(fundings[..4]).When(fundings[4]).ThenState(market =>
        {
            market.Accounts[Ann].Cash.Settled.ShouldBe(15);
            market.Fundings.Ranges.ShouldBe([new NumberRange(1, 5)]);
        });
        Spec.Given().After(fundings[..3]).When(fundings[3]).ThenState(market =>
            market.Fundings.Ranges.ShouldBe([new NumberRange(1, 3), new NumberRange(5, 5)]));
    }

    [Fact]
    public void What_is_free_and_settled_may_leave()
    {
        Spec.Given(Units(Ann, 30)).When(TakeUnits(30)).Then(
            new WithdrawalReleased(Id("w1"), Ann, Plain, Quantity.Of(30), Money.Zero, Morning));
        Spec.Given(Units(Ann, 30)).When(TakeUnits(30)).ThenState(market =>
        {
            market.Accounts[Ann].Units[Plain].Free.ShouldBe(0, "Released units are no longer traded with.");
            market.Accounts[Ann].Units[Plain].Settled.ShouldBe(30, "They lie on the account until Settlement has moved them.");
        });
    }

    [Fact]
    public void What_an_order_holds_may_not_leave() =>
        Spec.Given(Units(Ann, 30)).After(Sell(Ann, "s1", 10, 100)).When(TakeUnits(21)).ThenRejected("insufficient-units");

    [Fact]
    public void Proceeds_and_purchases_may_not_leave_before_they_are_settled()
    {
        var traded = Spec.Given(Cash(Ann, 1_000), Units(Bob, 10)).After(Sell(Bob, "s1", 10, 100), Buy(Ann, "b1", 10, 100));
        traded.When(TakeUnits(1)).ThenRejected("insufficient-units");
        traded.When(TakeCash(Bob, 1)).ThenRejected("insufficient-cash");
        traded.When(TakeCash(Ann, 1)).ThenRejected("insufficient-cash");
        var settled = traded.After(
            new AdvanceTime(EndOfMonday), new RecordOutcome(Trade.IdOf(Id("b1"), 1), 1, true, null, At(16, 0)));
        settled.When(TakeUnits(10)).ThenState(market => market.Withdrawals.Count.ShouldBe(1));
        settled.When(TakeCash(Bob, 1_000)).ThenState(market => market.Withdrawals.Count.ShouldBe(1));
        settled.When(TakeCash(Ann, 1)).ThenRejected("insufficient-cash");
    }

    [Fact]
    public void A_completed_withdrawal_is_off_the_account_and_completes_once()
    {
        var completed = new CompleteWithdrawal(Id("w1"), Ann, At(10, 1));
        Spec.Given(Units(Ann, 30)).After(TakeUnits(20)).When(completed).Then(
            new WithdrawalCompleted(Id("w1"), Ann, Plain, Quantity.Of(20), Money.Zero, At(10, 1)));
        Spec.Given(Units(Ann, 30)).After(TakeUnits(20)).When(completed).ThenState(market =>
        {
            market.Accounts[Ann].Units[Plain].Settled.ShouldBe(10);
            market.Accounts[Ann].Units[Plain].Free.ShouldBe(10);
            market.Withdrawals.ShouldBeEmpty();
        });
        var done = Spec.Given(Units(Ann, 30), Units(Bob, 30)).After(TakeUnits(20), completed);
        done.When(completed).ThenNothing();
        done.When(TakeUnits(20) with { Quantity = Quantity.Of(10) }).ThenRejected("id-reused");
        done.When(TakeUnits(20) with { ParticipantId = Bob }).ThenRejected("id-reused");
    }

    [Fact]
    public void A_withdrawal_asked_for_again_is_let_go_once()
    {
        var released = Spec.Given(Units(Ann, 30), Cash(Ann, 30), Units(Bob, 30)).After(TakeUnits(10));
        released.When(TakeUnits(10)).ThenNothing();
        released.When(TakeUnits(11)).ThenRejected("id-reused");
        released.When(TakeCash(Ann, 10)).ThenRejected("id-reused");
        released.When(TakeUnits(10) with { ParticipantId = Bob }).ThenRejected("id-reused");
    }

    [Fact]
    public void A_withdrawal_takes_units_or_cash_and_never_both_or_neither()
    {
        Spec.Given(Units(Ann, 30), Cash(Ann, 30)).When(TakeUnits(1) with { Cash = Money.OfMinor(1) }).ThenRejected("withdrawal-of-one-asset");
        Spec.Given(Units(Ann, 30), Cash(Ann, 30)).When(TakeUnits(0)).ThenRejected("withdrawal-of-one-asset");
        Spec.Given(Units(Ann, 30), Cash(Ann, 30)).When(TakeUnits(1) with { Instrument = null }).ThenRejected("withdrawal-of-one-asset");
    }

    private static Withdraw TakeUnits(long quantity) => new(Id("w1"), Ann, Plain, Quantity.Of(quantity), Money.Zero, Morning);

    private static Withdraw TakeCash(Guid participant, long minor) =>
        new(Id("w1"), participant, null, Quantity.Zero, Money.OfMinor(minor), Morning);
}
