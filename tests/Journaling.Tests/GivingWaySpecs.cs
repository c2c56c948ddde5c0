namespace CarbonMarket.Journaling.Tests;

public sealed class GivingWaySpecs
{
    [Fact]
    public async Task What_gives_way_leaves_the_machine_to_the_others_and_they_do_not_give_way_because_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux gives each thread a niceness of its own.");
        var before = NicenessOfThisThread();

        var during = await GivingWay.Run(NicenessOfThisThread);

        during.ShouldBe(GivingWay.Niceness);
        var others = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount * 4).Select(_ => Task.Run(NicenessOfThisThread)));
        others.ShouldAllBe(niceness => niceness == before);
    }

    /// <summary>The nineteenth field of what the kernel tells of a thread; the second, its name, is in brackets and may hold spaces.</summary>
    private static int NicenessOfThisThread()
    {
        var told = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(told[(told.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture);
    }
}
