using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Reconciliation;
using CarbonMarket.Trading.Tests.Auctions;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;
using Facts = CarbonMarket.Testing.Spec<
    CarbonMarket.Trading.Market.MarketState, CarbonMarket.Trading.Market.MarketCommand, CarbonMarket.Trading.Market.MarketEvent>.Facts;

namespace CarbonMarket.Trading.Tests.Fees;

/// <summary>Buyers pay 0.55 % on top, sellers give 1 % of their proceeds, unless a spec says otherwise.</summary>
public sealed class FeeSpecs
{
    private static readonly DateTimeOffset Afternoon = At(14, 0);

    [Fact]
    public void A_buy_order_reserves_each_unit_with_its_fee_rounded_up() =>
        Market(Cash(Ann, 1_010)).When(Buy(Ann, "b1", 10, 100)).ThenState(market =>
        {
            market.Accounts[Ann].Cash.Reserved.ShouldBe(1_010);
            market.Accounts[Ann].Cash.Free.ShouldBe(0);
        });

    [Fact]
    public void A_refusal_for_want_of_cash_names_what_is_needed_with_the_fee_and_what_there_is()
    {
        var refused = Market(Cash(Ann, 1_009)).When(Buy(Ann, "b1", 10, 100));
        refused.ThenRejected("insufficient-cash");
        ((Decision<MarketEvent>.Rejected)refused.Decision).Reason.ShouldBe("1010 minor units needed (10 of them for fees), 1009 available.");
    }

    [Fact]
    public void A_trade_costs_each_side_its_fee_and_frees_what_was_reserved_beyond_it() =>
        Market(Cash(Ann, 1_010), Units(Bob, 10)).After(Sell(Bob, "s1", 10, 90)).When(Buy(Ann, "b1", 10, 100)).ThenState(market =>
        {
            // 900 and 0.55 % of it, 4.95, which is 5; and 900 less 1 % of it.
            (market.Accounts[Ann].Cash.PendingOut, market.Accounts[Ann].Cash.Reserved, market.Accounts[Ann].Cash.Free).ShouldBe((905, 0, 105));
            (market.Accounts[Bob].Cash.PendingIn, market.Accounts[Bob].Cash.Free).ShouldBe((891, 891));
            market.Uncleared[1].ShouldSatisfyAllConditions(
                trade => trade.BuyerFee.ShouldBe(Money.OfMinor(5)), trade => trade.SellerFee.ShouldBe(Money.OfMinor(9)));
        });

    [Fact]
    public void Half_a_minor_unit_of_fee_is_rounded_up_once_for_each_trade() =>
        Market(Cash(Ann, 10_000), Units(Bob, 10)).After(Sell(Bob, "s1", 5, 10), Sell(Bob, "s2", 5, 10))
            .When(Buy(Ann, "b1", 10, 10)).ThenState(market =>
                market.Uncleared.Values.Select(trade => (trade.BuyerFee.Minor, trade.SellerFee.Minor)).ShouldBe([(0, 1), (0, 1)]));

    [Fact]
    public void Many_small_fills_never_need_more_than_was_reserved()
    {
        var sells = Enumerable.Range(1, 10).Select(i => (MarketCommand)Sell(Bob, $"s{i}", 1, 91));
        Market(Cash(Ann, 1_010), Units(Bob, 10)).After(Buy(Ann, "b1", 10, 100)).After(sells).When(Sell(Ann, "mine", 1, 1_000)).ThenState(market =>
        {
            market.Accounts[Ann].Cash.PendingOut.ShouldBe(10 * 101);
            (market.Accounts[Ann].Cash.Reserved, market.Accounts[Ann].Cash.Free).ShouldBe((0, 0));
        });
    }

    [Fact]
    public void What_a_sale_brings_after_its_fee_may_buy_at_once()
    {
        var sold = Market(Units(Ann, 10), Cash(Bob, 10_000)).After(Buy(Bob, "b1", 10, 100), Sell(Ann, "s1", 10, 100));
        sold.When(Buy(Ann, "b2", 9, 109)).ThenState(market => market.Accounts[Ann].Cash.Free.ShouldBe(0));
        sold.When(Buy(Ann, "b2", 10, 100)).ThenRejected("insufficient-cash");
    }

    [Fact]
    public void An_order_keeps_the_rate_it_was_accepted_at_whatever_the_rules_say_later()
    {
        var raised = new MarketModel(
        [
            Pack.With(Plain, rules => rules with { Fees = new TradeFees(55, 100) }) with { ValidTo = Monday },
            Pack.With(Plain, rules => rules with { Fees = new TradeFees(1_000, 2_000) }) with { Version = "2", ValidFrom = Monday.AddDays(1) },
        ]);
        var spec = new Testing.Spec<MarketState, MarketCommand, MarketEvent>(raised.Initial, raised.Decide, raised.Evolve).WhereTheJournalAnswersRepeats();
        var stood = spec.Given(Cash(Ann, 2_000), Units(Bob, 10)).After(
            Buy(Ann, "b1", 10, 100, life: TimeInForce.Gtd).With(goodTill: Monday.AddDays(1)));
        stood.When(Sell(Bob, "s1", 4, 100, at: At(10, 0, daysLater: 1))).ThenState(market =>
        {
            market.Uncleared[1].ShouldSatisfyAllConditions(
                trade => trade.BuyerFee.ShouldBe(Money.OfMinor(2)), trade => trade.SellerFee.ShouldBe(Money.OfMinor(80)));
            market.Accounts[Ann].Cash.Reserved.ShouldBe(6 * 101);
        });
        stood.When(new ReplaceOrder(Id("b1"), Ann, Quantity.Of(12), Price.OfMinor(150), At(10, 0, daysLater: 1)))
            .ThenState(market => market.Accounts[Ann].Cash.Reserved.ShouldBe(12 * 151));
    }

    [Fact]
    public void What_is_left_of_an_order_gives_back_its_part_of_the_fee() =>
        Market(Cash(Ann, 1_010), Units(Bob, 4)).After(Buy(Ann, "b1", 10, 100), Sell(Bob, "s1", 4, 100)).When(new CancelOrder(Id("b1"), Ann, Morning))
            .ThenState(market => (market.Accounts[Ann].Cash.PendingOut, market.Accounts[Ann].Cash.Free).ShouldBe((402, 608)));

    [Fact]
    public void A_trade_that_fails_costs_nobody_a_fee() =>
        Market(Cash(Ann, 1_010), Units(Bob, 10)).After(Sell(Bob, "s1", 10, 100), Buy(Ann, "b1", 10, 100), new AdvanceTime(EndOfMonday))
            .When(new RecordOutcome(Trade.IdOf(Id("b1"), 1), 1, false, "insufficient-units", At(16, 0))).ThenState(market =>
                (market.Accounts[Ann].Cash.Free, market.Accounts[Bob].Cash.Free, market.Accounts[Bob].Cash.PendingIn).ShouldBe((1_010, 0, 0)));

    [Fact]
    public void A_trade_that_settles_takes_the_fees_with_it_and_the_mirror_shows_it()
    {
        var traded = Market(Cash(Ann, 1_010), Units(Bob, 10)).After(Sell(Bob, "s1", 10, 100), Buy(Ann, "b1", 10, 100), new AdvanceTime(EndOfMonday));
        traded.When(new RecordOutcome(Trade.IdOf(Id("b1"), 1), 1, true, null, At(16, 0))).ThenState(market =>
        {
            var mirror = Mirror.Of(market);
            mirror[new Position(Ann, Position.Cash)].ShouldBe(new Trading.Reconciliation.Amounts(1_010 - 1_006, 0, 0));
            mirror[new Position(Bob, Position.Cash)].ShouldBe(new Trading.Reconciliation.Amounts(990, 0, 0));
        });
    }

    [Fact]
    public void Freezing_cash_pulls_an_order_with_the_fee_it_holds() =>
        Market(Cash(Ann, 1_111)).After(Buy(Ann, "b1", 10, 100), Buy(Ann, "b2", 1, 100))
            .When(new ImposeControl(
                Id("freeze"), ControlKind.Freeze, Ann, null, null, 101, null, "a test", "a court",
                new ControlActor("official", Guid.Empty, IsOperator: false, IsRegulator: true), Morning))
            .ThenEvents(events => events.OfType<OrderCancelled>().ShouldHaveSingleItem().OrderId.ShouldBe(Id("b2")));

    [Fact]
    public void In_a_call_each_side_pays_what_its_order_was_accepted_at() =>
        Testing(Pack with
        {
            Trading = Pack.Trading with
            {
                Sessions = [new Session(Session.Call, new TimeOnly(9, 30), new TimeOnly(11, 0)) { Purpose = CallPurpose.Open }, .. Pack.Trading.Sessions.Skip(1)],
            },
        }).Given(Cash(Ann, 1_010), Units(Bob, 10)).After(Buy(Ann, "b1", 10, 100), Sell(Bob, "s1", 10, 100)).When(new AdvanceTime(At(11, 0)))
            .ThenState(market => (market.Uncleared[1].Mode, market.Uncleared[1].BuyerFee.Minor, market.Uncleared[1].SellerFee.Minor).ShouldBe((TradeMode.Call, 6, 10)));

    [Fact]
    public void A_bid_holds_its_fee_and_an_award_frees_what_the_lower_price_leaves()
    {
        var bidding = Testing(AnAuction.OpenPack).Given(AnAuction.Funded).After(AnAuction.Sells(), AnAuction.Bid(Ann, "a1", 60, 100), AnAuction.Bid(Bob, "c1", 60, 80));
        bidding.When(AnAuction.Withdraw(Bob, "c1")).ThenState(market =>
            (market.Accounts[Ann].Cash.Reserved, market.Accounts[Bob].Cash.Reserved).ShouldBe((60 * 101, 0)));
        bidding.When(AnAuction.Close).ThenState(market =>
        {
            // All at 80: 60 units for 4,800 with 26 of fee, 40 units for 3,200 with 18; of 8,000 the seller gives 48 and 32.
            (market.Accounts[Ann].Cash.PendingOut, market.Accounts[Bob].Cash.PendingOut).ShouldBe((4_826, 3_218));
            (market.Accounts[Ann].Cash.Reserved, market.Accounts[Bob].Cash.Reserved).ShouldBe((0, 0));
            market.Accounts[Cem].Cash.PendingIn.ShouldBe(8_000 - 80);
        });
    }

    [Fact]
    public void Whoever_buys_by_auction_holds_the_fee_with_its_reserve_price()
    {
        Testing(AnAuction.OpenPack).Given(Cash(Cem, 5_099)).When(AnAuction.Buys()).ThenRejected("insufficient-cash");
        var buying = Testing(AnAuction.OpenPack).Given(Cash(Cem, 5_100), Units(Ann, 100)).After(AnAuction.Buys(), AnAuction.Bid(Ann, "a1", 60, 40));
        buying.When(new AdvanceTime(At(13, 0))).ThenState(market => market.Accounts[Cem].Cash.Reserved.ShouldBe(5_100));
        buying.When(AnAuction.Close).ThenState(market =>
        {
            (market.Accounts[Cem].Cash.PendingOut, market.Accounts[Cem].Cash.Reserved, market.Accounts[Cem].Cash.Free).ShouldBe((2_413, 0, 5_100 - 2_413));
            market.Accounts[Ann].Cash.PendingIn.ShouldBe(2_400 - 24);
        });
    }

    [Fact]
    public void A_block_holds_and_costs_just_its_price_and_fee()
    {
        var offer = new OfferBlock(Id("block"), Ann, Bob, Ruled, Side.Buy, Quantity.Of(1_000), Price.OfMinor(7_460), null, Afternoon);
        Market(Cash(Ann, 7_501_029), Units(Bob, 1_000, Ruled)).When(offer).ThenRejected("insufficient-cash");
        var offered = Market(Cash(Ann, 7_501_030), Units(Bob, 1_000, Ruled)).After(offer);
        offered.When(new AcceptBlock(Id("block"), Bob, 1, Afternoon)).ThenState(market =>
        {
            (market.Accounts[Ann].Cash.PendingOut, market.Accounts[Ann].Cash.Free).ShouldBe((7_501_030, 0));
            market.Accounts[Bob].Cash.PendingIn.ShouldBe(7_460_000 - 74_600);
        });
        offered.When(new EndBlock(Id("block"), Ann, Afternoon)).ThenState(market => market.Accounts[Ann].Cash.Free.ShouldBe(7_501_030));
        var sold = Market(Cash(Ann, 7_501_029), Units(Bob, 1_000, Ruled)).After(offer with
        {
            ParticipantId = Bob, CounterpartyParticipantId = Ann, Side = Side.Sell,
        });
        sold.When(new AcceptBlock(Id("block"), Ann, 1, Afternoon)).ThenRejected("insufficient-cash");
    }

    [Fact]
    public void A_purchase_at_a_fixed_price_costs_its_fee()
    {
        var sale = new AnnounceSale(Id("sale"), Plain, Cem, Quantity.Of(100), Price.OfMinor(100), At(9, 30), EndOfMonday, null, At(9, 0));
        var selling = Market(Cash(Ann, 1_006), Cash(Bob, 1_005), Issued(Cem, 100)).After(sale);
        selling.When(new BuyFromSale(Id("p1"), Id("sale"), Bob, Quantity.Of(10), Morning)).ThenRejected("insufficient-cash");
        selling.When(new BuyFromSale(Id("p1"), Id("sale"), Ann, Quantity.Of(10), Morning)).ThenState(market =>
        {
            market.Accounts[Ann].Cash.PendingOut.ShouldBe(1_006);
            market.Accounts[Cem].Cash.PendingIn.ShouldBe(990);
        });
    }

    [Fact]
    public void A_market_is_the_same_after_a_snapshot_with_all_its_rates()
    {
        var stands = Testing(AnAuction.OpenPack).Given(AnAuction.Funded.Concat([Units(Bob, 1_000, Ruled), Cash(Ann, 8_000_000), Issued(Cem, 100)])).After(
            AnAuction.Sells(quantity: 50), Sell(Bob, "s1", 5, 100), Buy(Ann, "b1", 10, 100), AnAuction.Bid(Ann, "a1", 10, 100),
            new AnnounceSale(Id("sale"), Plain, Cem, Quantity.Of(100), Price.OfMinor(100), At(9, 30), EndOfMonday, null, Morning),
            new OfferBlock(Id("block"), Ann, Bob, Ruled, Side.Buy, Quantity.Of(1_000), Price.OfMinor(7_460), null, Afternoon.AddMinutes(-30)));
        stands.When(new AdvanceTime(Afternoon.AddMinutes(-20))).ThenState(market =>
        {
            var loaded = Model.ReadSnapshot(Model.WriteSnapshot(market));
            Model.WriteSnapshot(loaded).ShouldBe(Model.WriteSnapshot(market));
            (loaded.Orders[Id("b1")].FeeBasisPoints, loaded.OpenAuctions[AnAuction.ItsId].FeeBasisPoints).ShouldBe((BasisPoints.Of(55), BasisPoints.Of(100)));
            loaded.OpenAuctions[AnAuction.ItsId].Bid(Id("a1"))!.FeeBasisPoints.ShouldBe(BasisPoints.Of(55));
            loaded.Sales.Open[Id("sale")].FeeBasisPoints.ShouldBe(BasisPoints.Of(100));
            loaded.Blocks.Open[Id("block")].Standing.ShouldSatisfyAllConditions(
                terms => terms.BuyerFee.ShouldBe(BasisPoints.Of(55)), terms => terms.SellerFee.ShouldBe(BasisPoints.Of(100)));
            foreach (var state in new[] { market, loaded })
                Model.Evolve(state, new OrderCancelled(Id("b1"), Ann, Quantity.Of(5), CancelReason.Requested, Afternoon)).Accounts[Ann].Cash.Reserved
                    .ShouldBe((10 * 101) + 7_501_030);
        });
    }

    private static Facts Market(params MarketEvent[] funded) => Testing(Pack).Given(funded);

    private static Testing.Spec<MarketState, MarketCommand, MarketEvent> Testing(PolicyPack pack) => Under(pack with
    {
        Instruments = [.. pack.Instruments.Select(rules => rules with { Fees = new TradeFees(55, 100) })],
    });
}
