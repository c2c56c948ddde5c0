using System.Text.Json;
using static CarbonMarket.Audit.Recorded;

namespace CarbonMarket.Audit.Log;

public sealed class ParticipantsConcernedSpecs
{
    [Fact]
    public void Everybody_named_at_any_depth_is_concerned_and_the_actor_too() =>
        ParticipantsConcerned.By(
            $$"""{"participantId":"{{Mill}}","deal":{"legs":[{"buyerParticipantId":"{{Quarry}}"},{"sellerParticipantId":"{{Mill}}"}]} }""",
            Ministry).ShouldBe(new[] { Mill, Quarry, Ministry }.Order());

    [Fact]
    public void The_platform_and_nobody_are_not_participants() =>
        ParticipantsConcerned.By($$"""{"participantId":"{{Guid.Empty}}","sellerParticipantId":null}""", Guid.Empty).ShouldBeEmpty();

    [Fact]
    public void Other_properties_and_mere_mentions_name_nobody() =>
        ParticipantsConcerned.By(
            $$"""{"accountId":"{{Mill}}","participantIdOfOld":"{{Mill}}","note":"participantId {{Mill}}","participantId":"the mill"}""",
            Guid.Empty).ShouldBeEmpty();

    [Fact]
    public void A_body_that_is_no_json_or_bottomless_is_refused()
    {
        Should.Throw<JsonException>(() => ParticipantsConcerned.By("{", Mill));
        Should.Throw<JsonException>(() => ParticipantsConcerned.By(new string('[', 100) + new string(']', 100), Mill));
    }
}
