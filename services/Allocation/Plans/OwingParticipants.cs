using System.Collections.Immutable;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Kernel;
using Marten;

namespace CarbonMarket.Allocation.Plans;

internal static class OwingParticipants
{
    /// <summary>Those of the participants that are covered entities of the market and account for the year.</summary>
    public static async Task<ImmutableHashSet<Guid>> Owing(
        this IQuerySession session, string market, ComplianceYear year, IEnumerable<Guid> participants, CancellationToken cancellationToken)
    {
        var entities = await session.LoadManyAsync<CoveredEntity>(
            cancellationToken, participants.Select(participant => CoveredEntity.StreamId(market, participant)).ToArray());
        return [.. entities.Where(entity => entity.Owes(year)).Select(entity => entity.ParticipantId)];
    }
}
