using System.Runtime.CompilerServices;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>
/// The balances of a market, those of one account side by side. An order touches four of them, its own and the other side's,
/// and most lie where nobody has looked for a while: what costs is to fetch them, so they lie densely and are named by a number.
/// </summary>
public sealed class Balances
{
    /// <summary>Place of a balance that is nobody's and in which nothing ever lies: what those have who have none.</summary>
    internal const int None = 0;

    private Amounts[] _places = new Amounts[4];
    private int _used = None + 1;

    /// <summary>The amounts of a balance, good until the next balance is added.</summary>
    internal ref Amounts this[int place]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _places[place];
    }

    /// <inheritdoc cref="None"/>
    public Balance Nobodys => new(this, None);

    public Balance Add()
    {
        if (_used == _places.Length)
            Array.Resize(ref _places, _used * 2);
        return new Balance(this, _used++);
    }

    /// <summary>A balance as a snapshot tells of it.</summary>
    public Balance Add(in BalanceSnapshot saved)
    {
        var balance = Add();
        balance.Restore(saved);
        return balance;
    }
}

/// <summary>
/// The parts of one balance as they lie in memory, and how orders and trades change them. What every order touches stands first;
/// what follows from other parts is worked out when somebody asks. A copy is a copy: only the matcher goes to them directly.
/// </summary>
internal struct Amounts
{
    /// <summary>What remains when all trades made have cleared and all that is let go has left.</summary>
    public long Kept;

    /// <inheritdoc cref="Balance.Reserved"/>
    public long Reserved;

    /// <inheritdoc cref="Balance.OpenOrders"/>
    public int OpenOrders;

    /// <inheritdoc cref="Balance.WholeFreezes"/>
    public int WholeFreezes;

    /// <inheritdoc cref="Balance.FrozenAmount"/>
    public long FrozenAmount;

    /// <inheritdoc cref="Balance.PendingOut"/>
    public long PendingOut;

    /// <inheritdoc cref="Balance.PendingIn"/>
    public long PendingIn;

    /// <inheritdoc cref="Balance.Ordered"/>
    public long Ordered;

    /// <inheritdoc cref="Balance.BoughtToday"/>
    public long BoughtToday;

    /// <inheritdoc cref="Balance.Releasing"/>
    public long Releasing;

    /// <inheritdoc cref="Balance.ForAuction"/>
    public long ForAuction;

    /// <inheritdoc cref="Balance.Free"/>
    public readonly long Free => WholeFreezes == 0 ? Kept - Reserved - FrozenAmount : Math.Min(0, Kept - Reserved);

    /// <inheritdoc cref="Balance.Position"/>
    public readonly long Position => Kept + Releasing;

    public void Reserve(long amount) => Reserved += amount;

    public void Release(long amount) => Reserved = Less(Reserved, amount);

    /// <inheritdoc cref="Balance.Sell"/>
    public void Sell(long reserved, long cost)
    {
        Reserved = Less(Reserved, reserved);
        PendingOut += cost;
        Kept -= cost;
    }

    public void Order(long amount) => Ordered += amount;

    public void Unorder(long amount) => Ordered = Less(Ordered, amount);

    public void Expect(long amount)
    {
        PendingIn += amount;
        Kept += amount;
    }

    /// <inheritdoc cref="Balance.ExpectOrdered"/>
    public void ExpectOrdered(long amount)
    {
        Unorder(amount);
        ExpectBought(amount);
    }

    public void ExpectBought(long amount)
    {
        Expect(amount);
        BoughtToday += amount;
    }

    /// <summary>
    /// What Trading itself has promised is known here to the last unit. Below zero is a bug and stops the market: a wrong
    /// balance must not be traded on.
    /// </summary>
    public static long Less(long from, long amount)
    {
        if (from < amount)
            Overdrawn(from, amount);
        return from - amount;
    }

    private static void Overdrawn(long from, long amount) =>
        throw new InvalidOperationException($"A balance of {from} cannot give {amount}.");
}

/// <summary>One balance as a snapshot tells of it.</summary>
public readonly record struct BalanceSnapshot(
    int WholeFreezes, long FrozenAmount, long Reserved, long PendingOut, long PendingIn, long Ordered, long BoughtToday, long Settled,
    long Releasing, long ForAuction);
