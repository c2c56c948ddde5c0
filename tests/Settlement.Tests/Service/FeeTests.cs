using System.Text.Json;
using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Service;
using UglyToad.PdfPig;

namespace CarbonMarket.Settlement.Service;

/// <summary>A trade with fees, told over the broker: bound, delivered, stated, set aside, and compared with the second book.</summary>
public sealed class FeeTests(SettlementWithFees settlement) : IClassFixture<SettlementWithFees>
{
    private const string Day = "2021-06-16";
    private static readonly Guid Smelter = Id("smelter");
    private static readonly Guid Kiln = Id("kiln");

    private readonly Caller _smelter = settlement.As("emitter", Smelter);
    private readonly Caller _kiln = settlement.As("emitter", Kiln);
    private readonly Caller _regulator = settlement.As("regulator", Id("ministry"), "ann");
    private readonly Caller _operator = settlement.As("operator");

    [Fact]
    public async Task Fees_are_bound_with_the_trade_delivered_with_it_and_stated_apart()
    {
        await Furnish();
        await settlement.Tell(new TradesExecuted { Market = SettlementService.Market, FromSequence = 1, ToSequence = 1, Trades = [ItsTrade] });
        await Eventually.Holds("both sides are bound as Trading has it", async () => await Mirror(Smelter) == (100_000, 0, 1_809) && await Mirror(Kiln) == (0, 1_794, 0));
        await settlement.Tell(new TradingDayClosed { Market = SettlementService.Market, TradingDay = Day, LastTradeSequence = 1, Closes = [], ClosedAt = settlement.LegalTime });
        await Eventually.Holds("the day is cleared", async () => (await _operator.Get($"clearing?day={Day}")).GetProperty("status").GetString() is "completed");

        (await Mirror(Smelter), await Mirror(Kiln)).ShouldBe(((98_191, 0, 0), (1_794, 0, 0)));
        var authority = (await _regulator.Get("accounts/authority")).EnumerateArray().ToDictionary(
            account => account.GetProperty("type").GetString()!, account => account.GetProperty("cash").GetProperty("availableMinor").GetInt64());
        (authority["fees"], authority["risk-reserve"]).ShouldBe((10, 5));
        (await _kiln.Refused(403, HttpMethod.Get, "accounts/authority")).ShouldBe("http-403");

        var line = (await _smelter.Get($"daily-statements/{Smelter}/{Day}")).GetProperty("lines").EnumerateArray().Last();
        (Number(line, "priceMinor"), Number(line, "cashOutMinor"), Number(line, "feeMinor"), Number(line, "cashAfterMinor")).ShouldBe((45, 1_809, 9, 98_191));
        (await _kiln.Read($"daily-statements/{Kiln}/{Day}?format=csv", "application/json")).Text.ShouldContain(",UKA,,0,40,45,1800,6,10,1794,,6");
        using var pdf = PdfDocument.Open(await _smelter.File($"daily-statements/{Smelter}/{Day}", "application/pdf"));
        var printed = string.Concat(pdf.GetPages().Select(page => page.Text));
        foreach (var expected in new[] { "手续费", "-18.00", "0.09", "981.91", "交易手续费" })
            printed.ShouldContain(expected);
        (await _operator.Post("second-book/comparisons", new { comparisonId = Id("comparison") })).GetProperty("matches").GetBoolean().ShouldBeTrue();
        (await _operator.Get("conservation")).GetProperty("balanced").GetBoolean().ShouldBeTrue();

        await settlement.Restart();
        (await Mirror(Smelter)).ShouldBe((98_191, 0, 0));
    }

    private async Task Furnish()
    {
        (await _regulator.Batch("accounts/batch", Account(Smelter), Account(Kiln))).ShouldBe(["accepted", "accepted"]);
        await _regulator.Put($"issuances/{Id("issuance")}", new { accountId = AccountOf(Kiln), instrument = "UKA", vintage = 2021, quantity = 50 });
        await settlement.As("regulator", Id("ministry"), "bob").Post($"issuances/{Id("issuance")}/approval", new { });
        (await _operator.Batch("cash-deposits/batch", new { depositId = Id("deposit"), accountId = AccountOf(Smelter), amountMinor = 100_000 })).ShouldBe(["accepted"]);
    }

    /// <summary>What Trading is told of an account's cash when it reconciles.</summary>
    private async Task<(long Settled, long In, long Out)> Mirror(Guid participant)
    {
        var reply = await settlement.Ask(new ListTradingAccountsRequest { Market = SettlementService.Market, PageSize = 100 }, "operator");
        var account = reply.Accounts.Single(account => account.ParticipantId == participant.ToString());
        return (account.CashMinor, account.CashPendingInMinor, account.CashPendingOutMinor);
    }

    private static long Number(JsonElement line, string name) => line.GetProperty(name).GetInt64();

    private static object Account(Guid holder) => new { accountId = AccountOf(holder), participantId = holder, type = "trading" };

    private static Guid AccountOf(Guid holder) => DeterministicGuid.From(holder, "trading");

    private static Guid Id(string name) => DeterministicGuid.From($"fee {name}");

    private static readonly TradesExecuted.Trade ItsTrade = new()
    {
        Sequence = 1, TradeId = Id("trade"), Instrument = "UKA", BuyerParticipantId = Smelter, SellerParticipantId = Kiln, Quantity = 40, PriceMinorPerUnit = 45,
        Mode = "continuous", TradingDay = Day, ExecutedAt = new DateTimeOffset(2021, 6, 16, 9, 0, 0, TimeSpan.Zero), BuyerFeeMinor = 9, SellerFeeMinor = 6,
    };
}
