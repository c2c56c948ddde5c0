using System.Collections.Immutable;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Reconciliation;

/// <summary>One asset of one trading account as one side sees it. Asset: an instrument, or <see cref="Cash"/>.</summary>
public readonly record struct Position(Guid ParticipantId, string Asset)
{
    public const string Cash = "cash";
}

/// <summary>What the two sides must agree on.</summary>
/// <param name="Settled">On the account, promised parts included.</param>
/// <param name="PendingIn">To come from executed trades that are not settled.</param>
/// <param name="PendingOut">To go for executed trades that are not settled.</param>
public readonly record struct Amounts(long Settled, long PendingIn, long PendingOut);

/// <param name="ParticipantId">Whose trading account it is.</param>
/// <param name="Asset">An instrument, as the policy pack names it; or cash.</param>
/// <param name="Trading">What Trading's mirror has: units, or minor units of cash; all 0 where it has nothing.</param>
/// <param name="Settlement">What the registry ledger has: units, or minor units of cash; all 0 where it has nothing.</param>
public sealed record Difference(Guid ParticipantId, string Asset, Amounts Trading, Amounts Settlement);

/// <summary>
/// Trading's mirror against Settlement's trading accounts. The invariant, for every participant and asset at every quiet
/// moment (no message on its way in either direction):
/// <code>
/// mirror.Settled = ledger.quantity,  mirror.PendingIn = ledger.pending_in,  mirror.PendingOut = ledger.pending_out
/// </code>
/// Reservations and releases are Trading's own and split mirror.Settled + PendingIn - PendingOut into what is free, what
/// orders hold and what is leaving; Settlement knows nothing of them. A nought on one side equals nothing on the other.
/// </summary>
public static class Mirror
{
    public static ImmutableDictionary<Position, Amounts> Of(MarketState market)
    {
        var positions = ImmutableDictionary.CreateBuilder<Position, Amounts>();
        foreach (var account in market.Accounts.Values)
        {
            positions.Add(
                new Position(account.ParticipantId, Position.Cash),
                new Amounts(account.Cash.Settled, account.Cash.PendingIn, account.Cash.PendingOut));
            foreach (var (instrument, units) in account.Units)
                positions.Add(
                    new Position(account.ParticipantId, instrument), new Amounts(units.Settled, units.PendingIn, units.PendingOut));
        }
        return positions.ToImmutable();
    }

    public static ImmutableArray<Difference> Compare(
        IReadOnlyDictionary<Position, Amounts> trading, IReadOnlyDictionary<Position, Amounts> settlement) =>
    [
        .. trading.Keys.Union(settlement.Keys)
            .Where(position => trading.GetValueOrDefault(position) != settlement.GetValueOrDefault(position))
            .OrderBy(position => position.ParticipantId).ThenBy(position => position.Asset, StringComparer.Ordinal)
            .Select(position => new Difference(
                position.ParticipantId, position.Asset, trading.GetValueOrDefault(position), settlement.GetValueOrDefault(position))),
    ];
}
