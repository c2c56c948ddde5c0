using System.Text;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Market;

public sealed class MarketProperties
{
    private const long Iterations = 100;

    [Fact]
    public void Units_and_cash_are_conserved_and_buying_power_is_never_overdrawn() => RandomMarket.Steps.Sample(steps =>
    {
        var random = new RandomMarket();
        foreach (var step in steps)
        {
            random.Take(step);
            Conserved(random);
        }
    }, iter: Iterations);

    [Fact]
    public void Whatever_the_market_let_through_clears_trade_by_trade_in_order() => RandomMarket.Steps.Sample(steps =>
    {
        var random = new RandomMarket();
        foreach (var step in steps)
            random.Take(step);
        random.Ledger.Failed.ShouldBe(0, "Buying power counted what had not arrived by the time it was needed.");
        foreach (var account in random.Market.Accounts.Values)
            account.Cash.Settled.ShouldBe(random.Ledger.Of(account.ParticipantId, null), "The mirror is the ledger, fees included.");
    }, iter: Iterations);

    [Fact]
    public void Outcomes_lead_to_the_same_market_whatever_their_order() => RandomMarket.Steps.Sample(steps =>
    {
        var random = new RandomMarket();
        foreach (var step in steps)
            random.Take(step);
        var outcomes = random.Market.Uncleared.Values.Select(trade => new RecordOutcome(trade.TradeId, trade.Sequence, true, null, At(16, 0))).ToList();
        Text(After(random.Journal.Aggregate(Model.Initial(), Model.Evolve), outcomes.AsEnumerable().Reverse()))
            .ShouldBe(Text(After(random.Journal.Aggregate(Model.Initial(), Model.Evolve), outcomes)));
    }, iter: Iterations);

    [Fact]
    public void Replay_and_snapshot_with_tail_give_the_live_state() => Gen.Select(RandomMarket.Steps, Gen.Double[0, 1]).Sample((steps, part) =>
    {
        var random = new RandomMarket();
        foreach (var step in steps)
            random.Take(step);
        var live = Text(random.Market);
        Text(random.Journal.Aggregate(Model.Initial(), Model.Evolve)).ShouldBe(live);

        // Between two commands, as the engine takes its snapshots: within one, what must not rest stands for a moment.
        var cut = random.Accepted.Take((int)(random.Accepted.Count * part)).Sum(facts => facts.Length);
        var earlier = random.Journal.Take(cut).Aggregate(Model.Initial(), Model.Evolve);
        var restored = Model.ReadSnapshot(Model.WriteSnapshot(earlier));
        Text(random.Journal.Skip(cut).Aggregate(restored, Model.Evolve)).ShouldBe(live);
    }, iter: Iterations);

    [Fact]
    public void A_snapshot_is_of_the_moment_it_was_captured_however_long_writing_it_takes() => Gen.Select(RandomMarket.Steps, Gen.Double[0, 1]).Sample((steps, part) =>
    {
        var random = new RandomMarket().Endowed();
        var (captured, then) = (Model.CaptureSnapshot(random.Market), Text(random.Market));
        foreach (var (place, step) in steps.Index())
        {
            random.Take(step);
            if (place == (int)(steps.Length * part))
                (captured, then) = (Model.CaptureSnapshot(random.Market), Text(random.Market));
        }
        Encoding.UTF8.GetString(captured()).ShouldBe(then);
    }, iter: Iterations);

    [Fact]
    public void Trades_are_numbered_without_gaps_and_their_ids_never_repeat() => RandomMarket.Steps.Sample(steps =>
    {
        var random = new RandomMarket();
        foreach (var step in steps)
            random.Take(step);
        var trades = random.Journal.OfType<TradeExecuted>().ToList();
        trades.Select(trade => trade.Sequence).ShouldBe(Enumerable.Range(1, trades.Count).Select(i => (long)i));
        trades.Select(trade => trade.TradeId).ShouldBeUnique();
        trades.ShouldAllBe(trade => trade.BuyerParticipantId != trade.SellerParticipantId);
    }, iter: Iterations);

    [Fact]
    public void Legal_time_never_goes_back_in_the_journal() => RandomMarket.Steps.Sample(steps =>
    {
        var random = new RandomMarket();
        foreach (var step in steps)
            random.Take(step);
        random.Journal.Where(e => e is not (AccountFunded or TradeSettled or TradeFailed or WithdrawalCompleted))
            .Select(e => e.At).ShouldBeInOrder();
    }, iter: Iterations);

    private static void Conserved(RandomMarket random)
    {
        var market = random.Market;
        market.Accounts.Values.Sum(account => account.Cash.Settled).ShouldBe(random.CashFunded - random.CashGone - random.Ledger.Fees);
        Pending(market.Accounts.Values.Select(account => account.Cash), market.Uncleared.Values.Sum(trade => (trade.BuyerFee + trade.SellerFee).Minor));
        foreach (var instrument in random.UnitsFunded.Keys)
        {
            var balances = market.Accounts.Values.Select(account => account.Held(instrument)).OfType<Balance>().ToList();
            balances.Sum(balance => balance.Settled).ShouldBe(random.UnitsFunded[instrument] - random.UnitsGone[instrument]);
            Pending(balances, fees: 0);
            market.BookOf(instrument).Count.ShouldBe(
                market.Orders.Values.Count(order => order.Instrument == instrument && order.Status == OrderStatus.Open));
        }
        foreach (var account in market.Accounts.Values)
            ReservedIsWhatStands(market, account);
    }

    private static void Pending(IEnumerable<Balance> balances, long fees)
    {
        var all = balances.ToList();
        (all.Sum(balance => balance.PendingIn) + fees).ShouldBe(all.Sum(balance => balance.PendingOut), "What one side awaits the other owes.");
        all.Where(balance => balance.Free < 0).ShouldBeEmpty();
    }

    private static void ReservedIsWhatStands(MarketState market, TradingAccount account)
    {
        var open = account.Orders.Where(order => order.Status == OrderStatus.Open).ToList();
        var bids = market.OpenAuctions.Values.SelectMany(auction => auction.Bids).Where(bid => bid.ParticipantId == account.ParticipantId);
        account.Cash.Reserved.ShouldBe(
            open.Where(order => order.Side == Side.Buy).Sum(order => Covered(order.Remaining, order.Price, order.FeeBasisPoints))
            + bids.Sum(bid => Covered(bid.Quantity, bid.Price, bid.FeeBasisPoints)));
        foreach (var (instrument, units) in account.Units)
            units.Reserved.ShouldBe(
                open.Where(order => order.Side == Side.Sell && order.Instrument == instrument).Sum(order => order.Remaining.Value)
                + market.OpenAuctions.Values.Where(auction => auction.SellerParticipantId == account.ParticipantId && auction.Instrument == instrument)
                    .Sum(auction => auction.Quantity.Value));
    }

    private static long Covered(Quantity quantity, Price price, BasisPoints fee) =>
        quantity.Value * (price.MinorPerUnit + (long)Math.Ceiling(price.MinorPerUnit * fee.Value / 10_000m));

    private static MarketState After(MarketState market, IEnumerable<RecordOutcome> outcomes) => outcomes.Aggregate(market, (state, outcome) =>
        ((Decision<MarketEvent>.Accepted)Model.Decide(state, outcome)).Events.Aggregate(state, Model.Evolve));

    private static string Text(MarketState market) => Encoding.UTF8.GetString(Model.WriteSnapshot(market));
}
