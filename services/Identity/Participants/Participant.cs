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

    /// <param name="Holder">What the directory of client ids says at this moment, read at the edge.</param>
    public sealed record RegisterClient(
        Guid ParticipantId, ApiClient Client, ClientIdHolder Holder, DateTimeOffset At)
        : ParticipantCommand(ParticipantId, At);

    /// <param name="OperatorsRemain">Whether some other client that may operate the platform is registered, read at the edge.</param>
    public sealed record RevokeClient(Guid ParticipantId, string ClientId, bool OperatorsRemain, DateTimeOffset At)
        : ParticipantCommand(ParticipantId, At);
}

/// <summary>Who holds the client id that is asked for. Secrets stay in the directory; a decision sees only a comparison.</summary>
public enum ClientIdHolder
{
    Nobody,

    /// <summary>This registration, with the same secret.</summary>
    ThisRegistration,

    /// <summary>This registration, with another secret.</summary>
    ThisRegistrationWithOtherSecret,

    /// <summary>Also one that was revoked: its names stay taken.</summary>
    AnotherRegistration,
}

// Stored for ever: change only by adding. Names are mapped explicitly ("participant.registered.v1").
public abstract record ParticipantEvent
{
    private ParticipantEvent()
    {
    }

    public sealed record Registered(
        Guid ParticipantId, string Name, ParticipantKind Kind, string? RegistrationCode, DateTimeOffset At) : ParticipantEvent;

    public sealed record ClientRegistered(Guid ParticipantId, ApiClient Client, DateTimeOffset At) : ParticipantEvent;

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
public sealed record ApiClient(Guid Id, string ClientId, string DisplayName, ImmutableArray<string> Roles)
{
    public bool SameAs(ApiClient other) => Id == other.Id && ClientId == other.ClientId
        && DisplayName == other.DisplayName && Roles.ToHashSet(StringComparer.Ordinal).SetEquals(other.Roles);
}

/// <summary>A program that may ask for tokens no more. Neither its client id nor its registration is used again.</summary>
public sealed record RevokedClient(Guid RegistrationId, string ClientId, DateTimeOffset At);

/// <summary>An organisation that may act on the platform, and its API clients. Pure: no I/O, clock, ids or framework.</summary>
public sealed record Participant(
    Guid Id, string Name, ParticipantKind Kind, string? RegistrationCode, DateTimeOffset RegisteredAt,
    ImmutableArray<ApiClient> Clients)
{
    /// <summary>At a time.</summary>
    public const int MostClients = 200;

    /// <summary>Revoked ones included, which are remembered for ever: enough to replace ten clients each month for forty years.</summary>
    public const int MostClientsEver = 5_000;

    /// <summary>In the order of revocation.</summary>
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
        (RevokeClient c, null) => UnknownClient(c),
        (RevokeClient c, { } p) => p.Decide(c),
        _ => throw new UnreachableException(command.ToString()),
    };

    /// <summary>What a past fact makes of what was known.</summary>
    public static Participant After(Participant? known, ParticipantEvent @event) => @event switch
    {
        Registered e => new(e.ParticipantId, e.Name, e.Kind, e.RegistrationCode, e.At, []),
        ClientRegistered e => known! with { Clients = known.Clients.Add(e.Client) },
        ClientRevoked e => known! with
        {
            Clients = known.Clients.RemoveAll(client => client.Id == e.RegistrationId),
            Revoked = known.Revoked.Add(new RevokedClient(e.RegistrationId, e.ClientId, e.At)),
        },
        _ => throw new UnreachableException(@event.ToString()),
    };

    private Decision<ParticipantEvent> Decide(RegisterClient command)
    {
        var client = command.Client;
        if (Clients.FirstOrDefault(known => known.Id == client.Id) is { } registered)
            return command.Holder == ClientIdHolder.ThisRegistrationWithOtherSecret || !registered.SameAs(client)
                ? Reject("id-reused", $"Client registration {client.Id} exists with other content; a client's secret counts as content.")
                : Accept();
        if (Revoked.Exists(revoked => revoked.RegistrationId == client.Id || revoked.ClientId == client.ClientId))
            return Reject("client-revoked", $"Client id '{client.ClientId}' or registration {client.Id} was revoked; a new client has a new one of both.");
        if (command.Holder != ClientIdHolder.Nobody)
            return Reject("client-id-taken", $"Client id '{client.ClientId}' or registration {client.Id} belongs to another registration.");
        var unsuitable = client.Roles.Except(Kind.Roles(), StringComparer.Ordinal).ToList();
        if (unsuitable.Count > 0)
            return Reject("role-not-allowed", $"A participant of kind {Kind.Word()} may not have role {string.Join(", ", unsuitable)}.");
        return Clients.Length >= MostClients || Clients.Length + Revoked.Count >= MostClientsEver
            ? Reject("too-many-clients", $"A participant has at most {MostClients} clients at a time, and {MostClientsEver} ever.")
            : Accept(new ClientRegistered(Id, client, command.At));
    }

    private Decision<ParticipantEvent> Decide(RevokeClient command)
    {
        if (Revoked.Exists(revoked => revoked.ClientId == command.ClientId))
            return Accept();
        if (Clients.FirstOrDefault(known => known.ClientId == command.ClientId) is not { } client)
            return UnknownClient(command);
        // Only operators register clients: after the last one, nobody could ever let anybody in again.
        return Kind == ParticipantKind.Operator && !command.OperatorsRemain
            ? Reject("last-operator-client", $"'{client.ClientId}' is the last client that can operate the platform; register its successor first.")
            : Accept(new ClientRevoked(Id, client.Id, client.ClientId, command.At));
    }

    private static Decision<ParticipantEvent> UnknownClient(RevokeClient command) =>
        Reject("unknown-client", $"There is no client '{command.ClientId}'.");
}
