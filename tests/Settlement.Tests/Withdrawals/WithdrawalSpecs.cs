using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Withdrawals;

public sealed class WithdrawalSpecs
{
    private static readonly LedgerCommand[] Furnished =
        [OpenTrading(Smelter), OpenHolding(Smelter), Deposit(Smelter, 1000), .. Issue(Trading(Smelter), 100, Y2021)];

    private static readonly CompleteWithdrawal Of60Units = new(new WithdrawalTerms(Id("w"), Smelter, Uka, Units(60), Money.Zero), Noon);
    private static readonly CompleteWithdrawal Of900Pence = new(new WithdrawalTerms(Id("c"), Smelter, null, Quantity.Zero, Pence(900)), Noon);

    [Fact]
    public void Released_units_go_to_the_participants_holding_account() =>
        TheLedger.Given().After(Furnished).When(Of60Units).Then(
            new UnitsWithdrawn(Id("w"), Smelter, Trading(Smelter), Holding(Smelter), Uka, Serials(Y2021, 1, 60), Noon));

    [Fact]
    public void Released_cash_goes_to_the_participants_bank() =>
        TheLedger.Given().After(Furnished).When(Of900Pence).Then(new CashWithdrawn(Id("c"), Smelter, Trading(Smelter), Pence(900), Noon));

    [Fact]
    public void A_withdrawal_id_with_other_content_is_refused() =>
        TheLedger.Given().After([.. Furnished, Of60Units])
            .When(Of60Units with { Terms = Of60Units.Terms with { Quantity = Units(61) } }).ThenRejected("id-reused");

    [Fact]
    public void Without_a_holding_account_the_units_stay_until_it_opens()
    {
        LedgerCommand[] withoutHolding = [OpenTrading(Smelter), .. Issue(Trading(Smelter), 100, Y2021)];
        TheLedger.Given().After(withoutHolding).When(Of60Units).Then(
            new WithdrawalHeld(Id("w"), Smelter, Uka, Units(60), Money.Zero, "no-operator-holding-account", Noon));
        var ledger = Settle(After([.. withoutHolding, Of60Units, OpenHolding(Smelter)]));
        ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(60));
        ledger.Withdrawals.Held.ShouldBeEmpty();
    }

    [Fact]
    public void A_withdrawal_released_before_the_cash_is_free_waits_for_it()
    {
        var ledger = After([.. Furnished, OpenTrading(Kiln), .. Issue(Trading(Kiln), 1, Y2021, "kiln's"),
            Lock(Trade(1, Smelter, Kiln, 1, 200)), Of900Pence]);
        ledger.Withdrawals.Held.ShouldHaveSingleItem();
        ledger = Settle(Then(ledger, Deposit(Smelter, 100, "more")));
        ledger.Withdrawals.Held.ShouldBeEmpty();
        ledger.Accounts.Trading(Smelter)!.Cash.ShouldBe(Pence(200));
    }

    [Theory]
    [InlineData(101, 0, "insufficient-units")]
    [InlineData(0, 1001, "insufficient-cash")]
    public void More_than_there_is_waits_visibly(long quantity, long pence, string code) =>
        TheLedger.Given().After(Furnished).When(new CompleteWithdrawal(
            new WithdrawalTerms(Id("w"), Smelter, quantity > 0 ? Uka : null, Units(quantity), Pence(pence)), Noon)).ThenEvents(events =>
                events.ShouldHaveSingleItem().ShouldBeOfType<WithdrawalHeld>().Code.ShouldBe(code));

    [Fact]
    public void Without_a_trading_account_it_waits_visibly() =>
        TheLedger.Given().When(Of900Pence).Then(
            new WithdrawalHeld(Id("c"), Smelter, null, Quantity.Zero, Pence(900), "no-trading-account", Noon));
}
