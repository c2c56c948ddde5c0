using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CarbonMarket.Identity.Participants;

/// <summary>The words for kinds of participants, and the roles each kind's clients may have.</summary>
public static class ParticipantKinds
{
    private static readonly FrozenDictionary<string, ParticipantKind> Words =
        Enum.GetValues<ParticipantKind>().ToFrozenDictionary(Word, StringComparer.Ordinal);

    public static ParticipantKind? Parse(string? word) => word is not null && Words.TryGetValue(word, out var kind) ? kind : null;

    public static string Word(this ParticipantKind kind) => kind switch
    {
        ParticipantKind.Emitter => "emitter",
        ParticipantKind.Trader => "trader",
        ParticipantKind.Verifier => "verifier",
        ParticipantKind.Regulator => "regulator",
        ParticipantKind.Operator => "operator",
        ParticipantKind.Auditor => "auditor",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of participant."),
    };

    /// <summary>
    /// A role is a right to act, so each kind has its own and no other; only an emitter may also trade, because it must
    /// be able to buy what it has to surrender.
    /// </summary>
    public static ImmutableArray<string> Roles(this ParticipantKind kind) =>
        kind == ParticipantKind.Emitter ? ["emitter", "trader"] : [kind.Word()];

    /// <summary>Whether its clients may confirm clients that another official registered.</summary>
    public static bool Confirms(this ParticipantKind kind) => kind is ParticipantKind.Operator or ParticipantKind.Regulator;
}
