using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Testing;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>A ruling awards the smelter's units to the kiln, and the smelter has all of them under way.</summary>
public sealed class GivingWaySpecs
{
    private static readonly DateTimeOffset Noon = On(2025, 4, 1);
    private static readonly FreezeGround Court = new("兰州市中级人民法院", "2025-114");

    private static readonly LedgerCommand[] Furnished = [Open(Smelter, Noon), Open(Kiln, Noon), Allocate(2024, Smelter, 100, Noon)];

    private static readonly ProposeTransaction Cancellation = new(
        Id("cancellation"), "voluntary-cancellation", Holding(Smelter), new Accounts.AccountBook(Rules).AuthorityId("cancellation"), Cea(2024), Units(60),
        null, null, null, null, null, Market.SmelterOne, Noon);

    private static readonly ProposeTransaction Award = new(
        Id("award"), "judicial-transfer", Holding(Smelter), Holding(Kiln), Cea(2024), Units(0), null, Block(2024, 41, 80), null, null,
        "ruling 2025-114", OfficialOne, Noon);

    private static readonly FreezeUnits Freeze =
        new(Id("freeze"), Holding(Smelter), Cea(2024), null, Units(70), HoldKind.Freeze, Court, OfficialOne, Noon);

    private static readonly ApproveTransaction Approval = new(Id("cancellation"), OfficialTwo, Noon);

    private static readonly EndTransaction Refusal = new(Id("cancellation"), false, "ruling 2025-114", OfficialOne, Noon);

    private static Spec<LedgerState, LedgerCommand, LedgerEvent>.Facts Frozen => TheLedger.Given().After([.. Furnished, Cancellation, Freeze with { Quantity = Units(100) }, Approval]);

    [Fact]
    public void What_the_holder_has_proposed_gives_way_to_a_judicial_transfer() =>
        TheLedger.Given().After(Furnished).After(Cancellation).When(Award).ThenState(ledger =>
        {
            ledger.Transactions.Pending.Keys.ShouldBe([Id("award")]);
            ledger.Accounts[Holding(Smelter)].Units.Of(Cea(2024)).ShouldBe(Units(60));
            Then(ledger, new ApproveTransaction(Id("award"), OfficialTwo, Noon)).Accounts[Holding(Kiln)].Units.Of(Cea(2024)).ShouldBe(Units(40));
        });

    [Fact]
    public void Its_end_says_what_it_gave_way_to()
    {
        var ledger = After([.. Furnished, Cancellation]);
        var decided = Model.Decide(ledger, Award).ShouldBeOfType<Kernel.Decision<LedgerEvent>.Accepted>().Events;
        decided[0].ShouldBe(new TransactionEnded(
            Id("cancellation"), Smelter, TransactionEnded.Rejected, $"Gives way to judicial-transfer {Id("award")}.", OfficialOne.Subject, Noon));
        decided[1].ShouldBeOfType<TransactionProposed>();
    }

    [Fact]
    public void What_holds_other_units_goes_on() =>
        TheLedger.Given().After(Furnished).After(Cancellation).When(Award with { Serials = Block(2024, 61, 80) }).ThenState(ledger =>
            ledger.Transactions.Pending.Keys.ShouldBe([Id("award"), Id("cancellation")], ignoreOrder: true));

    [Fact]
    public void No_other_transaction_of_officials_makes_it_give_way() =>
        TheLedger.Given().After(Furnished).After(Cancellation).When(Award with { Type = "exchange" }).ThenRejected("units-not-free");

    [Fact]
    public void What_an_official_has_approved_stands_until_an_official_ends_it()
    {
        var ledger = After([.. Furnished, Cancellation, Freeze with { Quantity = Units(100) }, Approval]);
        Model.Decide(ledger, Award).ShouldBeOfType<Kernel.Decision<LedgerEvent>.Rejected>().Code.ShouldBe("units-not-free");
        ledger = Then(ledger, Refusal, Award, new ApproveTransaction(Id("award"), OfficialTwo, Noon));
        ledger.Accounts[Holding(Kiln)].Units.Of(Cea(2024)).ShouldBe(Units(40));
    }

    [Fact]
    public void An_official_ends_what_was_approved_while_a_freeze_keeps_it_from_being_completed() =>
        Frozen.When(Refusal).ThenState(ledger =>
        {
            ledger.Transactions.Pending.ShouldBeEmpty();
            ledger.Accounts[Holding(Smelter)].Holds.Keys.ShouldBe([Id("freeze")]);
        });

    [Fact]
    public void Who_imposed_a_freeze_does_not_lift_what_an_award_has_left_of_it_either() =>
        TheLedger.Given().After(Furnished).After(Freeze).After(Award).After(new ApproveTransaction(Id("award"), OfficialTwo, Noon))
            .When(new LiftFreeze(Id("freeze"), Court, OfficialOne, Noon)).ThenRejected("four-eyes");

    [Fact]
    public void Once_the_freeze_is_lifted_nobody_ends_it_until_another_one_comes()
    {
        var ledger = After([.. Furnished, Cancellation, Freeze with { Quantity = Units(100) }, Approval, new LiftFreeze(Id("freeze"), Court, OfficialTwo, Noon)]);
        var refused = Model.Decide(ledger, Refusal).ShouldBeOfType<Kernel.Decision<LedgerEvent>.Rejected>();
        (refused.Code, refused.Passes).ShouldBe(("already-approved", true), "under the same id it is heard again");
    }

    [Fact]
    public void The_entitys_own_people_do_not_refuse_what_an_official_has_approved() =>
        Frozen.When(Refusal with { By = Market.SmelterTwo }).ThenRejected("officials-only");

    [Fact]
    public void What_officials_have_proposed_stands() =>
        TheLedger.Given().After(Furnished).After(Award).When(Award with { TransactionId = Id("another") }).ThenRejected("units-not-free");

    /// <summary>The holder's second person is the holder: with two of its own it could put units out of a court's reach.</summary>
    [Fact]
    public void What_only_the_holders_own_two_people_agreed_to_gives_way_until_it_is_completed()
    {
        var transfer = new ProposeTransaction(
            Market.Id("transfer"), "transfer-to-untrusted", Market.Holding(Market.Smelter), Market.Holding(Market.Kiln), Market.Uka, Units(60), null, null, null, null,
            null, Market.SmelterOne, Market.Noon);
        var theft = new CompletedTransaction(
            Market.Id("transfer"), "transfer-to-untrusted", Market.Holding(Market.Broker), Market.Holding(Market.Smelter), Market.Uka, Market.Serials(Market.Y2021, 1, 60),
            null, Market.Noon);
        var ledger = Market.After([
            Market.OpenHolding(Market.Smelter), Market.OpenHolding(Market.Kiln), Market.OpenHolding(Market.Broker), Market.Allocate("2021", Market.Y2021, (Market.Smelter, 100)),
            transfer, new ApproveTransaction(Market.Id("transfer"), Market.SmelterTwo, Market.Noon)]);
        ledger = Market.Then(ledger,
            new ProposeTransaction(Market.Id("back"), "correction", Market.Holding(Market.Smelter), Market.Holding(Market.Broker), Market.Uka, Units(0), null, null,
                null, theft, "ruling", OfficialOne, Market.Noon),
            new ApproveTransaction(Market.Id("back"), OfficialTwo, Market.Noon));
        ledger.Transactions.Pending.ShouldBeEmpty();
        ledger.Accounts[Market.Holding(Market.Broker)].Units.Of(Market.Uka).ShouldBe(Units(60));
    }

    [Fact]
    public void No_holder_keeps_units_from_a_freeze_by_having_them_under_way() =>
        TheLedger.Given().After(Furnished).After(Cancellation).When(Freeze).ThenState(ledger =>
        {
            var account = ledger.Accounts[Holding(Smelter)];
            account.Holds[Id("freeze")].Blocks.ShouldBe(new Blocks([Block(2024, 1, 30), Block(2024, 61, 100)]));
            account.Units.Of(Cea(2024)).ShouldBe(Units(0));
            ledger.Transactions.Pending.Keys.ShouldBe([Id("cancellation")]);
        });

    [Fact]
    public void What_is_frozen_already_is_not_counted_for_another_freeze_of_so_many() =>
        TheLedger.Given().After(Furnished).After(Freeze).When(Freeze with { FreezeId = Id("second"), Quantity = Units(31) }).ThenRejected("insufficient-units");
}
