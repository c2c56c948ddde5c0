using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.CoveredEntities;

/// <param name="ParticipantId">The covered entity (重点排放单位).</param>
/// <param name="FirstYear">First year it answers for.</param>
/// <param name="LastYear">null while the entity goes on.</param>
/// <param name="ExcludedYears">Years it is excused from.</param>
/// <param name="Revision">Counts the changes, from 1.</param>
public sealed record CoveredEntityAnswer(
    Guid ParticipantId, int FirstYear, int? LastYear, IReadOnlyList<int> ExcludedYears, long Revision)
{
    /// <summary>Code of the division it lies in, by the year from which it does.</summary>
    public IReadOnlyDictionary<int, string> Divisions { get; init; } = new Dictionary<int, string>();

    /// <summary>Why its coverage ended: below-threshold, closed, or the ground of a merger or division.</summary>
    public string? EndGround { get; init; }

    /// <summary>The legal day on which it stopped operating; null: it did not, or nobody has said so.</summary>
    public DateOnly? ClosedOn { get; init; }

    /// <summary>Who answers after a merger or division (合并、分立); empty: there was none.</summary>
    public IReadOnlyList<Guid> Successors { get; init; } = [];

    /// <summary>Whom it follows after a merger or division; empty: nobody.</summary>
    public IReadOnlyList<Guid> Predecessors { get; init; } = [];

    /// <summary>Why its allowances are withheld; null while they are not.</summary>
    public string? Withheld { get; init; }

    /// <summary>Whether what is withheld from its final allocation goes onto the province's account.</summary>
    public bool InTrust { get; init; }

    public static CoveredEntityAnswer Of(CoveredEntity entity) =>
        new(entity.ParticipantId, entity.FirstYear.Value, entity.LastYear?.Value, [.. entity.ExcludedYears], entity.Revision)
        {
            Divisions = entity.Divisions, EndGround = entity.EndGround, ClosedOn = entity.ClosedOn, Successors = entity.Successors,
            Predecessors = entity.Predecessors, Withheld = entity.Withheld, InTrust = entity.InTrust,
        };
}

public static class GetCoveredEntities
{
    public static void Map(RouteGroupBuilder market)
    {
        market.MapGet("/covered-entities", List)
            .WithTags("Covered entities")
            .WithName("list-covered-entities")
            .WithSummary("The market's covered entities; a participant sees itself only")
            .Produces<Page<CoveredEntityAnswer>>();
        market.MapGet("/covered-entities/{participantId:guid}", One)
            .WithTags("Covered entities")
            .WithName("get-covered-entity")
            .WithSummary("One covered entity")
            .Produces<CoveredEntityAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static Task<IResult> List(
        HttpContext context, IQuerySession session, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        var (market, own) = (context.Market().Market, context.User.ParticipantId());
        var entities = session.Query<CoveredEntity>().Where(entity => entity.Market == market);
        if (!context.User.SeesEverything())
            entities = entities.Where(entity => entity.ParticipantId == own);
        return entities.Page(after, limit, entity => entity.Id, CoveredEntityAnswer.Of, cancellationToken);
    }

    /// <param name="participantId">A participant.</param>
    internal static async Task<IResult> One(
        Guid participantId, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        var market = context.Market().Market;
        // Who may not see an entity learns nothing of whether there is one.
        var entity = context.User.MaySee(participantId)
            ? await session.LoadAsync<CoveredEntity>(CoveredEntity.StreamId(market, participantId), cancellationToken)
            : null;
        return entity is null
            ? Problem.NotFound("entity-not-covered", $"Participant {participantId} is no covered entity of {market} that you may see.")
            : Results.Ok(CoveredEntityAnswer.Of(entity));
    }
}
