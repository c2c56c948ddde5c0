using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.Auctions;

/// <summary>A bid as clearing sees it.</summary>
public readonly record struct SealedBid(Guid BidId, Guid ParticipantId, Quantity Quantity, Price Price);

/// <summary>What a bid won.</summary>
/// <param name="Price">What the winner pays per unit; in a purchase, is paid.</param>
public sealed record Award(Guid BidId, Guid ParticipantId, Quantity Quantity, Price Price);

/// <summary>How an auction ended.</summary>
public enum AuctionOutcome
{
    /// <summary>All that was on offer changed hands (成交).</summary>
    Sold,

    /// <summary>A part of it did (部分成交).</summary>
    PartlySold,

    /// <summary>Nothing did (流拍).</summary>
    Aborted,
}

/// <summary>Why an auction was aborted: one of these, or which control pulled it, as a <see cref="Orders.CancelReason"/>.</summary>
public static class AbortReason
{
    /// <summary>No bid was as good as the reserve price.</summary>
    public const string NoBids = "no-bids";

    public const string CoverTooLow = "cover-too-low";

    public const string ByInitiator = "by-initiator";

    public const string ByAuthority = "by-authority";

    /// <summary>When it was to close, the instrument did not trade.</summary>
    public const string TradingStopped = "trading-stopped";

    /// <summary>By rules published after it was announced, the moment of its close lies on no trading day.</summary>
    public const string OutsideTradingDay = "outside-trading-day";
}

/// <param name="AbortReason">Null unless aborted.</param>
/// <param name="MarginalPrice">Of the last bid to win; null when nothing was won.</param>
/// <param name="QuantityBid">At or better than the reserve price, winners and losers: the cover.</param>
/// <param name="Awards">Best bid first, among equal prices the earlier accepted.</param>
public sealed record AuctionResult(
    AuctionOutcome Outcome, string? AbortReason, Price? MarginalPrice, long QuantityBid, ImmutableArray<Award> Awards)
{
    public Quantity Sold => Quantity.Of(Awards.Sum(award => award.Quantity.Value));
}

/// <summary>
/// Who wins what at which price (单向竞价). It follows from the bids in the order of their acceptance and from the terms, and
/// from nothing else: whoever has the events finds the same result.
/// </summary>
public static class AuctionClearing
{
    /// <summary>One, in the unit that shares and covers are stated in.</summary>
    public const int Whole = 10_000;

    /// <param name="offered">On sale; in a purchase, asked for.</param>
    /// <param name="reserve">Lowest price of a sale, highest of a purchase (底价).</param>
    /// <param name="lotSize">Awards are whole lots where all quantities are.</param>
    /// <param name="bids">In the order of acceptance.</param>
    public static AuctionResult Clear(
        AuctionTerms terms, Quantity offered, Price reserve, long lotSize, IReadOnlyCollection<SealedBid> bids)
    {
        var good = bids.Where(bid => IsWithin(terms.Direction, bid.Price, reserve)).ToList();
        var quantityBid = good.Sum(bid => bid.Quantity.Value);
        if (good.Count == 0)
            return new AuctionResult(AuctionOutcome.Aborted, AbortReason.NoBids, null, 0, []);
        if (terms.MinimumCoverBasisPoints is { } least && (Int128)quantityBid * Whole < (Int128)least * offered.Value)
            return new AuctionResult(AuctionOutcome.Aborted, AbortReason.CoverTooLow, null, quantityBid, []);
        var won = Won(terms, offered, lotSize, good);
        var marginal = won[^1].Bid.Price;
        return new AuctionResult(
            quantityBid >= offered.Value ? AuctionOutcome.Sold : AuctionOutcome.PartlySold, null, marginal, quantityBid,
            [
                .. won.Select(each => new Award(
                    each.Bid.BidId, each.Bid.ParticipantId, Quantity.Of(each.Quantity),
                    terms.Pricing == AuctionPricing.Uniform ? marginal : each.Bid.Price)),
            ]);
    }

    /// <summary>Whether a price is as good as the reserve price, or better.</summary>
    public static bool IsWithin(AuctionDirection direction, Price price, Price reserve) =>
        direction == AuctionDirection.Sale ? price >= reserve : price <= reserve;

    /// <summary>Level by level, best price first, until nothing is left; sorting keeps the order of acceptance.</summary>
    private static List<(SealedBid Bid, long Quantity)> Won(AuctionTerms terms, Quantity offered, long lotSize, List<SealedBid> bids)
    {
        var won = new List<(SealedBid, long)>();
        var left = offered.Value;
        var best = terms.Direction == AuctionDirection.Sale ? bids.OrderByDescending(bid => bid.Price) : bids.OrderBy(bid => bid.Price);
        foreach (var level in best.GroupBy(bid => bid.Price))
        {
            if (left == 0)
                break;
            ImmutableArray<SealedBid> equal = [.. level];
            var parts = terms.TieBreak == TieBreak.ProRata ? ByShare(equal, left, lotSize) : ByTime(equal, left);
            won.AddRange(equal.Zip(parts).Where(each => each.Second > 0));
            left -= parts.Sum();
        }
        return won;
    }

    private static long[] ByTime(ImmutableArray<SealedBid> bids, long left)
    {
        var parts = new long[bids.Length];
        for (var i = 0; i < parts.Length && left > 0; i++)
            left -= parts[i] = Math.Min(left, bids[i].Quantity.Value);
        return parts;
    }

    private static long[] ByShare(ImmutableArray<SealedBid> bids, long left, long lotSize)
    {
        var asked = bids.Sum(bid => bid.Quantity.Value);
        if (asked <= left)
            return [.. bids.Select(bid => bid.Quantity.Value)];
        long[] parts = [.. bids.Select(bid => (long)((Int128)bid.Quantity.Value * left / ((Int128)asked * lotSize)) * lotSize)];
        var over = left - parts.Sum();
        for (var i = 0; i < parts.Length && over > 0; i++)
        {
            var lot = Math.Min(over, Math.Min(lotSize, bids[i].Quantity.Value - parts[i]));
            parts[i] += lot;
            over -= lot;
        }
        return parts;
    }
}
