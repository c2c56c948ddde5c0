using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Allocations;

public sealed class AllocationSpecs
{
    private static readonly Guid Plan = Id("plan");
    private static readonly AllocateUnits Envelope = Allocate("plan", Y2021, (Smelter, 100), (Kiln, 50));

    [Fact]
    public void Each_line_gets_its_own_serials_on_its_holding_account() =>
        TheLedger.Given().After(OpenHolding(Smelter), OpenHolding(Kiln)).When(Envelope).Then(
            new UnitsAllocated(Plan, 0, Holding(Smelter), Smelter, Uka, new Block(Y2021, 1, 100), Noon),
            new UnitsAllocated(Plan, 1, Holding(Kiln), Kiln, Uka, new Block(Y2021, 101, 150), Noon));

    [Fact]
    public void A_line_without_an_account_is_set_aside_visibly() =>
        TheLedger.Given().After(OpenHolding(Kiln)).When(Envelope).Then(
            new AllocationNotDeliverable(Plan, 0, Smelter, Uka, Y2021, Units(100), "no-operator-holding-account", Noon),
            new UnitsAllocated(Plan, 1, Holding(Kiln), Kiln, Uka, new Block(Y2021, 1, 50), Noon));

    [Fact]
    public void Nothing_is_issued_in_trust_where_the_market_has_no_account_for_it() => TheLedger.Given().After(OpenHolding(Smelter))
        .When(Envelope with { Lines = [new AllocationLine(Smelter, Units(100), InTrust: true)] }).ThenRejected("no-account-in-trust");

    [Fact]
    public void A_line_set_aside_is_issued_when_the_account_opens()
    {
        var ledger = After(OpenHolding(Kiln), Envelope, OpenHolding(Smelter));
        var action = NextAction.Due(ledger, Noon).ShouldHaveSingleItem();
        action.Command.ShouldBe(new DeliverAllocation(Plan, 0, Noon));
        ledger = Settle(ledger);
        ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(100));
        ledger.Allocations.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void An_envelope_that_comes_again_issues_only_what_it_did_not() =>
        TheLedger.Given().After(OpenHolding(Kiln), Envelope, OpenHolding(Smelter)).When(Envelope).Then(
            new UnitsAllocated(Plan, 0, Holding(Smelter), Smelter, Uka, new Block(Y2021, 51, 150), Noon));

    [Fact]
    public void Envelopes_of_one_plan_may_overlap() =>
        TheLedger.Given().After(OpenHolding(Smelter), OpenHolding(Kiln), Envelope)
            .When(Envelope with { FromLine = 1, Lines = [new AllocationLine(Kiln, Units(50)), new AllocationLine(Smelter, Units(7))] })
            .Then(new UnitsAllocated(Plan, 2, Holding(Smelter), Smelter, Uka, new Block(Y2021, 151, 157), Noon));

    [Fact]
    public void A_line_of_nothing_issues_nothing() =>
        TheLedger.Given().After(OpenHolding(Smelter)).When(Allocate("plan", Y2021, (Smelter, 0))).ThenNothing();

    [Fact]
    public void An_instrument_the_market_does_not_have_is_refused() =>
        TheLedger.Given().When(Envelope with { Instrument = "XYZ" }).ThenRejected("unknown-instrument");

    [Fact]
    public void A_line_without_an_account_is_looked_at_when_the_account_opens_and_not_before()
    {
        var ledger = After(OpenHolding(Smelter), Allocate("plan", Y2021, (Smelter, 10), (Kiln, 20), (Broker, 30)));
        ledger.Allocations.Waiting.Select(line => line.ParticipantId).ShouldBe([Kiln, Broker]);
        ledger.Allocations.WithAccount.ShouldBeEmpty();
        ledger = Then(Model.ReadSnapshot(Model.WriteSnapshot(ledger)), OpenTrading(Kiln), OpenHolding(Broker));
        ledger.Allocations.WithAccount.Select(line => line.ParticipantId).ShouldBe([Broker]);
        ledger = Settle(Model.ReadSnapshot(Model.WriteSnapshot(ledger)));
        ledger.Accounts[Holding(Broker)].Units.Of(Uka).ShouldBe(Units(30));
        ledger.Allocations.Waiting.Select(line => line.ParticipantId).ShouldBe([Kiln]);
        ledger.Allocations.WithAccount.ShouldBeEmpty();
    }
}
