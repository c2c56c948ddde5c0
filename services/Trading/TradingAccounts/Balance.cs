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
    private readonly Balances _balances;

    internal Balance(Balances balances, int place) => (_balances, Place) = (balances, place);

    /// <summary>Held by open orders, open bids and supply announced for auction.</summary>
    public long Reserved => At.Reserved;

    /// <summary>Open orders that hold something of it. Whoever makes an order open counts it, so no snapshot tells.</summary>
    public long OpenOrders => At.OpenOrders;

    /// <summary>Frozen amounts, added up; it may be more than there is, and then what comes is frozen too.</summary>
    public long FrozenAmount => At.FrozenAmount;

    /// <summary>How many times the whole of it is frozen, all that comes included.</summary>
    public int WholeFreezes => At.WholeFreezes;

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
    public long Settled => Position - PendingIn + PendingOut;

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
    public long Free => At.Free;

    /// <summary>What is held when all trades made have cleared.</summary>
    public long Position => At.Position;

    /// <summary>What may leave: settled, and needed neither by an order nor by a trade, however the pending trades end.</summary>
    public long Withdrawable => WholeFreezes == 0 ? Math.Max(0, Settled - PendingOut - Reserved - Releasing - FrozenAmount) : 0;

    public bool IsEmpty => (Settled | Reserved | PendingIn | PendingOut | Releasing) == 0;

    internal int Place { get; }

    private ref Amounts At
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _balances[Place];
    }

    public void Fund(long amount) => At.Kept += amount;

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

    public void Reserve(long amount) => At.Reserve(amount);

    public void Release(long amount) => At.Release(amount);

    /// <summary>A trade takes what it costs out of what was reserved for it; a better price frees the difference.</summary>
    public void Sell(long reserved, long cost) => At.Sell(reserved, cost);

    public void Order(long amount) => At.Order(amount);

    public void Unorder(long amount) => At.Unorder(amount);

    public void Expect(long amount) => At.Expect(amount);

    /// <summary>An order to buy, or a bid, has traded.</summary>
    public void ExpectOrdered(long amount) => At.ExpectOrdered(amount);

    public void ExpectBought(long amount) => At.ExpectBought(amount);

    public void Deliver(long amount) => At.PendingOut = Amounts.Less(At.PendingOut, amount);

    public void Receive(long amount) => At.PendingIn = Amounts.Less(At.PendingIn, amount);

    public void KeepAfterAll(long amount)
    {
        At.PendingOut = Amounts.Less(At.PendingOut, amount);
        At.Kept += amount;
    }

    public void ForgoAfterAll(long amount)
    {
        At.PendingIn = Amounts.Less(At.PendingIn, amount);
        At.Kept -= amount;
    }

    public void LetGo(long amount)
    {
        At.Releasing += amount;
        At.Kept -= amount;
    }

    public void Leave(long amount) => At.Releasing = Amounts.Less(At.Releasing, amount);

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
            At.FrozenAmount = Amounts.Less(At.FrozenAmount, part);
        else
            At.WholeFreezes--;
    }

    public void EndDay() => At.BoughtToday = 0;

    internal BalanceSnapshot Save() => new(
        WholeFreezes, FrozenAmount, Reserved, PendingOut, PendingIn, Ordered, BoughtToday, Settled, Releasing, ForAuction);

    internal void Restore(in BalanceSnapshot saved) => At = new Amounts
    {
        Kept = saved.Settled + saved.PendingIn - saved.PendingOut - saved.Releasing,
        Reserved = saved.Reserved,
        WholeFreezes = saved.WholeFreezes,
        FrozenAmount = saved.FrozenAmount,
        PendingOut = saved.PendingOut,
        PendingIn = saved.PendingIn,
        Ordered = saved.Ordered,
        BoughtToday = saved.BoughtToday,
        Releasing = saved.Releasing,
        ForAuction = saved.ForAuction,
    };
}
