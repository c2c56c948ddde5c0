using CarbonMarket.Kernel;
using CarbonMarket.Testing;

namespace CarbonMarket.Settlement.Service;

/// <summary>Two markets have one store and know nothing of each other.</summary>
public sealed class TwoMarketsTests(SettlementService settlement) : IClassFixture<SettlementService>
{
    private const string Gansu = "gansu";
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Kiln = Id("kiln");
    private static readonly string Transaction = $"transactions/{Id("transaction")}";

    [Fact]
    public async Task A_transaction_stays_what_it_was_when_one_of_the_other_market_has_the_same_id()
    {
        await settlement.SetClock(new DateTimeOffset(2025, 6, 3, 12, 0, 0, TimeSpan.FromHours(8)));
        await Cancel(SettlementService.Market, Smelter, "UKA", 2025, 7);
        await Listed(SettlementService.Market, Smelter, 7);
        await Cancel(Gansu, Kiln, "CCER", null, 5);
        await Listed(Gansu, Kiln, 5);
        await Listed(SettlementService.Market, Smelter, 7);
        (await settlement.As("emitter", Kiln).Refused(404, HttpMethod.Get, Transaction)).ShouldBe("unknown-transaction");
    }

    /// <summary>Proposed by one person and approved by another, of the sender or of the authority as the market has it.</summary>
    private async Task Cancel(string market, Guid holder, string instrument, int? vintage, long quantity)
    {
        var (first, second) = (settlement.As("regulator", Id("ministry"), "ann", market), settlement.As("regulator", Id("ministry"), "bob", market));
        var account = DeterministicGuid.From(holder, "holding");
        (await first.Batch("accounts/batch", new { accountId = account, participantId = holder, type = "operator-holding" })).ShouldBe(["accepted"]);
        await first.Put($"issuances/{Id(market)}", new { accountId = account, instrument, vintage, quantity });
        await second.Post($"issuances/{Id(market)}/approval", new { });
        var cancellation = (await first.Get("accounts/authority")).EnumerateArray().First(held => held.GetProperty("type").GetString() == "cancellation");
        await settlement.As("emitter", holder, "one", market).Put(Transaction, new
        {
            type = "voluntary-cancellation", fromAccountId = account, toAccountId = cancellation.GetProperty("accountId").GetGuid(), instrument, quantity,
        });
        var approver = market == Gansu ? second : settlement.As("emitter", holder, "two", market);
        (await approver.Post($"{Transaction}/approval", new { })).GetProperty("status").GetString().ShouldBe("completed");
    }

    private async Task Listed(string market, Guid holder, long quantity)
    {
        var caller = settlement.As("emitter", holder, market: market);
        await Eventually.Holds($"the transaction of {market} is in the store, as it was", async () => await caller.Send(HttpMethod.Get, Transaction) is { Status: 200, Body: var found }
            && (found.GetProperty("status").GetString(), found.GetProperty("quantity").GetInt64()) == ("completed", quantity));
        (await caller.Get("transactions")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("transactionId").GetGuid().ShouldBe(Id("transaction"));
    }

    private static Guid Id(string name) => DeterministicGuid.From($"two markets {name}");
}
