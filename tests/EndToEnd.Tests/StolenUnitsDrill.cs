using System.Text.Json;
using CarbonMarket.MainJob.Gateway;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.EndToEnd;

/// <summary>
/// The drill of a registry: a firm's keys are stolen, its allowances go from hand to hand, are found by their serials three
/// holders later and come back. All of it through the gateway, each step in the audit trail with whoever approved it.
/// </summary>
public sealed class StolenUnitsDrill(LocalSystem system)
{
    private const string Market = "uk-ets";
    private const string Instrument = "UKA";
    private const long Stolen = 600;

    private static readonly CancellationToken Stopping = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stolen_units_are_found_three_holders_later_and_come_back()
    {
        await using var clients = Resilience.HttpClients(system.Gateway, RetryLimits.Default);
        using var http = clients.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(MarketClient));
        var registry = new Registry(new MarketClient(http, new Tokens(http, TimeProvider.System)), system);
        await registry.Opens();
        var firms = await registry.Market.Register(4);
        var (smelter, fence, dealer, buyer) = (firms[0], firms[1], firms[2], firms[3]);
        await registry.Market.Issue(smelter.HoldingAccountId, Instrument, 2021, 1_000);

        // A stranger's account: a second person, then the delay.
        var theft = await registry.Propose(smelter, fence);
        (await Refusal(() => registry.Approve(smelter.Client, theft))).ShouldBe("four-eyes");
        (await registry.Approve(smelter.Colleague, theft)).ShouldBe("approved");
        (await registry.Units(smelter)).ShouldBe(400);
        (await registry.Units(fence)).ShouldBe(0, "Until the delay is over nothing arrives.");
        await registry.ADelayPasses();
        await registry.Has(fence, Stolen);
        foreach (var (from, to) in new[] { (fence, dealer), (dealer, buyer) })
        {
            await registry.Approve(from.Colleague, await registry.Propose(from, to));
            await registry.ADelayPasses();
            await registry.Has(to, Stolen);
        }

        var serials = await registry.SerialsOf(theft);
        var freeze = await registry.Freeze(serials);
        freeze.GetProperty("parts").EnumerateArray().ShouldHaveSingleItem().GetProperty("participantId").GetGuid().ShouldBe(buyer.ParticipantId);
        (await Refusal(() => registry.Propose(buyer, dealer))).ShouldBe("insufficient-units");

        var correction = await registry.Correct(buyer, smelter, theft);
        (await Refusal(() => registry.Approve(registry.Market.Regulator, correction))).ShouldBe("four-eyes");
        (await registry.Approve(registry.Market.SecondOfficial, correction)).ShouldBe("completed");
        await registry.Has(smelter, 1_000);
        (await registry.Units(buyer)).ShouldBe(0);
        (await registry.Market.Settlement("conservation")).GetProperty("balanced").GetBoolean().ShouldBeTrue();

        await Eventually.Gives("the trail of the theft is whole", () => registry.Trail(smelter, theft), trail => trail ==
            $"proposed by {smelter.Client.ClientId}, approved by {smelter.Colleague.ClientId}, completed by settlement");
        await Eventually.Gives("the trail of the correction is whole", () => registry.Trail(buyer, correction), trail => trail ==
            $"proposed by {registry.Market.Regulator.ClientId}, approved by {registry.Market.SecondOfficial.ClientId}, completed by {registry.Market.SecondOfficial.ClientId}");
    }

    private static async Task<string> Refusal(Func<Task> asked) => (await Should.ThrowAsync<RefusedException>(asked)).Code;

    /// <summary>What is asked of the registry in the drill.</summary>
    private sealed class Registry(MarketClient gateway, LocalSystem system)
    {
        private const string Settlement = $"settlement/markets/{StolenUnitsDrill.Market}";

        private DateOnly _day;

        public TestMarket Market { get; } = new(gateway, system, StolenUnitsDrill.Market);

        public async Task Opens()
        {
            _day = await Market.NextTuesday();
            await Market.SetClock(TestMarket.At(_day, 18, 0));
        }

        /// <summary>Twenty-four working hours, with a weekend to spare.</summary>
        public Task ADelayPasses()
        {
            _day = _day.AddDays(7);
            return Market.SetClock(TestMarket.At(_day, 18, 0));
        }

        public async Task<Guid> Propose(Firm from, Firm to)
        {
            var id = Guid.CreateVersion7();
            await gateway.Put(from.Client, $"{Settlement}/transactions/{id}", new
            {
                type = "transfer-to-untrusted", fromAccountId = from.HoldingAccountId, toAccountId = to.HoldingAccountId, instrument = Instrument, quantity = Stolen,
            }, Stopping);
            return id;
        }

        public async Task<Guid> Correct(Firm from, Firm to, Guid reverses)
        {
            var id = Guid.CreateVersion7();
            await gateway.Put(Market.Regulator, $"{Settlement}/transactions/{id}", new
            {
                type = "correction", fromAccountId = from.HoldingAccountId, toAccountId = to.HoldingAccountId, instrument = Instrument, reverses,
                ground = "ruling 2026-115",
            }, Stopping);
            return id;
        }

        public async Task<string?> Approve(ApiClient person, Guid transaction) =>
            (await gateway.Post<JsonElement>(person, $"{Settlement}/transactions/{transaction}/approval", new { }, Stopping)).GetProperty("status").GetString();

        public async Task<JsonElement> SerialsOf(Guid transaction) =>
            (await gateway.Get<JsonElement>(Market.Regulator, $"{Settlement}/transactions/{transaction}", Stopping)).GetProperty("blocks")
            .EnumerateArray().ShouldHaveSingleItem();

        public Task<JsonElement> Freeze(JsonElement serials) => gateway.Put<JsonElement>(Market.Regulator, $"{Settlement}/freezes/{Guid.CreateVersion7()}", new
        {
            instrument = Instrument, serials, kind = "freeze", authority = "Intermediate Court", order = "2026-114",
        }, Stopping);

        public async Task<long> Units(Firm firm) => (await Market.Account(firm, firm.HoldingAccountId)).Units.Sum(units => units.Available);

        public Task Has(Firm firm, long units) => Eventually.Holds("the units have arrived", async () => await Units(firm) == units);

        /// <summary>What the audit log says was done with a transaction, in order, and by whom.</summary>
        public async Task<string> Trail(Firm concerned, Guid transaction)
        {
            var page = await gateway.Get<JsonElement>(Market.Regulator, $"audit/events?participantId={concerned.ParticipantId}&limit=500", Stopping);
            return string.Join(", ",
                from entry in page.GetProperty("items").EnumerateArray()
                where entry.GetProperty("body").TryGetProperty("transactionId", out var id) && id.GetGuid() == transaction
                let what = entry.GetProperty("type").GetString()!.Split('.')[1].Replace("transaction-", "", StringComparison.Ordinal)
                select $"{what} by {entry.GetProperty("actorClientId").GetString()}");
        }
    }
}
