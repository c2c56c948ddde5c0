using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace CarbonMarket.Audit.Log;

/// <summary>
/// Whom an event concerns. The log knows no service's events; it knows one convention that holds on the whole platform:
/// a property named participantId, or ending in ParticipantId, names a participant.
/// </summary>
public static class ParticipantsConcerned
{
    private const int Deepest = 64;

    /// <summary>Everybody named anywhere in the body, and the actor's organisation; ascending, without repeats.</summary>
    /// <exception cref="JsonException">The body is not JSON, or nested deeper than 64 levels.</exception>
    public static ImmutableArray<Guid> By(string body, Guid actorParticipantId) =>
        [.. Named(body).Append(actorParticipantId).Where(id => id != Guid.Empty).Distinct().Order()];

    /// <summary>Everybody named in the body. The empty id names nobody: it stands for the authority, as the holder of its own accounts.</summary>
    public static IReadOnlySet<Guid> Named(string body)
    {
        var found = new HashSet<Guid>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(body), new JsonReaderOptions { MaxDepth = Deepest });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !NamesParticipant(ref reader))
                continue;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id) && id != Guid.Empty)
                found.Add(id);
        }
        return found;
    }

    private static bool NamesParticipant(ref Utf8JsonReader property) =>
        property.ValueTextEquals("participantId"u8) || property.ValueSpan.EndsWith("ParticipantId"u8);
}
