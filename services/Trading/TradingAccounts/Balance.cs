using System.Text.Json.Serialization;

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
/// </summary>
public sealed class Balance : IJsonOnDeserialized
{
    // What every order touches stands first and side by side: an order of somebody who has not traded for a while costs a
    // look into memory for each line of it.
    private long _unfrozen;

    /// <summary>Held by open orders, open bids and supply announced for auction.</summary>
    [JsonInclude]
    public long Reserved { get; private set; }

    /// <summary>Open orders that hold something of it. Whoever makes an order open counts it, so no snapshot tells.</summary>
    [JsonIgnore]
    public long OpenOrders { get; private set; }

    /// <summary>Frozen amounts, added up; it may be more than there is, and then what comes is frozen too.</summary>
    [JsonInclude]
    public long FrozenAmount { get; private set; }

    /// <summary>How many times the whole of it is frozen, all that comes included.</summary>
    [JsonInclude]
    public long WholeFreezes { get; private set; }

    /// <summary>To go for trades not yet cleared.</summary>
    [JsonInclude]
    public long PendingOut { get; private set; }

    /// <summary>To come from trades not yet cleared.</summary>
    [JsonInclude]
    public long PendingIn { get; private set; }

    /// <summary>Units that open orders to buy ask for; with what is held they are what the position limit counts.</summary>
    [JsonInclude]
    public long Ordered { get; private set; }

    /// <summary>Bought on the trading day that is open; of interest where the pack bans resale on the same day.</summary>
    [JsonInclude]
    public long BoughtToday { get; private set; }

    /// <summary>On the account according to the registry ledger, as far as it has told; promised parts included.</summary>
    [JsonInclude]
    public long Settled { get; private set; }

    /// <summary>Let go to the registry side, not yet moved there.</summary>
    [JsonInclude]
    public long Releasing { get; private set; }

    /// <summary>
    /// Units that the authority has issued onto the account to be auctioned and that stand in no auction: as many may be
    /// announced in the account's name. They can be traded like any others.
    /// </summary>
    [JsonInclude]
    public long ForAuction { get; private set; }

    /// <summary>What may be neither sold, bid with nor withdrawn, beside what trades have promised.</summary>
    [JsonIgnore]
    public long Frozen => WholeFreezes > 0 ? Math.Max(FrozenAmount, Position) : FrozenAmount;

    /// <summary>What a new order may reserve. Below zero after an incoming trade has failed, or where more is frozen than there is.</summary>
    [JsonIgnore]
    public long Free => WholeFreezes == 0 ? _unfrozen - FrozenAmount : Math.Min(0, _unfrozen);

    /// <summary>What is held when all trades made have cleared.</summary>
    [JsonIgnore]
    public long Position => Settled + PendingIn - PendingOut;

    /// <summary>What may leave: settled, and needed neither by an order nor by a trade, however the pending trades end.</summary>
    [JsonIgnore]
    public long Withdrawable => WholeFreezes == 0 ? Math.Max(0, Settled - PendingOut - Reserved - Releasing - FrozenAmount) : 0;

    [JsonIgnore]
    public bool IsEmpty => (Settled | Reserved | PendingIn | PendingOut | Releasing) == 0;

    /// <summary>A snapshot tells the parts.</summary>
    void IJsonOnDeserialized.OnDeserialized() => _unfrozen = Settled + PendingIn - PendingOut - Reserved - Releasing;

    public void Fund(long amount)
    {
        Settled += amount;
        _unfrozen += amount;
    }

    public void KeepForAuction(long amount) => ForAuction += amount;

    /// <summary>What was announced before units were told apart was announced all the same.</summary>
    public void Announce(long amount)
    {
        ForAuction = Math.Max(0, ForAuction - amount);
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
        Reserved += amount;
        _unfrozen -= amount;
    }

    public void Release(long amount)
    {
        Reserved = Less(Reserved, amount);
        _unfrozen += amount;
    }

    /// <summary>A trade takes what it costs out of what was reserved for it; a better price frees the difference.</summary>
    public void Sell(long reserved, long cost)
    {
        Reserved = Less(Reserved, reserved);
        PendingOut += cost;
        _unfrozen += reserved - cost;
    }

    public void Order(long amount) => Ordered += amount;

    public void Unorder(long amount) => Ordered = Less(Ordered, amount);

    public void Expect(long amount)
    {
        PendingIn += amount;
        _unfrozen += amount;
    }

    /// <summary>An open order to buy has traded.</summary>
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

    public void Deliver(long amount)
    {
        PendingOut = Less(PendingOut, amount);
        Settled -= amount;
    }

    public void Receive(long amount)
    {
        PendingIn = Less(PendingIn, amount);
        Settled += amount;
    }

    public void KeepAfterAll(long amount)
    {
        PendingOut = Less(PendingOut, amount);
        _unfrozen += amount;
    }

    public void ForgoAfterAll(long amount)
    {
        PendingIn = Less(PendingIn, amount);
        _unfrozen -= amount;
    }

    public void LetGo(long amount)
    {
        Releasing += amount;
        _unfrozen -= amount;
    }

    public void Leave(long amount)
    {
        Releasing = Less(Releasing, amount);
        Settled -= amount;
    }

    /// <param name="amount">Null: the whole of it.</param>
    public void Freeze(long? amount)
    {
        if (amount is { } part)
            FrozenAmount += part;
        else
            WholeFreezes++;
    }

    public void Unfreeze(long? amount)
    {
        if (amount is { } part)
            FrozenAmount = Less(FrozenAmount, part);
        else
            WholeFreezes--;
    }

    public void HoldOrder() => OpenOrders++;

    public void LetOrderGo() => OpenOrders--;

    public void EndDay() => BoughtToday = 0;

    public Balance Copy()
    {
        var copy = (Balance)MemberwiseClone();
        copy.OpenOrders = 0;
        return copy;
    }

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
