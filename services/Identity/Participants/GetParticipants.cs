using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;
using Marten.Linq.MatchesSql;

namespace CarbonMarket.Identity.Participants;

public static class GetParticipants
{
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
            .WithDescription(
                "awaiting: true for those with API clients that await confirmation. after: the next of the page before. limit: "
                + "1-500. A participant sees itself; regulator, operator and auditor see all.")
            .Produces<Page<ParticipantView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    // Who may not see a participant is told that there is none: ids of others are not confirmed.
    /// <param name="participantId">The organisation.</param>
    internal static async Task<IResult> One(
        Guid participantId, HttpContext http, IQuerySession session, CancellationToken cancellationToken) =>
        http.User.MaySee(participantId) && await session.LoadAsync<Participant>(participantId, cancellationToken) is { } participant
            ? Results.Ok(ParticipantView.Of(participant))
            : Problem.NotFound("unknown-participant", $"There is no participant {participantId} that you may see.");

    /// <param name="awaiting">True: only organisations with API clients that await confirmation.</param>
    internal static async Task<IResult> Page(
        HttpContext http, IQuerySession session, CancellationToken cancellationToken,
        bool awaiting = false, Guid? after = null, int? limit = null)
    {
        IQueryable<Participant> visible = session.Query<Participant>();
        if (awaiting)
            visible = visible.Where(participant => participant.MatchesSql("jsonb_array_length(d.data -> 'proposed') > 0"));
        if (!http.User.SeesEverything())
        {
            var own = http.User.ParticipantId();
            visible = visible.Where(participant => participant.Id == own);
        }
        return await visible.Page(after, limit, participant => participant.Id, ParticipantView.Of, cancellationToken);
    }
}

/// <param name="ParticipantId">Made by the official who registered it; names the organisation for ever.</param>
/// <param name="Name">As it was registered.</param>
/// <param name="Kind">emitter, trader, verifier, regulator, operator or auditor.</param>
/// <param name="RegistrationCode">The organisation's number in its home register.</param>
/// <param name="RegisteredAt">Legal time.</param>
/// <param name="Clients">The programs that may act for it, revoked ones no more; never their secrets.</param>
/// <param name="Proposed">The programs that may act for it once another official has confirmed them.</param>
public sealed record ParticipantView(
    Guid ParticipantId, string Name, string Kind, string? RegistrationCode, DateTimeOffset RegisteredAt,
    IReadOnlyList<ClientView> Clients, IReadOnlyList<ProposedClientView> Proposed)
{
    public static ParticipantView Of(Participant participant) => new(
        participant.Id, participant.Name, participant.Kind.Word(), participant.RegistrationCode, participant.RegisteredAt,
        [.. participant.Clients.Select(ClientView.Of)],
        [.. participant.Proposed.Select(proposal => new ProposedClientView(ClientView.Of(proposal.Client), proposal.By, proposal.At))]);
}

/// <param name="Id">Names the registration.</param>
/// <param name="ClientId">What the program calls itself at the token endpoint; unique on the platform.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="Roles">What it may do: emitter, trader, verifier, regulator, operator, auditor.</param>
/// <param name="SecretDigest">SHA-256 of its secret. Null: registered when the registrant still sent the secret.</param>
public sealed record ClientView(Guid Id, string ClientId, string DisplayName, IReadOnlyList<string> Roles, string? SecretDigest)
{
    internal static ClientView Of(ApiClient client) => new(client.Id, client.ClientId, client.DisplayName, client.Roles, client.SecretDigest);
}

/// <param name="Client">As it was registered.</param>
/// <param name="By">The official's client that registered it; another one confirms it.</param>
/// <param name="At">Legal time.</param>
public sealed record ProposedClientView(ClientView Client, string By, DateTimeOffset At);
