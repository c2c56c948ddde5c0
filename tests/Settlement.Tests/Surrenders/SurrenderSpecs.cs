using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Surrenders;

public sealed class SurrenderSpecs
{
    private static readonly LedgerCommand[] Furnished =
    [
        OpenHolding(Smelter), OpenHolding(Kiln), OpenTrading(Smelter),
        Allocate("2022", Y2022, (Smelter, 50)), Allocate("2021", Y2021, (Smelter, 100)),
    ];

    private static readonly SurrenderUnits Surrender = new(Id("surrender"), Holding(Smelter), Uka, Units(120), null, SmelterOne, Noon);

    [Fact]
    public void The_oldest_vintages_are_surrendered_first() =>
        TheLedger.Given().After(Furnished).When(Surrender).Then(new UnitsSurrendered(
            Id("surrender"), Holding(Smelter), Smelter, SurrenderAccount, Uka, null,
            Blocks.Of(new Block(Y2021, 1, 100), new Block(Y2022, 1, 20)), Noon));

    [Fact]
    public void A_holder_may_say_which_vintage() =>
        TheLedger.Given().After(Furnished).When(Surrender with { Vintage = Y2022, Quantity = Units(50) }).Then(new UnitsSurrendered(
            Id("surrender"), Holding(Smelter), Smelter, SurrenderAccount, Uka, Y2022, Serials(Y2022, 1, 50), Noon));

    [Fact]
    public void Of_a_vintage_only_what_there_is_can_be_surrendered() =>
        TheLedger.Given().After(Furnished).When(Surrender with { Vintage = Y2022, Quantity = Units(51) }).ThenRejected("insufficient-units");

    [Fact]
    public void Surrendered_units_never_leave_the_surrender_account()
    {
        var ledger = After([.. Furnished, Surrender]);
        Should.Throw<LedgerImbalanceException>(() => ledger.Move(SurrenderAccount, Holding(Smelter), Uka, Serials(Y2021, 1, 1)));
    }

    [Fact]
    public void Units_on_the_trading_account_are_not_surrendered() =>
        TheLedger.Given().After([.. Furnished, .. Issue(Trading(Smelter), 10, Y2021)])
            .When(Surrender with { AccountId = Trading(Smelter), Quantity = Units(1) }).ThenRejected("transaction-not-allowed");

    [Fact]
    public void A_used_id_with_other_content_is_refused() =>
        TheLedger.Given().After([.. Furnished, Surrender]).When(Surrender with { Vintage = Y2021 }).ThenRejected("id-reused");

    [Fact]
    public void Anothers_surrender_is_not_answered_under_its_id() =>
        TheLedger.Given().After([.. Furnished, Surrender]).When(Surrender with { By = new Person("kiln-1", Kiln, IsOfficial: false) }).ThenRejected("account-not-yours");

    [Fact]
    public void A_surrender_counts_for_its_entity() =>
        TheLedger.Given().After([.. Furnished, new CoverEntity(Smelter, Y2021, null, 1, Noon)]).When(Surrender)
            .ThenState(ledger => ledger.Compliance.Find(Smelter)!.Record!.Surrendered.ShouldBe(Units(120)));

    [Fact]
    public void A_surrender_made_before_the_entity_was_known_counts_when_it_is()
    {
        var ledger = After([.. Furnished, Surrender, new CoverEntity(Smelter, Y2021, null, 1, Noon)]);
        ledger.Compliance.Find(Smelter)!.Record!.Surrendered.ShouldBe(Units(120));
    }

    // One line per rule, in order of precedence: every input breaks its own rule and all below it.
    [Theory]
    [InlineData("nowhere", "XYZ", 0, "unknown-account")]
    [InlineData("kiln", "XYZ", 0, "account-not-yours")]
    [InlineData("smelter", "XYZ", 0, "unknown-instrument")]
    [InlineData("smelter", Uka, 0, "nothing-surrendered")]
    [InlineData("smelter", Uka, 151, "insufficient-units")]
    public void Refusals_in_order_of_precedence(string account, string instrument, long quantity, string code) =>
        TheLedger.Given().After(Furnished).When(Surrender with
        {
            AccountId = Holding(Id(account)),
            Instrument = instrument,
            Quantity = Units(quantity),
        }).ThenRejected(code);
}
