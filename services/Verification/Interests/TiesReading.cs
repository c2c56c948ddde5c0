using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Verification.Engagements;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Verification.Interests;

/// <summary>Reads what ties verifiers and compilers to entities.</summary>
internal static class TiesReading
{
    private const int MostOfAGroup = 1_000;

    public static async Task<Ties> Ties(
        this IQuerySession session, PolicyPack pack, Guid verifier, Guid entity, ComplianceYear year, DateOnly day, CancellationToken cancellationToken)
    {
        var verifiers = await session.LoadAsync<Interest>(Interest.IdOf(pack.Market, verifier), cancellationToken);
        var entitys = await session.LoadAsync<Interest>(Interest.IdOf(pack.Market, entity), cancellationToken);
        var group = await session.WithGroup(pack.Market, verifier, verifiers, cancellationToken);
        var most = pack.MostYearsInARow(day);
        return new Ties(
            verifiers?.Group is { } name && name == entitys?.Group ? name : null,
            pack.Verification.CompilersBarred
                ? await session.CompiledBy(pack.Market, group, year, cancellationToken)
                : Of(entitys, group, year),
            most is { } limit ? await session.YearsInARow(pack.Market, group, entity, year, limit, cancellationToken) : 0,
            most);
    }

    /// <summary>Whether the compiler, or one of its group, is appointed for the year where it could not verify as the compiler of the entity's report.</summary>
    public static async Task<bool> Verifies(
        this IQuerySession session, PolicyPack pack, Guid compiler, Guid entity, ComplianceYear year, CancellationToken cancellationToken)
    {
        var (market, of) = (pack.Market, year.Value);
        var group = await session.WithGroup(
            market, compiler, await session.LoadAsync<Interest>(Interest.IdOf(market, compiler), cancellationToken), cancellationToken);
        var engagements = session.Query<Engagement>().Where(engagement => engagement.Market == market && engagement.DismissedBecause == null
            && engagement.VerifierParticipantId.IsOneOf(group) && engagement.MatchesSql("(d.data ->> 'year')::int = ?", of));
        if (!pack.Verification.CompilersBarred)
            engagements = engagements.Where(engagement => engagement.ParticipantId == entity);
        return await engagements.AnyAsync(cancellationToken);
    }

    private static async Task<Guid[]> WithGroup(
        this IQuerySession session, string market, Guid participant, Interest? interest, CancellationToken cancellationToken) =>
        interest?.Group is not { } group ? [participant] :
        [
            participant,
            .. await session.Query<Interest>().Where(one => one.Market == market && one.Group == group)
                .Take(MostOfAGroup).Select(one => one.ParticipantId).ToListAsync(cancellationToken),
        ];

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
