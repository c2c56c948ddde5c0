using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CarbonMarket.Contracts.Identity.V1;
using CarbonMarket.Identity.Participants;
using CarbonMarket.Testing;

namespace CarbonMarket.Identity.Tests.Bootstrap;

public sealed class TheFirstOperator
{
    private static readonly Uri FirstClient = new($"identity/clients/{IdentityService.OperatorClientId}", UriKind.Relative);

    [Fact]
    public async Task Two_instances_started_at_once_register_it_once_and_one_of_them_leads()
    {
        var ground = await Ground.New("two_instances");
        await using var one = IdentityService.Start(ground);
        await using var other = IdentityService.Start(ground);

        await Eventually.Holds("one instance is ready", async () =>
        {
            using var first = await one.Http.GetAsync(new Uri("health/ready", UriKind.Relative));
            using var second = await other.Http.GetAsync(new Uri("health/ready", UriKind.Relative));
            return first.IsSuccessStatusCode != second.IsSuccessStatusCode;
        }, TimeSpan.FromSeconds(60));

        (await ground.Events()).ShouldBe(2);
        using var token = await other.AskToken(IdentityService.OperatorClientId, IdentityService.OperatorSecret);
        token.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_restart_registers_nothing_and_tokens_from_before_it_stay_good()
    {
        var ground = await Ground.New("restart");
        string token;
        await using (var before = await IdentityService.StartReady(ground))
            token = await before.Token(IdentityService.OperatorClientId, IdentityService.OperatorSecret);

        await using var after = await IdentityService.StartReady(ground);
        using var http = after.With(token);
        using var response = await http.GetAsync(new Uri("identity/participants", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ground.Events()).ShouldBe(2);
    }

    [Fact]
    public async Task A_secret_that_can_be_guessed_registers_nobody_and_a_better_one_is_taken_at_the_next_start()
    {
        const string Weak = "0123456789ABCDEF0123456789ABCDEF";
        var ground = await Ground.New("weak_secret");
        await using (var weak = await IdentityService.StartReady(ground, Weak))
        {
            using var refused = await weak.AskToken(IdentityService.OperatorClientId, Weak);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        await using var strong = await IdentityService.StartReady(ground);

        (await strong.Token(IdentityService.OperatorClientId, IdentityService.OperatorSecret)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Once_revoked_it_does_not_come_back_at_the_next_start()
    {
        var ground = await Ground.New("revoked_first");
        NewClient second;
        await using (var before = await IdentityService.StartReady(ground))
        {
            using var first = await before.AsOperator();
            using (var alone = await first.DeleteAsync(FirstClient))
                (await alone.Problem(422)).GetProperty("code").GetString().ShouldBe("last-operator-client");
            second = await LetIn(first, "operator");
            using var successor = await before.As(second);
            await LetIn(first, "regulator", confirming: successor);
            using var revoked = await successor.DeleteAsync(FirstClient);
            revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        var events = await ground.Events();

        await using var after = await IdentityService.StartReady(ground);

        using var refused = await after.AskToken(IdentityService.OperatorClientId, IdentityService.OperatorSecret);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ground.Events()).ShouldBe(events);
        using var still = await after.As(second);
        using (var last = await still.DeleteAsync(new Uri($"identity/clients/{second.ClientId}", UriKind.Relative)))
            (await last.Problem(422)).GetProperty("code").GetString().ShouldBe("last-operator-client");
    }

    [Fact]
    public async Task Two_operators_that_revoke_each_other_at_once_do_not_lock_everybody_out()
    {
        await using var service = await IdentityService.StartReady(await Ground.New("each_other"));
        using var first = await service.AsOperator();
        var client = await LetIn(first, "operator");
        using var other = await service.As(client);
        await LetIn(first, "regulator", confirming: other);

        var answers = await Task.WhenAll(
            first.DeleteAsync(new Uri($"identity/clients/{client.ClientId}", UriKind.Relative)), other.DeleteAsync(FirstClient));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public async Task It_lets_in_one_other_official_alone_and_nobody_else()
    {
        await using var service = await IdentityService.StartReady(await Ground.New("four_eyes"));
        using var first = await service.AsOperator();
        var (authority, works) = (await Organisation(first, "regulator"), await Organisation(first, "emitter"));
        var (official, second) = (IdentityFixture.Client(authority, "regulator"), IdentityFixture.Client(authority, "regulator"));
        var (desk, another) = (IdentityFixture.Client(works, "emitter"), IdentityFixture.Client(works, "emitter"));

        await first.Batch("identity/clients/batch", desk, official, second);
        await first.Batch("identity/clients/batch", another);

        (await service.Token(official.ClientId, official.Secret)).ShouldNotBeEmpty();
        foreach (var waiting in new[] { desk, second, another })
        {
            using var refused = await service.AskToken(waiting.ClientId, waiting.Secret);
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString().ShouldBe("unauthorized_client");
        }
        (await IdentityFixture.Confirm(first, desk, second, another)).ShouldAllBe(result => result.Code == "four-eyes");
    }

    [Fact]
    public async Task Whoever_revokes_the_other_officials_does_not_become_the_only_one_again()
    {
        await using var service = await IdentityService.StartReady(await Ground.New("only_one"));
        using var first = await service.AsOperator();
        var official = await LetIn(first, "regulator");

        using var refused = await first.DeleteAsync(new Uri($"identity/clients/{official.ClientId}", UriKind.Relative));

        (await refused.Problem(422)).GetProperty("code").GetString().ShouldBe("too-few-officials");
    }

    [Fact]
    public void What_the_others_are_told_of_a_participant()
    {
        var id = IdentityFixture.NewId();
        var at = new DateTimeOffset(2021, 3, 1, 8, 0, 0, TimeSpan.Zero);

        Publishing.Translate(new ParticipantEvent.Registered(id, "Works", ParticipantKind.Verifier, "4711", at)).ShouldBe(
            new ParticipantRegistered { ParticipantId = id, Name = "Works", Kind = "verifier", RegistrationCode = "4711", RegisteredAt = at });
    }

    /// <param name="confirming">Null: there is nobody yet who could.</param>
    private static async Task<NewClient> LetIn(HttpClient first, string kind, HttpClient? confirming = null)
    {
        var client = IdentityFixture.Client(await Organisation(first, kind), kind);
        (await first.Batch("identity/clients/batch", client)).Single().Outcome.ShouldBe("accepted");
        if (confirming is not null)
            (await IdentityFixture.Confirm(confirming, client)).Single().Outcome.ShouldBe("accepted");
        return client;
    }

    private static async Task<Guid> Organisation(HttpClient first, string kind)
    {
        var organisation = IdentityFixture.Participant(IdentityFixture.NewId(), kind);
        (await first.Batch("identity/participants/batch", organisation)).Single().Outcome.ShouldBe("accepted");
        return organisation.ParticipantId;
    }
}
