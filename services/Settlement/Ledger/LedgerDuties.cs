using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Clock;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>
/// Does what the ledgers owe themselves: after every request or message that may have made something possible, and as a
/// watchdog at every tick of legal time, which alone moves the calendar. Two that find the same thing due send the same
/// command, which is done once.
/// </summary>
public sealed class LedgerDuties(Ledgers ledgers) : IClockFollower
{
    public Task Follow(DateTimeOffset legalTime, CancellationToken cancellationToken) =>
        Task.WhenAll(ledgers.All.Select(ledger => Perform(ledger, state => NextAction.Due(state, legalTime), cancellationToken)));

    /// <param name="at">Legal time of what has just happened.</param>
    public static Task GoOn(MarketLedger ledger, DateTimeOffset at, CancellationToken cancellationToken) =>
        Perform(ledger, state => NextAction.Possible(state, at), cancellationToken);

    private static async Task Perform(MarketLedger ledger, Func<LedgerState, IReadOnlyList<NextAction>> next, CancellationToken cancellationToken)
    {
        var before = Guid.Empty;
        while (await ledger.Read(next, cancellationToken) is [var first, ..] due)
        {
            if (first.CommandId == before)
                throw new InvalidOperationException($"{first.Command} was done and is still due.");
            before = first.CommandId;
            await Task.WhenAll(due.Select(action => ledger.Record(action.CommandId, action.Command, ProvenanceOf(action), cancellationToken)));
        }
    }

    private static Provenance ProvenanceOf(NextAction due)
    {
        var id = due.CommandId.ToString("D", CultureInfo.InvariantCulture);
        return new Provenance(id, id, Actor.Platform(Ledgers.Service));
    }
}
