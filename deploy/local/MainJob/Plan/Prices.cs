namespace CarbonMarket.MainJob.Plan;

/// <summary>
/// What the invented orders offer, in pence a tonne, around a level for each year. Buyers reach a little higher than
/// sellers ask, so most of what is offered finds a taker and some of it does not.
/// </summary>
public sealed class Prices
{
    private readonly long _level;

    public Prices(long seed, int year)
    {
        _level = SeededRandom.For(seed, "price-level", year).Between(4000, 7000);
    }

    /// <summary>No buyer ever offers more; cash for the year is deposited at this price.</summary>
    public long Highest => Percent(120);

    /// <summary>No bid is below it, so a reserve price at this level refuses nobody.</summary>
    public long Reserve => Percent(60);

    public long Bid(SeededRandom random) => random.Between(Percent(85), Highest);

    public long LastBid(SeededRandom random) => random.Between(Percent(95), Highest);

    public long Buy(SeededRandom random) => random.Between(Percent(97), Percent(112));

    public long Sell(SeededRandom random) => random.Between(Percent(90), Percent(106));

    private long Percent(long percent) => _level * percent / 100;
}
