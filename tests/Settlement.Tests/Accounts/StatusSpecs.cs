using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Transfers;
using CarbonMarket.Settlement.Withdrawals;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Accounts;

public sealed class StatusSpecs
{
    private static readonly LedgerCommand[] Furnished =
        [OpenHolding(Smelter), OpenTrading(Smelter), OpenHolding(Kiln), Allocate("2021", Y2021, (Smelter, 100), (Kiln, 50))];

    private static readonly SurrenderUnits Surrender = new(Id("surrender"), Holding(Smelter), Uka, Units(10), null, SmelterOne, Noon);
    private static readonly TransferUnits ToTrading = new(Id("to trading"), Holding(Smelter), Trading(Smelter), Uka, Units(10), Smelter, Noon);

    private static readonly ProposeTransaction ToKiln = new(
        Id("to kiln"), "transfer-to-untrusted", Holding(Smelter), Holding(Kiln), Uka, Units(10), null, null, null, null, null, SmelterOne, Noon);

    [Fact]
    public void A_restricted_account_pays_what_it_owes_and_nothing_else()
    {
        var restricted = TheLedger.Given().After([.. Furnished, Become(Holding(Smelter), "restricted")]);
        restricted.When(Surrender).ThenState(ledger => ledger.Accounts[SurrenderAccount].Units.Of(Uka).ShouldBe(Units(10)));
        restricted.When(ToTrading).ThenRejected("account-may-not-send");
        restricted.When(ToKiln).ThenRejected("account-may-not-send");
    }

    [Fact]
    public void A_suspended_account_moves_nothing_of_its_own() =>
        TheLedger.Given().After([.. Furnished, Become(Holding(Smelter), "suspended")]).When(Surrender).ThenRejected("account-may-not-send");

    [Fact]
    public void Nothing_is_sent_to_an_account_that_is_closing() =>
        TheLedger.Given().After([.. Furnished, Become(Holding(Kiln), "closing")]).When(ToKiln).ThenRejected("account-may-not-receive");

    [Fact]
    public void A_transaction_under_way_waits_while_its_account_is_suspended()
    {
        var ledger = Settle(After([.. Furnished, ToKiln, new ApproveTransaction(Id("to kiln"), SmelterTwo, Noon), Become(Holding(Smelter), "suspended")]), FourWorkingDaysLater);
        ledger.Accounts[Holding(Kiln)].Total(Uka).ShouldBe(Units(50));
        ledger = Settle(Then(ledger, Become(Holding(Smelter), "open", "again") with { By = OfficialTwo }), FourWorkingDaysLater);
        ledger.Accounts[Holding(Kiln)].Total(Uka).ShouldBe(Units(60));
    }

    [Fact]
    public void An_allocation_waits_while_the_account_is_closing()
    {
        var ledger = Settle(After([OpenHolding(Smelter), Become(Holding(Smelter), "closing"), Allocate("2021", Y2021, (Smelter, 100))]));
        ledger.Allocations.Waiting.ShouldHaveSingleItem();
        ledger = Settle(Then(ledger, Become(Holding(Smelter), "open", "again") with { By = OfficialTwo }));
        ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(100));
    }

    [Fact]
    public void A_released_withdrawal_waits_while_the_trading_account_may_not_send()
    {
        var withdrawal = new CompleteWithdrawal(new WithdrawalTerms(Id("withdrawal"), Smelter, null, Units(0), Pence(50)), Noon);
        var ledger = Settle(After([.. Furnished, Deposit(Smelter, 50), Become(Trading(Smelter), "suspended"), withdrawal]));
        ledger.Accounts[Trading(Smelter)].Cash.ShouldBe(Pence(50));
        ledger.Withdrawals.Held.ShouldHaveSingleItem();
        ledger = Settle(Then(ledger, Become(Trading(Smelter), "restricted", "less") with { By = OfficialTwo }));
        ledger.Accounts[Trading(Smelter)].Cash.ShouldBe(Pence(0));
    }

    [Fact]
    public void A_trade_made_before_still_settles() =>
        Settle(After([.. Furnished, OpenTrading(Broker), Deposit(Broker, 1_000), ToTrading, Lock(Trade(1, Broker, Smelter, 10, 5)), Become(Trading(Smelter), "suspended"), Close(1)]))
            .Accounts[Trading(Broker)].Units.Of(Uka).ShouldBe(Units(10));

    [Fact]
    public void Who_stopped_an_account_does_not_open_it() =>
        TheLedger.Given().After([.. Furnished, Become(Holding(Smelter), "suspended")]).When(Become(Holding(Smelter), "open", "again")).ThenRejected("four-eyes");

    [Theory]
    [InlineData("suspended", "closing")]
    [InlineData("suspended", "restricted")]
    [InlineData("restricted", "closing")]
    [InlineData("closing", "suspended")]
    public void Who_stopped_an_account_does_not_let_it_send_or_receive_more_by_another_name(string stopped, string more)
    {
        var given = TheLedger.Given().After([.. Furnished, Become(Holding(Smelter), stopped)]);
        given.When(Become(Holding(Smelter), more, "again")).ThenRejected("four-eyes");
        given.When(Become(Holding(Smelter), more, "again") with { By = OfficialTwo }).ThenState(ledger => ledger.Accounts[Holding(Smelter)].Status.ShouldBe(more));
    }

    [Fact]
    public void Who_stopped_an_account_may_stop_it_further_alone() =>
        TheLedger.Given().After([.. Furnished, Become(Holding(Smelter), "restricted")]).When(Become(Holding(Smelter), "suspended", "again"))
            .ThenState(ledger => ledger.Accounts[Holding(Smelter)].Status.ShouldBe("suspended"));

    [Fact]
    public void Only_an_empty_account_is_closed()
    {
        LedgerCommand[] closing = [.. Furnished, Become(Holding(Smelter), "closing")];
        TheLedger.Given().After(closing).When(Become(Holding(Smelter), "closed", "end")).ThenRejected("account-not-empty");
        TheLedger.Given().After([.. closing, ToTrading with { Quantity = Units(100) }]).When(Become(Holding(Smelter), "closed", "end")).ThenState(ledger =>
            ledger.Accounts[Holding(Smelter)].Status.ShouldBe("closed"));
    }

    [Fact]
    public void A_closed_account_never_opens_again() =>
        TheLedger.Given().After([OpenHolding(Smelter), Become(Holding(Smelter), "closing"), Become(Holding(Smelter), "closed", "end")])
            .When(Become(Holding(Smelter), "open", "again") with { By = OfficialTwo }).ThenRejected("status-out-of-order");

    [Theory]
    [InlineData("suspended", "account-of-authority")]
    public void The_authoritys_own_accounts_stay_open(string status, string code) =>
        TheLedger.Given().When(Become(SurrenderAccount, status)).ThenRejected(code);

    [Fact]
    public void A_firm_changes_no_status() =>
        TheLedger.Given().After(Furnished).When(Become(Holding(Smelter), "suspended") with { By = SmelterOne }).ThenRejected("officials-only");

    [Fact]
    public void An_open_account_is_not_closed_in_one_step() =>
        TheLedger.Given().After(Furnished).When(Become(Holding(Smelter), "closed")).ThenRejected("status-out-of-order");

    private static ChangeAccountStatus Become(Guid account, string status, string id = "change") =>
        new(Id(id), account, status, "inspection 12", OfficialOne, Noon);
}
