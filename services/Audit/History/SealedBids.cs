using System.Collections.Immutable;
using CarbonMarket.Audit.Log;
using Npgsql;

namespace CarbonMarket.Audit.History;

/// <summary>
/// Sealed bids (密封报价) whose auction has not closed: the log holds and proves them like everything else, but nobody
/// besides the bidder may read them yet. What opens them is the fact of the close, not a clock, so a late or idle feed
/// opens nothing too early. Here, and for <see cref="DraftPlans"/>, the log knows a service's events by name.
/// </summary>
public sealed class SealedBids(NpgsqlDataSource database)
{
    // A bid says its auction and waits for that one. A refused bid says none, only values that broke its limits: it waits
    // for every auction of its market that was announced before it.
    private const string Query =
        """
        with closed as (
            select body::jsonb ->> 'auctionId' as auction from audit.entries
            where service = 'trading' and type = 'market.auction-closed.v1'),
        standing as (
            select stream_id, min(sequence) as since from audit.entries
            where service = 'trading' and type = 'market.auction-announced.v1'
                and not exists (select from closed where auction = body::jsonb ->> 'auctionId')
            group by stream_id)
        select event_id from audit.entries entry
        where service = 'trading' and event_id = any($1) and case type
            when 'command-refused.v1' then body::jsonb ->> 'command' = 'PlaceBid'
                and exists (select from standing where standing.stream_id = entry.stream_id and since < entry.sequence)
            else not exists (select from closed where auction = body::jsonb ->> 'auctionId') end
        """;

    private static readonly string[] Types = ["market.bid-accepted.v1", "market.bid-withdrawn.v1", "market.bid-lapsed.v1", "command-refused.v1"];

    /// <summary>The events of a page that are sealed still.</summary>
    public async Task<ImmutableHashSet<Guid>> Among(ImmutableArray<AuditEntry> page, CancellationToken cancellationToken)
    {
        var candidates = page.Where(entry => entry.Service == "trading" && Types.Contains(entry.Type, StringComparer.Ordinal))
            .Select(entry => entry.EventId).ToArray();
        if (candidates.Length == 0)
            return [];
        var still = ImmutableHashSet.CreateBuilder<Guid>();
        await using var select = database.CreateCommand(Query);
        select.Parameters.AddWithValue(candidates);
        await using var rows = await select.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            still.Add(rows.GetGuid(0));
        return still.ToImmutable();
    }
}
