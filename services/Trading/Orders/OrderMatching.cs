using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.Orders;

/// <summary>The order that comes and takes, as its trades name it.</summary>
internal readonly record struct Taker(
    Guid OrderId, Guid ParticipantId, string Instrument, Side Side, Quantity Quantity, BasisPoints Fee, DateOnly TradingDay);

/// <summary>Puts what the matcher has planned into facts.</summary>
internal static class OrderMatching
{
    /// <summary>The facts that follow the order's own, in the order in which it met the others.</summary>
    public static void Facts(
        MarketState market, MatchPlan plan, in Taker taker, ImmutableArray<MarketEvent>.Builder events, DateTimeOffset at)
    {
        var sequence = market.LastTradeSequence;
        var left = taker.Quantity;
        foreach (var meeting in plan.Meetings)
        {
            ref var open = ref market.OpenOrders[meeting.Place];
            var resting = open.Order!;
            var quantity = Quantity.Of(meeting.Quantity);
            switch (meeting.Kind)
            {
                case MeetingKind.Trade:
                    left -= quantity;
                    events.Add(Trade(taker, resting, quantity, ++sequence, at));
                    break;
                case MeetingKind.RestingCancelled:
                    events.Add(Cancelled(resting.OrderId, resting.ParticipantId, quantity, CancelReason.SelfTrade, at));
                    break;
                case MeetingKind.BothReduced:
                    events.Add(Less(resting.OrderId, resting.ParticipantId, quantity, Quantity.Of(open.Remaining), at));
                    events.Add(Less(taker.OrderId, taker.ParticipantId, quantity, left, at));
                    left -= quantity;
                    break;
            }
        }
        if (plan.Left > 0 && ReasonOf(plan.Remainder) is { } reason)
            events.Add(Cancelled(taker.OrderId, taker.ParticipantId, Quantity.Of(plan.Left), reason, at));
    }

    private static string? ReasonOf(Remainder remainder) => remainder switch
    {
        Remainder.Immediate => CancelReason.ImmediateOrCancel,
        Remainder.FillOrKill => CancelReason.FillOrKill,
        Remainder.MinimumNotMet => CancelReason.MinimumNotMet,
        Remainder.SelfTrade => CancelReason.SelfTrade,
        _ => null,
    };

    private static TradeExecuted Trade(in Taker taker, Order maker, Quantity quantity, long sequence, DateTimeOffset at)
    {
        var buying = taker.Side == Side.Buy;
        var (takerFee, makerFee) = (taker.Fee.Of(quantity, maker.Price), maker.FeeBasisPoints.Of(quantity, maker.Price));
        return new TradeExecuted(
            sequence, Trades.Trade.IdOf(taker.OrderId, sequence), taker.Instrument,
            buying ? taker.OrderId : maker.OrderId, buying ? maker.OrderId : taker.OrderId,
            buying ? taker.ParticipantId : maker.ParticipantId, buying ? maker.ParticipantId : taker.ParticipantId,
            quantity, maker.Price, TradeMode.Continuous, taker.TradingDay, at)
        {
            BuyerFee = buying ? takerFee : makerFee, SellerFee = buying ? makerFee : takerFee,
        };
    }

    private static OrderCancelled Cancelled(Guid orderId, Guid participantId, Quantity remaining, string reason, DateTimeOffset at) =>
        new(orderId, participantId, remaining, reason, at);

    private static MarketEvent Less(Guid orderId, Guid participantId, Quantity by, Quantity of, DateTimeOffset at) => by == of
        ? Cancelled(orderId, participantId, by, CancelReason.SelfTrade, at)
        : new OrderReduced(orderId, participantId, by, of - by, CancelReason.SelfTrade, at);
}
