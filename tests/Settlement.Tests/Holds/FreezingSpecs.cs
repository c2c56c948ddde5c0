using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Testing;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Holds;

public sealed class FreezingSpecs
{
    private static readonly FreezeGround Court = new("Lanzhou Intermediate Court", "2021-114");

    private static readonly LedgerCommand[] Furnished =
    [
        OpenHolding(Smelter), OpenHolding(Kiln), OpenHolding(Broker), Allocate("2021", Y2021, (Smelter, 100), (Kiln, 50)), Allocate("2022", Y2022, (Smelter, 40)),
    ];

    private static readonly FreezeUnits Freeze =
        new(Id("freeze"), Holding(Smelter), Uka, null, Units(70), HoldKind.Freeze, Court, OfficialOne, Noon);

    private static readonly ProposeTransaction Transfer = new(
        Id("transfer"), "transfer-to-untrusted", Holding(Smelter), Holding(Kiln), Uka, Units(60), null, null, null, null, null, SmelterOne, Noon);

    private static Spec<LedgerState, LedgerCommand, LedgerEvent>.Facts Frozen => TheLedger.Given().After([.. Furnished, Freeze]);

    [Fact]
    public void So_many_units_of_an_account_stay_the_oldest_first() =>
        TheLedger.Given().After(Furnished).When(Freeze).Then(new UnitsFrozen(
            Id("freeze"), Holding(Smelter), Smelter, "operator-holding", Uka, Serials(Y2021, 1, 70), HoldKind.Freeze, Court,
            new FreezeAsked(Holding(Smelter), null, Units(70)), OfficialOne.Subject, Noon));

    [Fact]
    public void The_rest_still_moves() => Frozen.When(Transfer with { Quantity = Units(71) }).ThenRejected("insufficient-units");

    [Fact]
    public void Serials_are_frozen_wherever_they_lie() =>
        TheLedger.Given().After(Furnished).When(Freeze with { AccountId = null, Quantity = null, Serials = new Block(Y2021, 91, 110) }).ThenState(ledger =>
        {
            ledger.Accounts[Holding(Smelter)].Holds[Id("freeze")].Blocks.ShouldBe(Serials(Y2021, 91, 100));
            ledger.Accounts[Holding(Kiln)].Holds[Id("freeze")].Blocks.ShouldBe(Serials(Y2021, 101, 110));
        });

    [Fact]
    public void Everything_of_an_instrument_on_the_account_is_frozen_where_no_quantity_is_named() =>
        TheLedger.Given().After(Furnished).When(Freeze with { Quantity = null }).ThenState(ledger =>
            ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(0)));

    [Fact]
    public void Two_freezes_on_one_unit_hold_it_until_both_are_lifted()
    {
        LedgerCommand[] twice =
            [.. Furnished, Freeze, Freeze with { FreezeId = Id("second"), Quantity = null, Serials = new Block(Y2021, 61, 80) }];
        var ledger = After(twice);
        ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(60));
        ledger = Then(ledger, new LiftFreeze(Id("freeze"), Court, OfficialTwo, Noon));
        ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(120));
        ledger = Then(ledger, new LiftFreeze(Id("second"), Court, OfficialTwo, Noon));
        ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(140));
    }

    [Fact]
    public void A_transaction_under_way_waits_while_its_units_are_frozen()
    {
        var ledger = After([.. Furnished, Transfer, new ApproveTransaction(Id("transfer"), SmelterTwo, Noon),
            Freeze with { Quantity = null, AccountId = null, Serials = new Block(Y2021, 60, 60) }]);
        ledger = Settle(ledger, FourWorkingDaysLater);
        ledger.Transactions.Pending.Keys.ShouldBe([Id("transfer")]);
        ledger = Settle(Then(ledger, new LiftFreeze(Id("freeze"), Court, OfficialTwo, FourWorkingDaysLater)), FourWorkingDaysLater);
        ledger.Accounts[Holding(Kiln)].Units.Of(Uka).ShouldBe(Units(110));
    }

    /// <summary>The drill of stolen units: they are found three holders later and go back to where they were taken from.</summary>
    [Fact]
    public void Frozen_units_go_back_by_a_correction_of_two_officials_and_only_so()
    {
        var theft = new CompletedTransaction(
            Id("transfer"), "transfer-to-untrusted", Holding(Smelter), Holding(Kiln), Uka, Serials(Y2021, 1, 60), null, FourWorkingDaysLater);
        var ledger = Settle(After([.. Furnished, Transfer, new ApproveTransaction(Id("transfer"), SmelterTwo, Noon)]), FourWorkingDaysLater);
        ledger = Then(ledger, new ProposeTransaction(Id("onwards"), "exchange", Holding(Kiln), Holding(Broker), Uka, Units(0), null, new Block(Y2021, 1, 60), null,
            null, "sold on", OfficialOne, FourWorkingDaysLater), new ApproveTransaction(Id("onwards"), OfficialTwo, FourWorkingDaysLater));
        ledger = Then(ledger, Freeze with { AccountId = null, Quantity = null, Serials = new Block(Y2021, 1, 100), At = FourWorkingDaysLater });
        ledger.Accounts[Holding(Broker)].Holds[Id("freeze")].Blocks.ShouldBe(Serials(Y2021, 1, 60));
        ledger.Accounts[Holding(Smelter)].Holds[Id("freeze")].Blocks.ShouldBe(Serials(Y2021, 61, 100));
        ledger = Then(ledger, new ProposeTransaction(Id("back"), "correction", Holding(Broker), Holding(Smelter), Uka, Units(0), null, null, null, theft,
            "ruling 2021-115", OfficialOne, FourWorkingDaysLater), new ApproveTransaction(Id("back"), OfficialTwo, FourWorkingDaysLater));
        ledger.Accounts[Holding(Broker)].Total(Uka).ShouldBe(Units(0));
        ledger.Accounts[Holding(Broker)].Holds.ShouldBeEmpty();
        ledger.Accounts[Holding(Smelter)].Units.Of(Uka, Y2021).ShouldBe(Units(60));
        ledger.Freezes.AccountsOf(Id("freeze")).ShouldBe([Holding(Smelter)]);
    }

    [Fact]
    public void Surrendered_units_are_nobodys_to_freeze() =>
        TheLedger.Given().After([.. Furnished, new Surrenders.SurrenderUnits(Id("surrender"), Holding(Smelter), Uka, Units(100), Y2021, SmelterOne, Noon)])
            .When(Freeze with { AccountId = null, Quantity = null, Serials = new Block(Y2021, 1, 100) }).ThenRejected("nothing-to-freeze");

    [Fact]
    public void More_than_there_is_is_not_frozen() => TheLedger.Given().After(Furnished).When(Freeze with { Quantity = Units(141) }).ThenRejected("insufficient-units");

    [Fact]
    public void A_firm_freezes_nothing() => TheLedger.Given().After(Furnished).When(Freeze with { By = SmelterOne }).ThenRejected("officials-only");

    [Fact]
    public void A_freeze_names_something() => TheLedger.Given().After(Furnished).When(Freeze with { AccountId = null }).ThenRejected("nothing-named");

    [Fact]
    public void A_repeat_changes_nothing_even_when_it_has_been_lifted() =>
        TheLedger.Given().After([.. Furnished, Freeze, new LiftFreeze(Id("freeze"), Court, OfficialTwo, Noon)]).When(Freeze).Then();

    [Fact]
    public void Another_quantity_under_its_id_is_refused() => Frozen.When(Freeze with { Quantity = Units(1) }).ThenRejected("id-reused");

    [Fact]
    public void Who_imposed_a_freeze_does_not_lift_it() =>
        Frozen.When(new LiftFreeze(Id("freeze"), Court, OfficialOne, Noon)).ThenRejected("four-eyes");

    [Fact]
    public void What_is_lifted_cannot_be_lifted_again() =>
        TheLedger.Given().After([.. Furnished, Freeze, new LiftFreeze(Id("freeze"), Court, OfficialTwo, Noon)])
            .When(new LiftFreeze(Id("freeze"), Court, OfficialTwo, Noon)).ThenRejected("freeze-not-in-force");
}
