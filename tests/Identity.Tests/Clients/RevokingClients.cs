using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CarbonMarket.Identity.Tests.Clients;

[Collection<RunningIdentity>]
public sealed class RevokingClients(IdentityFixture identity)
{
    [Fact]
    public async Task A_revoked_client_gets_no_token_and_its_secret_is_gone()
    {
        var client = await Registered("trader");
        (await identity.Service.Token(client.ClientId, client.Secret)).ShouldNotBeEmpty();

        var answer = await Revoked(client.ClientId);

        answer.GetProperty("clientId").GetString().ShouldBe(client.ClientId);
        (answer.GetProperty("id").GetGuid(), answer.GetProperty("participantId").GetGuid()).ShouldBe((client.Id, client.ParticipantId));
        using var refused = await identity.Service.AskToken(client.ClientId, client.Secret);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString().ShouldBe("invalid_client");
        (await Rows(client)).ShouldBe(0);
        (await identity.Operator.Read($"identity/participants/{client.ParticipantId}")).GetProperty("clients").GetArrayLength().ShouldBe(0);
        (await Events(client.ParticipantId, "participant.client-revoked.v1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_repeat_is_answered_as_the_first_time()
    {
        var client = await Registered("trader");
        var first = await Revoked(client.ClientId);

        var again = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Revoked(client.ClientId)));

        again.ShouldAllBe(answer => answer.GetRawText() == first.GetRawText());
        (await Events(client.ParticipantId, "participant.client-revoked.v1")).ShouldBe(1);
    }

    [Fact]
    public async Task Revoked_by_several_at_once_it_is_revoked_once()
    {
        var client = await Registered("trader");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Revoked(client.ClientId)));

        answers.Select(answer => answer.GetRawText()).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        (await Events(client.ParticipantId, "participant.client-revoked.v1")).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_registers_a_revoked_client_again()
    {
        var (client, other) = (await Registered("trader"), await identity.Registered("trader"));
        await Revoked(client.ClientId);

        foreach (var (asked, code) in new[]
        {
            (client, "client-revoked"),
            (client.WithNewSecret(), "client-revoked"),
            (client with { Id = IdentityFixture.NewId() }, "client-revoked"),
            (client with { ClientId = $"client-{IdentityFixture.NewId():n}" }, "client-revoked"),
            (client with { Id = IdentityFixture.NewId(), ParticipantId = other }, "client-id-taken"),
            (client with { ClientId = $"client-{IdentityFixture.NewId():n}", ParticipantId = other }, "client-id-taken"),
        })
            (await identity.Operator.Batch("identity/clients/batch", asked)).Single().Code.ShouldBe(code, asked.ToString());

        (await Rows(client)).ShouldBe(0);
    }

    [Fact]
    public async Task A_secret_is_replaced_without_a_gap()
    {
        var first = await Registered("emitter");
        var second = IdentityFixture.Client(first.ParticipantId, "emitter", "trader");
        await identity.Admitted(second);

        await Revoked(first.ClientId);

        (await identity.Service.Token(second.ClientId, second.Secret)).ShouldNotBeEmpty();
        (await identity.Operator.Read($"identity/participants/{first.ParticipantId}")).GetProperty("clients").EnumerateArray()
            .Single().GetProperty("clientId").GetString().ShouldBe(second.ClientId);
    }

    [Fact]
    public async Task A_token_from_before_is_good_until_its_hour_is_over()
    {
        var (participant, trader) = await identity.Acting("trader");
        using (trader)
        {
            var clients = (await identity.Operator.Read($"identity/participants/{participant}")).GetProperty("clients");
            await Revoked(clients.EnumerateArray().Single().GetProperty("clientId").GetString()!);

            using var answer = await trader.GetAsync(new Uri($"identity/participants/{participant}", UriKind.Relative));

            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task The_fact_and_the_row_go_together_or_not_at_all()
    {
        var client = await Registered("trader");
        await identity.Service.Ground.Do("""
            create function clients.refuse() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$;
            create trigger refuse before delete on clients."OpenIddictApplications" for each row execute function clients.refuse();
            """);
        try
        {
            using var failed = await identity.Operator.DeleteAsync(Path(client.ClientId));
            await failed.Problem(500);
        }
        finally
        {
            await identity.Service.Ground.Do("drop function clients.refuse() cascade");
        }

        (await Events(client.ParticipantId, "participant.client-revoked.v1")).ShouldBe(0);
        (await identity.Service.Token(client.ClientId, client.Secret)).ShouldNotBeEmpty();
        (await Revoked(client.ClientId)).GetProperty("clientId").GetString().ShouldBe(client.ClientId);
    }

    [Fact]
    public async Task An_organisation_recorded_before_there_were_revocations_can_have_its_clients_revoked()
    {
        var client = await Registered("trader");
        await identity.Service.Ground.Do($"update identity.mt_doc_participant set data = data - 'revoked' where id = '{client.ParticipantId}'");

        (await Revoked(client.ClientId)).GetProperty("id").GetGuid().ShouldBe(client.Id);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("no%20client%20id")]
    [InlineData("x")]
    public async Task A_client_that_nobody_registered_is_unknown(string clientId)
    {
        using var answer = await identity.Operator.DeleteAsync(Path(clientId));

        (await answer.Problem(404)).GetProperty("code").GetString().ShouldBe("unknown-client");
    }

    [Theory]
    [InlineData("regulator")]
    [InlineData("auditor")]
    [InlineData("trader")]
    public async Task Only_the_operator_revokes_clients(string kind)
    {
        var client = await Registered("trader");
        var (_, http) = await identity.Acting(kind);
        using (http)
        {
            using var refused = await http.DeleteAsync(Path(client.ClientId));
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
        (await Rows(client)).ShouldBe(1);
    }

    private async Task<NewClient> Registered(string kind)
    {
        var client = IdentityFixture.Client(await identity.Registered(kind), kind);
        await identity.Admitted(client);
        return client;
    }

    private async Task<JsonElement> Revoked(string clientId)
    {
        using var answer = await identity.Operator.DeleteAsync(Path(clientId));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static Uri Path(string clientId) => new($"identity/clients/{clientId}", UriKind.Relative);

    private Task<long> Rows(NewClient client) =>
        identity.Service.Ground.Scalar<long>($"select count(*) from clients.\"OpenIddictApplications\" where \"ClientId\" = '{client.ClientId}'");

    private Task<long> Events(Guid participantId, string type) =>
        identity.Service.Ground.Scalar<long>($"select count(*) from identity.mt_events where stream_id = '{participantId}' and type = '{type}'");
}
