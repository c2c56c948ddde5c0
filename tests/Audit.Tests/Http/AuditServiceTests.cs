using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Audit.Recorded;

namespace CarbonMarket.Audit.Http;

public sealed class AuditServiceTests(AuditService service) : IClassFixture<AuditService>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_service_tells_on_the_bus_is_held_once_and_proved()
    {
        using var auditor = await service.As("auditor");
        await Publish(Envelope("settlement", 1, 20));
        await Publish(Envelope("settlement", 1, 20));
        await Publish(Envelope("settlement", 15, 10));
        await Eventually.Holds("the log holds 24 events of settlement", async () => (await Proof(auditor, "settlement"))?["events"]!.GetValue<int>() == 24, ct: Token);

        var proof = (await Proof(auditor, "settlement"))!;
        proof["gapFree"]!.GetValue<bool>().ShouldBeTrue();
        proof["chainValid"]!.GetValue<bool>().ShouldBeTrue();
        proof["streams"]!.GetValue<int>().ShouldBe(1);
        proof["lastSequence"]!.GetValue<int>().ShouldBe(24);
        (await auditor.GetFromJsonAsync<JsonObject>("/audit/events/head", Token))!["events"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(24);
    }

    [Fact]
    public async Task A_participant_reads_its_own_history_and_no_other()
    {
        using var mill = await service.As("emitter", Mill);
        using var regulator = await service.As("regulator", Ministry);
        await Publish(Envelope("identity",
            Entry("identity", 1, Naming(Mill), actor: Ministry),
            Entry("identity", 2, Naming(Mill, Quarry), actor: Ministry),
            Entry("identity", 3, Naming(Quarry), actor: Ministry)));
        await Eventually.Holds("the regulator sees three events of identity",
            async () => (await Items(regulator, $"/audit/events?participantId={Ministry}")).Count == 3, ct: Token);

        var own = await Items(mill, "/audit/events");
        own.Count.ShouldBe(2);
        own[0]!["body"]!["lines"]![0]!["participantId"]!.GetValue<Guid>().ShouldBe(Mill);
        own[0]!["actorSubject"].ShouldBeNull();
        own[1]!["body"].ShouldBeNull("it names the quarry too");

        var page = (await mill.GetFromJsonAsync<JsonObject>($"/audit/events?participantId={Mill}&limit=1", Token))!;
        (await Items(mill, $"/audit/events?limit=1&after={page["next"]}"))[0]!["sequence"]!.GetValue<int>().ShouldBe(2);
        await Refused(mill, $"/audit/events?participantId={Quarry}", HttpStatusCode.Forbidden, "participant-not-yours");
    }

    [Fact]
    public async Task A_participant_reads_neither_a_draft_of_its_allocation_nor_which_officials_acted()
    {
        using var smelter = await service.As("emitter", Smelter);
        using var regulator = await service.As("regulator", Ministry);
        EventsRecorded.Entry Fact(long sequence, string type, string person) => Entry(
            "allocation", sequence, $$"""{"lines":[{"participantId":"{{Smelter}}","quantity":700}],"{{person}}":"wang"}""", stream: "plan") with { Type = type };
        await Publish(Envelope("allocation",
            Fact(1, "plan.computed.v1", "computedBy"), Fact(2, "plan.continued.v1", "draftedBy"), Fact(3, "plan.drafted.v1", "draftedBy"),
            Fact(4, "plan.approved.v1", "approvedBy")));
        await Eventually.Holds("the log holds the plan", async () => (await Items(regulator, $"/audit/events?participantId={Smelter}")).Count == 4, ct: Token);

        var own = await Items(smelter, "/audit/events");
        own.Select(item => item!["withheld"]?.GetValue<string>()).ShouldBe(["draft-plan", "draft-plan", "draft-plan", null]);
        own.Take(3).ShouldAllBe(item => item!["body"] == null);
        own[3]!["body"]!.ToJsonString().ShouldBe($$"""{"lines":[{"participantId":"{{Smelter}}","quantity":700}]}""");
        (await Items(regulator, $"/audit/events?participantId={Smelter}")).Select(item => item!["body"]!["lines"]![0]!["quantity"]!.GetValue<int>())
            .ShouldBe([700, 700, 700, 700], "an official sees them as they are");
        (await Items(regulator, $"/audit/events?participantId={Smelter}"))[3]!["body"]!["approvedBy"]!.GetValue<string>().ShouldBe("wang");
    }

    [Fact]
    public async Task An_official_reads_a_sealed_bid_when_its_auction_has_closed()
    {
        using var quarry = await service.As("trader", Quarry);
        using var regulator = await service.As("regulator", Ministry);
        EventsRecorded.Entry Fact(long sequence, string type) => Entry(
            "trading", sequence, $$"""{"auctionId":"{{Ministry}}","participantId":"{{Quarry}}","price":7100}""", actor: Quarry, stream: "auction") with { Type = type };
        async Task<JsonNode> Bid(HttpClient reader) => (await Items(reader, $"/audit/events?participantId={Quarry}"))
            .Single(item => item!["type"]!.GetValue<string>() == "market.bid-accepted.v1")!;

        await Publish(Envelope("trading", Fact(101, "market.auction-announced.v1"), Fact(102, "market.bid-accepted.v1")));
        await Eventually.Holds("the bid is in the log", async () =>
            (await quarry.GetStringAsync("/audit/events", Token)).Contains("bid-accepted", StringComparison.Ordinal), ct: Token);
        (await Bid(quarry))["body"]!["price"]!.GetValue<int>().ShouldBe(7_100, "its own");
        var withheld = await Bid(regulator);
        withheld["body"].ShouldBeNull();
        withheld["withheld"]!.GetValue<string>().ShouldBe("sealed-bid");

        await Publish(Envelope("trading", Fact(103, "market.auction-closed.v1")));
        await Eventually.Holds("the bid is open to officials",
            async () => (await Bid(regulator))["body"]?["price"]?.GetValue<int>() == 7_100, ct: Token);
    }

    [Fact]
    public async Task Who_may_not_ask_is_told_so()
    {
        using var nobody = await service.As(null);
        using var trader = await service.As("trader", Mill);
        using var homeless = await service.As("trader");
        foreach (var path in (string[])["/audit/events", "/audit/summary", "/audit/events/head"])
            (await nobody.GetAsync(path, Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        foreach (var path in (string[])["/audit/summary", "/audit/events/head"])
            (await trader.GetAsync(path, Token)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        await Refused(homeless, "/audit/events", HttpStatusCode.Forbidden, "participant-not-yours");
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_question_is_said_at_once()
    {
        using var auditor = await service.As("auditor");
        var problem = await Refused(auditor, "/audit/events?limit=501&after=yesterday", HttpStatusCode.BadRequest, "invalid-input");
        problem["errors"]!.AsArray().Select(error => error!["path"]!.GetValue<string>()).ShouldBe(["limit", "after"]);
    }

    [Fact]
    public async Task An_envelope_that_contradicts_the_log_waits_in_the_error_queue_and_the_rest_goes_on()
    {
        using var platform = await service.As("operator");
        await Publish(Envelope("verification", 1, 3));
        await Publish(Envelope("verification", Entry("verification", 2, """{"number":"forged"}""")));
        await Publish(Envelope("verification", 4, 2));
        await Eventually.Holds("the log holds five events of verification", async () => (await Proof(platform, "verification"))?["events"]!.GetValue<int>() == 5, ct: Token);
        await Eventually.Holds("the forged one is in the error queue", async () =>
            (await platform.GetStringAsync("/audit/errors/audit-when-events-recorded", Token))
                .Contains("is in the log with other content", StringComparison.Ordinal), ct: Token);
    }

    private async Task Publish(EventsRecorded envelope) =>
        await service.Services.GetRequiredService<IBus>().Publish(envelope, Token);

    private static async Task<JsonNode?> Proof(HttpClient client, string name)
    {
        var summary = (await client.GetFromJsonAsync<JsonObject>("/audit/summary", Token))!;
        return summary["services"]!.AsArray().SingleOrDefault(proof => proof!["service"]!.GetValue<string>() == name);
    }

    private static async Task<JsonArray> Items(HttpClient client, string path) =>
        (await client.GetFromJsonAsync<JsonObject>(path, Token))!["items"]!.AsArray();

    private static async Task<JsonObject> Refused(HttpClient client, string path, HttpStatusCode status, string code)
    {
        using var answer = await client.GetAsync(path, Token);
        answer.StatusCode.ShouldBe(status);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(Token))!;
        problem["code"]!.GetValue<string>().ShouldBe(code);
        return problem;
    }
}
