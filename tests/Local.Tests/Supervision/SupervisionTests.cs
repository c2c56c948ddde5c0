using System.Net;
using System.Net.Sockets;
using CarbonMarket.Local.Infrastructure;
using CarbonMarket.Local.Supervision;
using CarbonMarket.Testing;
using Npgsql;

namespace CarbonMarket.Local.Tests.Supervision;

public sealed class SupervisionTests(OwnSystem system) : IClassFixture<OwnSystem>
{
    [Fact]
    public async Task A_second_start_says_what_runs_and_touches_nothing()
    {
        await system.Up();
        var before = system.LastStatus;

        var (exitCode, output) = await system.Type();

        exitCode.ShouldBe(0, output);
        output.ShouldContain("already runs");
        foreach (var server in before.Servers)
            output.ShouldContain($"pid {server.Process!.Id}");
        output.ShouldContain(before.Gateway.ToString());
        system.LastStatus.Servers.Select(server => server.Process).ShouldBe(before.Servers.Select(server => server.Process));
    }

    [Theory]
    [InlineData("postgresql")]
    [InlineData("rabbitmq")]
    public async Task A_killed_server_comes_back_on_the_same_port(string name)
    {
        await system.Up();
        var before = Server(name);

        Signals.Send(before.Process!.Id, UnixSignal.Kill);

        await Eventually.Holds($"{name} is back",
            () => Server(name) is { State: ServerState.Ready } now && now.Process != before.Process, TimeSpan.FromSeconds(60));
        Server(name).Address.ShouldBe(before.Address);
        Server(name).Restarts.ShouldBe(before.Restarts + 1);
    }

    [Fact]
    public async Task All_servers_die_with_a_killed_supervisor_and_the_next_one_finds_their_data()
    {
        await system.Up();
        await Ask("CREATE TABLE IF NOT EXISTS fact (id int); DELETE FROM fact; INSERT INTO fact VALUES (42)");
        var before = system.LastStatus;

        Signals.Send(before.Supervisor.Id, UnixSignal.Kill);
        await Eventually.Holds("all servers are gone", () => before.Servers.All(server => !server.Process!.IsAlive));
        (await system.Type("status")).ExitCode.ShouldBe(3);
        await system.Up();

        (await Ask("SELECT id FROM fact")).ShouldBe(42);
        system.LastStatus.Supervisor.ShouldNotBe(before.Supervisor);
    }

    [Fact]
    public async Task Of_two_starts_at_once_one_starts_and_the_other_says_what_runs()
    {
        await system.Type("stop");

        var both = await Task.WhenAll(system.Up(), system.Up());

        both.Count(output => output.Contains("already runs", StringComparison.Ordinal)).ShouldBe(1, string.Join('\n', both));
    }

    [Fact]
    public async Task A_server_is_kept_alive_even_while_the_status_cannot_be_written()
    {
        await system.Up();
        var first = Server("postgresql").Process!;
        var inTheWay = Directory.CreateDirectory(system.Checkout.Status + ".new");
        ServerStatus second;
        try
        {
            Signals.Send(first.Id, UnixSignal.Kill);

            second = await Eventually.Gives("another PostgreSQL serves", async () =>
                (await ControlClient.Status(system.Checkout, TestContext.Current.CancellationToken))!.Servers
                .Single(server => server.Name == "postgresql"), now => now.State == ServerState.Ready && now.Process != first);
        }
        finally
        {
            inTheWay.Delete();
        }

        Signals.Send(second.Process!.Id, UnixSignal.Kill);

        await Eventually.Holds("the file tells of a third one",
            () => Server("postgresql") is { State: ServerState.Ready } now && now.Process != first && now.Process != second.Process);
    }

    [Theory]
    [InlineData("postgresql")]
    [InlineData("PostgreSQL")]
    public async Task The_log_of_a_service_is_found_however_its_name_is_written(string name)
    {
        await system.Up();

        var (exitCode, output) = await system.Type("logs", name);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("database system is ready to accept connections");
    }

    [Fact]
    public async Task Faulty_files_are_refused_before_a_fresh_market_is_opened()
    {
        await system.Up();
        var before = system.LastStatus;
        var faulty = Path.Combine(system.Checkout.Home, "faulty.csv");
        await File.WriteAllTextAsync(faulty, "operator_id,first_year\n1000000,soon\n", TestContext.Current.CancellationToken);

        var (exitCode, output) = await system.Type("job", "--operators", faulty);

        exitCode.ShouldBe(2, output);
        output.ShouldContain("nothing was imported");
        system.State.Generation.ShouldBe(before.Generation);
        system.LastStatus.Servers.Select(server => server.Process).ShouldBe(before.Servers.Select(server => server.Process));
    }

    [Fact]
    public async Task A_remembered_port_that_somebody_took_is_replaced_and_that_is_said()
    {
        await system.Up();
        (await system.Type("stop")).ExitCode.ShouldBe(0);
        var port = system.State.Ports["rabbitmq"];
        using var somebody = new TcpListener(IPAddress.Loopback, port);
        somebody.Start();

        var output = await system.Up();

        output.ShouldContain($"Port {port} of rabbitmq is taken by another program");
        system.State.Ports["rabbitmq"].ShouldNotBe(port);
        Server("rabbitmq").Address.ShouldBe($"127.0.0.1:{system.State.Ports["rabbitmq"]}");
    }

    [Fact]
    public async Task A_fresh_market_has_databases_of_its_own_and_leaves_the_old_ones()
    {
        await system.Up();
        await Ask("CREATE TABLE IF NOT EXISTS history (id int)");
        var old = system.State.Generation;

        await foreach (var reply in ControlClient.Ask(system.Checkout, ControlRequest.FreshMarket, TestContext.Current.CancellationToken))
            reply.Kind.ShouldNotBe(ControlReply.Failed, reply.Text);

        system.State.Generation.ShouldBe(old + 1);
        (await Ask("SELECT count(*) FROM pg_tables WHERE tablename = 'history'")).ShouldBe(0L);
        (await Ask("SELECT count(*) FROM pg_tables WHERE tablename = 'history'", old)).ShouldBe(1L);
    }

    [Fact]
    public async Task A_service_may_enter_its_own_database_only()
    {
        await system.Up();

        var intruder = await Should.ThrowAsync<PostgresException>(() => Ask("SELECT 1", account: "trading"));

        intruder.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Secrets_are_readable_by_their_owner_only()
    {
        await system.Up();

        foreach (var file in new[] { system.Checkout.Secrets, system.Checkout.SigningKey, system.Checkout.In("rabbitmq/rabbitmq.conf") })
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_clean_system_however_deep_its_folder_lies()
    {
        // A socket's path may have 107 bytes.
        await using var other = new OwnSystem(Path.Combine(Enumerable.Repeat("a folder of a deep checkout", 5).ToArray()));
        (await other.Type("status")).ExitCode.ShouldBe(3);
        await other.Up();
        var servers = other.LastStatus.Servers;

        (await other.Type("clean")).ExitCode.ShouldBe(0);

        servers.ShouldAllBe(server => !server.Process!.IsAlive);
        Directory.Exists(other.Checkout.Home).ShouldBeFalse();
    }

    private ServerStatus Server(string name) => system.LastStatus.Servers.Single(server => server.Name == name);

    private async Task<object?> Ask(string sql, int? generation = null, string account = "audit")
    {
        var secrets = LocalJson.Read<LocalSecrets>(system.Checkout.Secrets)!;
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={system.State.Ports["postgresql"]};Database=m{generation ?? system.State.Generation}_audit;"
            + $"Username={account};Password={secrets.Services[account]};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // The tests' own statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
