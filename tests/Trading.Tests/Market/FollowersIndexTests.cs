using CarbonMarket.Testing;
using CarbonMarket.Trading.Tests.Service;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Market;

public sealed class FollowersIndexTests(TradingService trading) : IClassFixture<TradingService>
{
    private const int Orders = 200;

    [Fact]
    public async Task What_is_promised_is_found_without_reading_the_orders_also_after_a_restart()
    {
        await trading.Fund(Ann, null, 10_000_000);
        await Eventually.Holds("Ann has money", async () =>
            (await trading.As("trader", Ann).Get("account")).GetProperty("cash").GetProperty("availableMinor").GetInt64() > 0);
        await trading.As("trader", Ann).Post("orders/batch", new
        {
            items = Enumerable.Range(0, Orders).Select(number =>
                new { orderId = Id($"bid {number}"), instrument = "UKA", side = "buy", quantity = 1, priceMinor = 4_500, timeInForce = "day" }),
        });

        await trading.Restart();

        (await Plan()).ShouldContain("mt_events_followed");
    }

    /// <summary>To ask for the index as if it were not there would wait for every writer, and every writer after that would wait as well.</summary>
    [Fact]
    public async Task A_start_that_finds_the_index_waits_for_no_writer()
    {
        await using var connection = await trading.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var writing = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var write = new NpgsqlCommand("lock table trading.mt_events in row exclusive mode", connection, writing))
            await write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var start = trading.Restart();
        await Task.WhenAny(start, Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        var isStarted = start.IsCompletedSuccessfully;
        await writing.RollbackAsync(TestContext.Current.CancellationToken);
        await start;

        isStarted.ShouldBeTrue();
    }

    private async Task<string> Plan()
    {
        var services = trading.Services;
        var names = services.GetRequiredService<IDocumentStore>().Options.Events.AllKnownEventTypes()
            .Where(known => Publishing.Promised.Contains(known.EventType)).Select(known => $"'{known.EventTypeName}'");
        await using var connection = await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var explain = new NpgsqlCommand(
            "analyze trading.mt_events; set enable_seqscan = off; explain select data from trading.mt_events "
            + $"where type = any (array[{string.Join(", ", names)}]::varchar[]) and seq_id > 0 and seq_id <= 1000 order by seq_id limit 500", connection);
        var lines = new List<string>();
        await using var plan = await explain.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await plan.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(plan.GetString(0));
        return string.Join('\n', lines);
    }
}
