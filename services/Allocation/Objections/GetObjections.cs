using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Objections;

/// <param name="ObjectionId">Follows from the plan and the participant.</param>
/// <param name="PlanId">The plan objected to.</param>
/// <param name="ParticipantId">Who objects.</param>
/// <param name="Year">Compliance year of the plan.</param>
/// <param name="Instrument">The instrument of the plan.</param>
/// <param name="Ground">In the participant's words.</param>
/// <param name="FiledAt">Legal time.</param>
/// <param name="DecideBy">Last legal day for the decision; null: the rules set none.</param>
/// <param name="Overdue">Not decided, and that day is over.</param>
/// <param name="Outcome">upheld or rejected; null: not decided.</param>
/// <param name="Reason">The official's words; null: not decided.</param>
/// <param name="DecidedAt">Legal time; null: not decided.</param>
/// <param name="DecidedLate">Decided after the last day for it.</param>
/// <param name="DetermineBy">Where it is upheld: last legal day to determine the allocation anew.</param>
public sealed record ObjectionAnswer(
    Guid ObjectionId, Guid PlanId, Guid ParticipantId, int Year, string Instrument, string Ground, DateTimeOffset FiledAt, DateOnly? DecideBy, bool Overdue,
    ObjectionOutcome? Outcome, string? Reason, DateTimeOffset? DecidedAt, bool? DecidedLate, DateOnly? DetermineBy)
{
    public static ObjectionAnswer Of(PlanObjection objection, DateOnly today) => new(
        objection.Id, objection.PlanId, objection.ParticipantId, objection.Year.Value, objection.Instrument, objection.Ground, objection.FiledAt, objection.DecideBy,
        objection.Decision is null && today > objection.DecideBy, objection.Decision?.Outcome, objection.Decision?.Reason, objection.Decision?.At,
        objection.Decision?.Late, objection.Decision?.DetermineBy);
}

public static class GetObjections
{
    public static void Map(RouteGroupBuilder market) => market.MapGet("/objections", List)
        .WithTags("Objections to plans")
        .WithName("list-plan-objections")
        .WithSummary("Objections to allocation plans, and by when each is to be decided")
        .WithDescription("Officials see all, a participant its own. open: only those that are not decided.")
        .Produces<Page<ObjectionAnswer>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="open">True: only those that are not decided.</param>
    internal static Task<IResult> List(
        HttpContext context, IQuerySession session, TimeProvider clock, CancellationToken cancellationToken, bool open = false, Guid? after = null, int? limit = null)
    {
        var (pack, all, own) = (context.Market(), context.User.SeesEverything(), context.User.ParticipantId());
        var (market, today) = (pack.Market, pack.LegalDay(clock.GetUtcNow()));
        return session.Query<PlanObjection>()
            .Where(objection => objection.Market == market && (all || objection.ParticipantId == own) && (!open || objection.Decision == null))
            .Page(after, limit, objection => objection.Id, objection => ObjectionAnswer.Of(objection, today), cancellationToken);
    }
}
