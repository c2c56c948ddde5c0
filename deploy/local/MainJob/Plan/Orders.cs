using System.Collections.Immutable;

namespace CarbonMarket.MainJob.Plan;

public sealed record Bid(Guid BidId, long Quantity, long PriceMinor);

public sealed record OperatorBids(string OperatorId, ImmutableArray<Bid> Bids)
{
    public long Quantity => Bids.Sum(bid => bid.Quantity);
}

/// <summary>An auction and everything that will be bid in it, in the order of sending.</summary>
public sealed record AuctionPlan(Guid AuctionId, long Quantity, long ReservePriceMinor, ImmutableArray<OperatorBids> Bids);

public enum Side
{
    Buy,
    Sell,
}

public sealed record Order(Guid OrderId, Side Side, long Quantity, long PriceMinor);

/// <summary>One operator's orders of one session, sent together.</summary>
public sealed record OperatorOrders(string OperatorId, ImmutableArray<Order> Orders);

/// <summary>An amount for one operator under an id of its own: a transfer, a deposit, a withdrawal, a surrender.</summary>
public sealed record Movement(Guid Id, string OperatorId, long Amount);
