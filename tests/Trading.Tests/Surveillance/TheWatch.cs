using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Surveillance;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;
using Rules = CarbonMarket.PolicyPacks.Surveillance;

namespace CarbonMarket.Trading.Tests.Surveillance;

/// <summary>A market that is watched: what is done in it is done by the real market, and what is raised is kept.</summary>
internal sealed class TheWatch
{
    public static readonly Guid Dan = DeterministicGuid.From("dan");

    private readonly MarketModel _model;
    private readonly MarketWatch _watch;
    private MarketState _market;
    private int _orders;

    /// <summary>Everybody has more cash and units of everything than will be needed, since Monday morning; Cem has some of the authority's.</summary>
    public TheWatch(Rules? rules, params IEnumerable<PolicyPack> after)
    {
        ImmutableArray<PolicyPack> packs = [Pack with { Trading = Pack.Trading with { Surveillance = rules } }, .. after];
        (_model, _watch) = (new MarketModel(packs), new MarketWatch(packs));
        _market = _model.Initial();
        foreach (var who in (Guid[])[Ann, Bob, Cem, Dan, .. Enumerable.Range(1, 10).Select(Hand)])
            Commit([Cash(who, 1_000_000_000), Units(who, 1_000_000), Units(who, 1_000_000, Ruled)]);
        Commit([Issued(Cem, 1_000)]);
    }

    public static Guid Hand(int number) => DeterministicGuid.From($"hand {number}");

    public List<Alert> Alerts { get; } = [];

    public long Version => _watch.Version;

    public long Withheld => _watch.Withheld;

    public TheWatch Do(params IEnumerable<MarketCommand> commands)
    {
        foreach (var command in commands)
            Commit(_model.Decide(_market, command) is Decision<MarketEvent>.Accepted accepted
                ? accepted.Events
                : throw new ShouldAssertException($"{command} was refused: {_model.Decide(_market, command)}"));
        return this;
    }

    /// <summary>The seller's order rests until the buyer takes it.</summary>
    public TheWatch Sells(Guid seller, Guid buyer, long quantity, DateTimeOffset? at = null, string instrument = Plain, long price = 100) => Do(
        Sell(seller, $"order {++_orders}", quantity, price, instrument, at: at), Buy(buyer, $"order {++_orders}", quantity, price, instrument, at: at));

    public TheWatch OrdersAndCancels(Guid who, string order, DateTimeOffset? at = null) =>
        Do(Buy(who, order, 1, 50, at: at), new CancelOrder(Id(order), who, at ?? Morning));

    /// <summary>The day ends as legal time comes to it.</summary>
    public TheWatch DayEnds(int daysLater = 0) => Do(new AdvanceTime(At(15, 0, daysLater)));

    public Alert Raised()
    {
        var alert = Alerts.ShouldHaveSingleItem();
        alert.Proofs.Select(proof => proof.Version).ShouldBeInOrder();
        alert.Proofs.ShouldAllBe(proof => proof.Version > 0 && proof.Version <= Version);
        return alert;
    }

    public void RaisedNothing() => Alerts.ShouldBeEmpty();

    private void Commit(ImmutableArray<MarketEvent> events)
    {
        if (events.IsEmpty)
            return;
        _market = events.Aggregate(_market, _model.Evolve);
        Alerts.AddRange(_watch.Evolve(new CommittedCommand(Guid.Empty, _watch.Version + 1, [.. events])));
    }
}
