using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.Auctions;

/// <summary>The lowest and the highest price bid.</summary>
public sealed record BidBounds(Price Lowest, Price Highest)
{
    /// <summary>Null: nobody has bid.</summary>
    public static BidBounds? Of(IReadOnlyCollection<Price> prices) => prices.Count == 0 ? null : new BidBounds(prices.Min(), prices.Max());

    public bool Contain(Price price) => Lowest <= price && price <= Highest;
}

/// <summary>An auction in figures as they are published when it is over.</summary>
/// <param name="Revenue">Price x volume, over all that was won; in a purchase what it cost.</param>
/// <param name="QuantityBid">All units bid for at or better than the reserve price.</param>
/// <param name="Bounds">Of all bids, winners and losers.</param>
public sealed record AuctionReport(
    Quantity Offered, Quantity Sold, Price? ClearingPrice, Money Revenue, long QuantityBid, BidBounds? Bounds)
{
    /// <summary>Quantity bid / quantity offered (认购倍数): to the hundredth, half up. Here alone it is rounded.</summary>
    public decimal CoverRatio => new decimal((long)(((Int128)QuantityBid * 200 + Offered.Value) / (2 * (Int128)Offered.Value))) / 100;

    /// <summary>A price that nobody has bid is no result; without a price there is nothing to doubt.</summary>
    public bool PriceIsWithinBounds => ClearingPrice is not { } price || (Bounds is { } bounds && bounds.Contain(price));

    public static Money RevenueOf(IEnumerable<Award> awards) =>
        awards.Aggregate(Money.Zero, (sum, award) => sum + (award.Quantity * award.Price));
}
