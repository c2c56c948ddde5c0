using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Trading.DropCopy;

/// <summary>One side of a trade, as its own participant is told of it.</summary>
/// <param name="OrderId">The participant's order, or its bid in an auction; what it was called by the participant.</param>
/// <param name="Fee">What the participant pays of it (手续费): the buyer on top, the seller out of the proceeds.</param>
public sealed record OwnTrade(
    long Sequence, Guid TradeId, string Instrument, Guid OrderId, Side Side, Quantity Quantity, Price Price, TradeMode Mode,
    DateOnly TradingDay, DateTimeOffset At, Money Fee = default);

/// <summary>What clearing made of a trade.</summary>
/// <param name="FailureCode">Null: units and cash have changed hands.</param>
public sealed record OwnTradeOutcome(long Sequence, Guid TradeId, string? FailureCode, DateTimeOffset At);

/// <summary>
/// What of a fact its participant may have: its own orders and bids as they are, of trades its own side, its negotiations of
/// blocks whoever proposes, what is imposed on it. Facts that are not named here go to supervisors only: what is added to the
/// market later is not given away by being forgotten here.
/// </summary>
internal static class OwnFacts
{
    /// <summary>Null: the fact is none of the participant's.</summary>
    public static object? Of(object fact, Guid participant) => fact switch
    {
        OrderAccepted e => Own(e, e.ParticipantId, participant),
        OrderReduced e => Own(e, e.ParticipantId, participant),
        OrderReplaced e => Own(e, e.ParticipantId, participant),
        OrderCancelled e => Own(e, e.ParticipantId, participant),
        OrderLapsed e => Own(e, e.ParticipantId, participant),
        BidAccepted e => Own(e, e.ParticipantId, participant),
        BidWithdrawn e => Own(e, e.ParticipantId, participant),
        BidLapsed e => Own(e, e.ParticipantId, participant),
        // Who at the counterparty proposed the terms is the counterparty's own affair, and which official acted the authority's.
        BlockOffered e when IsSide(e.BuyerParticipantId, e.SellerParticipantId, participant) => e with { Representative = null },
        BlockCountered e when IsSide(e.BuyerParticipantId, e.SellerParticipantId, participant) => e with { Representative = null },
        BlockEnded e when IsSide(e.BuyerParticipantId, e.SellerParticipantId, participant) => e,
        HeldUnitsNoted e => Own(e, e.ParticipantId, participant),
        ControlImposed e when e.ParticipantId == participant => e with { By = null },
        ControlLifted e when e.ParticipantId == participant => e with { By = null },
        CommandRefused e => Own(e, e.ActorParticipantId, participant),
        TradeExecuted e when e.BuyerParticipantId == participant => Side(e, Orders.Side.Buy, e.BuyOrderId),
        TradeExecuted e when e.SellerParticipantId == participant => Side(e, Orders.Side.Sell, e.SellOrderId),
        TradeSettled e when IsSide(e.BuyerParticipantId, e.SellerParticipantId, participant) =>
            new OwnTradeOutcome(e.Sequence, e.TradeId, null, e.At),
        TradeFailed e when IsSide(e.BuyerParticipantId, e.SellerParticipantId, participant) =>
            new OwnTradeOutcome(e.Sequence, e.TradeId, e.FailureCode, e.At),
        _ => null,
    };

    private static object? Own(object fact, Guid owner, Guid participant) => owner == participant ? fact : null;

    private static bool IsSide(Guid buyer, Guid seller, Guid participant) => buyer == participant || seller == participant;

    private static OwnTrade Side(TradeExecuted trade, Side side, Guid orderId) => new(
        trade.Sequence, trade.TradeId, trade.Instrument, orderId, side, trade.Quantity, trade.Price, trade.Mode, trade.TradingDay, trade.At,
        side == Orders.Side.Buy ? trade.BuyerFee : trade.SellerFee);
}

/// <summary>
/// What of a fact supervisors may have as it happens: all of it, but of a sealed bid (密封报价) only that there is one. What
/// was bid is told when the auction has closed, by its result and by the audit log.
/// </summary>
internal static class SupervisedFacts
{
    private const string Sealed = "sealed until the auction closes";

    /// <param name="Withdrawn">The bid is taken back.</param>
    public sealed record SealedBid(Guid BidId, Guid AuctionId, Guid ParticipantId, bool Withdrawn, DateTimeOffset At);

    public static object Of(object fact) => fact switch
    {
        BidAccepted e => new SealedBid(e.BidId, e.AuctionId, e.ParticipantId, Withdrawn: false, e.At),
        BidWithdrawn e => new SealedBid(e.BidId, e.AuctionId, e.ParticipantId, Withdrawn: true, e.At),
        // A reason names the value that broke the limit.
        CommandRefused { Command: nameof(PlaceBid) } e => e with { Reason = Sealed },
        _ => fact,
    };
}
