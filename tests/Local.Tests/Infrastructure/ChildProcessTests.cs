using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Tests.Infrastructure;

public sealed class ChildProcessTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("carbonmarket-child-");

    [Fact]
    public async Task A_child_can_speak_on_when_the_disk_is_full()
    {
        using var log = new BoundedLog("/dev/full");
        using var child = await ChildProcess.Start(new("head", ["-c", "1000000", "/dev/zero"], "/", log));

        (await child.Exited.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(0);
    }

    [Fact]
    public async Task A_child_killed_the_moment_it_is_made_is_dead()
    {
        using var log = new BoundedLog(Path.Combine(directory.FullName, "log"));
        for (var times = 0; times < 50; times++)
        {
            using var child = await ChildProcess.Start(new("sleep", ["1000"], "/", log));
            (await child.Kill().WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(137);
        }
    }

    [Fact]
    public void A_log_goes_on_when_the_disk_has_room_again()
    {
        using var log = new BoundedLog(Path.Combine(directory.FullName, "blocked", "log"));
        File.WriteAllText(Path.Combine(directory.FullName, "blocked"), "a file where the directory of the log should be");
        log.WriteLine("lost");
        File.Delete(Path.Combine(directory.FullName, "blocked"));

        log.WriteLine("kept");

        BoundedLog.Tail(log.Path, 10).ShouldBe(["kept"]);
    }

    [Fact]
    public void A_child_that_still_speaks_when_its_log_is_closed_does_not_bring_the_file_back()
    {
        var log = new BoundedLog(Path.Combine(directory.FullName, "closed", "log"));
        log.WriteLine("early");
        log.Dispose();
        Directory.Delete(Path.Combine(directory.FullName, "closed"), recursive: true);

        log.WriteLine("late");

        Directory.Exists(Path.Combine(directory.FullName, "closed")).ShouldBeFalse();
    }

    public void Dispose() => directory.Delete(recursive: true);
}
