using CarbonMarket.Kernel;
using CarbonMarket.Trading.CallAuctions;
using CsCheck;

namespace CarbonMarket.Trading.Tests.CallAuctions;

public sealed class UncrossingProperties
{
    private static readonly Gen<List<LimitQuantity>> Levels = Gen.Select(
        Gen.Int[1, 60], Gen.Int[1, 9], (tick, units) => new LimitQuantity(tick * 5L, units)).List[0, 12]
        .Select(levels => levels.DistinctBy(level => level.Price).ToList());

    [Theory]
    [InlineData(100, 95, 100)]
    [InlineData(80, 95, 95)]
    [InlineData(120, 95, 105)]
    public void Where_nothing_else_decides_the_price_stays_nearest_the_reference(long reference, long ask, long expected) =>
        Uncrossing.Of([new(105, 10)], [new(ask, 10)], reference, tick: 5).ShouldBe(new CallPrice(Price.OfMinor(expected), Quantity.Of(10), 0));

    [Fact]
    public void The_volume_decides_before_the_surplus_and_the_surplus_before_the_reference()
    {
        // At 100 eight trade, at any other price fewer.
        Uncrossing.Of([new(105, 3), new(100, 5)], [new(95, 4), new(100, 4)], 200, 5).ShouldBe(new CallPrice(Price.OfMinor(100), Quantity.Of(8), 0));
        // From 95 to 105 five trade; at 105 two bids are left, below it four.
        Uncrossing.Of([new(105, 7), new(100, 2)], [new(95, 5)], 95, 5).ShouldBe(new CallPrice(Price.OfMinor(105), Quantity.Of(5), 2));
    }

    [Fact]
    public void Who_do_not_reach_each_other_find_no_price()
    {
        Uncrossing.Of([new(95, 1)], [new(100, 1)], 100, 5).ShouldBeNull();
        Uncrossing.Of([], [new(100, 1)], 100, 5).ShouldBeNull();
    }

    [Fact]
    public void The_price_is_what_trying_every_tick_finds() => Gen.Select(Levels, Levels, Gen.Long[1, 70]).Sample((bids, asks, near) =>
    {
        var (falling, rising) = (bids.OrderByDescending(bid => bid.Price).ToList(), asks.OrderBy(ask => ask.Price).ToList());
        Uncrossing.Of(falling, rising, near * 5, 5).ShouldBe(ByTrying(bids, asks, near * 5));
    }, iter: 5_000);

    private static CallPrice? ByTrying(List<LimitQuantity> bids, List<LimitQuantity> asks, long near)
    {
        var tried = Enumerable.Range(1, 70).Select(tick => tick * 5L).Select(price =>
        {
            var demand = bids.Where(bid => bid.Price >= price).Sum(bid => bid.Quantity);
            var supply = asks.Where(ask => ask.Price <= price).Sum(ask => ask.Quantity);
            return new CallPrice(Price.OfMinor(price), Quantity.Of(Math.Min(demand, supply)), demand - supply);
        }).Where(price => !price.Volume.IsZero);
        var best = tried.OrderByDescending(price => price.Volume).ThenBy(price => Math.Abs(price.Surplus))
            .ThenBy(price => Math.Abs(price.Price.MinorPerUnit - near))
            .ThenBy(price => price.Surplus > 0 ? -price.Price.MinorPerUnit : price.Price.MinorPerUnit).ToList();
        return best.Count == 0 ? null : best[0];
    }
}
