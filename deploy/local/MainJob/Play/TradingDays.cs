using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.MainJob.Display;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;

namespace CarbonMarket.MainJob.Play;

/// <summary>The year's trading: continuous sessions, the trades they and the auctions led to, and their settlement.</summary>
public sealed class TradingDays(Scene scene, LegalClock clock)
{
    private readonly List<Trade> _trades = [];

    /// <summary>All trades so far, in the market's order.</summary>
    public IReadOnlyList<Trade> Trades => _trades;

    public async Task Session(int session, DateTimeOffset at, ImmutableArray<OperatorOrders> orders,
        IChapter chapter, CancellationToken stopping)
    {
        chapter.Begin($"trading day {session}", orders.Length);
        await clock.Set(at, stopping);
        foreach (var each in orders)
        {
            await Send(each, stopping);
            chapter.Step();
        }
        var before = _trades.Count;
        await ReadTrades(stopping);
        var trades = _trades.Skip(before).ToList();
        chapter.Note($"orders of {orders.Length} operators, {trades.Count} trades of {trades.Sum(trade => trade.Quantity):N0} t");
    }

    /// <summary>Adds the trades since the last reading to the job's own sums.</summary>
    public async Task ReadTrades(CancellationToken stopping)
    {
        var after = _trades.Count == 0 ? 0 : _trades[^1].Sequence;
        var trades = await scene.Market.List<Trade>(scene.Cast.FirstOperator, Scene.Trading("trades"), stopping,
            after.ToString(CultureInfo.InvariantCulture));
        foreach (var trade in trades)
        {
            if (scene.Cast.OperatorOf(trade.SellerParticipantId) is { } seller)
                scene.Holdings.Sell(seller, trade.Quantity);
            if (scene.Cast.OperatorOf(trade.BuyerParticipantId) is { } buyer)
                scene.Holdings.Buy(buyer, trade.Quantity);
            _trades.Add(trade);
        }
    }

    /// <summary>Waits until each day of the year on which something was traded is closed and cleared.</summary>
    public async Task AreCleared(int year, IChapter chapter, CancellationToken stopping)
    {
        var days = _trades.Select(trade => trade.TradingDay).Where(day => day.Year == year).Distinct().ToList();
        chapter.Begin("settlement", days.Count);
        foreach (var day in days)
        {
            await IsCleared(day, stopping);
            chapter.Step();
        }
        chapter.Note($"{_trades.Count(trade => trade.TradingDay.Year == year)} trades on {days.Count} days");
    }

    private Task IsCleared(DateOnly day, CancellationToken stopping) => scene.Waiting.Until($"{day:O} to be cleared", async () =>
    {
        var status = await scene.Market.Get<TradingStatus>(scene.Cast.FirstOperator, Scene.Trading("status"), stopping);
        if (status.LastClosedDay is null || status.LastClosedDay < day)
            return $"The last day closed is {status.LastClosedDay?.ToString("O", CultureInfo.InvariantCulture) ?? "none"}.";
        var clearing = await scene.Market.Get<Clearing>(
            scene.Cast.FirstOperator, Scene.Settlement($"clearing?day={day:O}"), stopping);
        if (clearing.Failed > 0)
            throw new InvalidOperationException($"{clearing.Failed} trades of {day:O} failed to settle.");
        return clearing.Status is "completed" && clearing.Open == 0
            ? null
            : $"The clearing run is {clearing.Status}: {clearing.Settled} settled, {clearing.Open} open.";
    }, stopping);

    private Task Send(OperatorOrders orders, CancellationToken stopping) => scene.Market.PostBatches(
        scene.Cast.Operator(orders.OperatorId).Client, Scene.Trading("orders/batch"),
        orders.Orders.Select(order => new NewOrder(order.OrderId, Scene.Instrument,
            order.Side == Side.Buy ? "buy" : "sell", order.Quantity, order.PriceMinor, "day")), _ => { }, stopping);
}
