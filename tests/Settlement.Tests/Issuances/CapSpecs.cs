using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Issuances;

public sealed class CapSpecs
{
    private static readonly ProposeCap Proposal = new(Id("cap"), Uka, Y2021, Units(1_000), "decision 7 of 2021", OfficialOne, Noon);

    private static readonly LedgerCommand[] Capped = [OpenHolding(Smelter), OpenHolding(Kiln), Proposal, new ApproveCap(Id("cap"), OfficialTwo, Noon)];

    [Fact]
    public void Units_are_issued_up_to_the_cap() =>
        TheLedger.Given().After([.. Capped, .. Issue(Holding(Smelter), 1_000, Y2021)]).When(Proposal).Then();

    [Fact]
    public void Not_one_unit_beyond_it() =>
        TheLedger.Given().After([.. Capped, .. Issue(Holding(Smelter), 1, Y2021, "first"), new ProposeIssuance(Id("second"), Holding(Smelter), Uka, Y2021, Units(1_000), Proposer, Noon)])
            .When(new ApproveIssuance(Id("second"), Approver, Noon)).ThenRejected("cap-exceeded");

    [Fact]
    public void Another_vintage_has_a_cap_of_its_own() =>
        TheLedger.Given().After([.. Capped, .. Issue(Holding(Smelter), 1_000, Y2021, "first")])
            .When(new ProposeIssuance(Id("second"), Holding(Smelter), Uka, Y2022, Units(5), Proposer, Noon)).ThenState(ledger =>
                ledger.Issuances.Find(Id("second")).ShouldNotBeNull());

    [Fact]
    public void An_allocation_beyond_the_cap_waits_for_a_higher_one()
    {
        var ledger = Settle(After([.. Capped, Allocate("plan", Y2021, (Smelter, 700), (Kiln, 400))]));
        ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(700));
        ledger.Allocations.Waiting.ShouldHaveSingleItem().ParticipantId.ShouldBe(Kiln);
        ledger = Settle(Then(ledger, Proposal with { CapId = Id("higher"), Quantity = Units(1_100) }, new ApproveCap(Id("higher"), OfficialTwo, Noon)));
        ledger.Accounts[Holding(Kiln)].Units.Of(Uka).ShouldBe(Units(400));
        ledger.Allocations.Waiting.ShouldBeEmpty();
    }

    [Fact]
    public void A_line_that_does_not_fit_is_said_with_its_reason() =>
        TheLedger.Given().After(Capped).When(Allocate("plan", Y2021, (Kiln, 1_001))).Then(new AllocationNotDeliverable(
            Id("plan"), 0, Kiln, Uka, Y2021, Units(1_001), "cap-exceeded", Noon));

    [Fact]
    public void A_cap_below_what_is_issued_comes_too_late() =>
        TheLedger.Given().After([OpenHolding(Smelter), .. Issue(Holding(Smelter), 1_001, Y2021)]).When(Proposal).ThenRejected("cap-below-issued");

    [Fact]
    public void Whoever_proposes_it_does_not_approve_it() =>
        TheLedger.Given().After(Proposal).When(new ApproveCap(Id("cap"), OfficialOne, Noon)).ThenRejected("four-eyes");

    [Fact]
    public void A_proposed_cap_binds_nobody() =>
        TheLedger.Given().After([OpenHolding(Smelter), Proposal, new ProposeIssuance(Id("issuance"), Holding(Smelter), Uka, Y2021, Units(2_000), Proposer, Noon)])
            .When(new ApproveIssuance(Id("issuance"), Approver, Noon)).ThenState(ledger => ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(2_000)));

    [Fact]
    public void A_firm_proposes_none() => TheLedger.Given().When(Proposal with { By = SmelterOne }).ThenRejected("officials-only");

    [Fact]
    public void A_cap_nobody_proposed_is_not_approved() =>
        TheLedger.Given().When(new ApproveCap(Id("cap"), OfficialOne, Noon)).ThenRejected("unknown-cap");
}
