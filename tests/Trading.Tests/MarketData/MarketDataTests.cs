using System.Text.Json;
using CarbonMarket.Contracts.Settlement.V1;
using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.Testing;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.MarketData;
using CarbonMarket.Trading.Streaming;
using CarbonMarket.Trading.Tests.Service;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using static CarbonMarket.Trading.Tests.TheMarket;
using Message = CarbonMarket.Trading.MarketData.MarketDataMessage;

namespace CarbonMarket.Trading.Tests.MarketData;

/// <summary>Consumers follow a market through the doors the service has, and through its restart.</summary>
public sealed class MarketDataTests(TradingService trading) : IClassFixture<TradingService>
{
    private const string Stream = "market-data/stream?instrument=UKA";
    private int _orders;

    [Fact]
    public async Task Consumers_follow_the_market_and_recover_by_sequence_after_a_restart()
    {
        await MoneyAndUnitsArrive();
        var consumer = new MarketDataConsumer();
        string? place;
        await using (var stream = await Open("auditor", default, Stream))
        {
            var beginning = await stream.Until("heartbeat");
            beginning.Count(item => item.Type == "snapshot").ShouldBe(Enum.GetValues<MarketDataChannel>().Length);
            beginning[^1].Data.GetProperty("sessions").GetProperty("UKA").GetString().ShouldBe("continuous");
            consumer.Take(Messages(beginning));

            await Place(Bob, "sell", 60, 4_500);
            await Place(Ann, "buy", 25, 4_500);
            await Place(Ann, "buy", 10, 4_400);
            Take(consumer, await stream.Until("increment", data => Changes(data, "orders").Any(order => order.GetProperty("priceMinor").GetInt64() == 4_400)));
            consumer.Trades.ShouldHaveSingleItem().Quantity.Value.ShouldBe(25);
            consumer.Ticker!.LastMinor!.Value.MinorPerUnit.ShouldBe(4_500);
            consumer.Orders.Select(order => (order.Number, order.Remaining.Value)).ShouldBe([(3, 10), (1, 35)]);

            await SameOverGrpc();
            var ended = stream.Until("end");
            await trading.Restart();
            Take(consumer, await ended);
            (await ended)[^1].Data.GetProperty("reason").GetString().ShouldBe("shutting-down");
            place = stream.LastEventId;
        }
        // What happens while the consumer is away is not lost to it.
        await Place(Ann, "buy", 5, 4_500);
        await Place(Bob, "sell", 10, 4_400);
        await using (var stream = await Open("auditor", default, Stream, place))
        {
            var missed = await stream.Until("increment", data => Changes(data, "bars").Any(bar => Number(bar, "volume") == 40));
            missed.ShouldNotContain(item => item.Type == "snapshot");
            Take(consumer, missed);
        }
        consumer.Trades.Select(trade => trade.Quantity.Value).ShouldBe([25, 5, 10]);
        await SameAsTheSnapshot(consumer);
        await BarsAreSaved();
        var bobStands = await DropCopiesMissNothing();
        await trading.Restart();
        await BarsAreKept(consumer);
        await TheDropCopyGoesOn(bobStands);
        await NobodyOpensStreamsWithoutEnd();
    }

    private static void Take(MarketDataConsumer consumer, IEnumerable<(string Type, JsonElement Data)> items)
    {
        foreach (var message in Messages(items))
            consumer.Take(message).ShouldBeTrue($"Nothing is missing before {message}.");
    }

    private static IEnumerable<Message> Messages(IEnumerable<(string Type, JsonElement Data)> items) => items
        .Where(item => item.Type is "snapshot" or "increment").Select(item => item.Data.Deserialize<Message>(TradingService.Json)!);

    private static List<JsonElement> Changes(JsonElement data, string channel) =>
        data.TryGetProperty(channel, out var changes) ? [.. changes.EnumerateArray()] : [];

    /// <summary>A consumer that comes by gRPC begins with the same snapshots.</summary>
    private async Task SameOverGrpc()
    {
        using var channel = trading.Grpc();
        var method = new Method<MarketDataRequest, MarketDataItem>(
            MethodType.ServerStreaming, "carbonmarket.trading.v1.MarketData", "Subscribe",
            Marshallers.Create(request => request.ToByteArray(), MarketDataRequest.Parser.ParseFrom),
            Marshallers.Create(item => item.ToByteArray(), MarketDataItem.Parser.ParseFrom));
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(
            method, null, new CallOptions(TradingService.Headers("trader", Ann)), new MarketDataRequest { Market = TradingService.Market, Instruments = { "UKA" } });
        var items = new List<MarketDataItem>();
        while (await call.ResponseStream.MoveNext(default) && call.ResponseStream.Current.ItemCase == MarketDataItem.ItemOneofCase.Message)
            items.Add(call.ResponseStream.Current);
        items.Select(item => item.Message.Channel).ShouldBe(Enum.GetValues<DataChannel>().Where(named => named != DataChannel.Unspecified));
        items.ShouldAllBe(item => item.Message.IsSnapshot);
        items[0].Message.Orders.Select(order => (order.Number, order.Remaining)).ShouldBe([(3, 10), (1, 35)]);
        items[2].Message.Trades.ShouldHaveSingleItem().Aggressor.ShouldBe(BookSide.Buy);
        items[3].Message.Ticker.LastMinor.ShouldBe(4_500);
        items[6].Message.Status.Stop.ShouldBeEmpty("It trades.");
        items[^1].ResumePoint.ShouldNotBeEmpty();
    }

    private async Task SameAsTheSnapshot(MarketDataConsumer consumer)
    {
        var snapshot = (await trading.As("auditor").Get("market-data/snapshot?instrument=UKA")).GetProperty("channels")
            .Deserialize<Message[]>(TradingService.Json)!;
        consumer.Sequences.ShouldBe(snapshot.ToDictionary(channel => channel.Channel, channel => channel.Sequence), ignoreOrder: true);
        consumer.Orders.ShouldBe(snapshot.Single(channel => channel.Channel == MarketDataChannel.Orders).Orders!.Value);
        consumer.Depth.ShouldBe(snapshot.Single(channel => channel.Channel == MarketDataChannel.Depth).Depth!.Value);
        var book = await trading.As("auditor").Get("book?instrument=UKA");
        consumer.Depth.Where(level => level.Side == CarbonMarket.Trading.Orders.Side.Sell).Select(level => level.Quantity.Value)
            .ShouldBe(book.GetProperty("asks").EnumerateArray().Select(level => level.GetProperty("quantity").GetInt64()));
    }

    /// <summary>What is saved is let go and still told.</summary>
    private async Task BarsAreSaved()
    {
        var minute = (await Bars("1m")).ShouldHaveSingleItem();
        (Number(minute, "openMinor"), Number(minute, "lowMinor"), Number(minute, "volume")).ShouldBe((4_500, 4_400, 40));
        trading.SetClock(trading.LegalTime.AddMinutes(1));
        await Place(Ann, "buy", 5, 4_500);
        await Eventually.Holds("the next minute has its bar", async () => (await Bars("1m")).Count == 2);

        var publisher = trading.Services.GetRequiredService<MarketDataPublishers>()[TradingService.Market];
        await trading.Services.GetRequiredService<MarketDataCheckpoints>().Save(
            trading.Services.GetRequiredService<Venues>()[TradingService.Market], publisher, default);
        publisher.NewestBars("UKA", BarInterval.Minute).Length.ShouldBe(1);
        (await Bars("1m")).Count.ShouldBe(2);
    }

    /// <summary>A firm knows its orders by no other id than its own.</summary>
    [Fact]
    public async Task A_firm_is_told_of_a_refusal_under_its_own_id()
    {
        var (firm, order, version) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Version);
        object Offered(long units) => new { orderId = order, instrument = "UKA", side = "sell", quantity = units, priceMinor = 4_400, timeInForce = "day" };
        (await trading.As("trader", firm).Refused(422, HttpMethod.Post, "orders", Offered(1_000_000_000))).ShouldBe("insufficient-units");
        await using var copies = await Open("trader", firm, $"drop-copy/stream?after={version}");
        var refused = (await Copies(copies, 1))[0].GetProperty("data");
        (refused.GetProperty("about").GetGuid(), refused.GetProperty("code").GetString()).ShouldBe((order, "insufficient-units"));
        var (_, reused) = await trading.As("trader", firm).Send(HttpMethod.Post, "orders", Offered(1));
        reused.GetProperty("detail").GetString().ShouldBe("This id has been used for a command with other content.", "The platform's own id would say nothing.");
    }

    /// <summary>Begun from the checkpoint, every sequence goes on.</summary>
    private async Task BarsAreKept(MarketDataConsumer consumer)
    {
        await Eventually.Holds("the data are live", async () => (await trading.As("auditor").Send(HttpMethod.Get, "market-data/snapshot")).Status == 200);
        (await Bars("1m")).Select(bar => Number(bar, "volume")).ShouldBe([40, 5]);
        Number((await Bars("1d")).ShouldHaveSingleItem(), "trades").ShouldBe(4);
        var trades = (await trading.As("auditor").Get("market-data/snapshot?instrument=UKA&channels=trades")).GetProperty("channels")[0];
        Number(trades, "sequence").ShouldBe(consumer.Sequences[MarketDataChannel.Trades] + 1);
    }

    /// <summary>Where Bob stands then.</summary>
    private async Task<long> DropCopiesMissNothing()
    {
        await using (var everything = await Open("regulator", default, "drop-copy/stream?after=0"))
        {
            var facts = (await everything.Until("copy", copy => Number(copy, "version") == Version)).Where(item => item.Type == "copy").ToList();
            facts.Select(fact => Number(fact.Data, "version")).ShouldBe(Enumerable.Range(1, facts.Count).Select(version => (long)version));
            facts.Select(fact => Number(fact.Data, "previousVersion")).ShouldBe(Enumerable.Range(0, facts.Count).Select(version => (long)version));
            facts.Select(fact => fact.Data.GetProperty("type").GetString()).ShouldContain("market.trade-executed.v1");
        }
        (await trading.As("trader", Bob).Refused(400, HttpMethod.Get, $"drop-copy/stream?after={Version + 1}")).ShouldBe("invalid-input");
        await trading.As("verifier", Bob).Refused(403, HttpMethod.Get, "drop-copy/stream");
        await using var bobs = await Open("trader", Bob, "drop-copy/stream?after=0");
        var last = 0L;
        foreach (var copy in await Copies(bobs, 6))
        {
            Number(copy, "previousVersion").ShouldBe(last);
            last = Number(copy, "version");
            copy.ToString().ShouldNotContain(Ann.ToString());
        }
        return last;
    }

    private async Task TheDropCopyGoesOn(long after)
    {
        await Place(Bob, "sell", 1, 4_510);
        await using var again = await Open("trader", Bob, "drop-copy/stream", after.ToString());
        var next = (await Copies(again, 1))[0];
        Number(next, "previousVersion").ShouldBe(after);
        Number(next.GetProperty("data"), "quantity").ShouldBe(1);
    }

    private async Task NobodyOpensStreamsWithoutEnd()
    {
        var most = trading.Services.GetRequiredService<StreamingOptions>().StreamsPerCaller;
        var open = new List<EventStream>();
        while (open.Count < most)
            open.Add(await Open("auditor", default, open.Count % 2 == 0 ? Stream : "drop-copy/stream"));
        (await trading.As("auditor").Refused(429, HttpMethod.Get, Stream)).ShouldBe("too-many-streams");
        foreach (var stream in open)
            await stream.DisposeAsync();
        await using var again = await Open("auditor", default, Stream);
    }

    private long Version => trading.Services.GetRequiredService<Venues>()[TradingService.Market].Engine.Version;

    private static async Task<List<JsonElement>> Copies(EventStream stream, int count)
    {
        var copies = new List<JsonElement>();
        while (copies.Count < count)
            copies.Add((await stream.Until("copy"))[^1].Data);
        return copies;
    }

    private static long Number(JsonElement data, string name) => data.GetProperty(name).GetInt64();

    private async Task<List<JsonElement>> Bars(string interval) =>
        [.. (await trading.As("auditor").Get($"market-data/bars?instrument=UKA&interval={interval}")).GetProperty("items").EnumerateArray()];

    private async Task Place(Guid participant, string side, long quantity, long price)
    {
        var order = new { orderId = Id($"order {++_orders}"), instrument = "UKA", side, quantity, priceMinor = price, timeInForce = "day" };
        var answer = await trading.As("trader", participant).Post("orders/batch", new { items = new[] { order } });
        answer.GetProperty("results")[0].GetProperty("outcome").GetString().ShouldBe("accepted", answer.ToString());
    }

    private async Task MoneyAndUnitsArrive()
    {
        await Fund("cash", Ann, null, 10_000_000);
        await Fund("units", Bob, "UKA", 1_000);
        await Eventually.Holds("the mirror shows it", async () =>
            (await trading.As("trader", Bob).Get("account")).GetProperty("units").GetArrayLength() == 1
            && (await trading.As("trader", Ann).Get("account")).GetProperty("cash").GetProperty("availableMinor").GetInt64() > 0);
    }

    private Task Fund(string id, Guid participant, string? instrument, long amount) => trading.Tell(new TradingAccountsFunded
    {
        Market = TradingService.Market,
        Fundings =
        [
            new TradingAccountsFunded.Funding
            {
                FundingId = Id(id), ParticipantId = participant, Instrument = instrument, Quantity = instrument is null ? 0 : amount,
                CashMinor = instrument is null ? amount : 0, At = trading.LegalTime,
            },
        ],
    });

    private Task<EventStream> Open(string role, Guid participant, string path, string? lastEventId = null) => Eventually.Gives(
        "the market is followed", () => EventStream.Open(trading.Client(role, participant), path, lastEventId), _ => true);
}
