using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Bench.Market;

/// <summary>
/// What one caller sends, from a seed: six orders in ten rest near the touch or trade a little through it, three cancel an
/// order that rests, one takes at once what is there (immediate or cancel). It asks for several hundred participants,
/// all with means enough, as a firm does that trades for clients.
/// </summary>
/// <param name="of">Whom it asks for; null: the several hundred.</param>
internal sealed class OrderFlow(int seed, ImmutableArray<Guid>? of = null)
{
    public const string Instrument = "CEA-2026";

    private const long Touch = 7_463; // The pack's base price: the middle of the band.
    private const int MeanDistance = 8;
    private const int Through = 1;
    private const int MostRemembered = 128;

    private static readonly ImmutableArray<Guid> Participants =
        [.. Enumerable.Range(1, 512).Select(number => DeterministicGuid.From($"participant {number}"))];

    private readonly ImmutableArray<Guid> participants = of ?? Participants;
    private readonly Random random = new(seed);
    private readonly List<PlaceOrder> resting = [];

    /// <summary>Cash and units for everybody, more than any run turns over.</summary>
    public static IEnumerable<CommandEnvelope<MarketCommand>> Fundings(DateTimeOffset at) => Participants.SelectMany(participant =>
    {
        var (cash, units) = (DeterministicGuid.From(participant, "cash"), DeterministicGuid.From(participant, "units"));
        return (CommandEnvelope<MarketCommand>[])
        [
            new(cash, new FundAccount(cash, participant, null, Quantity.Zero, Money.OfMinor(10_000_000_000_000), at), Of(participant)),
            new(units, new FundAccount(units, participant, Instrument, Quantity.Of(1_000_000_000), Money.Zero, at), Of(participant)),
        ];
    });

    public static Provenance Settlement { get; } = Of(Guid.Empty);

    public CommandEnvelope<MarketCommand> Next(DateTimeOffset at)
    {
        var kind = random.Next(10);
        if (kind < 3 && resting.Count > 0)
            return Cancel(at);
        var order = Order(immediate: kind == 9, at);
        return new(order.OrderId, order, Of(order.ParticipantId));
    }

    /// <summary>The same orders where there is no way to cancel: one in seven takes at once.</summary>
    public PlaceOrder NextOrder(DateTimeOffset at) => Order(immediate: random.Next(7) == 0, at);

    /// <summary>Orders away from the touch are the ones that are cancelled, and the ones still there to be.</summary>
    public void Learn(MarketCommand command, Outcome<MarketEvent> outcome)
    {
        if (command is PlaceOrder { TimeInForce: TimeInForce.Day } order && outcome is Outcome<MarketEvent>.Accepted
            && Math.Abs(order.Price!.Value.MinorPerUnit - Touch) > Through && resting.Count < MostRemembered)
            resting.Add(order);
    }

    /// <summary>What rested does so no longer: the day is over.</summary>
    public void Forget() => resting.Clear();

    private PlaceOrder Order(bool immediate, DateTimeOffset at)
    {
        var participant = participants[random.Next(participants.Length)];
        var buy = random.Next(2) == 0;
        var distance = immediate ? -MeanDistance : (int)(-Math.Log(1 - random.NextDouble()) * MeanDistance) - Through;
        return new PlaceOrder(
            NewId(), participant, Instrument, buy ? Side.Buy : Side.Sell, Quantity.Of(1 + random.Next(100)),
            Price.OfMinor(buy ? Touch - distance : Touch + distance), immediate ? TimeInForce.Ioc : TimeInForce.Day, at);
    }

    private CommandEnvelope<MarketCommand> Cancel(DateTimeOffset at)
    {
        var place = random.Next(resting.Count);
        var order = resting[place];
        resting[place] = resting[^1];
        resting.RemoveAt(resting.Count - 1);
        return new(NewId(), new CancelOrder(order.OrderId, order.ParticipantId, at), Of(order.ParticipantId));
    }

    /// <summary>As long as what a request through the gateway leaves behind.</summary>
    private static Provenance Of(Guid participant) => new(
        "0192f0c000007000800000000000c0de", "0192f0c000007000800000000000cafe", new Actor("0192f0c0-0000-7000-8000-00000000beef", participant, "firm-trading-desk"));

    private static Guid NewId() => Guid.CreateVersion7();
}
