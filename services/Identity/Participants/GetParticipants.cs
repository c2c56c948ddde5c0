using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Identity.Participants;

public static class GetParticipants
{
    private const int Most = 500;

    public static void Map(RouteGroupBuilder participants)
    {
        participants.MapGet("/{participantId:guid}", One)
            .WithName("identity-participant")
            .WithSummary("One organisation and its API clients")
            .WithDescription("A participant sees itself; regulator, operator and auditor see all. 404 unknown-participant.")
            .Produces<ParticipantView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        participants.MapGet("/", Page)
            .WithName("identity-participants")
            .WithSummary("Organisations, ordered by id")
            .WithDescription("after: the next of the page before. limit: 1-500. A participant sees itself; regulator, operator and auditor see all.")
            .Produces<ParticipantPage>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    // Who may not see a participant is told that there is none: ids of others are not confirmed.
    internal static async Task<IResult> One(
        Guid participantId, HttpContext http, IQuerySession session, CancellationToken cancellationToken) =>
        http.User.MaySee(participantId) && await session.LoadAsync<Participant>(participantId, cancellationToken) is { } participant
            ? Results.Ok(ParticipantView.Of(participant))
            : Problem.NotFound("unknown-participant", $"There is no participant {participantId} that you may see.");

    internal static async Task<IResult> Page(
        HttpContext http, IQuerySession session, CancellationToken cancellationToken, Guid? after = null, int limit = 100)
    {
        if (limit is < 1 or > Most)
            return Problem.Of(StatusCodes.Status400BadRequest, "invalid-limit", $"limit is 1-{Most}, not {limit}.");
        var cursor = after ?? Guid.Empty;
        var visible = session.Query<Participant>().Where(participant => participant.MatchesSql("d.id > ?", cursor));
        if (!http.User.SeesEverything())
        {
            var own = http.User.ParticipantId();
            visible = visible.Where(participant => participant.Id == own);
        }
        var page = await visible.OrderBySql("d.id").Take(limit + 1).ToListAsync(cancellationToken);
        return Results.Ok(new ParticipantPage(
            [.. page.Take(limit).Select(ParticipantView.Of)], page.Count > limit ? page[limit - 1].Id : null));
    }
}

/// <param name="Next">Cursor of the next page; null when this was the last.</param>
public sealed record ParticipantPage(IReadOnlyList<ParticipantView> Items, Guid? Next);

/// <param name="Kind">emitter, trader, verifier, regulator, operator or auditor.</param>
/// <param name="RegistrationCode">The organisation's number in its home register.</param>
/// <param name="RegisteredAt">Legal time.</param>
/// <param name="Clients">The programs that may act for it, revoked ones no more; never their secrets.</param>
public sealed record ParticipantView(
    Guid ParticipantId, string Name, string Kind, string? RegistrationCode, DateTimeOffset RegisteredAt,
    IReadOnlyList<ClientView> Clients)
{
    public static ParticipantView Of(Participant participant) => new(
        participant.Id, participant.Name, participant.Kind.Word(), participant.RegistrationCode, participant.RegisteredAt,
        [.. participant.Clients.Select(client => new ClientView(client.Id, client.ClientId, client.DisplayName, client.Roles))]);
}

public sealed record ClientView(Guid Id, string ClientId, string DisplayName, IReadOnlyList<string> Roles);
