using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Trades;

/// <summary>Settlement's clearing run has come to this trade.</summary>
public sealed record RecordOutcome(
    Guid TradeId, long Sequence, bool Settled, string? FailureCode, DateTimeOffset At) : MarketCommand(At);

/// <summary>Units and cash have changed hands.</summary>
public sealed record TradeSettled(
    long Sequence, Guid TradeId, Guid BuyerParticipantId, Guid SellerParticipantId, DateTimeOffset At) : MarketEvent(At);

/// <summary>The trade failed in clearing, alone; each side keeps what it had.</summary>
public sealed record TradeFailed(
    long Sequence, Guid TradeId, Guid BuyerParticipantId, Guid SellerParticipantId, string FailureCode, DateTimeOffset At)
    : MarketEvent(At);

/// <summary>How promises end: kept, or void.</summary>
public static class Clearing
{
    public static Decision<MarketEvent> Decide(MarketState market, RecordOutcome outcome)
    {
        if (!market.Uncleared.TryGetValue(outcome.Sequence, out var trade))
            return outcome.Sequence <= market.LastTradeSequence
                ? Accept()
                : Reject("unknown-trade", $"There is no trade {outcome.Sequence} yet; the last is {market.LastTradeSequence}.");
        if (trade.TradeId != outcome.TradeId)
            return Reject("trade-differs", $"Trade {outcome.Sequence} is {trade.TradeId}, not {outcome.TradeId}.");
        var (buyer, seller) = (trade.BuyerParticipantId, trade.SellerParticipantId);
        return outcome.Settled
            ? Accept(new TradeSettled(trade.Sequence, trade.TradeId, buyer, seller, outcome.At))
            : Accept(CoverLost(market, trade, market.Effective(outcome.At)).Insert(0,
                new TradeFailed(trade.Sequence, trade.TradeId, buyer, seller, outcome.FailureCode ?? "unknown", outcome.At)));
    }

    public static void Evolve(MarketState market, TradeSettled settled)
    {
        var (trade, buyer, seller) = Take(market, settled.Sequence);
        buyer.Cash.Deliver(trade.Cost.Minor);
        seller.UnitsOf(trade.Instrument).Deliver(trade.Quantity.Value);
        buyer.UnitsOf(trade.Instrument).Receive(trade.Quantity.Value);
        seller.Cash.Receive(trade.Proceeds.Minor);
    }

    public static void Evolve(MarketState market, TradeFailed failed)
    {
        var (trade, buyer, seller) = Take(market, failed.Sequence);
        buyer.Cash.KeepAfterAll(trade.Cost.Minor);
        seller.UnitsOf(trade.Instrument).KeepAfterAll(trade.Quantity.Value);
        if (trade.OfIssue)
            seller.UnitsOf(trade.Instrument).KeepForAuction(trade.Quantity.Value);
        buyer.UnitsOf(trade.Instrument).ForgoAfterAll(trade.Quantity.Value);
        seller.Cash.ForgoAfterAll(trade.Proceeds.Minor);
    }

    private static (TradeExecuted Trade, TradingAccount Buyer, TradingAccount Seller) Take(MarketState market, long sequence)
    {
        market.Uncleared.Remove(sequence, out var trade);
        return (trade!, market.AccountOf(trade!.BuyerParticipantId), market.AccountOf(trade.SellerParticipantId));
    }

    /// <summary>
    /// Orders and offers of blocks that counted on what this trade was to bring stand without cover: they are pulled, orders
    /// first and the newest first, until what is left is covered. Bids and announced supply stay; their trades would fail in
    /// clearing, visibly.
    /// </summary>
    private static ImmutableArray<MarketEvent> CoverLost(MarketState market, TradeExecuted trade, DateTimeOffset at)
    {
        var buyer = market.AccountOf(trade.BuyerParticipantId);
        var seller = market.AccountOf(trade.SellerParticipantId);
        var (units, cash) = (trade.Quantity.Value - buyer.UnitsOf(trade.Instrument).Free, trade.Proceeds.Minor - seller.Cash.Free);
        return
        [
            .. OrderEnding.Pull(market, buyer, Side.Sell, trade.Instrument, ref units, CancelReason.CoverLost, at),
            .. OrderEnding.Pull(market, seller, Side.Buy, null, ref cash, CancelReason.CoverLost, at),
        ];
    }
}
