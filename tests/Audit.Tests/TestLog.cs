using System.Collections.Immutable;
using CarbonMarket.Audit.History;
using CarbonMarket.Audit.Log;
using CarbonMarket.Audit.Proof;
using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(RealServers))]

namespace CarbonMarket.Audit;

/// <summary>An audit log in a database of its own on a real PostgreSQL.</summary>
public sealed class TestLog : IAsyncDisposable
{
    private TestLog(NpgsqlDataSource database)
    {
        Database = database;
        Log = new AuditLog(database);
        History = new AuditHistory(database);
        Bids = new SealedBids(database);
        Proof = new AuditProof(database);
    }

    public NpgsqlDataSource Database { get; }

    public AuditLog Log { get; }

    public AuditHistory History { get; }

    public SealedBids Bids { get; }

    public AuditProof Proof { get; }

    public static async Task<TestLog> Create()
    {
        var database = NpgsqlDataSource.Create(await RealServers.CreateDatabase("audit", TestContext.Current.CancellationToken));
        await new AuditSchema(database, NullLogger<AuditSchema>.Instance).StartingAsync(TestContext.Current.CancellationToken);
        return new TestLog(database);
    }

    public Task<int> Append(EventsRecorded envelope) => Log.Append(envelope, TestContext.Current.CancellationToken);

    public async Task<ServiceProof> ProofOf(string service) =>
        (await Proof.Run(TestContext.Current.CancellationToken)).Single(proof =>
            string.Equals(proof.Service, service, StringComparison.Ordinal));

    public async Task<ImmutableArray<AuditEntry>> Everything() =>
        await History.Page(null, null, 500, TestContext.Current.CancellationToken);

    /// <summary>What an intruder with the rights of the database's owner might do.</summary>
    public Task Tamper(string sql) => Execute($"set session_replication_role = replica; {sql}");

    public async Task Execute(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // The statement is the test's own.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Proof.Dispose();
        return Database.DisposeAsync();
    }
}
