using System.Net;
using CarbonMarket.Contracts.Identity.V1;
using CarbonMarket.Identity.Participants;
using CarbonMarket.Testing;

namespace CarbonMarket.Identity.Tests.Bootstrap;

public sealed class TheFirstOperator
{
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
    public void What_the_others_are_told_of_a_participant()
    {
        var id = IdentityFixture.NewId();
        var at = new DateTimeOffset(2021, 3, 1, 8, 0, 0, TimeSpan.Zero);

        Publishing.Translate(new ParticipantEvent.Registered(id, "Works", ParticipantKind.Verifier, "4711", at)).ShouldBe(
            new ParticipantRegistered { ParticipantId = id, Name = "Works", Kind = "verifier", RegistrationCode = "4711", RegisteredAt = at });
    }
}
