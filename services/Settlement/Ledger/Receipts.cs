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

    public IEnumerable<KeyValuePair<Guid, Receipt>> All => _receipts;

    public bool Has(Guid id) => _receipts.ContainsKey(id);

    public void Add(Guid id, Receipt receipt) => _receipts.Add(id, receipt);

    /// <summary>Null when the id is new; otherwise accepts the same again and refuses anything else under its name.</summary>
    public Decision<LedgerEvent>? Answer(Guid id, Receipt asked) => !_receipts.TryGetValue(id, out var done) ? null
        : done == asked ? Decision<LedgerEvent>.Accept()
        : Refusals.IdReused(id);
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
