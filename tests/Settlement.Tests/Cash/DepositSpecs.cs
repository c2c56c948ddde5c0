using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transfers;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Cash;

public sealed class DepositSpecs
{
    [Fact]
    public void A_deposit_is_on_the_trading_account_at_once() =>
        TheLedger.Given().After(OpenTrading(Smelter)).When(Deposit(Smelter, 5000))
            .Then(new CashDeposited(Deposit(Smelter, 5000).DepositId, Trading(Smelter), Smelter, Pence(5000), Noon, FundingNumber: 1));

    [Fact]
    public void A_bank_line_that_comes_twice_with_another_amount_is_refused() =>
        TheLedger.Given().After(OpenTrading(Smelter), Deposit(Smelter, 5000)).When(Deposit(Smelter, 5001)).ThenRejected("id-reused");

    [Fact]
    public void What_the_bank_tells_is_booked_once_although_the_payer_has_used_its_id_for_something_else()
    {
        var told = Deposit(Smelter, 5000) with { BankReference = "R-7" };
        var squatted = TheLedger.Given().After(
            [OpenTrading(Smelter), OpenHolding(Smelter), .. Issue(Holding(Smelter), 10, Y2021),
            new TransferUnits(told.DepositId, Holding(Smelter), Trading(Smelter), Uka, Units(1), Smelter, Noon)]);
        squatted.When(told with { BankReference = null }).ThenRejected("id-reused");
        squatted.When(told).ThenState(ledger => ledger.Accounts[Trading(Smelter)].Cash.ShouldBe(Pence(5000)));
        squatted.After(told).When(told).Then();
        squatted.When(told).ThenState(ledger =>
        {
            var restored = Model.ReadSnapshot(Model.WriteSnapshot(ledger));
            Model.Decide(restored, told).ShouldBeOfType<Kernel.Decision<LedgerEvent>.Accepted>().Events.ShouldBeEmpty();
            Model.WriteSnapshot(restored).ShouldBe(Model.WriteSnapshot(ledger));
        });
        squatted.After(told).When(told with { Amount = Pence(5001) }).ThenRejected("id-reused");
    }

    [Fact]
    public void Cash_for_an_account_nobody_knows_is_refused() =>
        TheLedger.Given().When(Deposit(Smelter, 1)).ThenRejected("unknown-account");

    [Fact]
    public void A_deposit_of_nothing_is_refused() =>
        TheLedger.Given().After(OpenTrading(Smelter)).When(Deposit(Smelter, 0)).ThenRejected("nothing-deposited");

    [Fact]
    public void A_holding_account_takes_no_cash() =>
        TheLedger.Given().After(OpenHolding(Smelter)).When(Deposit(Smelter, 1) with { AccountId = Holding(Smelter) })
            .ThenRejected("transaction-not-allowed");
}
