using System.Text.Json;
using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Tests.Supervision;

public sealed class LeftoversTests : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("carbonmarket-leftovers-");
    private ChildProcess server = null!;

    [Fact]
    public async Task What_a_dead_supervisor_left_is_ended()
    {
        await Remember(directory.FullName, supervisor: new(Environment.ProcessId, StartTicks: 1));

        await End();

        (await server.Exited.WaitAsync(TimeSpan.FromSeconds(10))).ShouldNotBe(0);
    }

    [Fact]
    public async Task In_a_copy_of_a_running_checkout_the_status_names_servers_that_are_not_left_over()
    {
        await Remember(directory.FullName, supervisor: ProcessIdentity.Of(Environment.ProcessId)!);

        await End();

        server.Identity.IsAlive.ShouldBeTrue();
    }

    [Fact]
    public async Task A_copied_status_tells_nothing_about_this_folder()
    {
        await Remember("/somewhere/else/.local", supervisor: new(Environment.ProcessId, StartTicks: 1));

        await End();

        server.Identity.IsAlive.ShouldBeTrue();
    }

    public async ValueTask InitializeAsync() =>
        server = await ChildProcess.Start(new("sleep", ["1000"], "/", new(Path.Combine(directory.FullName, "log"))));

    public async ValueTask DisposeAsync()
    {
        await server.Kill();
        server.Dispose();
        directory.Delete(recursive: true);
    }

    private Checkout Checkout => CarbonMarket.Local.Supervision.Checkout.Here() with { Home = directory.FullName };

    private Task End() => Leftovers.End(Checkout, _ => { }, TestContext.Current.CancellationToken);

    private async Task Remember(string home, ProcessIdentity supervisor)
    {
        var nowhere = new Uri("http://127.0.0.1:1/");
        await new LocalState("0123abcd", home, 1, Path.Combine(home, "postgres"), new Dictionary<string, int>(StringComparer.Ordinal))
            .Save(Checkout, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Checkout.Status, JsonSerializer.Serialize(
            new SystemStatus(supervisor, SystemState.Running, 1, nowhere, nowhere, nowhere, [],
                [new("sleep", ServerState.Ready, server.Identity, null, 0, null, null)]),
            LocalJson.Pretty));
    }
}
