using System.Net;
using System.Text.Json;

namespace CarbonMarket.Identity.Tests.Participants;

[Collection<RunningIdentity>]
public sealed class RegisteringParticipants(IdentityFixture identity)
{
    private const string Path = "identity/participants/batch";

    [Fact]
    public async Task A_repeated_batch_is_answered_the_same_and_records_nothing()
    {
        var batch = Enumerable.Range(0, 20).Select(_ => IdentityFixture.Participant(IdentityFixture.NewId())).ToList();
        var first = await identity.Operator.Batch(Path, batch);
        var events = await identity.Service.Ground.Events();

        var second = await identity.Operator.Batch(Path, batch);

        first.ShouldAllBe(result => result.Outcome == "accepted");
        first.Select(result => result.Id).ShouldBe(batch.Select(item => item.ParticipantId));
        second.ShouldBe(first);
        (await identity.Service.Ground.Scalar<long>($"select count(*) from identity.mt_events where stream_id in ({string.Join(',', batch.Select(item => $"'{item.ParticipantId}'"))})"))
            .ShouldBe(batch.Count);
        events.ShouldBeGreaterThanOrEqualTo(batch.Count);
    }

    [Fact]
    public async Task Every_published_code_registers_and_none_with_a_character_changed()
    {
        var codes = UnifiedSocialCreditCodeTests.Published.Select(code => code.Data).ToList();
        (await identity.Operator.Batch(Path, codes.Select(code => new { participantId = IdentityFixture.NewId(), name = $"Works {code}", kind = "emitter", registrationCode = code })))
            .Select(result => result.Outcome).ShouldBe(Enumerable.Repeat("accepted", 19));

        foreach (var code in codes)
        {
            var changed = Enumerable.Range(0, code.Length).Select(place => code[..place] + (code[place] == '7' ? '8' : '7') + code[(place + 1)..]);
            using var response = await identity.Operator.Post(Path, new
            {
                items = changed.Select(wrong => new { participantId = IdentityFixture.NewId(), name = "Works", kind = "emitter", registrationCode = wrong }),
            });
            (await response.Problem(400)).GetProperty("errors").EnumerateArray().Select(fault => $"{fault.GetProperty("path").GetString()} {fault.GetProperty("code").GetString()}")
                .ShouldBe(Enumerable.Range(0, 18).Select(index => $"$.items[{index}].registrationCode invalid-registration-code"));
        }
    }

    [Fact]
    public async Task Each_item_is_a_decision_of_its_own()
    {
        var known = await identity.Registered("emitter");

        var results = await identity.Operator.Batch(Path,
            IdentityFixture.Participant(known, "trader"), IdentityFixture.Participant(IdentityFixture.NewId()));

        results.Select(result => (result.Outcome, result.Code)).ShouldBe([("rejected", "id-reused"), ("accepted", null)]);
    }

    [Fact]
    public async Task A_malformed_batch_names_every_fault_by_its_path_and_registers_nobody()
    {
        var good = IdentityFixture.NewId();
        using var response = await identity.Operator.Post(Path, new
        {
            items = new object?[]
            {
                new { participantId = good, name = "Good Works", kind = "emitter" },
                new { name = " ", kind = "baron" },
                new { participantId = good, name = "Again", kind = "trader", registrationCode = "91620104712797011G" },
                null,
            },
        });

        var problem = await response.Problem(400);

        problem.GetProperty("code").GetString().ShouldBe("invalid-input");
        problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("path").GetString()).ShouldBe([
            "$.items[1].participantId", "$.items[1].name", "$.items[1].kind",
            "$.items[2].registrationCode", "$.items[2]", "$.items[3]"]);
        using var sought = await identity.Operator.GetAsync(new Uri($"identity/participants/{good}", UriKind.Relative));
        sought.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task A_batch_has_one_to_five_hundred_items(int count)
    {
        using var response = await identity.Operator.Post(Path,
            new { items = Enumerable.Range(0, count).Select(_ => IdentityFixture.Participant(IdentityFixture.NewId())) });

        (await response.Problem(400)).GetProperty("errors")[0].GetProperty("code").GetString().ShouldBe("batch-size");
    }

    [Fact]
    public async Task A_regulator_may_register_and_others_may_not()
    {
        var (_, regulator) = await identity.Acting("regulator");
        var (_, emitter) = await identity.Acting("emitter");
        var batch = new { items = new[] { IdentityFixture.Participant(IdentityFixture.NewId()) } };

        using (regulator)
        using (emitter)
        {
            using var allowed = await regulator.Post(Path, batch);
            using var refused = await emitter.Post(Path, batch);
            using var anonymous = await identity.Service.Http.Post(Path, batch);

            allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task A_participant_sees_itself_and_an_official_sees_everybody()
    {
        var stranger = await identity.Registered("trader");
        var (own, http) = await identity.Acting("emitter");
        using (http)
        {
            var list = await http.Read("identity/participants");
            list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("participantId").GetGuid()).ShouldBe([own]);
            (await http.Read($"identity/participants/{own}")).GetProperty("kind").GetString().ShouldBe("emitter");
            using var hidden = await http.GetAsync(new Uri($"identity/participants/{stranger}", UriKind.Relative));
            hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        (await identity.Operator.Read($"identity/participants/{stranger}")).GetProperty("kind").GetString().ShouldBe("trader");
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repeat()
    {
        var batch = Enumerable.Range(0, 25).Select(_ => IdentityFixture.Participant(IdentityFixture.NewId())).ToList();
        await identity.Operator.Batch(Path, batch);
        var seen = new List<Guid>();

        var next = string.Empty;
        do
        {
            var page = await identity.Operator.Read($"identity/participants?limit=7{next}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("participantId").GetGuid()));
            next = page.GetProperty("next") is { ValueKind: JsonValueKind.String } cursor ? $"&after={cursor.GetString()}" : null;
        }
        while (next is not null);

        seen.ShouldBeUnique();
        seen.ShouldBe(seen.OrderBy(id => id.ToString(), StringComparer.Ordinal));
        batch.ShouldAllBe(item => seen.Contains(item.ParticipantId));
    }
}
