using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using static CarbonMarket.Identity.Participants.ParticipantCommand;
using static CarbonMarket.Identity.Participants.ParticipantEvent;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Identity.Participants.ParticipantEvent>;

namespace CarbonMarket.Identity.Participants;

public abstract record ParticipantCommand(Guid ParticipantId, DateTimeOffset At)
{
    public sealed record Register(
        Guid ParticipantId, string Name, ParticipantKind Kind, string? RegistrationCode, DateTimeOffset At)
        : ParticipantCommand(ParticipantId, At);

    /// <param name="IsTaken">Whether somebody holds, or ever held, the client id or the registration's id; read at the edge.</param>
    /// <param name="By">The official's client that asks.</param>
    /// <param name="IsAlone">Whether no other official has ever been registered who could confirm it; read at the edge.</param>
    public sealed record RegisterClient(
        Guid ParticipantId, ApiClient Client, bool IsTaken, string By, bool IsAlone, DateTimeOffset At)
        : ParticipantCommand(ParticipantId, At);

    /// <param name="By">The official's client that confirms.</param>
    public sealed record ConfirmClient(Guid ParticipantId, Guid RegistrationId, string By, DateTimeOffset At)
        : ParticipantCommand(ParticipantId, At);

    /// <param name="Others">The officials that remain without this client, read at the edge.</param>
    public sealed record RevokeClient(Guid ParticipantId, string ClientId, RemainingOfficials Others, DateTimeOffset At)
        : ParticipantCommand(ParticipantId, At);
}

/// <summary>Clients that may let others in.</summary>
/// <param name="Operators">Those of operators, who register clients.</param>
/// <param name="All">Those of operators and regulators, who confirm what another registered.</param>
public readonly record struct RemainingOfficials(int Operators, int All);

// Stored for ever: change only by adding. Names are mapped explicitly ("participant.registered.v1").
public abstract record ParticipantEvent
{
    private ParticipantEvent()
    {
    }

    public sealed record Registered(
        Guid ParticipantId, string Name, ParticipantKind Kind, string? RegistrationCode, DateTimeOffset At) : ParticipantEvent;

    /// <summary>The client gets no token before another official than this one has confirmed it.</summary>
    public sealed record ClientProposed(Guid ParticipantId, ApiClient Client, string By, DateTimeOffset At) : ParticipantEvent;

    /// <summary>From now on the client gets tokens.</summary>
    /// <param name="ConfirmedBy">Null: there was nobody yet who could, or nobody had to when it was registered.</param>
    public sealed record ClientRegistered(
        Guid ParticipantId, ApiClient Client, DateTimeOffset At, string? ConfirmedBy = null) : ParticipantEvent;

    public sealed record ClientRevoked(Guid ParticipantId, Guid RegistrationId, string ClientId, DateTimeOffset At) : ParticipantEvent;
}

/// <summary>What an organisation does in the market; it bounds the roles of its clients.</summary>
public enum ParticipantKind
{
    /// <summary>重点排放单位.</summary>
    [JsonStringEnumMemberName("emitter")]
    Emitter,

    /// <summary>交易主体 without emissions of its own.</summary>
    [JsonStringEnumMemberName("trader")]
    Trader,

    /// <summary>核查机构.</summary>
    [JsonStringEnumMemberName("verifier")]
    Verifier,

    /// <summary>主管部门.</summary>
    [JsonStringEnumMemberName("regulator")]
    Regulator,

    /// <summary>Runs the platform.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    [JsonStringEnumMemberName("auditor")]
    Auditor,
}

/// <summary>A program that may ask for tokens in the name of its participant. Its secret is not known here.</summary>
/// <param name="Id">Made by the caller; names this registration.</param>
/// <param name="ClientId">What the program calls itself at the token endpoint; unique on the platform.</param>
/// <param name="SecretDigest">SHA-256 of its secret, in hexadecimal. Null: registered when the registrant still sent the secret.</param>
public sealed record ApiClient(
    Guid Id, string ClientId, string DisplayName, ImmutableArray<string> Roles, string? SecretDigest = null)
{
    public bool IsAskedForAgainBy(ApiClient asked) => Id == asked.Id && ClientId == asked.ClientId
        && DisplayName == asked.DisplayName && Roles.ToHashSet(StringComparer.Ordinal).SetEquals(asked.Roles)
        && (SecretDigest is null || SecretDigest == asked.SecretDigest);
}

/// <summary>A client that an official asked for and that another has yet to confirm.</summary>
public sealed record ProposedClient(ApiClient Client, string By, DateTimeOffset At);

/// <summary>A program that may ask for tokens no more. Neither its client id nor its registration is used again.</summary>
public sealed record RevokedClient(Guid RegistrationId, string ClientId, DateTimeOffset At);

/// <summary>An organisation that may act on the platform, and its API clients. Pure: no I/O, clock, ids or framework.</summary>
public sealed record Participant(
    Guid Id, string Name, ParticipantKind Kind, string? RegistrationCode, DateTimeOffset RegisteredAt,
    ImmutableArray<ApiClient> Clients)
{
    /// <summary>At a time, those included that await confirmation.</summary>
    public const int MostClients = 200;

    /// <summary>Revoked ones included, which are remembered for ever: enough to replace ten clients each month for forty years.</summary>
    public const int MostClientsEver = 5_000;

    /// <summary>In the order of asking.</summary>
    public ImmutableList<ProposedClient> Proposed { get; init; } = [];

    /// <summary>In the order of revocation; also those that were never confirmed.</summary>
    public ImmutableList<RevokedClient> Revoked { get; init; } = [];

    // Arms stand in order of precedence; the specs pin that order. Null: nobody has registered under this id.
    public static Decision<ParticipantEvent> Decide(Participant? known, ParticipantCommand command) => (command, known) switch
    {
        (Register c, null) => Accept(new Registered(c.ParticipantId, c.Name, c.Kind, c.RegistrationCode, c.At)),
        (Register c, { } p) => p.Name == c.Name && p.Kind == c.Kind && p.RegistrationCode == c.RegistrationCode
            ? Accept()
            : Reject("id-reused", $"Participant {p.Id} is registered as '{p.Name}', {p.Kind.Word()}, {p.RegistrationCode ?? "without code"}."),
        (RegisterClient c, null) => Reject("unknown-participant", $"Nobody is registered as {c.ParticipantId}."),
        (RegisterClient c, { } p) => p.Decide(c),
        (ConfirmClient c, null) => UnknownRegistration(c),
        (ConfirmClient c, { } p) => p.Decide(c),
        (RevokeClient c, null) => UnknownClient(c),
        (RevokeClient c, { } p) => p.Decide(c),
        _ => throw new UnreachableException(command.ToString()),
    };

    /// <summary>What a past fact makes of what was known.</summary>
    public static Participant After(Participant? known, ParticipantEvent @event) => @event switch
    {
        Registered e => new(e.ParticipantId, e.Name, e.Kind, e.RegistrationCode, e.At, []),
        ClientProposed e => known! with { Proposed = known.Proposed.Add(new ProposedClient(e.Client, e.By, e.At)) },
        ClientRegistered e => known! with
        {
            Proposed = known.Proposed.RemoveAll(proposal => proposal.Client.Id == e.Client.Id),
            Clients = known.Clients.Add(e.Client),
        },
        ClientRevoked e => known! with
        {
            Proposed = known.Proposed.RemoveAll(proposal => proposal.Client.Id == e.RegistrationId),
            Clients = known.Clients.RemoveAll(client => client.Id == e.RegistrationId),
            Revoked = known.Revoked.Add(new RevokedClient(e.RegistrationId, e.ClientId, e.At)),
        },
        _ => throw new UnreachableException(@event.ToString()),
    };

    private Decision<ParticipantEvent> Decide(RegisterClient command)
    {
        var client = command.Client;
        if (Known.FirstOrDefault(known => known.Id == client.Id) is { } registered)
            return registered.IsAskedForAgainBy(client)
                ? Accept()
                : Reject("id-reused", $"Client registration {client.Id} exists with other content; the digest of a client's secret counts as content.");
        if (Revoked.Exists(revoked => revoked.RegistrationId == client.Id || revoked.ClientId == client.ClientId))
            return Reject("client-revoked", $"Client id '{client.ClientId}' or registration {client.Id} was revoked; a new client has a new one of both.");
        if (command.IsTaken)
            return Reject("client-id-taken", $"Client id '{client.ClientId}' or registration {client.Id} belongs to another registration.");
        var unsuitable = client.Roles.Except(Kind.Roles(), StringComparer.Ordinal).ToList();
        if (unsuitable.Count > 0)
            return Reject("role-not-allowed", $"A participant of kind {Kind.Word()} may not have role {string.Join(", ", unsuitable)}.");
        if (Clients.Length + Proposed.Count >= MostClients || Clients.Length + Proposed.Count + Revoked.Count >= MostClientsEver)
            return Reject("too-many-clients", $"A participant has at most {MostClients} clients at a time, and {MostClientsEver} ever.");
        // Somebody must be the first who can confirm what the first operator asks for.
        return command.IsAlone && Kind.Confirms()
            ? Accept(new ClientRegistered(Id, client, command.At))
            : Accept(new ClientProposed(Id, client, command.By, command.At));
    }

    private Decision<ParticipantEvent> Decide(ConfirmClient command)
    {
        if (Clients.Any(client => client.Id == command.RegistrationId))
            return Accept();
        if (Revoked.Exists(revoked => revoked.RegistrationId == command.RegistrationId))
            return Reject("client-revoked", $"Registration {command.RegistrationId} was revoked.");
        if (Proposed.Find(proposal => proposal.Client.Id == command.RegistrationId) is not { } proposed)
            return UnknownRegistration(command);
        return proposed.By == command.By
            ? Reject("four-eyes", $"{command.By} registered client '{proposed.Client.ClientId}'; another official must confirm it.")
            : Accept(new ClientRegistered(Id, proposed.Client, command.At, command.By));
    }

    private Decision<ParticipantEvent> Decide(RevokeClient command)
    {
        if (Revoked.Exists(revoked => revoked.ClientId == command.ClientId))
            return Accept();
        if (Known.FirstOrDefault(known => known.ClientId == command.ClientId) is not { } client)
            return UnknownClient(command);
        if (Kind.Confirms() && Clients.Contains(client))
        {
            // Only operators register clients: after the last one, nobody could ever let anybody in again.
            if (Kind == ParticipantKind.Operator && command.Others.Operators == 0)
                return Reject("last-operator-client", $"'{client.ClientId}' is the last client that can operate the platform; register its successor first.");
            if (command.Others.All < 2)
                return Reject("too-few-officials", $"Without '{client.ClientId}' nobody could confirm what another official registers; register its successor first.");
        }
        return Accept(new ClientRevoked(Id, client.Id, client.ClientId, command.At));
    }

    private IEnumerable<ApiClient> Known => Clients.Concat(Proposed.Select(proposal => proposal.Client));

    private static Decision<ParticipantEvent> UnknownClient(RevokeClient command) =>
        Reject("unknown-client", $"There is no client '{command.ClientId}'.");

    private static Decision<ParticipantEvent> UnknownRegistration(ConfirmClient command) =>
        Reject("unknown-client", $"There is no client registration {command.RegistrationId}.");
}
