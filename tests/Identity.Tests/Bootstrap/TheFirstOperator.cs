using System.Net;
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
    public async Task Once_revoked_it_does_not_come_back_at_the_next_start()
    {
        var ground = await Ground.New("revoked_first");
        NewClient second;
        await using (var before = await IdentityService.StartReady(ground))
        {
            using var first = await before.AsOperator();
            using (var alone = await first.DeleteAsync(FirstClient))
                (await alone.Problem(422)).GetProperty("code").GetString().ShouldBe("last-operator-client");
            second = IdentityFixture.Client(await OperatorOf(first), "operator");
            (await first.Batch("identity/clients/batch", second)).Single().Outcome.ShouldBe("accepted");
            using var successor = await before.As(second.ClientId, second.Secret);
            using var revoked = await successor.DeleteAsync(FirstClient);
            revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        var events = await ground.Events();

        await using var after = await IdentityService.StartReady(ground);

        using var refused = await after.AskToken(IdentityService.OperatorClientId, IdentityService.OperatorSecret);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ground.Events()).ShouldBe(events);
        using var still = await after.As(second.ClientId, second.Secret);
        using (var last = await still.DeleteAsync(new Uri($"identity/clients/{second.ClientId}", UriKind.Relative)))
            (await last.Problem(422)).GetProperty("code").GetString().ShouldBe("last-operator-client");
    }

    [Fact]
    public async Task Two_operators_that_revoke_each_other_at_once_do_not_lock_everybody_out()
    {
        await using var service = await IdentityService.StartReady(await Ground.New("each_other"));
        using var first = await service.AsOperator();
        var organisation = IdentityFixture.Participant(IdentityFixture.NewId(), "operator");
        await first.Batch("identity/participants/batch", organisation);
        var client = IdentityFixture.Client(organisation.ParticipantId, "operator");
        (await first.Batch("identity/clients/batch", client)).Single().Outcome.ShouldBe("accepted");
        using var other = await service.As(client.ClientId, client.Secret);

        var answers = await Task.WhenAll(
            first.DeleteAsync(new Uri($"identity/clients/{client.ClientId}", UriKind.Relative)), other.DeleteAsync(FirstClient));

        answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([200, 422]);
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public void What_the_others_are_told_of_a_participant()
    {
        var id = IdentityFixture.NewId();
        var at = new DateTimeOffset(2021, 3, 1, 8, 0, 0, TimeSpan.Zero);

        Publishing.Translate(new ParticipantEvent.Registered(id, "Works", ParticipantKind.Verifier, "4711", at)).ShouldBe(
            new ParticipantRegistered { ParticipantId = id, Name = "Works", Kind = "verifier", RegistrationCode = "4711", RegisteredAt = at });
    }

    private static async Task<Guid> OperatorOf(HttpClient first) =>
        (await first.Read("identity/participants")).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("kind").GetString() == "operator").GetProperty("participantId").GetGuid();
}
