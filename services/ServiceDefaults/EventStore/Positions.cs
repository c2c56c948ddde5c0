using Marten;

namespace CarbonMarket.ServiceDefaults.EventStore;

public static class Positions
{
    /// <summary>The last event of which it is stored that it was told to a subscription or projection; 0: none was.</summary>
    public static async Task<long> PositionOf(this IDocumentStore store, string subscription, CancellationToken cancellationToken) =>
        (await store.Advanced.AllProjectionProgress(token: cancellationToken))
        .Where(shard => shard.ShardName.StartsWith(subscription + ":", StringComparison.Ordinal))
        .Select(shard => shard.Sequence).FirstOrDefault();
}
