using System.Text.Json;
using CarbonMarket.Contracts.Trading.V1;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>Trading under rules by which buyers pay 0.25 % and sellers 0.50 %.</summary>
public sealed class ChargedTrading : TradingService
{
    protected override void Configure(IServiceCollection services)
    {
        var shipped = services.Last(service => service.ServiceType == typeof(PolicyPackCatalog)).ImplementationFactory!;
        services.AddSingleton(provider => new PolicyPackCatalog(((PolicyPackCatalog)shipped(provider)).Versions(Market).Select(Charged)));
    }

    private static PolicyPack Charged(PolicyPack pack) => pack.With("UKA", rules => rules with { Fees = new TradeFees(25, 50) });
}

public sealed class FeeTests(ChargedTrading trading) : IClassFixture<ChargedTrading>
{
    [Fact]
    public async Task An_order_says_its_rate_a_trade_its_fees_to_its_own_side_and_settlement_is_told_both()
    {
        var (buyer, seller) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await trading.Fund(buyer, null, 100_260);
        await trading.Fund(seller, "UKA", 30);
        await Eventually.Holds("both are funded", async () => await Available(buyer) == 100_260
            && (await trading.As("trader", seller).Get("account")).GetProperty("units")[0].GetProperty("available").GetInt64() == 30);

        (await trading.As("trader", buyer).Refused(422, HttpMethod.Post, "orders", Order("buy", 20, 5_001))).ShouldBe("insufficient-cash");
        await trading.As("trader", seller).Post("orders", Order("sell", 10, 4_999));
        var order = Guid.CreateVersion7();
        await trading.As("trader", buyer).Post("orders", Order("buy", 20, 5_000, order));
        Number(await trading.As("trader", buyer).Get($"orders/{order}"), "feeBasisPoints").ShouldBe(25);
        var cash = (await trading.As("trader", buyer).Get("account")).GetProperty("cash");
        // Ten bought for 499.90 with 1.25 of fee (1.24975), ten wait at 50.00 with 0.13 each.
        (Number(cash, "pendingOutMinor"), Number(cash, "reservedMinor"), Number(cash, "availableMinor")).ShouldBe((50_115, 50_130, 15));

        await Eventually.Holds("the trade is told", () => trading.Promises.Of<TradesExecuted>().Count > 0);
        var told = trading.Promises.Of<TradesExecuted>()[0].Trades.ShouldHaveSingleItem();
        (told.BuyerFeeMinor, told.SellerFeeMinor).ShouldBe((125, 250));
        (await Fees("trader", buyer)).ShouldBe((125, null));
        (await Fees("trader", seller)).ShouldBe((null, 250));
        (await Fees("regulator", Guid.CreateVersion7())).ShouldBe((125, 250));

        await trading.Restart();
        (await Available(buyer)).ShouldBe(15);
    }

    private async Task<(long? Buyer, long? Seller)> Fees(string role, Guid participant)
    {
        var trade = (await trading.As(role, participant).Get("trades")).GetProperty("items")[0];
        return (Optional(trade, "buyerFeeMinor"), Optional(trade, "sellerFeeMinor"));
    }

    private async Task<long> Available(Guid participant)
    {
        var (status, account) = await trading.As("trader", participant).Send(HttpMethod.Get, "account");
        return status == 200 ? Number(account.GetProperty("cash"), "availableMinor") : -1;
    }

    private static object Order(string side, long quantity, long price, Guid? id = null) => new
    {
        orderId = id ?? Guid.CreateVersion7(), instrument = "UKA", side, quantity, priceMinor = price, timeInForce = "day",
    };

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static long? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
