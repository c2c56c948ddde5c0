namespace CarbonMarket.MainJob.Plan;

public sealed class SeededRandomProperties
{
    [Fact]
    public void A_seed_gives_the_same_numbers_for_ever() =>
        Enumerable.Range(0, 4).Select(_ => SeededRandom.For(7, "bid", 2021, "1000001").Below(1_000_000)).Distinct()
            .ShouldBe([PinnedNumber]);

    [Fact]
    public void Seed_purpose_year_and_operator_each_change_them()
    {
        long First(long seed, string purpose, int year, string id) => SeededRandom.For(seed, purpose, year, id).Below(long.MaxValue);
        new[]
        {
            First(7, "bid", 2021, "1"), First(8, "bid", 2021, "1"), First(7, "ask", 2021, "1"), First(7, "bid", 2022, "1"),
            First(7, "bid", 2021, "2"),
        }.Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void Numbers_stay_within_their_bounds()
    {
        var random = SeededRandom.For(1, "bounds", 2021);
        var drawn = Enumerable.Range(0, 10_000).Select(_ => random.Between(3, 9)).ToList();
        (drawn.Min(), drawn.Max()).ShouldBe((3, 9));
    }

    [Fact]
    public void Shuffling_keeps_every_item()
    {
        var items = Enumerable.Range(0, 500).ToList();
        var shuffled = SeededRandom.For(1, "shuffle", 2021).Shuffled(items);
        shuffled.Order().ShouldBe(items);
        shuffled.ShouldNotBe(items);
    }

    /// <summary>Written down when the generator was: another number here would play every market anew.</summary>
    private const long PinnedNumber = 788_419;
}
