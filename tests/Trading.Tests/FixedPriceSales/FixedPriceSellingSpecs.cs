using CarbonMarket.Kernel;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.FixedPriceSales;

public sealed class FixedPriceSellingSpecs
{
    private static readonly Guid Sale = Id("reserve");
    private static readonly DateTimeOffset Closing = At(14, 0);

    private static readonly FixedPriceSaleAnnounced Announced =
        new(Sale, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), Morning, Closing, Quantity.Of(60), At(9, 0));

    private static readonly MarketEvent[] Funded = [Issued(Cem, 100), Cash(Ann, 100_000), Cash(Bob, 100_000), Announced];

    [Fact]
    public void Announcing_a_sale_reserves_the_sellers_units()
    {
        Spec.Given(Issued(Cem, 100)).When(Announce()).Then(Announced);
        Spec.Given(Issued(Cem, 100)).When(Announce()).ThenState(market =>
            (market.Accounts[Cem].Units[Plain].Free, market.Accounts[Cem].Units[Plain].ForAuction).ShouldBe((0, 0)));
        Spec.Given(Issued(Cem, 99)).When(Announce()).ThenRejected("insufficient-units");
        Spec.Given(Units(Cem, 100)).When(Announce()).ThenRejected("not-for-auction");
        Spec.Given(Units(Cem, 1), Issued(Cem, 99)).When(Announce()).ThenRejected("not-for-auction");
    }

    [Fact]
    public void A_sale_is_well_formed()
    {
        var seller = Spec.Given(Issued(Cem, 100), Issued(Cem, 100, Ruled));
        seller.When(Announce() with { Instrument = "GOLD" }).ThenRejected("unknown-instrument");
        seller.When(Announce() with { Instrument = Ruled, Quantity = Quantity.Of(95) }).ThenRejected("quantity-off-lot");
        seller.When(Announce() with { Instrument = Ruled, MostPerBuyer = Quantity.Of(5) }).ThenRejected("quantity-off-lot");
        seller.When(Announce() with { Instrument = Ruled, Price = Price.OfMinor(51) }).ThenRejected("price-off-tick");
        seller.When(Announce() with { Quantity = Quantity.Of(1_000_000_000_000_000) }).ThenRejected("value-too-large");
    }

    [Fact]
    public void Its_window_lies_within_one_trading_day()
    {
        var seller = Spec.Given(Issued(Cem, 100));
        seller.When(Announce() with { ClosesAt = Morning }).ThenRejected("sale-times");
        seller.When(Announce() with { At = Closing }).ThenRejected("sale-times");
        seller.When(Announce() with { ClosesAt = At(15, 1) }).ThenRejected("sale-outside-trading-day");
        seller.When(Announce() with { ClosesAt = At(14, 0, daysLater: 1) }).ThenRejected("sale-outside-trading-day");
        seller.When(Announce() with { OpensAt = At(10, 0, daysLater: 2), ClosesAt = At(14, 0, daysLater: 2) }).ThenRejected("sale-outside-trading-day");
        seller.When(Announce() with { ClosesAt = EndOfMonday }).ThenState(market => market.NextDue.ShouldBe(EndOfMonday));
    }

    [Fact]
    public void A_purchase_is_a_trade_at_once()
    {
        Spec.Given(Funded).When(Purchase(Ann, "a1", 40)).Then(new TradingDayOpened(Monday, EndOfMonday, Morning), Bought(1, Ann, "a1", 40));
        Spec.Given(Funded).When(Purchase(Ann, "a1", 40)).ThenState(market =>
        {
            (market.Accounts[Ann].Cash.Reserved, market.Accounts[Ann].Cash.PendingOut).ShouldBe((0, 40 * 50));
            market.Accounts[Ann].Units[Plain].PendingIn.ShouldBe(40);
            (market.Accounts[Cem].Units[Plain].Reserved, market.Accounts[Cem].Units[Plain].PendingOut).ShouldBe((60, 40));
            market.Accounts[Cem].Cash.PendingIn.ShouldBe(40 * 50);
            market.Sales.Open[Sale].Left.ShouldBe(Quantity.Of(60));
            market.Instruments[Plain].LastPrice.ShouldBeNull("The price is the authority's, not the book's.");
        });
    }

    [Fact]
    public void Every_rule_of_buying_has_its_code()
    {
        var sale = Spec.Given(Funded);
        sale.When(Purchase(Ann, "a1", 1) with { SaleId = Id("other") }).ThenRejected("unknown-sale");
        sale.When(Purchase(Ann, "a1", 1, At(9, 59))).ThenRejected("sale-not-open");
        sale.When(Purchase(Ann, "a1", 1, Closing)).ThenRejected("sale-closed");
        sale.When(Purchase(Ann, "a1", 0)).ThenRejected("quantity-off-lot");
        sale.When(Purchase(Cem, "c1", 1)).ThenRejected("purchase-by-seller");
        sale.When(Purchase(Ann, "a1", 61)).ThenRejected("purchase-above-maximum");
        sale.When(Purchase(Ann, "a1", 101)).ThenRejected("purchase-above-supply");
        sale.After(Purchase(Ann, "a1", 50)).When(Purchase(Ann, "a2", 11)).ThenRejected("purchase-above-maximum");
        sale.After(Purchase(Ann, "a1", 50)).When(Purchase(Bob, "b1", 51)).ThenRejected("purchase-above-supply");
        Spec.Given(Issued(Cem, 100), Cash(Ann, 1_999), Announced).When(Purchase(Ann, "a1", 40)).ThenRejected("insufficient-cash");
    }

    [Fact]
    public void A_repeat_is_one_purchase_and_another_content_none()
    {
        var bought = Spec.Given(Funded).After(Purchase(Ann, "a1", 10));
        bought.When(Purchase(Ann, "a1", 10)).ThenNothing();
        bought.When(Purchase(Ann, "a1", 11)).ThenRejected("id-reused");
        bought.When(Purchase(Bob, "a1", 10)).ThenRejected("id-reused");
        bought.When(Announce()).ThenNothing();
        bought.When(Announce() with { Price = Price.OfMinor(51) }).ThenRejected("id-reused");
    }

    [Fact]
    public void Who_comes_first_is_served_first_until_all_is_sold()
    {
        var last = Spec.Given(Funded).After(Purchase(Ann, "a1", 60));
        last.When(Purchase(Bob, "b1", 40)).Then(Bought(2, Bob, "b1", 40), Closed(100, SaleEnding.SoldOut, Morning));
        last.After(Purchase(Bob, "b1", 40)).When(Purchase(Bob, "b2", 1)).ThenRejected("sale-closed");
        last.When(Purchase(Bob, "b1", 40)).ThenState(market => market.NextDue.ShouldBe(EndOfMonday, "Of the sale nothing is due any more."));
    }

    [Fact]
    public void When_the_window_ends_the_rest_goes_back()
    {
        Spec.Given(Funded).When(new AdvanceTime(Closing.AddTicks(-1))).ThenNothing();
        Spec.Given(Funded).When(new AdvanceTime(Closing)).Then(Closed(0, SaleEnding.WindowEnded, Closing));
        Spec.Given(Funded).After(Purchase(Ann, "a1", 40)).When(new AdvanceTime(At(9, 0, daysLater: 1))).ThenEvents(events =>
        {
            events[0].ShouldBe(Closed(40, SaleEnding.WindowEnded, Closing));
            events[^1].ShouldBeOfType<TradingDayClosed>().Closes.ShouldContain(new InstrumentClose(Plain, null, 40), "A price is made in the book.");
        });
        Spec.Given(Funded).After(Purchase(Ann, "a1", 40)).When(new AdvanceTime(Closing)).ThenState(market =>
            (market.Accounts[Cem].Units[Plain].Free, market.Accounts[Cem].Units[Plain].ForAuction).ShouldBe((60, 60)));
    }

    [Fact]
    public void The_authority_may_withdraw_what_is_not_sold()
    {
        var withdrawal = new WithdrawSale(Sale, "The price was mistyped.", Morning);
        var open = Spec.Given(Funded).After(Purchase(Ann, "a1", 40));
        open.When(withdrawal).Then(Closed(40, SaleEnding.Withdrawn, Morning, "The price was mistyped."));
        open.When(withdrawal).ThenState(market =>
        {
            market.Accounts[Cem].Units[Plain].Free.ShouldBe(60);
            market.Accounts[Ann].Units[Plain].PendingIn.ShouldBe(40, "What was bought stays bought.");
        });
        open.After(withdrawal).When(withdrawal).ThenNothing();
        open.After(withdrawal).When(withdrawal with { Explanation = "Another reason." }).ThenRejected("sale-closed");
        open.After(withdrawal).When(Purchase(Ann, "a2", 1)).ThenRejected("sale-closed");
        open.When(withdrawal with { At = Closing }).ThenRejected("sale-closed");
        open.When(withdrawal with { SaleId = Id("other") }).ThenRejected("unknown-sale");
    }

    [Fact]
    public void What_a_buyer_could_not_pay_for_may_be_sold_again() =>
        Spec.Given(Funded).After(Purchase(Ann, "a1", 40), new AdvanceTime(EndOfMonday))
            .When(new RecordOutcome(Trade.IdOf(Id("a1"), 1), 1, false, "insufficient-cash", At(16, 0)))
            .ThenState(market => (market.Accounts[Cem].Units[Plain].Free, market.Accounts[Cem].Units[Plain].ForAuction).ShouldBe((100, 100)));

    [Fact]
    public void Where_resale_is_banned_a_purchase_stays_for_the_day() =>
        Spec.Given(Issued(Cem, 100, Ruled), Cash(Ann, 1_000_000), Announced with { Instrument = Ruled, Price = Price.OfMinor(7_460) })
            .After(Purchase(Ann, "a1", 10)).When(Sell(Ann, "s1", 10, 7_460, Ruled)).ThenRejected("same-day-resale");

    [Fact]
    public void What_newer_rules_no_longer_name_is_not_bought()
    {
        var newer = Pack with { Version = "2", ValidFrom = Monday.AddDays(1), Instruments = [Pack.Instrument(Ruled)!] };
        var model = new MarketModel([Pack, newer]);
        var tomorrow = Announced with { OpensAt = At(10, 0, daysLater: 1), ClosesAt = At(14, 0, daysLater: 1) };
        var market = new[] { Issued(Cem, 100), Cash(Ann, 100_000), tomorrow }.Aggregate(model.Initial(), model.Evolve);
        model.Decide(market, Purchase(Ann, "a1", 1, At(11, 0, daysLater: 1)))
            .ShouldBeOfType<Decision<MarketEvent>.Rejected>().Code.ShouldBe("unknown-instrument");
    }

    [Fact]
    public void Old_sales_are_forgotten_but_not_their_ids()
    {
        var market = new[] { Issued(Cem, 100) }.Aggregate(Model.Initial(), Model.Evolve);
        for (var i = 0; i <= ReserveSales.ClosedKept; i++)
            market = Take(market, Announce() with { SaleId = Id($"sale {i}") }, new WithdrawSale(Id($"sale {i}"), "Again.", Morning));
        market.Sales.Kept.Count().ShouldBe(ReserveSales.ClosedKept);
        market = Model.ReadSnapshot(Model.WriteSnapshot(market));
        Refusal(market, Announce() with { SaleId = Id("sale 0") }).ShouldBe("id-reused");
    }

    [Fact]
    public void There_is_an_end_to_sales_and_to_purchases()
    {
        var market = new[] { Issued(Cem, 1_000_000), Cash(Ann, 1_000_000_000) }.Aggregate(Model.Initial(), Model.Evolve);
        for (var i = 0; i < FixedPriceSelling.MostOpenSales; i++)
            market = Take(market, Announce() with { SaleId = Id($"sale {i}"), Quantity = Quantity.Of(1), MostPerBuyer = null });
        Refusal(market, Announce()).ShouldBe("too-many-sales");
        market = Take(market, new WithdrawSale(Id("sale 0"), "Room.", Morning), Announce() with { Quantity = Quantity.Of(30_000), MostPerBuyer = null });
        for (var i = 0; i < FixedPriceSelling.MostPurchases; i++)
            market = Take(market, Purchase(Ann, $"a{i}", 1));
        Refusal(market, Purchase(Ann, "one more", 1)).ShouldBe("too-many-purchases");
    }

    private static AnnounceSale Announce() =>
        new(Sale, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), Morning, Closing, Quantity.Of(60), At(9, 0));

    private static BuyFromSale Purchase(Guid buyer, string purchase, long quantity, DateTimeOffset? at = null) =>
        new(Id(purchase), Sale, buyer, Quantity.Of(quantity), at ?? Morning);

    private static TradeExecuted Bought(long sequence, Guid buyer, string purchase, long quantity) => new(
        sequence, Trade.IdOf(Id(purchase), sequence), Plain, Id(purchase), Sale, buyer, Cem, Quantity.Of(quantity), Price.OfMinor(50),
        TradeMode.FixedPrice, Monday, Morning) { OfIssue = true };

    private static FixedPriceSaleClosed Closed(long sold, string reason, DateTimeOffset at, string? explanation = null) =>
        new(Sale, Cem, Quantity.Of(sold), Quantity.Of(100 - sold), reason, explanation, at);

    private static MarketState Take(MarketState market, params MarketCommand[] commands) => commands.Aggregate(market, (state, command) =>
        Model.Decide(state, command).ShouldBeOfType<Decision<MarketEvent>.Accepted>().Events.Aggregate(state, Model.Evolve));

    private static string Refusal(MarketState market, MarketCommand command) =>
        Model.Decide(market, command).ShouldBeOfType<Decision<MarketEvent>.Rejected>().Code;
}
