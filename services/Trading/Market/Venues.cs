using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Trading.Market;

/// <summary>The markets that trade here.</summary>
public sealed class Venues(PolicyPackCatalog packs, Engines<MarketState, MarketCommand, MarketEvent> engines)
{
    public IEnumerable<Venue> All => packs.Markets.Select(market => this[market]);

    /// <summary>A market whose name has been checked: by the route, or by whoever promised a message about it.</summary>
    public Venue this[string market] => engines.For(market) is { } engine && packs.Versions(market) is { IsEmpty: false } versions
        ? new Venue(versions, engine)
        : throw new InvalidOperationException($"No market '{market}' trades here; there are: {string.Join(", ", packs.Markets)}.");

    /// <summary>Id of the market's journal, by which documents folded from it know their market.</summary>
    public static Guid StreamOf(string market) => DeterministicGuid.From($"trading:{market}");
}

/// <summary>One market: its rules and the engine that runs it.</summary>
/// <param name="Packs">Every version of the rules, oldest first.</param>
public sealed record Venue(ImmutableArray<PolicyPack> Packs, JournaledEngine<MarketState, MarketCommand, MarketEvent> Engine)
{
    public string Market => Engine.Partition;

    public Guid Stream => Venues.StreamOf(Market);

    /// <summary>The rules of the legal moment.</summary>
    public PolicyPack PackAt(DateTimeOffset at) => Packs.InForce(at);

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
            throw new InvalidOperationException($"{Market} refused what Settlement said ({refused.Code}): {refused.Reason}");
    }
}
