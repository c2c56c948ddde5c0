using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Bench.Market;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Bench.Flatness;

/// <summary>
/// A market of so many instruments with so many orders standing, evenly spread over instruments, participants and the ticks
/// between the touch and the ends of the band. What is asked of it leaves as many standing.
/// </summary>
internal sealed class StandingMarket
{
    private const long Touch = 7_463; // The pack's base price.
    private const int Ticks = 700;    // The band is 746 wide on either side.
    private const int Participants = 100;
    private const int Seed = 1;

    private static readonly PolicyPack Gansu =
        PolicyPackCatalog.Load(Path.Combine(AppContext.BaseDirectory, "policy-packs"), ["gansu"]).Find("gansu", RunningMarket.Morning)!;

    private readonly ImmutableArray<string> instruments;
    private readonly ImmutableArray<Guid> participants = [.. Enumerable.Range(1, Participants).Select(number => DeterministicGuid.From($"participant {number}"))];
    private readonly List<PlaceOrder> standing;
    private readonly Random random = new(Seed);
    private readonly MarketModel model;
    private MarketState state;

    public StandingMarket(int instruments, int orders)
    {
        var like = Gansu.Instrument(OrderFlow.Instrument)!;
        this.instruments = [.. Enumerable.Range(1, instruments).Select(number => $"CEA-{number}")];
        model = new MarketModel([Gansu with
        {
            Instruments = [.. this.instruments.Select(id => like with { Id = id })],
            Trading = Gansu.Trading with { Sessions = [.. Gansu.Trading.Sessions.Select(session => session with { Instruments = [] })] },
        }]);
        state = model.Initial();
        foreach (var participant in participants)
            Fund(participant);
        standing = [.. Enumerable.Range(0, orders).Select(_ => Standing())];
        standing.ForEach(Do);
    }

    /// <summary>
    /// Each step cancels an order anywhere in the books, places another, and has one sold and bought at the touch: four
    /// commands, decided by the rules and followed by what they led to.
    /// </summary>
    /// <returns>Nanoseconds a command.</returns>
    public double Measure(int steps)
    {
        var commands = new List<MarketCommand>(4 * steps);
        for (var step = 0; step < steps; step++)
        {
            var place = random.Next(standing.Count);
            commands.Add(new CancelOrder(standing[place].OrderId, standing[place].ParticipantId, RunningMarket.Morning));
            commands.Add(standing[place] = Standing());
            var (instrument, seller) = (Any(instruments), random.Next(Participants));
            commands.Add(Order(participants[seller], instrument, Side.Sell, Touch, TimeInForce.Day));
            commands.Add(Order(participants[(seller + 1) % Participants], instrument, Side.Buy, Touch, TimeInForce.Ioc));
        }
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        commands.ForEach(Do);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return state.OpenOrders.Count == standing.Count
            ? seconds * 1e9 / commands.Count
            : throw new InvalidOperationException($"{state.OpenOrders.Count} orders stand instead of {standing.Count}.");
    }

    private void Fund(Guid participant)
    {
        Do(new FundAccount(Guid.CreateVersion7(), participant, null, Quantity.Zero, Money.OfMinor(10_000_000_000_000), RunningMarket.Morning));
        foreach (var instrument in instruments)
            Do(new FundAccount(Guid.CreateVersion7(), participant, instrument, Quantity.Of(1_000_000_000), Money.Zero, RunningMarket.Morning));
    }

    private void Do(MarketCommand command)
    {
        var decision = model.Decide(state, command);
        if (decision is Decision<MarketEvent>.Rejected rejected)
            throw new InvalidOperationException($"{command} was refused ({rejected.Code}): {rejected.Reason}");
        foreach (var @event in ((Decision<MarketEvent>.Accepted)decision).Events)
            state = model.Evolve(state, @event);
    }

    private PlaceOrder Standing()
    {
        var (buy, distance) = (random.Next(2) == 0, 1 + random.Next(Ticks));
        return Order(Any(participants), Any(instruments), buy ? Side.Buy : Side.Sell, buy ? Touch - distance : Touch + distance, TimeInForce.Day);
    }

    private static PlaceOrder Order(Guid participant, string instrument, Side side, long price, TimeInForce timeInForce) => new(
        Guid.CreateVersion7(), participant, instrument, side, Quantity.Of(10), Price.OfMinor(price), timeInForce, RunningMarket.Morning);

    private T Any<T>(ImmutableArray<T> of) => of[random.Next(of.Length)];
}
