using System.Net;

namespace CarbonMarket.Identity.Tests.Clients;

[Collection<RunningIdentity>]
public sealed class RegisteringClients(IdentityFixture identity)
{
    private const string Path = "identity/clients/batch";

    [Fact]
    public async Task A_repeat_with_the_same_secret_is_accepted_and_with_another_refused()
    {
        var client = IdentityFixture.Client(await identity.Registered("emitter"), "emitter", "trader");
        (await identity.Operator.Batch(Path, client)).Single().Outcome.ShouldBe("accepted");

        (await identity.Operator.Batch(Path, client)).Single().Outcome.ShouldBe("accepted");
        (await identity.Operator.Batch(Path, client.WithNewSecret())).Single().Code.ShouldBe("id-reused");
        await identity.Admitted(client);
        (await identity.Operator.Batch(Path, client)).Single().Outcome.ShouldBe("accepted");
        (await identity.Operator.Batch(Path, client.WithNewSecret())).Single().Code.ShouldBe("id-reused");

        (await Events(client.ParticipantId)).ShouldBe(3);
        using var stillGood = await identity.Service.AskToken(client.ClientId, client.Secret);
        stillGood.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Each_refusal_says_why()
    {
        var participant = await identity.Registered("emitter");
        var held = IdentityFixture.Client(await identity.Registered("trader"), "trader");
        await identity.Operator.Batch(Path, held);

        var results = await identity.Operator.Batch(Path,
            IdentityFixture.Client(IdentityFixture.NewId(), "emitter"),
            IdentityFixture.Client(participant, "regulator"),
            IdentityFixture.Client(participant, "emitter") with { ClientId = held.ClientId },
            IdentityFixture.Client(participant, "emitter") with { Id = held.Id },
            IdentityFixture.Client(participant, "emitter"));

        results.Select(result => result.Code ?? result.Outcome)
            .ShouldBe(["unknown-participant", "role-not-allowed", "client-id-taken", "client-id-taken", "accepted"]);
    }

    [Fact]
    public async Task Two_clients_of_one_organisation_in_one_batch_are_both_proposed()
    {
        var participant = await identity.Registered("regulator");
        var (first, second) = (IdentityFixture.Client(participant, "regulator"), IdentityFixture.Client(participant, "regulator"));

        var results = await identity.Operator.Batch(Path, first, second, IdentityFixture.Client(participant, "regulator") with { ClientId = first.ClientId });

        results.Select(result => result.Code ?? result.Outcome).ShouldBe(["accepted", "accepted", "client-id-taken"]);
        var proposed = (await identity.Operator.Read($"identity/participants/{participant}")).GetProperty("proposed");
        proposed.EnumerateArray().Select(proposal => proposal.GetProperty("client").GetProperty("clientId").GetString()).ShouldBe([first.ClientId, second.ClientId]);
    }

    [Fact]
    public async Task Two_callers_asking_for_the_same_client_ids_at_once_share_them_without_loss()
    {
        var (one, other) = (await identity.Registered("trader"), await identity.Registered("trader"));
        var names = Enumerable.Range(0, 30).Select(_ => $"contested-{IdentityFixture.NewId():n}").ToList();

        var answers = await Task.WhenAll(
            identity.Operator.Batch(Path, names.Select(name => IdentityFixture.Client(one, "trader") with { ClientId = name })),
            identity.Operator.Batch(Path, names.Select(name => IdentityFixture.Client(other, "trader") with { ClientId = name })));

        for (var index = 0; index < names.Count; index++)
            answers.Select(answer => answer[index].Code ?? answer[index].Outcome).Order(StringComparer.Ordinal).ShouldBe(["accepted", "client-id-taken"]);
        (await Events(one) + await Events(other)).ShouldBe(2 + names.Count);
        (await identity.Service.Ground.Scalar<long>("select count(*) from clients.\"OpenIddictApplications\" where \"ClientId\" like 'contested-%'"))
            .ShouldBe(names.Count);
    }

    [Fact]
    public async Task A_malformed_batch_names_every_fault_by_its_path()
    {
        using var response = await identity.Operator.Post(Path, new
        {
            items = new object[]
            {
                new { },
                new
                {
                    id = IdentityFixture.NewId(), participantId = IdentityFixture.NewId(), clientId = "with space", secretDigest = "too short",
                    displayName = new string('x', 301), roles = new[] { "emitter", "king", "emitter" },
                },
            },
        });

        (await response.Problem(400)).GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("path").GetString()).ShouldBe([
            "$.items[0].id", "$.items[0].participantId", "$.items[0].clientId", "$.items[0].secretDigest", "$.items[0].displayName", "$.items[0].roles",
            "$.items[1].clientId", "$.items[1].secretDigest", "$.items[1].displayName", "$.items[1].roles[1]", "$.items[1].roles[2]"]);
    }

    [Fact]
    public async Task Only_the_operator_registers_clients()
    {
        var (participant, regulator) = await identity.Acting("regulator");
        using (regulator)
        {
            using var refused = await regulator.Post(Path, new { items = new[] { IdentityFixture.Client(participant, "regulator") } });
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task A_secret_is_in_no_event_and_not_readable_in_the_directory()
    {
        var client = IdentityFixture.Client(await identity.Registered("trader"), "trader");
        await identity.Operator.Batch(Path, client);

        foreach (var (table, row) in new[] { ("identity.mt_events", "e"), ("identity.mt_doc_participant", "e"), ("clients.\"OpenIddictApplications\"", "e") })
            (await identity.Service.Ground.Scalar<long>($"select count(*) from {table} {row} where {row}::text like '%{client.Secret}%'")).ShouldBe(0, table);
        (await identity.Service.Ground.Scalar<long>($"select count(*) from identity.mt_events e where e::text like '%{client.ClientId}%'")).ShouldBe(1);
    }

    [Fact]
    public async Task Five_hundred_clients_are_registered_by_one_request()
    {
        var participants = Enumerable.Range(0, 500).Select(_ => IdentityFixture.Participant(IdentityFixture.NewId())).ToList();
        await identity.Operator.Batch("identity/participants/batch", participants);
        var clients = participants.Select(item => IdentityFixture.Client(item.ParticipantId, "emitter")).ToList();

        var results = await identity.Operator.Batch(Path, clients);

        results.ShouldAllBe(result => result.Outcome == "accepted");
    }

    private Task<long> Events(Guid participantId) =>
        identity.Service.Ground.Scalar<long>($"select count(*) from identity.mt_events where stream_id = '{participantId}'");
}
