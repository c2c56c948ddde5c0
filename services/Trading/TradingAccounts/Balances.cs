using System.Runtime.CompilerServices;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>
/// The balances of a market, those of one account side by side. An order touches four of them, its own and the other side's,
/// and most lie where nobody has looked for a while: what costs is to fetch them, so they lie densely and are named by a number.
/// </summary>
public sealed class Balances
{
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;

    private Amounts[][] _chunks = [];
    private int _used;

    internal Balance this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_chunks[place >> ChunkBits], place);
    }

    public Balance Add()
    {
        if (_used == _chunks.Length << ChunkBits)
            _chunks = [.. _chunks, new Amounts[ChunkSize]];
        return this[_used++];
    }

    /// <summary>A balance as a snapshot tells of it.</summary>
    public Balance Add(in Amounts saved)
    {
        var balance = Add();
        balance.Restore(saved);
        return balance;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ref Amounts In(Amounts[] chunk, int place) => ref chunk[place & (ChunkSize - 1)];
}

/// <summary>The parts of one balance, as they lie in memory and in a snapshot. What every order touches stands first.</summary>
public struct Amounts
{
    /// <summary>What is neither reserved nor promised nor released. Follows from the other parts, so no snapshot tells.</summary>
    internal long Unfrozen;

    /// <summary>Open orders that hold something of it. Whoever makes an order open counts it, so no snapshot tells.</summary>
    internal int OpenOrders;

    /// <inheritdoc cref="Balance.WholeFreezes"/>
    public int WholeFreezes { get; set; }

    /// <inheritdoc cref="Balance.FrozenAmount"/>
    public long FrozenAmount { get; set; }

    /// <inheritdoc cref="Balance.Reserved"/>
    public long Reserved { get; set; }

    /// <inheritdoc cref="Balance.PendingOut"/>
    public long PendingOut { get; set; }

    /// <inheritdoc cref="Balance.PendingIn"/>
    public long PendingIn { get; set; }

    /// <inheritdoc cref="Balance.Ordered"/>
    public long Ordered { get; set; }

    /// <inheritdoc cref="Balance.BoughtToday"/>
    public long BoughtToday { get; set; }

    /// <inheritdoc cref="Balance.Settled"/>
    public long Settled { get; set; }

    /// <inheritdoc cref="Balance.Releasing"/>
    public long Releasing { get; set; }

    /// <inheritdoc cref="Balance.ForAuction"/>
    public long ForAuction { get; set; }
}
