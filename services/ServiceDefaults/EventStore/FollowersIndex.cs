using System.Globalization;
using Marten;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>
/// An index of the events that are followed by their type, where most are of types that nobody follows so: the server need not read
/// the many to find the few, once for each follower. Marten's own by type would have to be written for every event. It is made when
/// the service starts, after Marten's tables, and Marten is told to leave it.
/// </summary>
/// <param name="unfollowed">Types of most events. Who follows one of them by its type reads as if there were no such index.</param>
internal sealed class FollowersIndex(NpgsqlDataSource database, IDocumentStore store, IReadOnlyList<Type> unfollowed) : IHostedService
{
    /// <summary>Another list wants another name: the index is made once.</summary>
    public const string Name = "mt_events_followed_1";

    private const long AdvisoryLock = 7300041;
    private const int NoLimit = 0; // A long history takes a while.

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var names = store.Options.Events.AllKnownEventTypes().Where(known => unfollowed.Contains(known.EventType)).Select(known => Literal(known.EventTypeName));
        var schema = new NpgsqlCommandBuilder().QuoteIdentifier(store.Options.Events.DatabaseSchemaName);
        await using var batch = database.CreateBatch();
        batch.Timeout = NoLimit;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({AdvisoryLock})")));
        // Looked for first: "if not exists" would wait for every writer before it looks, and who comes to write would wait behind it.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"do $make$ begin if to_regclass({Literal($"{schema}.{Name}")}) is null then "
            + $"create index {Name} on {schema}.mt_events (seq_id) where type <> all (array[{string.Join(", ", names)}]); end if; end $make$"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Literal(string name) => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
}
