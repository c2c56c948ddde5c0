using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.FixedPriceSales;

/// <summary>A market's fixed-price sales: the open ones, and of those that are closed the newest.</summary>
public sealed class ReserveSales
{
    /// <summary>What is older is read from the store.</summary>
    public const int ClosedKept = 20;

    private readonly Dictionary<Guid, FixedPriceSale> _open = [];
    private readonly Dictionary<Guid, FixedPriceSale> _closed = [];
    private readonly Queue<Guid> _oldestClosedFirst = new();
    private readonly UsedIds _past = new();

    /// <summary>Announced and not closed, whether or not their time has come.</summary>
    public IReadOnlyDictionary<Guid, FixedPriceSale> Open => _open;

    public IEnumerable<FixedPriceSale> Kept => _open.Values.Concat(_closed.Values);

    public DateTimeOffset? NextDue => _open.Count == 0 ? null : _open.Values.Min(sale => sale.ClosesAt);

    public FixedPriceSale? Find(Guid saleId) => _open.GetValueOrDefault(saleId) ?? _closed.GetValueOrDefault(saleId);

    /// <summary>True for the id of a sale that is closed and no longer kept.</summary>
    public bool IsPast(Guid saleId) => _past.Contains(saleId);

    /// <summary>Takes a sale that is new, or that has just closed.</summary>
    public void Keep(FixedPriceSale sale)
    {
        if (!sale.Closed)
        {
            _open.Add(sale.SaleId, sale);
            return;
        }
        _open.Remove(sale.SaleId);
        _closed.Add(sale.SaleId, sale);
        _oldestClosedFirst.Enqueue(sale.SaleId);
        if (_oldestClosedFirst.Count <= ClosedKept)
            return;
        var oldest = _oldestClosedFirst.Dequeue();
        _closed.Remove(oldest);
        _past.Add(oldest);
    }

    public ReserveSalesSnapshot Save() => new(
        [.. _open.Values.OrderBy(sale => sale.SaleId).Select(sale => sale.Save())],
        [.. _oldestClosedFirst.Select(id => _closed[id].Save())], _past.Save());

    public void Load(ReserveSalesSnapshot saved)
    {
        foreach (var sale in saved.Closed.Concat(saved.Open))
            Keep(FixedPriceSale.Load(sale));
        _past.Load(saved.Past);
    }
}

/// <param name="Closed">Oldest first.</param>
public sealed record ReserveSalesSnapshot(IReadOnlyList<SaleSnapshot> Open, IReadOnlyList<SaleSnapshot> Closed, byte[] Past);
