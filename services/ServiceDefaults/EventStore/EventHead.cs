using Npgsql;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>How many events the service's store holds.</summary>
/// <param name="Service">The service's short name.</param>
/// <param name="Events">Events committed, over all streams.</param>
/// <param name="LastSequence">Sequence of the newest; sequences rise but may skip.</param>
public sealed record EventHeadReading(string Service, long Events, long LastSequence);

public sealed class EventHead(NpgsqlDataSource database, ServiceName service)
{
    /// <summary>Counted by stream versions, which costs the number of streams and not the number of events.</summary>
    public async Task<EventHeadReading> Read(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select coalesce((select sum(version) from {service.Value}.mt_streams), 0)::bigint, "
            + $"coalesce((select max(seq_id) from {service.Value}.mt_events), 0)::bigint");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new EventHeadReading(service.Value, reader.GetInt64(0), reader.GetInt64(1));
    }
}
