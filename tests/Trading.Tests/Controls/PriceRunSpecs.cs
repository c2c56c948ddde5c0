using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

public sealed class PriceRunSpecs
{
    private const long TooDear = 9_000;

    private static readonly Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Watched = Window(seconds: 60);

    [Fact]
    public void A_price_outside_the_band_is_refused_and_counted() =>
        Watched.When(Breach(Ann, 1)).ThenRejected("price-outside-band", Breached(Breach(Ann, 1)));

    [Fact]
    public void Where_the_pack_counts_nothing_a_refusal_leaves_no_fact() =>
        Spec.Given(Cash(Ann, 10_000_000)).When(Breach(Ann, 1)).ThenRejected("price-outside-band", []);

    [Fact]
    public void A_run_of_several_participants_halts_the_instrument_and_the_halt_ends_by_itself()
    {
        var run = Watched.After(Breach(Ann, 1), Breach(Bob, 2));
        var halt = new ControlImposed(
            DeterministicGuid.From(Breach(Ann, 3).OrderId, "price-run-halt", Morning.UtcTicks), ControlKind.Halt, null, null, Ruled, null,
            At(10, 5), PriceRun.Ground, null, null, Morning);
        run.When(Breach(Ann, 3)).ThenRejected("price-outside-band", Breached(Breach(Ann, 3)), halt);
        var halted = run.After(Breach(Ann, 3));
        halted.When(Fair(at: At(10, 4))).ThenRejected("halted");
        halted.When(Breach(Bob, 4)).ThenRejected("halted", []);
        halted.When(Buy(Ann, "plain", 1, 100)).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
        halted.When(Fair(at: At(10, 5))).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
    }

    [Fact]
    public void Nobody_halts_a_market_alone()
    {
        var alone = Watched.After(Breach(Ann, 1), Breach(Ann, 2), Breach(Ann, 3));
        alone.When(Breach(Ann, 4)).ThenRejected("price-outside-band", []);
        alone.When(Fair()).ThenEvents(events => events.OfType<OrderAccepted>().ShouldHaveSingleItem());
        alone.When(Breach(Bob, 4)).ThenEventsOfRefusal(typeof(BandBreached), typeof(ControlImposed));
    }

    [Fact]
    public void What_lies_back_further_than_the_window_counts_no_more()
    {
        var old = Watched.After(Breach(Ann, 1), Breach(Bob, 2));
        old.When(Breach(Ann, 3, Morning.AddSeconds(60))).ThenEventsOfRefusal(typeof(BandBreached), typeof(ControlImposed));
        old.When(Breach(Ann, 3, Morning.AddSeconds(61))).ThenEventsOfRefusal(typeof(BandBreached));
    }

    [Fact]
    public void After_a_halt_a_run_begins_anew() =>
        Window(seconds: 600).After(Breach(Ann, 1), Breach(Bob, 2), Breach(Ann, 3), new AdvanceTime(At(10, 5)))
            .When(Breach(Bob, 4, At(10, 5))).ThenEventsOfRefusal(typeof(BandBreached));

    [Fact]
    public void A_replacement_to_such_a_price_counts_too()
    {
        var fair = Fair();
        Watched.After(fair, Breach(Bob, 1), Breach(Bob, 2))
            .When(new ReplaceOrder(fair.OrderId, Ann, fair.Quantity, Price.OfMinor(TooDear), Morning))
            .ThenEventsOfRefusal(typeof(BandBreached), typeof(ControlImposed));
    }

    [Fact]
    public void What_was_overdue_happens_before_what_a_refusal_leaves() =>
        Watched.After(Fair(), new AdvanceTime(At(14, 0))).When(Breach(Bob, 1, At(10, 0, 1)))
            .ThenEventsOfRefusal(typeof(OrderLapsed), typeof(TradingDayClosed), typeof(BandBreached));

    private static Testing.Spec<MarketState, MarketCommand, MarketEvent>.Facts Window(int seconds) =>
        Under(Pack.With(Ruled, rules => rules with { PriceRunHalt = new PriceRunHalt(Count: 3, seconds, Minutes: 5) }))
            .Given(Cash(Ann, 10_000_000), Cash(Bob, 10_000_000));

    private static PlaceOrder Fair(DateTimeOffset? at = null) => Buy(Ann, "fair", 10, 7_460, Ruled, at: at);

    private static PlaceOrder Breach(Guid who, int number, DateTimeOffset? at = null) => Buy(who, $"breach {number}", 10, TooDear, Ruled, at: at);

    private static BandBreached Breached(PlaceOrder order) =>
        new(order.OrderId, order.ParticipantId, Ruled, order.Price!.Value, order.At.AddSeconds(-60), order.At);
}

file static class Refusals
{
    public static void ThenEventsOfRefusal(this Testing.Spec<MarketState, MarketCommand, MarketEvent>.Answer answer, params Type[] types) =>
        ((Decision<MarketEvent>.Rejected)answer.Decision).Facts.Select(fact => fact.GetType()).ShouldBe(types);
}
