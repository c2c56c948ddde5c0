using System.Collections.Immutable;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>The ledgers kept here, one for each market.</summary>
public sealed class Ledgers(PolicyPackCatalog packs, Engines<LedgerState, LedgerCommand, LedgerEvent> engines)
{
    public const string Service = "settlement";

    public IEnumerable<MarketLedger> All => packs.Markets.Select(market => this[market]);

    /// <summary>A market whose name has been checked: by the route, or by whoever promised a message about it.</summary>
    public MarketLedger this[string market] => engines.For(market) is { } engine && packs.Versions(market) is { IsEmpty: false } versions
        ? new MarketLedger(versions, engine)
        : throw new InvalidOperationException($"No ledger is kept for '{market}'; there are: {string.Join(", ", packs.Markets)}.");

    /// <summary>Id of the market's journal.</summary>
    public static Guid StreamOf(string market) => DeterministicGuid.From($"{Service}:{market}");
}

/// <summary>One market's ledger: its rules and the engine that keeps it.</summary>
/// <param name="Packs">Every version of the rules, oldest first.</param>
public sealed record MarketLedger(ImmutableArray<PolicyPack> Packs, JournaledEngine<LedgerState, LedgerCommand, LedgerEvent> Engine)
{
    public Task<Outcome<LedgerEvent>> Execute(
        Guid commandId, LedgerCommand command, Provenance provenance, CancellationToken cancellationToken) =>
        Engine.Execute(new CommandEnvelope<LedgerCommand>(commandId, command, provenance), cancellationToken);

    public Task<T> Read<T>(Func<LedgerState, T> read, CancellationToken cancellationToken) => Engine.Read(read, cancellationToken);

    /// <summary>
    /// An id for a word that has none of its own, new with every place in the journal: a refusal takes a place too, so it does not answer
    /// for the same word said again when things stand otherwise. Only for words whose repeat the ledger itself knows.
    /// </summary>
    public Guid IdOfWord(Guid about, string word) => DeterministicGuid.From(about, word, Engine.Version);

    /// <summary>
    /// Takes what another service promised. Nobody hears a reactor's answer, so a refusal here is a contradiction between
    /// two services and goes to the error queue with its reason.
    /// </summary>
    public async Task Record(Guid commandId, LedgerCommand command, Provenance provenance, CancellationToken cancellationToken)
    {
        if (await Execute(commandId, command, provenance, cancellationToken) is Outcome<LedgerEvent>.Rejected refused)
            throw new InvalidOperationException($"The ledger of {Engine.Partition} refused {command.GetType().Name} ({refused.Code}): {refused.Reason}");
    }
}
