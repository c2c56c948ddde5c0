using System.Collections.Immutable;
using CarbonMarket.Allocation.CoveredEntities;
using CarbonMarket.Kernel;
using Marten;

namespace CarbonMarket.Allocation.Plans;

internal static class StandingOfParticipants
{
    /// <summary>Which of the participants are covered entities of the market and account for the year, and whose allowances are withheld.</summary>
    public static async Task<Standing> Standing(
        this IQuerySession session, string market, ComplianceYear year, IEnumerable<Guid> participants, CancellationToken cancellationToken)
    {
        var entities = await session.LoadManyAsync<CoveredEntity>(
            cancellationToken, participants.Select(participant => CoveredEntity.StreamId(market, participant)).ToArray());
        return new Standing(
            [.. entities.Where(entity => entity.Owes(year)).Select(entity => entity.ParticipantId)],
            entities.Where(entity => entity.Withheld is not null).ToImmutableDictionary(entity => entity.ParticipantId, entity => entity.Withheld!));
    }
}
