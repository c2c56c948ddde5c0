using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Tests.Market;

public sealed class UsedIdsSpecs
{
    [Fact]
    public void The_newest_are_known_and_the_oldest_forgotten_first_also_after_a_restart()
    {
        var used = new UsedIds();
        for (var number = 0; number < UsedIds.Most; number++)
            used.Add(Numbered(number));
        used.Add(Numbered(0));
        used.Contains(Numbered(0)).ShouldBeTrue("Nothing is forgotten for an id that was known.");

        var restored = new UsedIds();
        restored.Load(used.Save());
        foreach (var ids in new[] { used, restored })
        {
            ids.Add(Numbered(UsedIds.Most));
            ids.Contains(Numbered(0)).ShouldBeFalse();
            ids.Contains(Numbered(1)).ShouldBeTrue();
            ids.Contains(Numbered(UsedIds.Most)).ShouldBeTrue();
        }
    }

    private static Guid Numbered(int number) => new(number, 0, 0, new byte[8]);
}
