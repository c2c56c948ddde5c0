using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Controls;

/// <summary>
/// What a control takes out of the market, in the decision that imposes it: what stands in its scope, or what rests on the
/// frozen amount. What a participant offers goes, in the book, to another, or to all in an auction of its own.
/// </summary>
internal static class Pulling
{
    public static IEnumerable<MarketEvent> By(MarketState market, ControlImposed imposed) => imposed.Kind switch
    {
        ControlKind.KillSwitch => InScope(market, imposed.Scope, CancelReason.KillSwitch, imposed.At),
        ControlKind.ParticipantSuspension => InScope(market, imposed.Scope, CancelReason.ParticipantSuspended, imposed.At),
        ControlKind.Freeze => Uncovered(market, imposed.ParticipantId!.Value, imposed.Instrument, imposed.Amount, imposed.At),
        _ => [],
    };

    /// <summary>Auctions that an official announced in a seller's name are the authority's and stay; the authority may abort them.</summary>
    private static IEnumerable<MarketEvent> InScope(MarketState market, ControlScope scope, string reason, DateTimeOffset at)
    {
        var auctions = LatestFirst(market.OpenAuctions.Values.Where(auction => auction.OnOwnBehalf
            && Concerns(scope, auction.InitiatorParticipantId, auction.Representative, auction.Instrument))).ToList();
        return
        [
            .. OpenOrders(market, scope).Select(order => OrderEnding.Cancelled(order, reason, at)),
            .. market.Blocks.Open.Values.OrderBy(block => block.BlockId)
                .Where(block => Concerns(scope, block.Proposer, block.Standing.Representative, block.Instrument))
                .Select(block => Negotiating.Ended(block, reason, at)),
            .. Bidding.Standing(market)
                .Where(standing => !auctions.Contains(standing.Auction)
                    && Concerns(scope, standing.Bid.ParticipantId, standing.Bid.Representative, standing.Auction.Instrument))
                .Select(standing => Withdrawn(standing.Auction, standing.Bid, reason, at)),
            .. auctions.SelectMany(auction => AuctionEnding.Aborted(auction, reason, note: null, at)),
        ];
    }

    private static bool Concerns(ControlScope scope, Guid participantId, string? representative, string instrument) =>
        (scope.ParticipantId is null || scope.ParticipantId == participantId)
        && (scope.Representative is null || scope.Representative == representative)
        && (scope.Instrument is null || scope.Instrument == instrument);

    private static IEnumerable<Order> OpenOrders(MarketState market, ControlScope scope) =>
        from order in scope.ParticipantId is { } participant
            ? market.Accounts.GetValueOrDefault(participant)?.Orders ?? []
            : (IEnumerable<Order>)market.Orders.Values.OrderBy(order => order.Number)
        where order.Status == OrderStatus.Open && Concerns(scope, order.ParticipantId, order.Representative, order.Instrument)
        select order;

    /// <summary>
    /// What trades have promised is not touched: they settle first. Of the rest the frozen amount is kept, and what holds of it
    /// gives it back until enough is free: orders, terms of blocks, bids, own auctions, and at last what an official offers in
    /// the participant's name, for what is frozen is not sold by anybody; of each the newest first.
    /// </summary>
    /// <param name="instrument">Null: cash is frozen.</param>
    /// <param name="amount">Null: all there is.</param>
    public static IEnumerable<MarketEvent> Uncovered(MarketState market, Guid participantId, string? instrument, long? amount, DateTimeOffset at)
    {
        if (!market.Accounts.TryGetValue(participantId, out var account))
            return [];
        var freeze = new Frozen(participantId, instrument, at);
        var free = (instrument is not null ? account.Held(instrument) : account.Cash)?.Free ?? 0;
        var missing = amount is { } most ? most - free : long.MaxValue;
        var side = instrument is null ? Side.Buy : Side.Sell;
        var pulled = OrderEnding.Pull(market, account, side, instrument, ref missing, CancelReason.Frozen, at);
        foreach (var (held, facts) in Bids(market, freeze).Concat(Auctions(market, freeze, own: true))
            .Concat(Auctions(market, freeze, own: false)).Concat(Sales(market, freeze)))
        {
            if (missing <= 0)
                break;
            missing -= held;
            pulled.AddRange(facts);
        }
        return pulled;
    }

    private static IEnumerable<(long Held, IEnumerable<MarketEvent> Facts)> Bids(MarketState market, Frozen freeze) =>
        from standing in Bidding.Standing(market).Reverse()
        where standing.Bid.ParticipantId == freeze.ParticipantId
        let held = Held(freeze, standing.Auction, units: standing.Auction.IsPurchase, standing.Bid.Quantity, standing.Bid.Price, standing.Bid.FeeBasisPoints)
        where held > 0
        select (held, Only(Withdrawn(standing.Auction, standing.Bid, CancelReason.Frozen, freeze.At)));

    private static IEnumerable<(long Held, IEnumerable<MarketEvent> Facts)> Auctions(MarketState market, Frozen freeze, bool own) =>
        from auction in LatestFirst(market.OpenAuctions.Values.Where(auction => auction.OnOwnBehalf == own))
        where auction.InitiatorParticipantId == freeze.ParticipantId
        let held = Held(freeze, auction, units: !auction.IsPurchase, auction.Quantity, auction.ReservePrice, auction.FeeBasisPoints)
        where held > 0
        select (held, AuctionEnding.Aborted(auction, CancelReason.Frozen, note: null, freeze.At));

    private static IEnumerable<(long Held, IEnumerable<MarketEvent> Facts)> Sales(MarketState market, Frozen freeze) =>
        from sale in market.Sales.Open.Values.OrderByDescending(sale => sale.OpensAt).ThenBy(sale => sale.SaleId)
        where sale.SellerParticipantId == freeze.ParticipantId && sale.Instrument == freeze.Instrument
        select (sale.Left.Value, Only(FixedPriceSelling.Closed(sale, sale.Sold, SaleEnding.Frozen, null, freeze.At)));

    /// <summary>What a bid or an auction holds of the frozen asset.</summary>
    /// <param name="units">It holds units, not cash.</param>
    private static long Held(Frozen freeze, Auction auction, bool units, Quantity quantity, Price price, BasisPoints fee) =>
        units ? freeze.Instrument == auction.Instrument ? quantity.Value : 0
        : freeze.Instrument is null ? fee.Cover(quantity, price).Minor : 0;

    private static IEnumerable<MarketEvent> Only(MarketEvent fact) => [fact];

    /// <summary>When an auction was announced is not kept; the one that opens last stands for the newest.</summary>
    private static IOrderedEnumerable<Auction> LatestFirst(IEnumerable<Auction> auctions) =>
        auctions.OrderByDescending(auction => auction.OpensAt).ThenBy(auction => auction.AuctionId);

    private static BidWithdrawn Withdrawn(Auction auction, Bid bid, string reason, DateTimeOffset at) =>
        Bidding.Withdrawn(auction, bid, at) with { Reason = reason };

    /// <param name="Instrument">Null: cash.</param>
    private readonly record struct Frozen(Guid ParticipantId, string? Instrument, DateTimeOffset At);
}
