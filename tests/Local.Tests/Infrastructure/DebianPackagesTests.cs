using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Testing;

namespace CarbonMarket.Local.Tests.Infrastructure;

public sealed class DebianPackagesTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("carbonmarket-packages-");
    private readonly BoundedLog log;

    public DebianPackagesTests() => log = new(In("log"));

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_broken_off_installation_leaves_the_systems_services_as_they_were(string signal)
    {
        using var installation = await Install("touch began; exec sleep 1000");
        await Eventually.Holds("apt-get runs", () => File.Exists(In("began")));
        File.Exists(In("policy-rc.d")).ShouldBeTrue();

        // As the terminal does: to the shell and to what it runs.
        await Tool.Run("kill", ["-s", signal, "--", $"-{installation.Id}"], TestContext.Current.CancellationToken);

        (await installation.Exited.WaitAsync(TimeSpan.FromSeconds(10))).ShouldNotBe(0);
        File.Exists(In("policy-rc.d")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_installation_keeps_the_systems_services_off_and_then_removes_its_own_rule()
    {
        using var installation = await Install("""sh ./policy-rc.d; echo "$? $*" >>asked""");

        (await installation.Exited.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);

        (await File.ReadAllLinesAsync(In("asked"), TestContext.Current.CancellationToken))
            .ShouldBe(["101 update -qq", "101 install -y -qq --no-install-recommends one two"]);
        File.Exists(In("policy-rc.d")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_rule_that_was_there_stays()
    {
        await File.WriteAllTextAsync(In("policy-rc.d"), "exit 0\n", TestContext.Current.CancellationToken);
        using var installation = await Install("true");

        (await installation.Exited.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);

        (await File.ReadAllTextAsync(In("policy-rc.d"), TestContext.Current.CancellationToken)).ShouldBe("exit 0\n");
    }

    [Fact]
    public void Who_must_install_by_hand_is_told_how_to_stop_the_systems_own_services() =>
        DebianPackages.ByHand(["postgresql", "rabbitmq-server"]).ShouldContain("sudo systemctl disable --now postgresql rabbitmq-server");

    public void Dispose()
    {
        log.Dispose();
        directory.Delete(recursive: true);
    }

    private string In(string name) => Path.Combine(directory.FullName, name);

    private async Task<ChildProcess> Install(string aptGet)
    {
        await File.WriteAllTextAsync(In("apt-get"), $"#!/bin/sh\n{aptGet}\n");
        File.SetUnixFileMode(In("apt-get"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await ChildProcess.Start(new("sh", ["-c", DebianPackages.Install, In("policy-rc.d"), "one", "two"], directory.FullName, log)
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PATH"] = $"{directory.FullName}:{Environment.GetEnvironmentVariable("PATH")}",
            },
        });
    }
}
