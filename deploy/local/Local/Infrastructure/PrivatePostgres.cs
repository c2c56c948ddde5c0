using System.Globalization;
using Npgsql;

namespace CarbonMarket.Local.Infrastructure;

/// <param name="Directory">Made if absent. PostgreSQL refuses to run as root; the cluster then belongs to <c>postgres</c>.</param>
/// <param name="Password">Of the superuser <c>carbonmarket</c>.</param>
public sealed record PostgresSettings(string Directory, int Port, string Password, BoundedLog Log)
{
    public int SharedBuffersMegabytes { get; init; } = 512;
}

/// <summary>
/// A PostgreSQL cluster of our own on 127.0.0.1: passwords by SCRAM, no socket files, every commit flushed to disk.
/// </summary>
public sealed class PrivatePostgres(PostgresSettings settings) : IServer
{
    public const string Superuser = "carbonmarket";

    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(5);

    public string Name => "postgresql";

    public string? Address => $"127.0.0.1:{settings.Port}";

    /// <summary>Fast shutdown: sessions are ended, a checkpoint is written.</summary>
    public UnixSignal StopSignal => UnixSignal.Interrupt;

    public TimeSpan StopPatience => TimeSpan.FromSeconds(20);

    private string Cluster => Path.Combine(settings.Directory, "cluster");

    private static string? Account => Tool.IsRoot ? "postgres" : null;

    public string ConnectionString(string database, string user = Superuser, string? password = null) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = settings.Port,
            Database = database,
            Username = user,
            Password = password ?? settings.Password,
            IncludeErrorDetail = true,
            MaxPoolSize = 30,
        }.ConnectionString;

    public async Task<ChildProcess> Launch(CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(Cluster, "PG_VERSION")))
            await CreateCluster(ct);
        await ClearAfterCrash(ct);
        await File.WriteAllTextAsync(Path.Combine(Cluster, "postgresql.conf"), Configuration(), ct);
        return await ChildProcess.Start(new(PostgresBinaries.Path("postgres"), ["-D", Cluster], "/", settings.Log)
        {
            RunAs = Account,
            DeathSignal = UnixSignal.Interrupt,
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["LC_ALL"] = "C.UTF-8",
                // What a statement of thousands of rows took is kept for the next one: given back and taken again, a page at a time,
                // it costs a sixth of what the rows do.
                ["MALLOC_TRIM_THRESHOLD_"] = "67108864",
                ["MALLOC_MMAP_THRESHOLD_"] = "33554432",
            },
        });
    }

    public async Task<bool> Answers(CancellationToken ct)
    {
        try
        {
            await using var connection = await Connect("postgres", ct);
            await using var probe = new NpgsqlCommand("SELECT 1", connection);
            return await probe.ExecuteScalarAsync(ct) is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>A database and the one account that owns and may enter it; both may exist already.</summary>
    /// <param name="keepsJournal">The account may leave out the server's own checks where a statement makes them itself (ADR 30).</param>
    public async Task CreateDatabase(string name, string owner, string ownerPassword, bool keepsJournal, CancellationToken ct)
    {
        await using var connection = await Connect("postgres", ct);
        if (!await Exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", owner, ct))
            await Execute(connection, $"CREATE ROLE {Quoted(owner)} LOGIN PASSWORD {Literal(ownerPassword)}", ct);
        if (!await Exists(connection, "SELECT 1 FROM pg_database WHERE datname = $1", name, ct))
            await Execute(connection, $"CREATE DATABASE {Quoted(name)} OWNER {Quoted(owner)}", ct);
        if (keepsJournal)
            await Execute(connection, $"GRANT SET ON PARAMETER session_replication_role TO {Quoted(owner)}", ct);
        await Execute(connection, $"REVOKE CONNECT ON DATABASE {Quoted(name)} FROM PUBLIC", ct);
    }

    /// <summary>Whether the account that would run PostgreSQL may walk into a directory; it is our own unless we are root.</summary>
    public static async Task<bool> CanEnter(string directory, CancellationToken ct) => Account is not { } account
        || (await Tool.Try("setpriv", ["--reuid", account, "--regid", account, "--init-groups", "--", "test", "-x", directory], ct)).ExitCode == 0;

    /// <summary>Removes the cluster; the server must not run.</summary>
    public void Delete()
    {
        if (Directory.Exists(settings.Directory))
            Directory.Delete(settings.Directory, recursive: true);
    }

    private async Task CreateCluster(CancellationToken ct)
    {
        Directory.CreateDirectory(settings.Directory);
        if (Directory.Exists(Cluster))
            Directory.Delete(Cluster, recursive: true);
        await Tool.Run("install", ["-d", "-m", "700", .. Owner(), Cluster], ct);
        var passwordFile = Path.Combine(settings.Directory, "initdb-password");
        await Tool.Run("install", ["-m", "600", .. Owner(), "/dev/null", passwordFile], ct);
        try
        {
            await File.WriteAllTextAsync(passwordFile, settings.Password, ct);
            await RunAsAccount(PostgresBinaries.Path("initdb"),
                ["-D", Cluster, "-U", Superuser, "--pwfile", passwordFile, "-E", "UTF8", "--locale=C.UTF-8",
                    "--auth-local=reject", "--auth-host=scram-sha-256"], ct);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>
    /// A killed postmaster leaves its pid file, and its sessions take a moment to notice, and another to let go of the memory
    /// they shared, without which the next one does not start. PostgreSQL clears a stale pid file itself unless the number has
    /// been given to another process meanwhile, so we look who it really is.
    /// </summary>
    private async Task ClearAfterCrash(CancellationToken ct)
    {
        var orphans = ProcessIdentity.WorkingIn((await Tool.Run("realpath", [Cluster], ct)).Trim(), "postgres").ToArray();
        foreach (var orphan in orphans)
            Signals.Send(orphan.Id, UnixSignal.Quit);
        var pidFile = Path.Combine(Cluster, "postmaster.pid");
        var sharedMemory = File.Exists(pidFile) ? SharedMemoryOf(await File.ReadAllLinesAsync(pidFile, ct)) : null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(OrphanPatience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (Array.Exists(orphans, orphan => orphan.IsAlive) || IsAttached(sharedMemory))
                await ticks.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            foreach (var orphan in orphans.Where(orphan => orphan.IsAlive))
                Signals.Send(orphan.Id, UnixSignal.Kill);
        }
        File.Delete(pidFile);
    }

    /// <summary>The seventh line has the key and the id of the memory the server shares; null where it came not that far.</summary>
    private static string? SharedMemoryOf(string[] pidFile) => pidFile is [_, _, _, _, _, _, var line, ..] && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var id] ? id : null;

    /// <summary>In the kernel's list: key, id, permissions, size, creator, last user, how many are attached.</summary>
    private static bool IsAttached(string? sharedMemory) => sharedMemory is not null && File.ReadLines("/proc/sysvipc/shm")
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Any(columns => columns[1] == sharedMemory && columns[6] != "0");

    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $"""
        # Written at each start by deploy/local; edits are lost.
        listen_addresses = '127.0.0.1'
        port = {settings.Port}
        unix_socket_directories = ''
        max_connections = 300
        password_encryption = 'scram-sha-256'

        # Durability is never traded for speed here.
        fsync = on
        synchronous_commit = on
        full_page_writes = on

        shared_buffers = {settings.SharedBuffersMegabytes}MB
        effective_cache_size = 1GB
        work_mem = 8MB
        maintenance_work_mem = 64MB
        wal_level = minimal
        max_wal_senders = 0
        wal_buffers = 16MB
        min_wal_size = 1GB
        max_wal_size = 2GB
        checkpoint_timeout = 15min
        random_page_cost = 1.1
        jit = off
        # Two cores are busy with seven services; parallel plans would also need a large /dev/shm.
        max_parallel_workers_per_gather = 0

        log_destination = 'stderr'
        logging_collector = off
        log_line_prefix = '%m [%p] %d '
        log_timezone = 'UTC'
        timezone = 'UTC'
        datestyle = 'iso, ymd'
        default_text_search_config = 'pg_catalog.simple'

        """);

    private async Task<NpgsqlConnection> Connect(string database, CancellationToken ct)
    {
        // Pooled connections would survive a crash of the server as broken ones.
        var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Timeout=5");
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string[] Owner() => Account is { } account ? ["-o", account, "-g", account] : [];

    private static Task<string> RunAsAccount(string program, string[] arguments, CancellationToken ct) => Account is { } account
        ? Tool.Run("setpriv", ["--reuid", account, "--regid", account, "--init-groups", "--", program, .. arguments], ct)
        : Tool.Run(program, arguments, ct);

    private static async Task<bool> Exists(NpgsqlConnection connection, string query, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(ct) is not null;
    }

    private static async Task Execute(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
        // Names and passwords cannot be parameters of DDL; both are quoted by the functions below.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
