using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.DropCopy;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.DropCopy;

/// <summary>Who is sent what of the journal.</summary>
public sealed class OwnFactsSpecs
{
    private static readonly TradeExecuted Met = new(
        7, Id("trade"), Plain, Id("bid"), Id("offer"), Ann, Bob, Quantity.Of(3), Price.OfMinor(100), TradeMode.Continuous, Monday, Morning);

    private static readonly BidAccepted Bid = new(Id("bid"), Id("auction"), Ann, Quantity.Of(5), Price.OfMinor(123), Morning);

    [Fact]
    public void Each_side_of_a_trade_is_sent_its_own_under_its_own_order()
    {
        OwnFacts.Of(Met, Ann).ShouldBe(new OwnTrade(7, Id("trade"), Plain, Id("bid"), Side.Buy, Quantity.Of(3), Price.OfMinor(100), TradeMode.Continuous, Monday, Morning));
        OwnFacts.Of(Met, Bob).ShouldBe(new OwnTrade(7, Id("trade"), Plain, Id("offer"), Side.Sell, Quantity.Of(3), Price.OfMinor(100), TradeMode.Continuous, Monday, Morning));
        OwnFacts.Of(Met, Cem).ShouldBeNull();
    }

    [Fact]
    public void Orders_bids_and_refusals_are_sent_to_their_own_participant_alone()
    {
        var refused = new CommandRefused(Id("command"), nameof(PlaceOrder), "insufficient-cash", "0 free, 300 asked.", Ann, Morning);
        foreach (var fact in (object[])[Accepted(Buy(Ann, "bid", 1, 100)), new OrderCancelled(Id("bid"), Ann, Quantity.Of(1), CancelReason.Requested, Morning), Bid, refused])
        {
            OwnFacts.Of(fact, Ann).ShouldBe(fact);
            OwnFacts.Of(fact, Bob).ShouldBeNull();
        }
    }

    [Fact]
    public void What_clearing_made_of_a_trade_is_told_to_both_sides_without_the_other()
    {
        var failed = new TradeFailed(7, Id("trade"), Ann, Bob, "uncovered", Morning);
        OwnFacts.Of(failed, Ann).ShouldBe(new OwnTradeOutcome(7, Id("trade"), "uncovered", Morning));
        OwnFacts.Of(new TradeSettled(7, Id("trade"), Ann, Bob, Morning), Bob).ShouldBe(new OwnTradeOutcome(7, Id("trade"), null, Morning));
        OwnFacts.Of(failed, Cem).ShouldBeNull();
    }

    [Fact]
    public void A_negotiation_is_told_to_both_sides_but_not_who_acted_for_the_other()
    {
        var offered = new BlockOffered(Id("block"), Plain, Ann, Bob, Side.Buy, Quantity.Of(1_000), Price.OfMinor(100), EndOfMonday, Morning) { Representative = "ann-1" };
        foreach (var participant in new[] { Ann, Bob })
            OwnFacts.Of(offered, participant).ShouldBe(offered with { Representative = null });
        OwnFacts.Of(offered, Cem).ShouldBeNull();
        var ended = new BlockEnded(Id("block"), Ann, Bob, "declined", Morning);
        (OwnFacts.Of(ended, Bob), OwnFacts.Of(ended, Cem)).ShouldBe((ended, null));
    }

    /// <summary>The counterparty of an offer hears of it here first: nothing else pushes it.</summary>
    [Fact]
    public void Both_sides_follow_a_block_from_the_offer_to_its_end()
    {
        var (afternoon, version) = (At(13, 30), 1);
        var offer = new OfferBlock(Id("block"), Ann, Bob, Ruled, Side.Buy, Quantity.Of(1_000), Price.OfMinor(7_500), null, afternoon);
        var counter = new CounterBlock(Id("block"), Bob, version, Quantity.Of(1_000), Price.OfMinor(7_600), At(14, 0), afternoon);
        MarketEvent[] means = [Cash(Ann, 8_000_000), Units(Bob, 2_000, Ruled)];
        foreach (var (end, told) in new (MarketCommand, Type)[]
            { (new AcceptBlock(Id("block"), Ann, version + 1, afternoon), typeof(OwnTrade)), (new AdvanceTime(At(14, 0)), typeof(BlockEnded)) })
        {
            var facts = new List<MarketEvent>();
            var market = means.Aggregate(Model.Initial(), Model.Evolve);
            foreach (var command in new MarketCommand[] { offer, counter, end })
                foreach (var fact in ((Decision<MarketEvent>.Accepted)Model.Decide(market, command)).Events)
                {
                    facts.Add(fact);
                    market = Model.Evolve(market, fact);
                }
            foreach (var participant in new[] { Ann, Bob })
                facts.Select(fact => OwnFacts.Of(fact, participant)).OfType<object>().Select(fact => fact.GetType())
                    .ShouldBe([typeof(BlockOffered), typeof(BlockCountered), told]);
            facts.Select(fact => OwnFacts.Of(fact, Cem)).ShouldAllBe(fact => fact == null);
        }
    }

    [Fact]
    public void What_is_imposed_on_a_participant_is_told_to_it_but_not_by_which_official()
    {
        var imposed = new ControlImposed(
            Id("control"), ControlKind.ParticipantSuspension, Ann, null, null, null, null, "An inquiry", null, new ControlActor("official", Guid.Empty, IsOperator: true, IsRegulator: false), Morning);
        OwnFacts.Of(imposed, Ann).ShouldBe(imposed with { By = null });
        OwnFacts.Of(imposed, Bob).ShouldBeNull();
    }

    [Fact]
    public void A_fact_that_nobody_has_thought_of_goes_to_no_participant() => OwnFacts.Of(DayOpened, Ann).ShouldBeNull();

    [Fact]
    public void Supervisors_are_sent_everything_but_what_is_in_a_sealed_bid()
    {
        SupervisedFacts.Of(Met).ShouldBe(Met);
        SupervisedFacts.Of(Bid).ShouldBe(new SupervisedFacts.SealedBid(Id("bid"), Id("auction"), Ann, Withdrawn: false, Morning));
        SupervisedFacts.Of(new CommandRefused(Id("command"), nameof(PlaceBid), "bid-below-reserve", "99 is below 100.", Ann, Morning))
            .ShouldBeOfType<CommandRefused>().Reason.ShouldNotContain("99");
    }
}
