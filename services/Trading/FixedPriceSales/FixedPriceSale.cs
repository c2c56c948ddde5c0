using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.FixedPriceSales;

/// <summary>A purchase as it was made; it became a trade at once.</summary>
public sealed record Purchase(Guid PurchaseId, Guid ParticipantId, Quantity Quantity, Guid TradeId, long TradeSequence, DateTimeOffset At);

/// <summary>Why a sale closed.</summary>
public static class SaleEnding
{
    public const string SoldOut = "sold-out";

    public const string WindowEnded = "window-ended";

    public const string Withdrawn = "withdrawn";

    /// <summary>What was left of it rested on units that an authority froze.</summary>
    public const string Frozen = "frozen";
}

/// <summary>
/// One sale of the authority's reserve at a fixed price (定价出让): who comes first is served first, as long as there is
/// something left.
/// </summary>
public sealed class FixedPriceSale
{
    private readonly Dictionary<Guid, Purchase> _purchases = [];
    private readonly Dictionary<Guid, Quantity> _bought = [];

    public required Guid SaleId { get; init; }

    public required string Instrument { get; init; }

    public required Guid SellerParticipantId { get; init; }

    public required Quantity Quantity { get; init; }

    public required Price Price { get; init; }

    public required DateTimeOffset OpensAt { get; init; }

    public required DateTimeOffset ClosesAt { get; init; }

    /// <summary>Units one buyer may buy in all; null: as many as there are.</summary>
    public required Quantity? MostPerBuyer { get; init; }

    /// <inheritdoc cref="FixedPriceSaleAnnounced.FeeBasisPoints"/>
    public BasisPoints FeeBasisPoints { get; init; }

    public Quantity Sold { get; private set; }

    public Quantity Left => Quantity - Sold;

    /// <summary>One of <see cref="SaleEnding"/>; null while it is not closed.</summary>
    public string? ClosedFor { get; private set; }

    /// <summary>The authority's words; null unless withdrawn.</summary>
    public string? Explanation { get; private set; }

    public bool Closed => ClosedFor is not null;

    /// <summary>In their order: nothing is ever taken out.</summary>
    public IReadOnlyCollection<Purchase> Purchases => _purchases.Values;

    public Purchase? Purchase(Guid purchaseId) => _purchases.GetValueOrDefault(purchaseId);

    /// <summary>Units a participant has bought so far.</summary>
    public Quantity BoughtBy(Guid participantId) => _bought.GetValueOrDefault(participantId);

    public void Add(Purchase purchase)
    {
        _purchases.Add(purchase.PurchaseId, purchase);
        _bought[purchase.ParticipantId] = BoughtBy(purchase.ParticipantId) + purchase.Quantity;
        Sold += purchase.Quantity;
    }

    public void Close(string reason, string? explanation) => (ClosedFor, Explanation) = (reason, explanation);

    public SaleSnapshot Save() => new(
        SaleId, Instrument, SellerParticipantId, Quantity, Price, OpensAt, ClosesAt, MostPerBuyer, ClosedFor, Explanation,
        [.. _purchases.Values], FeeBasisPoints);

    public static FixedPriceSale Load(SaleSnapshot saved)
    {
        var sale = new FixedPriceSale
        {
            SaleId = saved.SaleId,
            Instrument = saved.Instrument,
            SellerParticipantId = saved.SellerParticipantId,
            Quantity = saved.Quantity,
            Price = saved.Price,
            OpensAt = saved.OpensAt,
            ClosesAt = saved.ClosesAt,
            MostPerBuyer = saved.MostPerBuyer,
            ClosedFor = saved.ClosedFor,
            Explanation = saved.Explanation,
            FeeBasisPoints = saved.FeeBasisPoints,
        };
        foreach (var purchase in saved.Purchases)
            sale.Add(purchase);
        return sale;
    }
}

public sealed record SaleSnapshot(
    Guid SaleId, string Instrument, Guid SellerParticipantId, Quantity Quantity, Price Price, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, Quantity? MostPerBuyer, string? ClosedFor, string? Explanation, IReadOnlyList<Purchase> Purchases,
    BasisPoints FeeBasisPoints = default);
