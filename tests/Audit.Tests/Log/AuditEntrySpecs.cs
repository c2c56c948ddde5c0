using CsCheck;
using static CarbonMarket.Audit.Recorded;

namespace CarbonMarket.Audit.Log;

public sealed class AuditEntrySpecs
{
    private static readonly AuditEntry Given = AuditEntry.From("trading", Entry("trading", 1, Naming(Mill), Ministry));

    public static TheoryData<string, AuditEntry> Alterations() => new()
    {
        { "service", Given with { Service = "settlement" } },
        { "sequence", Given with { Sequence = 2 } },
        { "event id", Given with { EventId = Mill } },
        { "stream", Given with { StreamId = Mill } },
        { "stream version", Given with { StreamVersion = 2 } },
        { "type", Given with { Type = "unit.moved.v2" } },
        { "body", Given with { Body = Given.Body.Replace(":1}", ":2}", StringComparison.Ordinal) } },
        { "white space in the body", Given with { Body = Given.Body + " " } },
        { "time", Given with { RecordedAt = Given.RecordedAt.AddMicroseconds(1) } },
        { "correlation", Given with { CorrelationId = null } },
        { "causation", Given with { CausationId = string.Empty } },
        { "subject", Given with { ActorSubject = "bob" } },
        { "actor", Given with { ActorParticipantId = Mill } },
        { "client", Given with { ActorClientId = "other" } },
        { "participants", Given with { Participants = [Ministry] } },
    };

    [Theory]
    [MemberData(nameof(Alterations))]
    public void Any_altered_field_alters_the_digest(string field, AuditEntry altered) =>
        altered.Digest().ShouldNotBe(Given.Digest(), field);

    [Fact]
    public void Moving_a_letter_from_one_field_to_the_next_alters_the_digest() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((first, letter, second) =>
            letter.Length == 0
            || !Digest(first + letter, second).AsSpan().SequenceEqual(Digest(first, letter + second)));

    [Fact]
    public void A_digest_does_not_depend_on_fractions_the_database_cannot_keep() =>
        AuditEntry.From("trading", Entry("trading", 1, at: Noon.AddTicks(9))).Digest()
            .ShouldBe(AuditEntry.From("trading", Entry("trading", 1, at: Noon)).Digest());

    // Stored in databases for ever: if this changes, every log in the field becomes unverifiable.
    [Fact]
    public void The_canonical_encoding_stays_as_it_is() =>
        Convert.ToHexStringLower(Given.Digest()).ShouldBe("4855a19e24fee5f85e5cb3acefcd4e156527b4d896d4b1587b7d6b5d45c128d1");

    private static byte[] Digest(string type, string body) => (Given with { Type = type, Body = body }).Digest();
}
