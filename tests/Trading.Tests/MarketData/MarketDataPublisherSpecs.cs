using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.MarketData;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Streaming;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.MarketData;

/// <summary>How consumers come, fall behind, go and come back.</summary>
public sealed class MarketDataPublisherSpecs
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly ImmutableArray<MarketDataChannel> OrdersAlone = [MarketDataChannel.Orders];

    private readonly TheJournal _journal = TheJournal.Begun(out _);
    private int _orders;

    [Fact]
    public async Task A_consumer_begins_with_snapshots_and_is_told_when_it_has_all_of_them()
    {
        var publisher = Live();
        Offer(publisher);
        using var subscription = publisher.Subscribe(Pack.Instruments, OrdersAlone, after: null);
        var items = await Take(subscription, 3);
        items[..2].Cast<StreamItem.Data>().Select(item => (item.Published.Message.Instrument, item.Published.Message.IsSnapshot, item.Point is null))
            .ShouldBe([(Plain, true, true), (Ruled, true, false)], "Only with the last snapshot is there a place to come back to.");
        items[2].ShouldBeOfType<StreamItem.Heartbeat>().Point.ShouldBe(ResumePoint.AfterAllOf(publisher.Version));
    }

    [Fact]
    public async Task What_is_too_large_for_one_message_comes_in_several_and_nothing_of_it_is_missed()
    {
        const int orders = 20_001;
        var publisher = Live();
        using var early = publisher.Subscribe([Pack.Instrument(Plain)!], [MarketDataChannel.Orders, MarketDataChannel.Depth], after: null);
        publisher.Publish(TogetherAfter(publisher.Version, n => Accepted(Sell(Bob, $"s{n}", 1, 100 + n), n)));
        using var late = publisher.Subscribe([Pack.Instrument(Plain)!], [MarketDataChannel.Orders, MarketDataChannel.Depth], after: null);
        publisher.Publish(TogetherAfter(publisher.Version, n => new OrderCancelled(Id($"s{n}"), Bob, Quantity.Of(1), CancelReason.KillSwitch, Morning)));

        var (first, second) = (await Messages(early, 2 + 3 + 3 + 3 + 3), await Messages(late, 6 + 3 + 3));
        first.Concat(second).ShouldAllBe(message => message.Entries <= 10_000 && MarketDataWire.Message(message).CalculateSize() < 400_000);
        second.Take(6).Select(message => (message.IsSnapshot, message.Sequence, message.Part, message.Parts)).ShouldBe(
            [(true, 3, 1, 3), (true, 3, 2, 3), (true, 3, 3, 3), (true, 3, 1, 3), (true, 3, 2, 3), (true, 3, 3, 3)]);
        foreach (var (told, before) in new[] { (first, 2 + 6), (second, 6) })
        {
            var consumer = new MarketDataConsumer();
            told.Take(before).ShouldAllBe(message => consumer.Take(message));
            (consumer.Orders.Length, consumer.Depth.Length).ShouldBe((orders, orders));
            consumer.Take(told[before + 1]).ShouldBeFalse("The first increment of several is missing.");
            told.Skip(before).ShouldAllBe(message => consumer.Take(message));
            (consumer.Orders.Length, consumer.Depth.Length).ShouldBe((0, 0));
        }

        static CommittedCommand TogetherAfter(long version, Func<int, MarketEvent> fact) =>
            new(Guid.Empty, version + 1, [.. Enumerable.Range(1, orders).Select(fact)]);
    }

    [Fact]
    public void A_book_that_is_too_large_to_be_told_at_once_is_streamed()
    {
        var publisher = Live();
        publisher.Publish(new CommittedCommand(
            Guid.Empty, publisher.Version + 1, [.. Enumerable.Range(1, 100_000).Select(n => Accepted(Sell(Bob, $"s{n}", 1, 100), n))]));
        GetMarketData.TooLarge(publisher.Snapshot([Pack.Instrument(Plain)!], OrdersAlone)).ShouldBeNull();
        GetMarketData.TooLarge(publisher.Snapshot([Pack.Instrument(Plain)!], [MarketDataChannel.Orders, MarketDataChannel.Depth]))
            .ShouldNotBeNull().Code.ShouldBe("snapshot-too-large");
    }

    [Fact]
    public async Task Who_comes_back_in_time_gets_what_it_missed_and_nothing_else()
    {
        var publisher = Live();
        Offer(publisher);
        ResumePoint place;
        using (var first = publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, after: null))
            place = ((StreamItem.Data)(await Take(first, 1))[0]).Point!.Value;
        Offer(publisher);
        Offer(publisher);

        using var again = publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, place);
        Sequences(await Take(again, 2)).ShouldBe([(2, false), (3, false)]);
    }

    [Fact]
    public async Task Who_was_away_too_long_begins_anew()
    {
        var publisher = Live(options => options.ReplayBuffer = 6);
        Offer(publisher);
        var place = ResumePoint.AfterAllOf(publisher.Version);
        Offer(publisher);
        Sequences(await Take(publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, place), 1)).ShouldBe([(2, false)]);
        foreach (var _ in Enumerable.Range(0, 6))
            Offer(publisher);
        Sequences(await Take(publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, place), 1)).ShouldBe([(8, true)]);
    }

    [Fact]
    public async Task A_place_of_another_format_or_of_a_journal_that_is_gone_is_not_known()
    {
        var publisher = Live();
        Offer(publisher);
        var here = ResumePoint.AfterAllOf(publisher.Version);
        foreach (var place in (ResumePoint[])[here with { Format = here.Format + 1 }, here with { Version = here.Version + 1 }])
            Sequences(await Take(publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, place), 1)).ShouldBe([(1, true)]);
    }

    [Fact]
    public async Task A_slow_consumer_is_let_go_with_a_word_and_the_others_go_on()
    {
        var publisher = Live(options => options.ConnectionBuffer = 3);
        using var slow = publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, after: null);
        using var quick = publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, after: null);
        await using var reading = quick.Read(Never, default).GetAsyncEnumerator();
        await Take(reading, 2);
        foreach (var n in Enumerable.Range(1, 5))
        {
            Offer(publisher);
            Sequences(await Take(reading, 1)).ShouldBe([(n, false)]);
        }

        var told = await All(slow);
        Sequences(told.OfType<StreamItem.Data>()).ShouldBe([(0, true), (1, false), (2, false), (3, false)], "What had been waiting is still sent.");
        told[^1].ShouldBe(new StreamItem.End(EndReason.SlowConsumer));

        using var again = publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, told.OfType<StreamItem.Data>().Last().Point);
        Sequences(await Take(again, 2)).ShouldBe([(4, false), (5, false)]);
    }

    [Fact]
    public async Task A_missing_message_is_noticed_by_its_sequence()
    {
        var publisher = Live();
        using var subscription = publisher.Subscribe([Pack.Instrument(Plain)!], OrdersAlone, after: null);
        Offer(publisher);
        Offer(publisher);
        var messages = (await Take(subscription, 3)).OfType<StreamItem.Data>().Select(item => item.Published.Message).ToList();
        var consumer = new MarketDataConsumer();
        consumer.Take(messages[0]).ShouldBeTrue();
        consumer.Take(messages[2]).ShouldBeFalse();
        consumer.Take(messages[1]).ShouldBeTrue();
        consumer.Take(messages[2]).ShouldBeTrue();
        consumer.Orders.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Silence_is_broken_by_heartbeats_that_move_the_consumers_place()
    {
        var publisher = Live();
        using var subscription = publisher.Subscribe([Pack.Instrument(Ruled)!], OrdersAlone, after: null);
        await using var reading = subscription.Read(TimeSpan.FromMilliseconds(1), default).GetAsyncEnumerator();
        await Take(reading, 2);
        Offer(publisher);
        var beats = new List<ResumePoint>();
        while (!beats.Contains(ResumePoint.AfterAllOf(publisher.Version)))
            beats.Add((await Take(reading, 1))[0].ShouldBeOfType<StreamItem.Heartbeat>().Point);
    }

    [Fact]
    public async Task When_the_market_is_served_elsewhere_its_consumers_are_told()
    {
        var publisher = Live();
        using var subscription = publisher.Subscribe(Pack.Instruments, OrdersAlone, after: null);
        publisher.Close();
        (await All(subscription))[^1].ShouldBe(new StreamItem.End(EndReason.NotServed));
        Should.Throw<EngineUnavailableException>(() => publisher.Subscribe(Pack.Instruments, OrdersAlone, after: null));
    }

    [Theory]
    [InlineData("1-17", 1, 17, ResumePoint.All)]
    [InlineData("2-17-3", 2, 17, 3)]
    public void A_place_is_written_and_read(string text, int format, long version, int index)
    {
        ResumePoint.TryParse(text, out var point).ShouldBeTrue();
        point.ShouldBe(new ResumePoint(format, version, index));
        point.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("17")]
    [InlineData("1-")]
    [InlineData("1--3")]
    [InlineData("1-2-3-4")]
    [InlineData("1-99999999999999999999")]
    public void What_is_no_place_is_not_read(string? text) => ResumePoint.TryParse(text, out _).ShouldBeFalse();

    private static async Task<List<MarketDataMessage>> Messages(MarketDataSubscription subscription, int count) =>
        [.. (await Take(subscription, count)).Cast<StreamItem.Data>().Select(item => item.Published.Message)];

    private static MarketDataPublisher Live(Action<StreamingOptions>? configure = null)
    {
        var options = new StreamingOptions();
        configure?.Invoke(options);
        var publisher = new MarketDataPublisher([Pack], options);
        publisher.Publish(TheBeginning());
        publisher.GoLive();
        return publisher;
    }

    private static CommittedCommand TheBeginning()
    {
        TheJournal.Begun(out var beginning);
        return beginning[0];
    }

    /// <summary>One more order rests in the plain instrument's book.</summary>
    private void Offer(MarketDataPublisher publisher) => publisher.Publish(_journal.Do(Sell(Bob, $"offer {++_orders}", 1, 100 + _orders)));

    private static List<(long Sequence, bool IsSnapshot)> Sequences(IEnumerable<StreamItem> items) =>
        [.. items.OfType<StreamItem.Data>().Select(item => (item.Published.Message.Sequence, item.Published.Message.IsSnapshot))];

    private static async Task<List<StreamItem>> Take(MarketDataSubscription subscription, int count)
    {
        await using var reading = subscription.Read(Never, default).GetAsyncEnumerator();
        return await Take(reading, count);
    }

    private static async Task<List<StreamItem>> Take(IAsyncEnumerator<StreamItem> reading, int count)
    {
        var items = new List<StreamItem>();
        while (items.Count < count && await reading.MoveNextAsync())
            items.Add(reading.Current);
        return items;
    }

    private static async Task<List<StreamItem>> All(MarketDataSubscription subscription)
    {
        var items = new List<StreamItem>();
        await foreach (var item in subscription.Read(Never, default))
            items.Add(item);
        return items;
    }
}
