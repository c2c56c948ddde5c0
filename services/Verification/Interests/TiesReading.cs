using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Verification.Engagements;
using Marten;

namespace CarbonMarket.Verification.Interests;

/// <summary>Reads what ties a verifier to an entity.</summary>
internal static class TiesReading
{
    private const int MostOfAGroup = 1_000;

    public static async Task<Ties> Ties(
        this IQuerySession session, PolicyPack pack, Guid verifier, Guid entity, ComplianceYear year, DateOnly day, CancellationToken cancellationToken)
    {
        var verifiers = await session.LoadAsync<Interest>(Interest.IdOf(pack.Market, verifier), cancellationToken);
        var entitys = await session.LoadAsync<Interest>(Interest.IdOf(pack.Market, entity), cancellationToken);
        Guid[] group = [verifier, .. await session.OfGroup(pack.Market, verifiers?.Group, cancellationToken)];
        var most = pack.MostYearsInARow(day);
        return new Ties(
            verifiers?.Group is { } name && name == entitys?.Group ? name : null,
            pack.Verification.CompilersBarred
                ? await session.CompiledBy(pack.Market, group, year, cancellationToken)
                : Of(entitys, group, year),
            most is { } limit ? await session.YearsInARow(pack.Market, group, entity, year, limit, cancellationToken) : 0,
            most);
    }

    private static async Task<IReadOnlyList<Guid>> OfGroup(this IQuerySession session, string market, string? group, CancellationToken cancellationToken) =>
        group is null ? [] : await session.Query<Interest>().Where(interest => interest.Market == market && interest.Group == group)
            .Take(MostOfAGroup).Select(interest => interest.ParticipantId).ToListAsync(cancellationToken);

    private static async Task<Compiled?> CompiledBy(
        this IQuerySession session, string market, Guid[] group, ComplianceYear year, CancellationToken cancellationToken)
    {
        foreach (var member in group)
        {
            var interest = await session.Query<Interest>()
                .Where(one => one.Market == market && one.Compilations.Any(compilation => compilation.CompilerParticipantId == member))
                .ToListAsync(cancellationToken);
            if (interest.Select(one => Of(one, [member], year)).FirstOrDefault(compiled => compiled is not null) is { } found)
                return found;
        }

        return null;
    }

    private static Compiled? Of(Interest? interest, Guid[] group, ComplianceYear year) =>
        interest?.CompilerOf(year) is { } compiler && group.Contains(compiler) ? new Compiled(compiler, interest.ParticipantId, year) : null;

    private static async Task<int> YearsInARow(
        this IQuerySession session, string market, Guid[] group, Guid entity, ComplianceYear year, int limit, CancellationToken cancellationToken)
    {
        for (var count = 0; ; count++)
        {
            if (count == limit || !ComplianceYear.IsValid(year.Value - 1))
                return count;
            year = year.Previous;
            var engagement = await session.LoadAsync<Engagement>(Engagement.IdOf(market, entity, year), cancellationToken);
            if (engagement is not { DismissedBecause: null } || !group.Contains(engagement.VerifierParticipantId))
                return count;
        }
    }
}
