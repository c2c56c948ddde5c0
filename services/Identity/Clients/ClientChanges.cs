using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Tracing;
using Marten;
using Npgsql;

namespace CarbonMarket.Identity.Clients;

/// <summary>
/// Changes to API clients: the fact goes into the participant's stream and the row into the client directory, or out of
/// it, in one PostgreSQL transaction, so that neither is ever there without the other.
/// </summary>
public sealed class ClientChanges(IDocumentStore store, NpgsqlDataSource database, ProvenanceContext provenance)
{
    // One at a time, on the whole platform: two operators that revoke each other must not both find that the other one
    // remains, and two officials that are both the first one beside the operator must not both go unconfirmed.
    private const long Lock = 0x5265766F6B65;

    public Task<T> InTurn<T>(Func<IDocumentSession, ClientDirectory, Task<T>> change, CancellationToken ct) =>
        Contention.Retry(async () =>
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await Wait(transaction, ct);
            await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
            session.Carry(provenance.Current);
            await using var directory = await ClientDirectory.In(transaction, ct);

            var outcome = await change(session, directory);
            await session.SaveChangesAsync(ct);
            await directory.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return outcome;
        });

    private static async Task Wait(NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var wait = new NpgsqlCommand("select pg_advisory_xact_lock($1)", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = Lock } },
        };
        await wait.ExecuteNonQueryAsync(ct);
    }
}
