using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Accounts;

/// <summary>Units bound to come in and to go out by trades that are not settled yet.</summary>
public readonly record struct PendingUnits(Quantity In, Quantity Out)
{
    public bool IsNone => In.IsZero && Out.IsZero;
}

/// <summary>
/// One account of the ledger (登记账户, 交易账户). Units and cash on it are settled; what executed trades have bound is
/// pending (在途) beside them. Mutable, and touched only by the ledger's writer.
/// </summary>
public sealed class Account(Guid id, string number, Guid participantId, string type)
{
    private readonly SortedDictionary<Guid, DateTimeOffset> _trusted = [];
    private readonly SortedDictionary<Guid, UnitHold> _holds = [];
    private readonly SortedDictionary<string, Quantity> _toldHeld = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, PendingUnits> _pendingUnits = new(StringComparer.Ordinal);

    public Guid Id { get; } = id;

    public string Number { get; } = number;

    /// <summary>Empty for an account of the authority.</summary>
    public Guid ParticipantId { get; } = participantId;

    public string Type { get; } = type;

    /// <summary>Units that may move.</summary>
    public UnitHoldings Units { get; } = new();

    /// <summary>Units that lie on the account and are held where they are, by one hold or by several.</summary>
    public UnitHoldings Held { get; } = new();

    public IReadOnlyDictionary<Guid, UnitHold> Holds => _holds;

    /// <summary>How many freezes and pledges lie on it.</summary>
    public int HoldsByOrder => _holds.Values.Count(hold => hold.Kind is HoldKind.Freeze or HoldKind.Pledge);

    /// <summary>How many holds come of what is under way, its holder's and officials'.</summary>
    public int HoldsUnderWay => _holds.Count - HoldsByOrder;

    /// <summary>Of a trading account: how many held units Trading knows of.</summary>
    public IReadOnlyDictionary<string, Quantity> ToldHeld => _toldHeld;

    /// <summary>Held units by instrument where they are not as many as Trading knows of.</summary>
    public IEnumerable<(string Instrument, Quantity Held)> UntoldHeld => Held.Instruments.Union(_toldHeld.Keys, StringComparer.Ordinal)
        .Order(StringComparer.Ordinal).Select(instrument => (instrument, Held.Of(instrument))).Where(held => held.Item2 != _toldHeld.GetValueOrDefault(held.instrument));

    /// <summary>Whoever has to know when holds have changed.</summary>
    public Action<Account>? HoldsChanged { private get; init; }

    public string Status { get; private set; } = AccountStatuses.Open;

    /// <summary>Who brought it into that status; null: it has always been open.</summary>
    public string? StatusBy { get; private set; }

    public Money Cash { get; private set; }

    public Money CashPendingIn { get; private set; }

    public Money CashPendingOut { get; private set; }

    public IEnumerable<KeyValuePair<string, PendingUnits>> PendingUnits => _pendingUnits;

    /// <summary>Accounts its holder trusts (信任账户), each with the moment from which it does.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> Trusted => _trusted;

    /// <summary>Every block that lies here, held or not.</summary>
    public IEnumerable<(string Instrument, Block Block)> AllBlocks => Units.Blocks.Concat(Held.Blocks);

    public IEnumerable<string> Instruments => Units.Instruments.Union(Held.Instruments, StringComparer.Ordinal).Union(_pendingUnits.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Units that lie here, held or not.</summary>
    public Quantity Total(string instrument) => Units.Of(instrument) + Held.Of(instrument);

    public bool Trusts(Guid accountId, DateTimeOffset at) => _trusted.TryGetValue(accountId, out var from) && from <= at;

    public void Trust(Guid accountId, DateTimeOffset from) => _trusted[accountId] = from;

    public void Distrust(Guid accountId) => _trusted.Remove(accountId);

    /// <summary>Those of the block's units that lie here, held or not.</summary>
    public Blocks Within(string instrument, Block block) =>
        new(Units.Within(instrument, block).Concat(Held.Within(instrument, block)).OrderBy(part => part.First));

    /// <summary>
    /// Up to so many units for an order to hold: the free ones before those that only what is under way holds, of each the oldest first.
    /// </summary>
    public Blocks Freezable(string instrument, Quantity quantity)
    {
        var free = Units.Oldest(instrument, Quantity.Min(quantity, Units.Of(instrument)));
        var underWay = _holds.Values.Where(hold => hold.Kind is HoldKind.Freeze or HoldKind.Pledge && hold.Instrument == instrument)
            .Aggregate(new Blocks(Held.BlocksOf(instrument)), (left, ordered) => left.Without(ordered.Blocks));
        return new Blocks(free.Concat(underWay.UpTo(quantity - free.Quantity)).OrderBy(block => block.Vintage).ThenBy(block => block.First));
    }

    /// <summary>All units of an instrument that lie here, held or not.</summary>
    public Blocks Everything(string instrument) => new(
        AllBlocks.Where(lies => lies.Instrument == instrument).Select(lies => lies.Block).OrderBy(block => block.Vintage).ThenBy(block => block.First));

    /// <summary>Whether the block lies here and nothing holds it.</summary>
    /// <param name="but">Holds that do not count.</param>
    /// <param name="frozen">Freezes do not count either: an authority moves what it has frozen.</param>
    public bool MayMove(string instrument, Block block, IReadOnlyCollection<Guid> but, bool frozen) =>
        Within(instrument, block).Quantity == block.Quantity
        && !_holds.Any(hold => !but.Contains(hold.Key) && !(frozen && hold.Value.Kind == HoldKind.Freeze) && hold.Value.Overlaps(instrument, block));

    /// <summary>Holds units that lie here; some of them may be held already.</summary>
    public void Hold(UnitHold hold)
    {
        _holds.Add(hold.HoldId, hold);
        foreach (var block in hold.Blocks)
        {
            foreach (var free in Units.Within(hold.Instrument, block))
            {
                Units.Take(hold.Instrument, free);
                Held.Put(hold.Instrument, free);
            }
            LedgerImbalanceException.Unless(Held.Contains(hold.Instrument, block), $"{block} of {hold.Instrument} is not whole on account {Number}.");
        }
        HoldsChanged?.Invoke(this);
    }

    /// <summary>Ends a hold; what no other hold covers may move again.</summary>
    public UnitHold EndHold(Guid holdId)
    {
        var ended = _holds[holdId];
        _holds.Remove(holdId);
        foreach (var block in ended.Blocks)
        {
            Held.Take(ended.Instrument, block);
            Units.Put(ended.Instrument, block);
        }
        foreach (var other in _holds.Values.Where(other => other.Instrument == ended.Instrument))
        {
            foreach (var free in other.Blocks.SelectMany(block => Units.Within(other.Instrument, block)))
            {
                Units.Take(other.Instrument, free);
                Held.Put(other.Instrument, free);
            }
        }
        HoldsChanged?.Invoke(this);
        return ended;
    }

    /// <summary>Trading knows of so many held units from now on.</summary>
    public void TellHeld(string instrument, Quantity held)
    {
        if (held.IsZero)
            _toldHeld.Remove(instrument);
        else
            _toldHeld[instrument] = held;
        HoldsChanged?.Invoke(this);
    }

    /// <summary>Takes units out of every freeze, because they leave by the authority's own word; tells which freezes hold nothing here any more.</summary>
    public IReadOnlyList<Guid> Thaw(string instrument, Blocks blocks)
    {
        var ended = new List<Guid>();
        foreach (var freeze in _holds.Values.Where(hold => hold.Kind == HoldKind.Freeze && blocks.Any(block => hold.Overlaps(instrument, block))).ToList())
        {
            EndHold(freeze.HoldId);
            if (freeze.Blocks.Without(blocks) is { Count: > 0 } left)
                Hold(freeze with { Blocks = left });
            else
                ended.Add(freeze.HoldId);
        }
        return ended;
    }

    public PendingUnits Pending(string instrument) => _pendingUnits.GetValueOrDefault(instrument);

    /// <summary>
    /// Settled units that no executed trade needs. Units bought and sold on again before settlement go straight through,
    /// so what is pending in covers what is pending out first.
    /// </summary>
    public Quantity Free(string instrument)
    {
        var held = Units.Of(instrument);
        var pending = Pending(instrument);
        return held + pending.In <= pending.Out ? Quantity.Zero : Quantity.Min(held, held + pending.In - pending.Out);
    }

    /// <inheritdoc cref="Free"/>
    public Money FreeCash => Cash + CashPendingIn <= CashPendingOut
        ? Money.Zero
        : Money.OfMinor(Math.Min(Cash.Minor, (Cash + CashPendingIn - CashPendingOut).Minor));

    public bool IsEmpty => !AllBlocks.Any() && _pendingUnits.Count == 0 && Cash.IsZero && CashPendingIn.IsZero && CashPendingOut.IsZero;

    public void Become(string status, string? by) => (Status, StatusBy) = (status, by);

    public void Credit(Money amount) => Cash += amount;

    public void Debit(Money amount)
    {
        LedgerImbalanceException.Unless(amount <= Cash, $"{amount} leaves account {Number}, which holds {Cash}.");
        Cash -= amount;
    }

    public void BindBuyer(string instrument, Quantity quantity, Money cash)
    {
        var pending = Pending(instrument);
        SetPending(instrument, pending with { In = pending.In + quantity });
        CashPendingOut += cash;
    }

    public void BindSeller(string instrument, Quantity quantity, Money cash)
    {
        var pending = Pending(instrument);
        SetPending(instrument, pending with { Out = pending.Out + quantity });
        CashPendingIn += cash;
    }

    public void ReleaseBuyer(string instrument, Quantity quantity, Money cash)
    {
        var pending = Pending(instrument);
        SetPending(instrument, pending with { In = pending.In - quantity });
        CashPendingOut -= cash;
    }

    public void ReleaseSeller(string instrument, Quantity quantity, Money cash)
    {
        var pending = Pending(instrument);
        SetPending(instrument, pending with { Out = pending.Out - quantity });
        CashPendingIn -= cash;
    }

    private void SetPending(string instrument, PendingUnits pending)
    {
        if (pending.IsNone)
            _pendingUnits.Remove(instrument);
        else
            _pendingUnits[instrument] = pending;
    }
}
