using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>
/// One participant's trading account (交易账户) as Trading mirrors it from Settlement, who owns it.
/// </summary>
public sealed class TradingAccount
{
    private readonly Balances _balances;
    private readonly SortedList<string, Balance> _units = new(StringComparer.Ordinal);

    /// <param name="balances">Where the market keeps its balances.</param>
    public TradingAccount(Guid participantId, Balances balances)
        : this(participantId, balances, balances.Add())
    {
    }

    private TradingAccount(Guid participantId, Balances balances, Balance cash) =>
        (ParticipantId, _balances, Cash) = (participantId, balances, cash);

    public Guid ParticipantId { get; }

    public Balance Cash { get; }

    public IReadOnlyDictionary<string, Balance> Units => _units;

    /// <summary>The participant's orders of the open (or last) trading day, in order of acceptance.</summary>
    public List<Order> Orders => field ??= [];

    /// <summary>The balance to read; null: none of the instrument has ever been there.</summary>
    public Balance? Held(string instrument) => _units.TryGetValue(instrument, out var balance) ? balance : null;

    /// <summary>Where the balance lies; <see cref="Balances.None"/>: there is none.</summary>
    internal int PlaceOf(string instrument) => _units.TryGetValue(instrument, out var balance) ? balance.Place : Balances.None;

    /// <summary>The balance to change, made when first needed. Deciders read <see cref="Held"/> and change nothing.</summary>
    public Balance UnitsOf(string instrument)
    {
        if (!_units.TryGetValue(instrument, out var balance))
            _units.Add(instrument, balance = _balances.Add());
        return balance;
    }

    /// <summary>What a sell order may reserve; less than <see cref="Balance.Free"/> where the day's purchases stay put.</summary>
    public long Sellable(string instrument, bool sameDayResaleBanned) => !_units.TryGetValue(instrument, out var units)
        ? 0
        : units.Free - (sameDayResaleBanned ? units.BoughtToday : 0);

    /// <summary>How many orders of the participant are open, of all instruments.</summary>
    public long OpenOrders
    {
        get
        {
            var open = Cash.OpenOrders;
            for (var i = 0; i < _units.Count; i++)
                open += _units.GetValueAtIndex(i).OpenOrders;
            return open;
        }
    }

    public bool IsEmpty => Cash.IsEmpty && _units.Values.All(units => units.IsEmpty);

    public void EndDay()
    {
        foreach (var balance in _units.Values)
            balance.EndDay();
    }

    public AccountSnapshot Save() => new(
        ParticipantId, Cash.Save(), _units.ToDictionary(unit => unit.Key, unit => unit.Value.Save(), StringComparer.Ordinal));

    public static TradingAccount Load(AccountSnapshot saved, Balances balances)
    {
        var account = new TradingAccount(saved.ParticipantId, balances, balances.Add(saved.Cash));
        foreach (var (instrument, amounts) in saved.Units)
            account._units.Add(instrument, balances.Add(amounts));
        return account;
    }
}

public sealed record AccountSnapshot(Guid ParticipantId, BalanceSnapshot Cash, Dictionary<string, BalanceSnapshot> Units);
