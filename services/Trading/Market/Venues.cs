using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Trading.Market;

/// <summary>The markets that trade here.</summary>
public sealed class Venues(PolicyPackCatalog packs, Engines<MarketState, MarketCommand, MarketEvent> engines)
{
    public IEnumerable<Venue> All => packs.Markets.Select(market => this[market]);

    /// <summary>A market whose name has been checked: by the route, or by whoever promised a message about it.</summary>
    public Venue this[string market] => packs.Find(market) is { } pack && engines.For(market) is { } engine
        ? new Venue(pack, engine)
        : throw new InvalidOperationException($"No market '{market}' trades here; there are: {string.Join(", ", packs.Markets)}.");

    /// <summary>Id of the market's journal, by which documents folded from it know their market.</summary>
    public static Guid StreamOf(string market) => DeterministicGuid.From($"trading:{market}");
}

/// <summary>One market: its rules and the engine that runs it.</summary>
public sealed record Venue(PolicyPack Pack, JournaledEngine<MarketState, MarketCommand, MarketEvent> Engine)
{
    public Guid Stream => Venues.StreamOf(Pack.Market);

    public Task<Outcome<MarketEvent>> Execute(
        Guid commandId, MarketCommand command, Provenance provenance, CancellationToken cancellationToken) =>
        Engine.Execute(new CommandEnvelope<MarketCommand>(commandId, command, provenance), cancellationToken);

    public Task<T> Read<T>(Func<MarketState, T> read, CancellationToken cancellationToken) => Engine.Read(read, cancellationToken);

    /// <summary>
    /// Takes what Settlement says: the commands in their order, committed together. Nobody hears a reactor's answer, so a
    /// refusal here is a fault of one of the two services and goes to the error queue with its reason.
    /// </summary>
    public async Task Record(
        IEnumerable<(Guid Id, MarketCommand Command)> commands, Provenance provenance, CancellationToken cancellationToken)
    {
        var outcomes = await Task.WhenAll(commands.Select(told => Execute(told.Id, told.Command, provenance, cancellationToken)));
        if (outcomes.OfType<Outcome<MarketEvent>.Rejected>().FirstOrDefault() is { } refused)
            throw new InvalidOperationException($"{Pack.Market} refused what Settlement said ({refused.Code}): {refused.Reason}");
    }
}
