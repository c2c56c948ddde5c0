using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Journaling;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.MarketData;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Tests.Market;
using CsCheck;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.MarketData;

/// <summary>Whatever happens in the market, its public data tell it.</summary>
public sealed class MarketDataProperties
{
    private const long Iterations = 100;
    private static readonly ImmutableArray<MarketDataChannel> Channels = [.. Enum.GetValues<MarketDataChannel>()];

    [Fact]
    public void The_public_book_is_the_engines_book_after_every_command() => RandomMarket.Steps.Sample(steps =>
    {
        var (random, fold) = Begun();
        foreach (var step in steps)
        {
            Follow(random, fold, step);
            foreach (var instrument in Pack.Instruments)
                SameBook(random.Market, fold, instrument.Id);
        }
    }, iter: Iterations);

    [Fact]
    public void A_snapshot_and_what_follows_it_are_a_later_snapshot() => Gen.Select(RandomMarket.Steps, Gen.Double[0, 1]).Sample((steps, part) =>
    {
        var (random, fold) = Begun();
        var consumers = Pack.Instruments.ToDictionary(rules => rules.Id, _ => new MarketDataConsumer(), StringComparer.Ordinal);
        var cut = (int)(steps.Length * part);
        foreach (var step in steps.Take(cut))
            Follow(random, fold, step);
        foreach (var rules in Pack.Instruments)
            consumers[rules.Id].Take(Channels.Select(channel => fold.Snapshot(rules, channel)));

        foreach (var message in steps.Skip(cut).SelectMany(step => Follow(random, fold, step)))
            consumers[message.Instrument].Take(message).ShouldBeTrue($"Nothing is missing before {message}.");

        foreach (var rules in Pack.Instruments)
        {
            var (consumer, later) = (consumers[rules.Id], Channels.ToDictionary(channel => channel, channel => fold.Snapshot(rules, channel)));
            consumer.Sequences.ShouldBe(later.ToDictionary(snapshot => snapshot.Key, snapshot => snapshot.Value.Sequence), ignoreOrder: true);
            consumer.Orders.ShouldBe(later[MarketDataChannel.Orders].Orders!.Value);
            consumer.Depth.ShouldBe(later[MarketDataChannel.Depth].Depth!.Value);
            consumer.Trades.ShouldBe(later[MarketDataChannel.Trades].Trades!.Value);
            consumer.Ticker.ShouldBe(later[MarketDataChannel.Ticker].Ticker);
            consumer.Bars.ShouldBe(later[MarketDataChannel.Bars].Bars!.Value);
            consumer.Auctions.ShouldBe(later[MarketDataChannel.Auctions].Auctions!.Value);
            consumer.Status.ShouldBe(later[MarketDataChannel.Status].Status);
            consumer.Sales.ShouldBe(later[MarketDataChannel.Sales].Sales!.Value);
        }
    }, iter: Iterations);

    [Fact]
    public void Folded_anew_or_from_a_checkpoint_every_message_is_the_same() => Gen.Select(RandomMarket.Steps, Gen.Double[0, 1]).Sample((steps, part) =>
    {
        var (random, fold) = Begun();
        var live = steps.SelectMany(step => Follow(random, fold, step)).Select(Text).ToList();

        var again = new MarketDataFold([Pack]);
        var journal = Commands(random.Accepted, after: 0);
        var cut = (int)(journal.Count * part);
        var messages = journal.Take(cut).SelectMany(again.Evolve).Select(Text).ToList();
        var restored = MarketDataFold.Load([Pack], JsonSerializer.Deserialize<MarketDataState>(JsonSerializer.Serialize(again.Save()))!);
        messages.AddRange(journal.Skip(cut).SelectMany(restored.Evolve).Select(Text));

        messages.ShouldBe(live);
        JsonSerializer.Serialize(restored.Save()).ShouldBe(JsonSerializer.Serialize(fold.Save()));
    }, iter: Iterations);

    [Fact]
    public void A_book_is_never_shown_with_its_sides_crossed() => RandomMarket.Steps.Sample(steps =>
    {
        var (random, fold) = Begun();
        var consumer = new MarketDataConsumer();
        consumer.Take(Channels.Select(channel => fold.Snapshot(Pack.Instrument(Plain)!, channel)));
        foreach (var message in steps.SelectMany(step => Follow(random, fold, step)).Where(message => message.Instrument == Plain))
        {
            consumer.Take(message);
            var best = consumer.Depth.GroupBy(level => level.Side).ToDictionary(side => side.Key, side => side.First().PriceMinor);
            if (best.Count == 2)
                best[Side.Buy].ShouldBeLessThan(best[Side.Sell]);
        }
    }, iter: Iterations);

    [Fact]
    public void Nobody_is_named_neither_by_order_nor_as_participant() => RandomMarket.Steps.Sample(steps =>
    {
        var (random, fold) = Begun();
        var told = string.Concat(steps.SelectMany(step => Follow(random, fold, step)).Select(Text));
        var secret = random.Market.Accounts.Keys.Concat(random.Journal.OfType<OrderAccepted>().Select(order => order.OrderId));
        secret.Where(id => told.Contains(id.ToString(), StringComparison.Ordinal)).ShouldBeEmpty();
    }, iter: Iterations);

    private static (RandomMarket Market, MarketDataFold Fold) Begun()
    {
        var (random, fold) = (new RandomMarket().Endowed(), new MarketDataFold([Pack]));
        Commands(random.Accepted, after: 0).ForEach(command => fold.Evolve(command).ShouldBeEmpty("Whose money comes is nobody's business."));
        return (random, fold);
    }

    private static List<MarketDataMessage> Follow(RandomMarket random, MarketDataFold fold, RandomMarket.Step step)
    {
        var before = random.Accepted.Count;
        random.Take(step);
        return [.. Commands(random.Accepted.Skip(before), fold.Version).SelectMany(fold.Evolve)];
    }

    private static List<CommittedCommand> Commands(IEnumerable<ImmutableArray<MarketEvent>> accepted, long after)
    {
        var commands = new List<CommittedCommand>();
        foreach (var events in accepted.Where(events => !events.IsEmpty))
        {
            commands.Add(new CommittedCommand(Guid.Empty, after + 1, [.. events]));
            after += events.Length;
        }
        return commands;
    }

    private static void SameBook(MarketState market, MarketDataFold fold, string instrument)
    {
        var (book, rules) = (market.BookOf(instrument), Pack.Instrument(instrument)!);
        fold.Snapshot(rules, MarketDataChannel.Orders).Orders!.Value.Select(order => (order.Number, order.Side, order.PriceMinor, order.Remaining))
            .ShouldBe(Both(side => book.Orders(side, int.MaxValue)).Select(order => (order.Number, order.Side, order.Price, order.Remaining)));
        fold.Snapshot(rules, MarketDataChannel.Depth).Depth!.Value.Select(level => (level.PriceMinor, level.Quantity, level.Orders))
            .ShouldBe(Both(side => book.Depth(side, int.MaxValue)).Select(level => (level.Price, level.Quantity, level.Orders)));
    }

    private static IEnumerable<T> Both<T>(Func<Side, IReadOnlyList<T>> of) => of(Side.Buy).Concat(of(Side.Sell));

    private static string Text(MarketDataMessage message) => JsonSerializer.Serialize(message);
}
