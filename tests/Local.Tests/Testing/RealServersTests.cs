using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Npgsql;

namespace CarbonMarket.Local.Tests.Testing;

public sealed class RealServersTests
{
    [Fact]
    public async Task Two_databases_of_the_same_name_are_two_databases()
    {
        var one = await RealServers.CreateDatabase("twins", TestContext.Current.CancellationToken);
        var other = await RealServers.CreateDatabase("twins", TestContext.Current.CancellationToken);

        await Ask(one, "CREATE TABLE only_here (id int)");

        (await Ask(one, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'")).ShouldBe(1L);
        (await Ask(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Commits_are_flushed_to_disk()
    {
        var database = await RealServers.CreateDatabase("durable", TestContext.Current.CancellationToken);

        (await Ask(database, "SHOW fsync")).ShouldBe("on");
        (await Ask(database, "SHOW synchronous_commit")).ShouldBe("on");
    }

    [Fact]
    public async Task What_was_committed_is_there_after_PostgreSQL_was_killed_and_started_again()
    {
        await using var servers = RealServers.Own();
        var database = await servers.CreateDatabase("crash", TestContext.Current.CancellationToken);
        await Ask(database, "CREATE TABLE fact (id int)");
        await Ask(database, "INSERT INTO fact VALUES (42)");

        await servers.KillPostgres();
        await Should.ThrowAsync<NpgsqlException>(() => Ask(database, "SELECT id FROM fact"));
        await servers.RestartPostgres();

        (await Ask(database, "SELECT id FROM fact")).ShouldBe(42);
    }

    [Fact]
    public async Task A_killed_RabbitMQ_comes_back_with_its_virtual_hosts()
    {
        await using var servers = RealServers.Own();
        var address = new Uri(await servers.CreateVirtualHost(TestContext.Current.CancellationToken));

        await servers.KillRabbitMq();
        await servers.RestartRabbitMq();

        var later = new Uri(await servers.CreateVirtualHost(TestContext.Current.CancellationToken));
        later.Authority.ShouldBe(address.Authority);
        later.AbsolutePath.ShouldNotBe(address.AbsolutePath);
    }

    [Fact]
    public async Task Waiting_for_what_never_comes_ends_and_says_what_was_awaited()
    {
        var wait = () => Eventually.Gives("pigs fly", () => Task.FromResult(7), legs => legs == 2, TimeSpan.FromMilliseconds(120));

        (await wait.ShouldThrowAsync<TimeoutException>()).Message.ShouldBe("Within 0.1 s it never came to pass that pigs fly. Last seen: 7");
    }

    private static async Task<object?> Ask(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // The tests' own statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
