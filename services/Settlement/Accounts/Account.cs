using CarbonMarket.Kernel;
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
    private readonly SortedDictionary<string, PendingUnits> _pendingUnits = new(StringComparer.Ordinal);

    public Guid Id { get; } = id;

    public string Number { get; } = number;

    /// <summary>Empty for an account of the authority.</summary>
    public Guid ParticipantId { get; } = participantId;

    public string Type { get; } = type;

    public UnitHoldings Units { get; private init; } = new();

    public Money Cash { get; private set; }

    public Money CashPendingIn { get; private set; }

    public Money CashPendingOut { get; private set; }

    public IEnumerable<KeyValuePair<string, PendingUnits>> PendingUnits => _pendingUnits;

    public IEnumerable<string> Instruments => Units.Instruments.Union(_pendingUnits.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);

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

    /// <summary>Settled holdings only: what a clearing run tries its trades on before anything is written.</summary>
    public Account CopySettled() => new(Id, Number, ParticipantId, Type) { Units = Units.Copy(), Cash = Cash };

    private void SetPending(string instrument, PendingUnits pending)
    {
        if (pending.IsNone)
            _pendingUnits.Remove(instrument);
        else
            _pendingUnits[instrument] = pending;
    }
}
