using System.Globalization;
using System.Text;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>What was asked under a caller's id, so that a repeat is recognised and an altered repeat refused.</summary>
/// <param name="Kind">The transaction type: an id names one transaction of the market, of whatever kind.</param>
/// <param name="Vintage">As asked; null where the ledger chose.</param>
/// <param name="Amount">Units, or minor units of cash.</param>
/// <param name="Content">Stands for whatever else was said, see <see cref="ContentOf"/>.</param>
public sealed record Receipt(
    string Kind, Guid AccountId, Guid CounterAccountId, string? Instrument, ComplianceYear? Vintage, long Amount, Guid Content = default)
{
    /// <summary>The same for the same parts, and for no others.</summary>
    public static Guid ContentOf(params ReadOnlySpan<object?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(CultureInfo.InvariantCulture, $"{part}").Append('\u001f');
        return DeterministicGuid.From(text.ToString());
    }
}

/// <summary>
/// Receipts by the caller's id. They stay for ever, because a repeat may come years later and the engine knows only the
/// last million commands by their id. Each takes about 250 bytes of every snapshot, and the writer makes the snapshots:
/// 25 MB for a hundred thousand, and at some eight million a snapshot no longer fits in an array. Before a market comes to
/// a million, those older than the engine's window have to be looked up in the journal instead, which needs an index by
/// the caller's id and an answer off the writer.
/// </summary>
public sealed class Receipts
{
    private readonly Dictionary<Guid, Receipt> _receipts = [];
    private readonly Dictionary<(Guid Id, string Kind), Receipt> _beside = [];

    /// <summary>Of one id, the one that had it first comes first.</summary>
    public IEnumerable<KeyValuePair<Guid, Receipt>> All =>
        _receipts.Concat(_beside.Select(entry => KeyValuePair.Create(entry.Key.Id, entry.Value)));

    public bool Has(Guid id) => _receipts.ContainsKey(id);

    /// <summary>The platform has done something of this kind under the id.</summary>
    public bool HasOwn(Guid id, string kind) => Own(id, kind) is not null;

    public void Add(Guid id, Receipt receipt) => _receipts.Add(id, receipt);

    /// <summary>
    /// Of what the platform does by itself. Its ids follow from things that participants know, and one of them may have used
    /// such an id first for something else: the platform's receipt then lies beside the other. No caller but an official or
    /// an operator makes receipts of the platform's kinds.
    /// </summary>
    public void AddOwn(Guid id, Receipt receipt)
    {
        if (!_receipts.TryAdd(id, receipt))
            _beside.Add((id, receipt.Kind), receipt);
    }

    /// <summary>Null when the id is new; otherwise accepts the same again and refuses anything else under its name.</summary>
    public Decision<LedgerEvent>? Answer(Guid id, Receipt asked) => !_receipts.TryGetValue(id, out var done) ? null
        : done == asked ? Decision<LedgerEvent>.Accept()
        : Refusals.IdReused(id);

    /// <summary>The same for what the platform does by itself: what a caller did of another kind does not answer for it.</summary>
    public Decision<LedgerEvent>? AnswerOwn(Guid id, Receipt asked) => Own(id, asked.Kind) is not { } done ? null
        : done == asked ? Decision<LedgerEvent>.Accept()
        : Refusals.IdReused(id);

    private Receipt? Own(Guid id, string kind) =>
        _receipts.GetValueOrDefault(id) is { } first && first.Kind == kind ? first : _beside.GetValueOrDefault((id, kind));
}

public static class Refusals
{
    /// <summary>The id already names something else.</summary>
    public static Decision<LedgerEvent> IdReused(Guid id) =>
        Decision<LedgerEvent>.Reject("id-reused", $"{id} already names another request; a new request takes a new id.");

    public static Decision<LedgerEvent> UnknownAccount(Guid accountId) =>
        Decision<LedgerEvent>.Reject("unknown-account", $"There is no account {accountId} in this market.");

    public static Decision<LedgerEvent> NotYours(string number) =>
        Decision<LedgerEvent>.Reject("account-not-yours", $"Account {number} belongs to another participant.");

    public static Decision<LedgerEvent> UnknownInstrument(string instrument) =>
        Decision<LedgerEvent>.Reject("unknown-instrument", $"This market has no instrument {instrument}.");

    public static Decision<LedgerEvent> NotAllowed(string transaction, string from, string to) =>
        Decision<LedgerEvent>.Reject("transaction-not-allowed", $"No {transaction} goes from {from} to {to}.");

    public static Decision<LedgerEvent> InsufficientUnits(string number, Quantity held, Quantity asked) =>
        Decision<LedgerEvent>.Reject("insufficient-units", $"Account {number} has {held} units for this, {asked} were asked.");
}
