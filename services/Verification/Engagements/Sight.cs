using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Security;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Verification.Engagements;

/// <summary>
/// Whose plans, evidence and reports somebody reads: a participant its own; officials, and verifiers where entities find theirs
/// themselves, everybody's. Where the regulator appoints, a verifier reads those of an entity up to the year it is or was appointed
/// for and not dismissed from: the years before are what it holds that one against, those after are another's to verify.
/// </summary>
internal static class Sight
{
    private const int EveryYear = int.MaxValue;

    /// <param name="year">Null: of any year.</param>
    public static async Task<bool> Sees(
        this IQuerySession session, HttpContext context, Guid participantId, ComplianceYear? year, CancellationToken cancellationToken)
    {
        if (context.User.MaySee(participantId) || context.SeesEverybody())
            return true;
        var from = year?.Value ?? 0;
        return context.User.IsInRole(Roles.Verifier) && await session.EngagementsOf(context)
            .Where(engagement => engagement.ParticipantId == participantId && engagement.MatchesSql("(d.data ->> 'year')::int >= ?", from))
            .AnyAsync(cancellationToken);
    }

    /// <summary>Those documents of a participant's year that the caller sees.</summary>
    public static async Task<IQueryable<T>> Seen<T>(this IQuerySession session, HttpContext context, CancellationToken cancellationToken)
        where T : notnull
    {
        var documents = session.Query<T>();
        if (context.SeesEverybody())
            return documents;
        var engaged = context.User.IsInRole(Roles.Verifier)
            ? await session.EngagementsOf(context).Select(engagement => new { engagement.ParticipantId, engagement.Year }).ToListAsync(cancellationToken)
            : [];
        Guid[] entities = [context.User.ParticipantId(), .. engaged.Select(one => one.ParticipantId)];
        int[] years = [EveryYear, .. engaged.Select(one => one.Year.Value)];
        return documents.Where(document => document.MatchesSql(
            "CAST(d.data ->> 'participantId' as uuid) = any(?) and exists (select from unnest(?, ?) as seen (entity, year) "
            + "where seen.entity = CAST(d.data ->> 'participantId' as uuid) and seen.year >= (d.data ->> 'year')::int)",
            entities, entities, years));
    }

    private static bool SeesEverybody(this HttpContext context) => context.User.SeesEverything()
        || (context.User.IsInRole(Roles.Verifier) && !context.Market().Verification.Appointed);

    private static IQueryable<Engagement> EngagementsOf(this IQuerySession session, HttpContext context)
    {
        var (market, verifier) = (context.Market().Market, context.User.ParticipantId());
        return session.Query<Engagement>().Where(engagement =>
            engagement.Market == market && engagement.VerifierParticipantId == verifier && engagement.DismissedBecause == null);
    }
}
