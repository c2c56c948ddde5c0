using CarbonMarket.Kernel;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

/// <summary>Beside the book the same holds: who is stopped neither offers nor accepts nor buys, and what it offered goes.</summary>
public sealed class BlockAndSaleSpecs
{
    private static readonly DateTimeOffset Afternoon = At(13, 30);

    private static readonly OfferBlock Offer =
        new(Id("deal"), Bob, Ann, Ruled, Side.Sell, Quantity.Of(1_000), Price.OfMinor(7_500), null, Afternoon) { Representative = "bob-1" };

    private static readonly AcceptBlock Acceptance = new(Id("deal"), Ann, 1, Afternoon);

    private static readonly FixedPriceSaleAnnounced Sale =
        new(Id("reserve"), Plain, Cem, Quantity.Of(100), Price.OfMinor(50), Morning, At(14, 0), null, At(9, 0));

    private static readonly BuyFromSale Purchase = new(Id("purchase"), Id("reserve"), Ann, Quantity.Of(10), Afternoon);

    private static readonly MarketEvent[] Funded = [Cash(Ann, 8_000_000), Units(Bob, 2_000, Ruled), Issued(Cem, 100), Sale];

    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Negotiating = Spec.Given(Funded).After(Offer);

    [Fact]
    public void Who_is_stopped_neither_offers_nor_answers_a_block()
    {
        Spec.Given(Funded).After(Stop(Bob)).When(Offer).ThenRejected("killed");
        Spec.Given(Funded).After(Stop(Bob, "bob-1")).When(Offer).ThenRejected("killed");
        Negotiating.After(Stop(Ann)).When(Acceptance).ThenRejected("killed");
        Negotiating.After(Stop(Ann, "ann-1")).When(Acceptance with { Representative = "ann-1" }).ThenRejected("killed");
        Negotiating.After(Stop(Ann)).When(new CounterBlock(Id("deal"), Ann, 1, Quantity.Of(1_000), Price.OfMinor(7_400), null, Afternoon)).ThenRejected("killed");
        Negotiating.After(Stop(Ann)).When(new EndBlock(Id("deal"), Ann, Afternoon)).ThenEvents(events => events.ShouldHaveSingleItem());
    }

    [Fact]
    public void What_it_has_offered_is_withdrawn_and_what_it_was_offered_is_not()
    {
        Negotiating.When(Stop(Bob)).Then(Imposed(Stop(Bob)), Ended("kill-switch"));
        Negotiating.When(Stop(Bob, "bob-1")).Then(Imposed(Stop(Bob, "bob-1")), Ended("kill-switch"));
        Negotiating.When(Stop(Bob, "bob-2")).Then(Imposed(Stop(Bob, "bob-2")));
        Negotiating.When(Stop(Ann)).Then(Imposed(Stop(Ann)));
        var suspension = Impose(ControlKind.ParticipantSuspension, Bob, at: Afternoon);
        Negotiating.When(suspension).Then(Imposed(suspension), Ended("participant-suspended"));
    }

    [Fact]
    public void Terms_that_rest_on_what_is_frozen_are_pulled()
    {
        var freeze = Impose(ControlKind.Freeze, Bob, instrument: Ruled, amount: 1_001, at: Afternoon);
        Negotiating.When(freeze).Then(Imposed(freeze), Ended("frozen"));
        var less = freeze with { Amount = 1_000 };
        Negotiating.When(less).Then(Imposed(less));
    }

    [Fact]
    public void Nobody_who_is_stopped_buys_at_a_fixed_price()
    {
        Spec.Given(Funded).After(Stop(Ann)).When(Purchase).ThenRejected("killed");
        Spec.Given(Funded).After(Stop(Ann, "ann-1")).When(Purchase with { Representative = "ann-1" }).ThenRejected("killed");
        Spec.Given(Funded).After(Impose(ControlKind.InstrumentSuspension, instrument: Plain, at: Afternoon)).When(Purchase).ThenRejected("instrument-suspended");
        Spec.Given(Funded).After(Stop(Ann, "ann-1")).When(Purchase).ThenEvents(events => events.Count.ShouldBe(2));
    }

    [Fact]
    public void The_position_limit_binds_beside_the_book_too()
    {
        Under(Pack.With(Plain, rules => rules with { PositionLimit = 9 })).Given(Funded).When(Purchase).ThenRejected("position-limit");
        var limited = Under(Pack.With(Ruled, rules => rules with { PositionLimit = 999 })).Given(Funded);
        limited.After(Offer).When(Acceptance).ThenRejected("position-limit");
        limited.When(Offer with { ParticipantId = Ann, CounterpartyParticipantId = Bob, Side = Side.Buy }).ThenRejected("position-limit");
    }

    private static ImposeControl Stop(Guid participant, string? representative = null) => Kill(participant, representative) with { At = Afternoon };

    private static BlockEnded Ended(string reason) => new(Id("deal"), Ann, Bob, reason, Afternoon);
}
