namespace CarbonMarket.Trading.Auctions;

public enum AuctionDirection
{
    /// <summary>The initiator sells, bids buy, the highest win.</summary>
    Sale,

    /// <summary>The initiator buys, bids offer units, the lowest win.</summary>
    Purchase,
}

public enum AuctionPricing
{
    /// <summary>All winners at the marginal price, that of the last bid to win (统一价格).</summary>
    Uniform,

    /// <summary>Each winner at its own bid (按报价成交).</summary>
    PayAsBid,
}

/// <summary>Who wins among the bids at the marginal price when there is not enough for all of them.</summary>
public enum TieBreak
{
    /// <summary>The earlier accepted.</summary>
    Time,

    /// <summary>Each by its size, rounded down to the lot; what rounding leaves goes by time, a lot to each.</summary>
    ProRata,
}

/// <summary>The rules of one auction as its announcement states them.</summary>
/// <param name="Direction">sale: the initiator sells and the highest bids win; purchase: it buys and the lowest win.</param>
/// <param name="Pricing">
/// uniform (统一价格): all winners at the marginal price, that of the last bid to win; pay-as-bid (按报价成交): each at its own.
/// </param>
/// <param name="MinimumCoverBasisPoints">
/// Least quantity bid at or better than the reserve price, in 0.01 % of the quantity on offer: below it the auction is
/// aborted. Null: there is none.
/// </param>
/// <param name="LargestShareBasisPoints">
/// Most that one bidder's standing bids may come to, in 0.01 % of the quantity on offer. Null: no limit but that quantity.
/// </param>
/// <param name="TieBreak">
/// Who wins at the marginal price where there is not enough for all: time, the earlier accepted; pro-rata, each by its size in whole
/// lots, what rounding leaves by time.
/// </param>
public sealed record AuctionTerms(
    AuctionDirection Direction = AuctionDirection.Sale, AuctionPricing Pricing = AuctionPricing.Uniform,
    int? MinimumCoverBasisPoints = null, int? LargestShareBasisPoints = null, TieBreak TieBreak = TieBreak.Time)
{
    /// <summary>A uniform-price sale, ties broken by time: what every auction was before auctions had terms.</summary>
    public static AuctionTerms Usual { get; } = new();
}
