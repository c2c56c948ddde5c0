using System.Net;
using System.Text.Json;

namespace CarbonMarket.Identity.Tests.Clients;

[Collection<RunningIdentity>]
public sealed class ConfirmingClients(IdentityFixture identity)
{
    private const string Registrations = "identity/clients/batch";

    [Fact]
    public async Task A_client_gets_tokens_once_another_official_has_confirmed_it()
    {
        var client = await Proposed();
        using (var early = await identity.Service.AskToken(client.ClientId, client.Secret))
            early.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await IdentityFixture.Confirm(identity.Official, client)).Single().Outcome.ShouldBe("accepted");

        (await identity.Service.Token(client.ClientId, client.Secret)).ShouldNotBeEmpty();
        (await IdentityFixture.Confirm(identity.Official, client)).Single().Outcome.ShouldBe("accepted", "A repeat.");
        (await identity.Service.Ground.Scalar<long>(
            $"select count(*) from identity.mt_events where stream_id = '{client.ParticipantId}' and type = 'participant.client-registered.v1'")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_registered_a_client_does_not_confirm_it()
    {
        var client = await Proposed();

        (await IdentityFixture.Confirm(identity.Operator, client)).Single().Code.ShouldBe("four-eyes");

        using var refused = await identity.Service.AskToken(client.ClientId, client.Secret);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_awaits_confirmation_is_listed_with_the_digest_to_compare_and_who_asked()
    {
        var client = await Proposed();
        await identity.Admitted(IdentityFixture.Client(await identity.Registered("trader"), "trader"));

        // Other tests' clients wait as well, more than a page of them.
        var waiting = new List<JsonElement>();
        var after = Guid.Empty;
        while ((await identity.Official.Read($"identity/participants?awaiting=true&after={after}")).GetProperty("items").EnumerateArray().ToList() is { Count: > 0 } page)
        {
            waiting.AddRange(page);
            after = page[^1].GetProperty("participantId").GetGuid();
        }

        waiting.ShouldAllBe(item => item.GetProperty("proposed").GetArrayLength() > 0);
        var proposal = waiting.Single(item => item.GetProperty("participantId").GetGuid() == client.ParticipantId).GetProperty("proposed").EnumerateArray().Single();
        proposal.GetProperty("by").GetString().ShouldBe(IdentityService.OperatorClientId);
        proposal.GetProperty("client").GetProperty("secretDigest").GetString().ShouldBe(client.SecretDigest);
    }

    [Fact]
    public async Task The_digest_is_no_secret()
    {
        var client = await Proposed();
        await IdentityFixture.Confirm(identity.Official, client);

        using var refused = await identity.Service.AskToken(client.ClientId, client.SecretDigest);

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_secret_that_can_be_found_from_its_digest_gets_no_token()
    {
        var client = new NewClient(IdentityFixture.NewId(), await identity.Registered("trader"), $"client-{IdentityFixture.NewId():n}", "12345678", "Weak", ["trader"]);
        await identity.Admitted(client);

        using var refused = await identity.Service.AskToken(client.ClientId, client.Secret);

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_secret_registered_before_there_were_digests_is_still_good()
    {
        var client = await Proposed();
        await IdentityFixture.Confirm(identity.Official, client);
        // PBKDF2 as OpenIddict writes it: SHA-256, 10,000 rounds, a salt of 16 bytes.
        const string hash = "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg8aEa1H0vhUpZ+7kaI8Nt6wO84QXo9Y1i5ZXWzxw0/yPg==";
        await identity.Service.Ground.Do(
            $"""update clients."OpenIddictApplications" set "ClientSecret" = '{hash}' where "ClientId" = '{client.ClientId}'""");

        (await identity.Service.Token(client.ClientId, "a secret of long ago")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_client_that_was_revoked_before_anybody_confirmed_it_is_confirmed_no_more()
    {
        var client = await Proposed();
        using (var revoked = await identity.Operator.DeleteAsync(new Uri($"identity/clients/{client.ClientId}", UriKind.Relative)))
            revoked.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await IdentityFixture.Confirm(identity.Official, client)).Single().Code.ShouldBe("client-revoked");

        using var refused = await identity.Service.AskToken(client.ClientId, client.Secret);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Each_refusal_says_why_and_holds_up_no_other()
    {
        var (known, unknown) = (await Proposed(), IdentityFixture.Client(IdentityFixture.NewId(), "trader"));

        var results = await IdentityFixture.Confirm(identity.Official, unknown, known);

        results.Select(result => result.Code ?? result.Outcome).ShouldBe(["unknown-client", "accepted"]);
    }

    [Theory]
    [InlineData("trader")]
    [InlineData("auditor")]
    public async Task Only_operators_and_regulators_confirm(string kind)
    {
        var client = await Proposed();
        var (_, http) = await identity.Acting(kind);
        using (http)
        {
            using var refused = await http.Post("identity/clients/confirmations/batch", new { items = new[] { new { client.Id } } });
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task A_revoked_official_lets_nobody_in_while_its_token_is_still_good()
    {
        var client = await Proposed();
        var (participant, official) = await identity.Acting("regulator");
        using (official)
        {
            var clients = (await identity.Operator.Read($"identity/participants/{participant}")).GetProperty("clients");
            var clientId = clients.EnumerateArray().Single().GetProperty("clientId").GetString();
            using (var revoked = await identity.Operator.DeleteAsync(new Uri($"identity/clients/{clientId}", UriKind.Relative)))
                revoked.StatusCode.ShouldBe(HttpStatusCode.OK);

            using var refused = await official.Post("identity/clients/confirmations/batch", new { items = new[] { new { client.Id } } });

            (await refused.Problem(403)).GetProperty("code").GetString().ShouldBe("client-revoked");
        }
    }

    [Fact]
    public async Task A_malformed_batch_names_every_fault_by_its_path()
    {
        using var response = await identity.Official.Post("identity/clients/confirmations/batch", new { items = new object?[] { new { }, null } });

        (await response.Problem(400)).GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("path").GetString())
            .ShouldBe(["$.items[0].id", "$.items[1]"]);
    }

    private async Task<NewClient> Proposed()
    {
        var client = IdentityFixture.Client(await identity.Registered("trader"), "trader");
        (await identity.Operator.Batch(Registrations, client)).Single().Outcome.ShouldBe("accepted");
        return client;
    }
}
