using System.Text;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Blocks;

public sealed class BlockProperties
{
    private const long Iterations = 200;

    [Fact]
    public void Units_and_cash_are_conserved_and_what_is_reserved_is_what_stands() => RandomBlocks.Steps.Sample(steps =>
    {
        var random = new RandomBlocks();
        foreach (var step in steps)
        {
            random.Take(step);
            Conserved(random);
        }
    }, iter: Iterations);

    [Fact]
    public void Replay_and_snapshot_with_tail_give_the_live_state() => Gen.Select(RandomBlocks.Steps, Gen.Double[0, 1]).Sample((steps, part) =>
    {
        var random = Run(steps);
        var live = Text(random.Market);
        Text(random.Journal.Aggregate(Model.Initial(), Model.Evolve)).ShouldBe(live);
        var cut = (int)(random.Journal.Count * part);
        var restored = Model.ReadSnapshot(Model.WriteSnapshot(random.Journal.Take(cut).Aggregate(Model.Initial(), Model.Evolve)));
        Text(random.Journal.Skip(cut).Aggregate(restored, Model.Evolve)).ShouldBe(live);
    }, iter: Iterations);

    [Fact]
    public void Whatever_was_agreed_clears_trade_by_trade_in_order() => RandomBlocks.Steps.Sample(
        steps => Run(steps).FailedInClearing.ShouldBe(0, "What was promised was not there."), iter: Iterations);

    [Fact]
    public void A_block_keeps_size_band_hours_and_the_terms_it_was_agreed_on() => RandomBlocks.Steps.Sample(steps =>
    {
        var random = Run(steps);
        var rules = Pack.Instrument(Ruled)!;
        foreach (var trade in random.Journal.OfType<TradeExecuted>().Where(trade => trade.Mode == TradeMode.Block))
        {
            trade.BuyerParticipantId.ShouldNotBe(trade.SellerParticipantId);
            trade.Quantity.Value.ShouldBeGreaterThanOrEqualTo(rules.ListedBelowQuantity!.Value);
            Pack.SessionAt(trade.At, rules, Session.Block).ShouldNotBeNull();
            var block = random.Market.Blocks.Find(trade.BuyOrderId).ShouldNotBeNull();
            (block.TradeId, block.Standing.Quantity, block.Standing.Price).ShouldBe((trade.TradeId, trade.Quantity, trade.Price));
            trade.At.ShouldBeLessThan(block.Standing.ExpiresAt);
        }
    }, iter: Iterations);

    [Fact]
    public void A_sale_sells_no_more_than_it_has_and_to_nobody_more_than_its_maximum() => RandomBlocks.Steps.Sample(steps =>
    {
        foreach (var sale in Run(steps).Market.Sales.Kept)
        {
            sale.Sold.ShouldBeLessThanOrEqualTo(sale.Quantity);
            sale.Purchases.GroupBy(purchase => purchase.ParticipantId)
                .Where(own => own.Sum(purchase => purchase.Quantity.Value) > (sale.MostPerBuyer ?? sale.Quantity).Value).ShouldBeEmpty();
            (sale.ClosedFor == SaleEnding.SoldOut).ShouldBe(sale.Left.IsZero);
        }
    }, iter: Iterations);

    [Fact]
    public void Random_markets_do_trade_beside_the_book()
    {
        var (blocks, purchases, counters, sales) = (0, 0, 0, 0);
        RandomBlocks.Steps.Sample(steps =>
        {
            var journal = Run(steps).Journal;
            Interlocked.Add(ref blocks, journal.OfType<TradeExecuted>().Count(trade => trade.Mode == TradeMode.Block));
            Interlocked.Add(ref purchases, journal.OfType<TradeExecuted>().Count(trade => trade.Mode == TradeMode.FixedPrice));
            Interlocked.Add(ref counters, journal.OfType<BlockCountered>().Count());
            Interlocked.Add(ref sales, journal.OfType<FixedPriceSaleClosed>().Count());
        }, iter: Iterations);
        new[] { blocks, purchases, counters, sales }.ShouldAllBe(count => count > Iterations / 2, $"{blocks} blocks, {purchases} purchases, {counters} counter-offers, {sales} sales");
    }

    private static RandomBlocks Run(RandomBlocks.Step[] steps)
    {
        var random = new RandomBlocks();
        foreach (var step in steps)
            random.Take(step);
        return random;
    }

    private static void Conserved(RandomBlocks random)
    {
        var (market, accounts) = (random.Market, random.Market.Accounts.Values.ToList());
        var units = accounts.ConvertAll(account => account.Held(Ruled) ?? new Balances().Add());
        accounts.Sum(account => account.Cash.Settled).ShouldBe(random.CashFunded - random.CashGone - random.Fees);
        units.Sum(balance => balance.Settled).ShouldBe(random.UnitsFunded - random.UnitsGone);
        (accounts.Sum(account => account.Cash.PendingIn) + market.Uncleared.Values.Sum(trade => (trade.BuyerFee + trade.SellerFee).Minor))
            .ShouldBe(accounts.Sum(account => account.Cash.PendingOut));
        units.Sum(balance => balance.PendingIn).ShouldBe(units.Sum(balance => balance.PendingOut));
        foreach (var account in accounts)
            ReservedIsWhatStands(market, account);
    }

    private static void ReservedIsWhatStands(MarketState market, TradingAccount account)
    {
        var units = account.Held(Ruled) ?? new Balances().Add();
        (account.Cash.Free >= 0 && units.Free >= 0).ShouldBeTrue();
        var orders = account.Orders.Where(order => order.Status == OrderStatus.Open).ToLookup(order => order.Side);
        var terms = market.Blocks.Open.Values.Where(block => block.Proposer == account.ParticipantId)
            .Select(block => block.Standing).ToLookup(standing => standing.ProposedBy);
        account.Cash.Reserved.ShouldBe(
            orders[Side.Buy].Sum(order => order.Remaining.Value * (order.Price.MinorPerUnit + (long)Math.Ceiling(order.Price.MinorPerUnit * 0.0031m)))
            + terms[Side.Buy].Sum(standing => (long)Math.Round((standing.Quantity * standing.Price).Minor * 1.0031m, MidpointRounding.AwayFromZero)));
        units.Reserved.ShouldBe(
            orders[Side.Sell].Sum(order => order.Remaining.Value) + terms[Side.Sell].Sum(standing => standing.Quantity.Value)
            + market.Sales.Open.Values.Where(sale => sale.SellerParticipantId == account.ParticipantId).Sum(sale => sale.Left.Value));
        units.Ordered.ShouldBe(orders[Side.Buy].Sum(order => order.Remaining.Value) + terms[Side.Buy].Sum(standing => standing.Quantity.Value));
    }

    private static string Text(MarketState market) => Encoding.UTF8.GetString(Model.WriteSnapshot(market));
}
