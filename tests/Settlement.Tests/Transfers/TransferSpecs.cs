using CarbonMarket.Settlement.Ledger;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Transfers;

public sealed class TransferSpecs
{
    private static readonly LedgerCommand[] Furnished =
    [
        OpenHolding(Smelter), OpenTrading(Smelter), OpenHolding(Kiln), OpenTrading(Kiln),
        Allocate("2022", Y2022, (Smelter, 50)), Allocate("2021", Y2021, (Smelter, 100)),
    ];

    private static readonly TransferUnits Transfer =
        new(Id("transfer"), Holding(Smelter), Trading(Smelter), Uka, Units(120), Smelter, Noon);

    [Fact]
    public void Units_leave_the_holding_account_oldest_vintage_first() =>
        TheLedger.Given().After(Furnished).When(Transfer).Then(new UnitsTransferred(
            Id("transfer"), "transfer-to-trading", Holding(Smelter), Smelter, Trading(Smelter), Smelter, Uka,
            Blocks.Of(new Block(Y2021, 1, 100), new Block(Y2022, 1, 20)), Noon, FundingNumber: 1));

    [Fact]
    public void Blocks_that_meet_again_are_one_block() =>
        TheLedger.Given().After([.. Furnished, Transfer]).When(Transfer with { TransferId = Id("rest"), Quantity = Units(30) })
            .ThenState(ledger => ledger.Accounts[Trading(Smelter)].Units.Blocks.Select(held => held.Block)
                .ShouldBe([new Block(Y2021, 1, 100), new Block(Y2022, 1, 50)]));

    [Fact]
    public void More_than_the_account_holds_is_refused() =>
        TheLedger.Given().After(Furnished).When(Transfer with { Quantity = Units(151) }).ThenRejected("insufficient-units");

    [Fact]
    public void A_used_id_with_other_content_is_refused() =>
        TheLedger.Given().After([.. Furnished, Transfer]).When(Transfer with { Quantity = Units(1) }).ThenRejected("id-reused");

    [Fact]
    public void Anothers_transfer_is_not_answered_under_its_id() =>
        TheLedger.Given().After([.. Furnished, Transfer]).When(Transfer with { ByParticipantId = Kiln }).ThenRejected("account-not-yours");

    [Fact]
    public void Units_do_not_go_to_another_participant() =>
        TheLedger.Given().After(Furnished).When(Transfer with { ToAccountId = Trading(Kiln) }).ThenRejected("recipient-not-yours");

    [Fact]
    public void The_way_back_from_trading_is_not_a_transfer() =>
        TheLedger.Given().After([.. Furnished, Transfer])
            .When(new TransferUnits(Id("back"), Trading(Smelter), Holding(Smelter), Uka, Units(1), Smelter, Noon))
            .ThenRejected("transaction-not-allowed");

    // One line per rule, in order of precedence: every input breaks its own rule and all below it.
    [Theory]
    [InlineData("nowhere", "nowhere", "XYZ", 0, "unknown-account")]
    [InlineData("kiln", "nowhere", "XYZ", 0, "account-not-yours")]
    [InlineData("smelter", "nowhere", "XYZ", 0, "unknown-account")]
    [InlineData("smelter", "kiln", "XYZ", 0, "unknown-instrument")]
    [InlineData("smelter", "kiln", Uka, 0, "nothing-transferred")]
    [InlineData("smelter", "kiln", Uka, 999, "transaction-not-allowed")]
    public void Refusals_in_order_of_precedence(string from, string to, string instrument, long quantity, string code) =>
        TheLedger.Given().After(Furnished).When(Transfer with
        {
            FromAccountId = Holding(Id(from)),
            ToAccountId = Holding(Id(to)),
            Instrument = instrument,
            Quantity = Units(quantity),
        }).ThenRejected(code);
}
