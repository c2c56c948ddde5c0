using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Local.Supervision;
using CarbonMarket.Testing;

namespace CarbonMarket.Local.Tests;

/// <summary>What <c>./run</c> and <c>./test</c> share, in a small checkout whose <c>dotnet</c> only pretends to build.</summary>
public sealed class ToolsTests : IDisposable
{
    // Remembers each build, takes a moment over it and leaves a compiler server behind.
    private const string PretendingDotNet = """
        #!/bin/bash
        [ "$1" = build ] || { echo 10.0.100; exit; }
        for word; do [[ "$word" != -p:SharedCompilationId=* ]] || id="${word#*=}"; done
        echo "begin $2" >>"$ROOT/artifacts/builds"
        sleep 0.3
        (exec -a VBCSCompiler sh -c 'sleep 1000 & trap "kill $!" TERM; wait' x "-pipename:$id") </dev/null >/dev/null 2>&1 &
        echo $! >>"$ROOT/artifacts/compilers"
        until grep -q pipename "/proc/$!/cmdline"; do sleep 0.01; done
        echo "end $2" >>"$ROOT/artifacts/builds"
        """;

    private static readonly UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("carbonmarket checkout ");

    public ToolsTests()
    {
        root.CreateSubdirectory("artifacts");
        root.CreateSubdirectory("bin");
        Write("bin/dotnet", PretendingDotNet);
        File.SetUnixFileMode(In("bin/dotnet"), Executable);
        Source("1");
    }

    [Fact]
    public async Task What_was_built_from_these_sources_is_not_built_again()
    {
        await Bash("build system.slnf system");

        (await Bash("build system.slnf system")).ShouldBe("");

        Builds.ShouldBe(["begin system.slnf", "end system.slnf"]);
    }

    [Fact]
    public async Task What_another_target_was_built_over_from_other_sources_is_built_again()
    {
        await Bash("build system.slnf system");
        Source("2");
        await Bash("build all.sln tests");
        Source("1");

        (await Bash("build system.slnf system")).ShouldContain("Building system");
    }

    [Fact]
    public async Task Changing_adding_or_removing_a_source_is_noticed_but_not_a_document()
    {
        var first = await Bash("fingerprint");
        Write("README.md", "words");
        (await Bash("fingerprint")).ShouldBe(first);
        Write("Added.cs", "2");
        var added = await Bash("fingerprint");
        added.ShouldNotBe(first);
        Write("Added.cs", "3");
        (await Bash("fingerprint")).ShouldNotBe(added);
        File.Delete(In("Added.cs"));
        (await Bash("fingerprint")).ShouldBe(first);
    }

    [Fact]
    public async Task Two_builds_at_once_take_turns_and_the_second_finds_the_work_done()
    {
        var both = await Task.WhenAll(Bash("build system.slnf system"), Bash("build system.slnf system"));

        Builds.ShouldBe(["begin system.slnf", "end system.slnf"]);
        both.Count(said => said.Contains("waiting for it", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Whatever_a_build_leaves_running_holds_no_lock_and_its_compiler_is_ended()
    {
        await Bash("build system.slnf system");

        (await Bash("""flock --nonblock "$ARTIFACTS/.lock" echo free""")).ShouldBe("free\n");
        var compiler = int.Parse(await File.ReadAllTextAsync(In("artifacts/compilers"), TestContext.Current.CancellationToken));
        await Eventually.Holds("the compiler is gone", () => ProcessIdentity.Of(compiler) is null);
    }

    [Theory]
    [InlineData("DOTNET_ENVIRONMENT=Production")]
    [InlineData("ASPNETCORE_HTTPS_PORTS=443")]
    [InlineData("DOTNET_STARTUP_HOOKS=/tmp/hook.dll")]
    [InlineData("ConnectionStrings__Postgres=Host=production")]
    [InlineData("RABBITMQ_USE_LONGNAME=true")]
    [InlineData("PGOPTIONS=-c default_transaction_read_only=on")]
    public async Task What_the_users_shell_says_to_other_programs_does_not_reach_ours(string variable) =>
        (await Bash(PrintOne(variable), variable)).ShouldBe("");

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317")]
    [InlineData("Logging__LogLevel__Default=Debug")]
    [InlineData("DOTNET_ROOT=/opt/dotnet")]
    [InlineData("https_proxy=http://proxy:3128")]
    public async Task What_the_user_wants_of_ours_does(string variable) =>
        (await Bash(PrintOne(variable), variable)).ShouldBe(variable.Split('=')[1] + "\n");

    [Theory]
    [InlineData("nothing=", "127.0.0.1,localhost")]
    [InlineData("no_proxy=example.com", "example.com,127.0.0.1,localhost")]
    [InlineData("NO_PROXY=example.com", "example.com,127.0.0.1,localhost")]
    public async Task No_proxy_stands_between_our_programs(string variable, string expected) =>
        (await Bash("""unset no_proxy NO_PROXY; export "$GIVEN"; . "$TOOLS"; printenv no_proxy NO_PROXY""", "GIVEN=" + variable))
            .ShouldBe($"{expected}\n{expected}\n");

    public void Dispose() => root.Delete(recursive: true);

    private string[] Builds => File.ReadAllLines(In("artifacts/builds"));

    private string In(string name) => Path.Combine(root.FullName, name);

    private static string PrintOne(string variable) => $"printenv {variable.Split('=')[0]} || true";

    private void Source(string content) => Write("Source.cs", content);

    private void Write(string name, string content) => File.WriteAllText(In(name), content);

    /// <summary>What <c>./run</c> would see with these variables in the user's shell.</summary>
    private async Task<string> Bash(string script, params string[] variables)
    {
        string[] environment =
        [
            $"PATH={In("bin")}:{Environment.GetEnvironmentVariable("PATH")}", $"ROOT={root.FullName}",
            $"TOOLS={Path.Combine(Checkout.Here().Root, "deploy", "local", "tools.sh")}", .. variables,
        ];
        return await Tool.Run("env", [.. environment, "bash", "-c", $"set -euo pipefail; . \"$TOOLS\"; {script}"], TestContext.Current.CancellationToken);
    }
}
