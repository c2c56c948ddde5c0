using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Testing;

namespace CarbonMarket.Local.Tests.Infrastructure;

public sealed class ProcessIdentityTests
{
    [Fact]
    public async Task Orphans_of_a_server_are_known_by_their_program_too_since_anybody_may_stand_in_its_directory()
    {
        var directory = Directory.CreateTempSubdirectory("carbonmarket-bystander-");
        using var log = new BoundedLog(Path.Combine(directory.FullName, "log"));
        using var bystander = await ChildProcess.Start(new("sleep", ["1000"], directory.FullName, log));

        await Eventually.Holds("it is sleep and nothing else",
            () => ProcessIdentity.WorkingIn(directory.FullName, "sleep").Contains(bystander.Identity));
        var orphans = ProcessIdentity.WorkingIn(directory.FullName, "postgres").ToArray();

        await bystander.Kill();
        directory.Delete(recursive: true);
        orphans.ShouldBeEmpty();
    }
}
