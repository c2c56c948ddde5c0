using System.Runtime.CompilerServices;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>
/// What a trading account holds of one asset, in the asset's smallest unit (minor units of cash, units of an instrument).
/// <para>
/// Settled is what Settlement's ledger says lies on the account. Until the clearing run, trades only promise: PendingIn
/// will come, PendingOut will go. Buying power counts both, so sale proceeds may buy, and bought units may be sold, at
/// once. That is safe because Settlement clears trade by trade in order of sequence (逐笔全额清算): what was counted as
/// PendingIn when an order was reserved comes from trades with lower sequences than any trade of that order, so it has
/// arrived by the time it is needed. Should an earlier trade fail, the later one fails too, visibly, and nobody else's.
/// </para>
/// <para>
/// That order is the ledger's. Here its facts may arrive in another one: fundings, outcomes and withdrawals come by
/// different queues, and a message may wait in an error queue. They add up to the same in any order, so each is taken as it
/// comes, and Settled lies below zero while a fact that the others rest on is still on its way. Nothing is let go on that:
/// Free and Withdrawable stay what they were before, or less than what they will be.
/// </para>
/// <para>
/// The amounts themselves lie in <see cref="Balances"/>; this is the way to them, so that a copy of it changes the same ones.
/// </para>
/// </summary>
public readonly struct Balance
{
    private readonly Amounts[] _chunk;

    internal Balance(Amounts[] chunk, int place) => (_chunk, Place) = (chunk, place);

    /// <summary>Held by open orders, open bids and supply announced for auction.</summary>
    public long Reserved => At.Reserved;

    /// <summary>Open orders that hold something of it. Whoever makes an order open counts it, so no snapshot tells.</summary>
    public long OpenOrders => At.OpenOrders;

    /// <summary>Frozen amounts, added up; it may be more than there is, and then what comes is frozen too.</summary>
    public long FrozenAmount => At.FrozenAmount;

    /// <summary>How many times the whole of it is frozen, all that comes included.</summary>
    public long WholeFreezes => At.WholeFreezes;

    /// <summary>To go for trades not yet cleared.</summary>
    public long PendingOut => At.PendingOut;

    /// <summary>To come from trades not yet cleared.</summary>
    public long PendingIn => At.PendingIn;

    /// <summary>
    /// Units that open orders, terms of blocks, bids and own auctions to buy ask for; with what is held they are what the position
    /// limit counts.
    /// </summary>
    public long Ordered => At.Ordered;

    /// <summary>Bought on the trading day that is open; of interest where the pack bans resale on the same day.</summary>
    public long BoughtToday => At.BoughtToday;

    /// <summary>On the account according to the registry ledger, as far as it has told; promised parts included.</summary>
    public long Settled => At.Settled;

    /// <summary>Let go to the registry side, not yet moved there.</summary>
    public long Releasing => At.Releasing;

    /// <summary>
    /// Units that the authority has issued onto the account to be auctioned and that stand in no auction: as many may be
    /// announced in the account's name. They can be traded like any others.
    /// </summary>
    public long ForAuction => At.ForAuction;

    /// <summary>What may be neither sold, bid with nor withdrawn, beside what trades have promised.</summary>
    public long Frozen => WholeFreezes > 0 ? Math.Max(FrozenAmount, Position) : FrozenAmount;

    /// <summary>What a new order may reserve. Below zero after an incoming trade has failed, or where more is frozen than there is.</summary>
    public long Free => At.WholeFreezes == 0 ? At.Unfrozen - At.FrozenAmount : Math.Min(0, At.Unfrozen);

    /// <summary>What is held when all trades made have cleared.</summary>
    public long Position => Settled + PendingIn - PendingOut;

    /// <summary>What may leave: settled, and needed neither by an order nor by a trade, however the pending trades end.</summary>
    public long Withdrawable => WholeFreezes == 0 ? Math.Max(0, Settled - PendingOut - Reserved - Releasing - FrozenAmount) : 0;

    public bool IsEmpty => (Settled | Reserved | PendingIn | PendingOut | Releasing) == 0;

    internal int Place { get; }

    private ref Amounts At
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Balances.In(_chunk, Place);
    }

    public void Fund(long amount)
    {
        At.Settled += amount;
        At.Unfrozen += amount;
    }

    public void KeepForAuction(long amount) => At.ForAuction += amount;

    /// <summary>What was announced before units were told apart was announced all the same.</summary>
    public void Announce(long amount)
    {
        At.ForAuction = Math.Max(0, At.ForAuction - amount);
        Reserve(amount);
    }

    /// <summary>What an auction did not sell may be announced again.</summary>
    public void TakeBack(long unsold)
    {
        Release(unsold);
        KeepForAuction(unsold);
    }

    public void Reserve(long amount)
    {
        At.Reserved += amount;
        At.Unfrozen -= amount;
    }

    public void Release(long amount)
    {
        At.Reserved = Less(At.Reserved, amount);
        At.Unfrozen += amount;
    }

    /// <summary>A trade takes what it costs out of what was reserved for it; a better price frees the difference.</summary>
    public void Sell(long reserved, long cost)
    {
        At.Reserved = Less(At.Reserved, reserved);
        At.PendingOut += cost;
        At.Unfrozen += reserved - cost;
    }

    public void Order(long amount) => At.Ordered += amount;

    public void Unorder(long amount) => At.Ordered = Less(At.Ordered, amount);

    public void Expect(long amount)
    {
        At.PendingIn += amount;
        At.Unfrozen += amount;
    }

    /// <summary>An order to buy, or a bid, has traded.</summary>
    public void ExpectOrdered(long amount)
    {
        Unorder(amount);
        ExpectBought(amount);
    }

    public void ExpectBought(long amount)
    {
        Expect(amount);
        At.BoughtToday += amount;
    }

    public void Deliver(long amount)
    {
        At.PendingOut = Less(At.PendingOut, amount);
        At.Settled -= amount;
    }

    public void Receive(long amount)
    {
        At.PendingIn = Less(At.PendingIn, amount);
        At.Settled += amount;
    }

    public void KeepAfterAll(long amount)
    {
        At.PendingOut = Less(At.PendingOut, amount);
        At.Unfrozen += amount;
    }

    public void ForgoAfterAll(long amount)
    {
        At.PendingIn = Less(At.PendingIn, amount);
        At.Unfrozen -= amount;
    }

    public void LetGo(long amount)
    {
        At.Releasing += amount;
        At.Unfrozen -= amount;
    }

    public void Leave(long amount)
    {
        At.Releasing = Less(At.Releasing, amount);
        At.Settled -= amount;
    }

    /// <param name="amount">Null: the whole of it.</param>
    public void Freeze(long? amount)
    {
        if (amount is { } part)
            At.FrozenAmount += part;
        else
            At.WholeFreezes++;
    }

    public void Unfreeze(long? amount)
    {
        if (amount is { } part)
            At.FrozenAmount = Less(At.FrozenAmount, part);
        else
            At.WholeFreezes--;
    }

    public void HoldOrder() => At.OpenOrders++;

    public void LetOrderGo() => At.OpenOrders--;

    public void EndDay() => At.BoughtToday = 0;

    internal Amounts Save() => At;

    internal void Restore(in Amounts saved) => At = saved with
    {
        OpenOrders = 0,
        Unfrozen = saved.Settled + saved.PendingIn - saved.PendingOut - saved.Reserved - saved.Releasing,
    };

    /// <summary>
    /// What Trading itself has promised is known here to the last unit. Below zero is a bug and stops the market: a wrong
    /// balance must not be traded on.
    /// </summary>
    private static long Less(long from, long amount)
    {
        if (from < amount)
            Overdrawn(from, amount);
        return from - amount;
    }

    private static void Overdrawn(long from, long amount) =>
        throw new InvalidOperationException($"A balance of {from} cannot give {amount}.");
}
