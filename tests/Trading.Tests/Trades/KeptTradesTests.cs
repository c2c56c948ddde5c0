using CarbonMarket.Testing;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Tests.Service;
using CarbonMarket.Trading.Trades;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Trades;

public sealed class KeptTradesTests(TradingService trading) : IClassFixture<TradingService>
{
    private static readonly Guid Venue = Venues.StreamOf(TradingService.Market);

    [Fact]
    public async Task Every_trade_is_stored_once_also_when_it_is_forgotten_how_far_they_were_stored()
    {
        await trading.Fund(Ann, null, 10_000_000);
        await trading.Fund(Bob, "UKA", 1_000);
        await Eventually.Holds("Bob has units", async () => (await trading.As("trader", Bob).Get("account")).GetProperty("units").GetArrayLength() == 1);
        await ADayOf(3, "first");
        await ADayOf(2, "second");

        await using (var session = trading.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.DeleteWhere<JournalPosition>(position => position.Version > 0);
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        await trading.Restart();

        await ADayOf(2, "third");
        (await Stored()).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public void Stored_trades_of_a_market_lie_in_the_order_of_their_sequence_and_apart_from_another_markets()
    {
        long[] sequences = [1, 2, 255, 256, 65_536, 10_000_000_000];

        var ids = sequences.Select(sequence => MarketDocument.IdOfTrade(Venue, sequence)).ToList();

        ids.ShouldBe(ids.Order());
        ids.ShouldAllBe(id => id.Version == 8 && id.Variant >= 8 && id.Variant <= 11);
        sequences.Select(sequence => MarketDocument.IdOfTrade(Venues.StreamOf("gansu"), sequence)).Concat(ids).ShouldBeUnique();
    }

    private async Task ADayOf(int trades, string name)
    {
        var before = (await Stored()).Count;
        for (var trade = 0; trade < trades; trade++)
        {
            await Place(Bob, $"{name} offer {trade}", "sell");
            await Place(Ann, $"{name} bid {trade}", "buy");
        }
        trading.SetClock(trading.LegalTime.AddDays(1));
        await Eventually.Holds($"the trades of the {name} day are stored", async () => (await Stored()).Count == before + trades);
    }

    private async Task Place(Guid participant, string order, string side) =>
        (await trading.As("trader", participant).Post("orders/batch", new
        {
            items = new[] { new { orderId = Id(order), instrument = "UKA", side, quantity = 1, priceMinor = 4_500, timeInForce = "day" } },
        })).GetProperty("results")[0].GetProperty("outcome").GetString().ShouldBe("accepted");

    private async Task<IReadOnlyList<long>> Stored()
    {
        await using var session = trading.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return await session.Query<TradeView>().Where(trade => trade.Market == Venue).OrderBy(trade => trade.Sequence)
            .Select(trade => trade.Sequence).ToListAsync(TestContext.Current.CancellationToken);
    }
}
