using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using CsCheck;
using static CarbonMarket.Trading.Tests.Controls.AControl;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Controls;

/// <summary>Orders of two representatives each of three participants, and everything that can be done to stop them, in random order.</summary>
public sealed class ControlProperties
{
    private static readonly ImmutableArray<Guid> Participants = [Ann, Bob, Cem];

    private static readonly MarketModel Watched = new([
        Pack.With(Ruled, rules => rules with { PriceRunHalt = new PriceRunHalt(2, 600, 10) })
            .With(Plain, rules => rules with { LargeTraderReportFrom = 260, PositionLimit = 300 }),
    ]);

    private static readonly Gen<Step[]> Steps = Gen.Select(
        Gen.Int[0, 20], Gen.Int[0, 2], Gen.Bool, Gen.Long[1, 60], Gen.Long[1, 20], Gen.Int[0, 1_000],
        (kind, who, flag, quantity, price, any) => new Step(kind, who, flag, quantity, price, any)).Array[1, 120];

    [Fact]
    public void Nothing_stopped_stands_nothing_frozen_is_held_and_replay_gives_the_same()
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        Steps.Sample(
            steps =>
            {
                var market = Begin();
                for (var i = 0; i < steps.Length; i++)
                {
                    market.Put(market.Command(steps[i], i));
                    NothingStoppedStands(market.State);
                    NothingFrozenIsHeld(market.State);
                }
                var live = Watched.WriteSnapshot(market.State);
                Watched.WriteSnapshot(market.Journal.Aggregate(Watched.Initial(), Watched.Evolve)).ShouldBe(live);
                Watched.WriteSnapshot(Watched.ReadSnapshot(live)).ShouldBe(live);
                lock (seen)
                    foreach (var e in market.Journal)
                        seen[e.GetType().Name] = seen.GetValueOrDefault(e.GetType().Name) + 1;
            },
            iter: 300);
        new[]
        {
            nameof(ControlImposed), nameof(LiftAsked), nameof(ControlLifted), nameof(BandBreached), nameof(LargePositionReached), nameof(OrderCancelled),
            nameof(HeldUnitsNoted),
        }.ShouldBeSubsetOf(seen.Keys, "The random market has left something out.");
    }

    private static RandomControls Begin()
    {
        var market = new RandomControls();
        foreach (var participant in Participants)
        {
            foreach (var @event in new[] { Cash(participant, 10_000_000), Units(participant, 200), Units(participant, 2_000, Ruled) })
                market.Happen(@event);
        }
        return market;
    }

    private static void NothingStoppedStands(MarketState market)
    {
        foreach (var order in market.Orders.Values.Where(order => order.Status == OrderStatus.Open))
        {
            if (market.Controls.Refuse(Pack, order.ParticipantId, order.Representative, order.Instrument) is { } refusal)
                refusal.Code.ShouldBeOneOf("instrument-suspended", "halted");
        }
    }

    private static void NothingFrozenIsHeld(MarketState market)
    {
        foreach (var account in market.Accounts.Values)
        {
            foreach (var balance in account.Units.Values.Append(account.Cash))
                (balance.Free >= 0 || balance.Reserved == 0).ShouldBeTrue($"{balance.Free} free, {balance.Reserved} reserved.");
            account.OpenOrders.ShouldBe(account.Orders.Count(order => order.Status == OrderStatus.Open));
        }
    }

    private sealed record Step(int Kind, int Who, bool Flag, long Quantity, long Price, int Any);

    private sealed class RandomControls
    {
        private DateTimeOffset _clock = At(9, 30);

        public MarketState State { get; private set; } = Watched.Initial();

        public List<MarketEvent> Journal { get; } = [];

        public void Put(MarketCommand command)
        {
            var facts = Watched.Decide(State, command) switch
            {
                Decision<MarketEvent>.Accepted accepted => accepted.Events,
                Decision<MarketEvent>.Rejected rejected => rejected.Facts,
                _ => [],
            };
            foreach (var fact in facts)
                Happen(fact);
        }

        public void Happen(MarketEvent fact)
        {
            Journal.Add(fact);
            State = Watched.Evolve(State, fact);
        }

        public MarketCommand Command(Step step, int number)
        {
            var who = Participants[step.Who];
            var (id, people) = ($"step {number}", new[] { Operator, OtherOperator, Regulator, AnnsTrader, AnnsOther });
            var by = people[step.Any % people.Length];
            var inForce = State.Controls.All.Values.ToList();
            switch (step.Kind)
            {
                case 0 or 1:
                    return Kill(step.Flag ? who : null, step is { Flag: true, Any: > 500 } ? "rep-1" : null, step is { Flag: false, Any: > 300 } ? Plain : null, by, id);
                case 2:
                    return Impose(ControlKind.Freeze, who, instrument: step.Flag ? Plain : null, amount: step.Any % 3 == 0 ? null : step.Quantity * (step.Flag ? 5 : 100_000), id: id);
                case 3:
                    return Impose(
                        ControlKind.Halt, instrument: step.Flag ? Ruled : null, endsAt: step.Any % 2 == 0 ? _clock.AddMinutes(step.Quantity) : null, id: id, at: _clock);
                case 4:
                    return step.Flag ? Impose(ControlKind.ParticipantSuspension, who, id: id) : Impose(ControlKind.InstrumentSuspension, instrument: Plain, id: id);
                case 5 or 6 or 7 or 8 when inForce.Count > 0:
                    var control = inForce[step.Any % inForce.Count];
                    return control.Lift is { } asked
                        ? new ConfirmLift(control.Imposed.ControlId, asked.LiftId, by, _clock)
                        : new LiftControl(control.Imposed.ControlId, Id(id), "mended", null, by, _clock);
                case 9:
                    _clock = _clock.AddMinutes(step.Any % 60);
                    return new AdvanceTime(_clock);
                case 20:
                    // Now and then an older word of the registry comes late.
                    return new NoteHeldUnits(who, Plain, Quantity.Of(step.Any % 4 == 0 ? 0 : step.Quantity * 3), step.Flag ? number : number / 2, _clock);
                case 10:
                    return Order(step, id, who, Ruled, step.Quantity * 10, 9_000);
                case 11:
                    return Order(step, id, who, Ruled, step.Quantity * 10, 7_400 + (step.Price * 5));
                default:
                    return Order(step, id, who, Plain, step.Quantity, 90 + step.Price);
            }
        }

        private PlaceOrder Order(Step step, string id, Guid who, string instrument, long quantity, long price) =>
            (step.Flag ? Buy(who, id, quantity, price, instrument, at: _clock) : Sell(who, id, quantity, price, instrument, at: _clock))
            with { Representative = $"rep-{step.Any % 2}" };
    }
}
