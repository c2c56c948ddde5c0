using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transfers;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Issuances;

public sealed class IssuanceSpecs
{
    private static readonly ProposeIssuance Proposal = new(Id("issuance"), Trading(Broker), Uka, Y2021, Units(1000), Proposer, Noon);
    private static readonly ApproveIssuance Approval = new(Id("issuance"), Approver, Noon);

    [Fact]
    public void A_proposal_alone_issues_nothing() =>
        TheLedger.Given().After(OpenTrading(Broker)).When(Proposal)
            .Then(new IssuanceProposed(Id("issuance"), Trading(Broker), Broker, Uka, Y2021, Y2021, Units(1000), Proposer, Noon));

    [Fact]
    public void Without_a_vintage_the_units_are_of_the_legal_year() =>
        TheLedger.Given().After(OpenTrading(Broker)).When(Proposal with { Vintage = null, At = Noon.AddYears(1) }).ThenEvents(events =>
            events.ShouldHaveSingleItem().ShouldBeOfType<IssuanceProposed>().Vintage.ShouldBe(Y2022));

    [Fact]
    public void An_id_names_one_transaction_of_whatever_kind() =>
        TheLedger.Given().After(OpenTrading(Broker), Proposal).When(Deposit(Broker, 1000) with { DepositId = Proposal.IssuanceId })
            .ThenRejected("id-reused");

    [Fact]
    public void A_second_person_issues_the_next_serials() =>
        TheLedger.Given().After(OpenTrading(Broker), Proposal).When(Approval).Then(new UnitsIssued(
            Id("issuance"), Trading(Broker), Broker, AccountTypes.Trading, Uka, new Block(Y2021, 1, 1000), Approver, Noon, FundingNumber: 1));

    [Fact]
    public void Serials_go_on_where_the_last_issuance_of_the_vintage_ended() =>
        TheLedger.Given().After([OpenTrading(Broker), .. Issue(Trading(Broker), 10, Y2021, "first"), .. Issue(Trading(Broker), 7, Y2022, "other vintage"), Proposal])
            .When(Approval).Then(new UnitsIssued(
                Id("issuance"), Trading(Broker), Broker, AccountTypes.Trading, Uka, new Block(Y2021, 11, 1010), Approver, Noon, FundingNumber: 3));

    [Fact]
    public void Fundings_of_trading_accounts_are_counted_without_a_gap()
    {
        var funded = TheLedger.Given().After([
            OpenHolding(Smelter), OpenTrading(Smelter), .. Issue(Holding(Smelter), 10, Y2021, "to hold"), Deposit(Smelter, 1000),
            new TransferUnits(Id("transfer"), Holding(Smelter), Trading(Smelter), Uka, Units(5), Smelter, Noon), OpenTrading(Broker), Proposal]);
        funded.When(Approval).ThenEvents(events => events.OfType<UnitsIssued>().Single().FundingNumber.ShouldBe(3, "Units that are held fund nothing."));
        funded.When(Approval).ThenState(ledger => Model.ReadSnapshot(Model.WriteSnapshot(ledger)).Fundings.ShouldBe(3));
    }

    [Fact]
    public void Whoever_proposed_cannot_approve() =>
        TheLedger.Given().After(OpenTrading(Broker), Proposal).When(Approval with { By = Proposer }).ThenRejected("four-eyes");

    [Fact]
    public void An_issuance_is_approved_once() =>
        TheLedger.Given().After(OpenTrading(Broker), Proposal, Approval).When(Approval with { By = "carol" }).ThenRejected("already-approved");

    [Fact]
    public void The_proposer_is_told_of_four_eyes_even_after_the_approval() =>
        TheLedger.Given().After(OpenTrading(Broker), Proposal, Approval).When(Approval with { By = Proposer }).ThenRejected("four-eyes");

    [Fact]
    public void An_issuance_nobody_proposed_cannot_be_approved() => TheLedger.Given().When(Approval).ThenRejected("unknown-issuance");

    [Fact]
    public void A_proposal_under_a_used_id_is_refused() =>
        TheLedger.Given().After(OpenTrading(Broker), Proposal).When(Proposal with { Quantity = Units(1001) }).ThenRejected("id-reused");

    // One line per rule, in order of precedence: every input breaks its own rule and all below it.
    [Theory]
    [InlineData("nowhere", "XYZ", 0, "unknown-account")]
    [InlineData("trading", "XYZ", 0, "unknown-instrument")]
    [InlineData("trading", Uka, 0, "nothing-issued")]
    public void Refusals_in_order_of_precedence(string account, string instrument, long quantity, string code) =>
        TheLedger.Given().After(OpenTrading(Broker)).When(Proposal with
        {
            AccountId = account == "trading" ? Trading(Broker) : Id(account),
            Instrument = instrument,
            Quantity = Units(quantity),
        }).ThenRejected(code);

    [Fact]
    public void Units_of_an_instrument_that_stands_for_one_vintage_are_of_that_vintage()
    {
        var gansu = new LedgerModel(new RuleBook(Packs.Versions("gansu")));
        var instrument = Packs.Find("gansu")!.Instruments.First(instrument => instrument.Vintage is not null);
        var ledger = gansu.Initial();
        foreach (var opened in ((Decision<LedgerEvent>.Accepted)gansu.Decide(ledger, OpenTrading(Broker))).Events)
            gansu.Evolve(ledger, opened);
        var refused = gansu.Decide(ledger, Proposal with
        {
            Instrument = instrument.Id,
            Vintage = ComplianceYear.Of(instrument.Vintage!.Value + 1),
        });
        refused.ShouldBeOfType<Decision<LedgerEvent>.Rejected>().Code.ShouldBe("wrong-vintage");
    }
}
