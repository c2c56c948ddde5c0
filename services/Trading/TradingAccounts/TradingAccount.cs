using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>
/// One participant's trading account (交易账户) as Trading mirrors it from Settlement, who owns it.
/// </summary>
public sealed class TradingAccount(Guid participantId)
{
    private readonly SortedList<string, Balance> _units = new(StringComparer.Ordinal);

    public Guid ParticipantId { get; } = participantId;

    public Balance Cash { get; private init; } = new();

    public IReadOnlyDictionary<string, Balance> Units => _units;

    /// <summary>The participant's orders of the open (or last) trading day, in order of acceptance.</summary>
    public List<Order> Orders => field ??= [];

    /// <summary>The balance to change, made when first needed. Deciders read <see cref="Units"/> and change nothing.</summary>
    public Balance UnitsOf(string instrument)
    {
        if (!_units.TryGetValue(instrument, out var balance))
            _units.Add(instrument, balance = new Balance());
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

    public void EndDay()
    {
        foreach (var balance in _units.Values)
            balance.EndDay();
    }

    public AccountSnapshot Save() => new(
        ParticipantId, Cash.Copy(), _units.ToDictionary(unit => unit.Key, unit => unit.Value.Copy(), StringComparer.Ordinal));

    public static TradingAccount Load(AccountSnapshot saved)
    {
        var account = new TradingAccount(saved.ParticipantId) { Cash = saved.Cash.Copy() };
        foreach (var (instrument, balance) in saved.Units)
            account._units.Add(instrument, balance.Copy());
        return account;
    }
}

public sealed record AccountSnapshot(Guid ParticipantId, Balance Cash, Dictionary<string, Balance> Units);
