using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Trades;

public enum TradeMode
{
    Continuous,
    Auction,

    /// <summary>When a call auction was uncrossed; listed like a continuous one.</summary>
    Call,

    /// <summary>Agreed between two participants beside the book (大宗协议交易).</summary>
    Block,

    /// <summary>Bought from the authority's reserve at the price it set (定价出让).</summary>
    FixedPrice,
}

/// <summary>Two sides are bound (成交). A trade made under the rules is final; only clearing may still fail it.</summary>
/// <param name="Sequence">Counts the market's trades from 1 without gaps.</param>
/// <param name="TradeId">Made from the id of the taking order (or winning bid) and the sequence.</param>
/// <param name="BuyOrderId">The order, or in an auction the bid; in one that buys, the auction itself; of a block the negotiation, of a fixed-price sale the purchase.</param>
/// <param name="SellOrderId">The order, or in an auction the auction itself; in one that buys, the bid; of a block the negotiation, of a
/// fixed-price sale the sale.</param>
public sealed record TradeExecuted(
    long Sequence, Guid TradeId, string Instrument, Guid BuyOrderId, Guid SellOrderId, Guid BuyerParticipantId,
    Guid SellerParticipantId, Quantity Quantity, Price Price, TradeMode Mode, DateOnly TradingDay, DateTimeOffset At)
    : MarketEvent(At)
{
    /// <summary>Made in an auction that buys: the sides of auction and bid are swapped.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Purchase { get; init; }

    /// <summary>Of units that the authority had issued to be sold: where clearing fails the trade they may be put up again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OfIssue { get; init; }

    /// <summary>What the buyer pays on top (手续费), by the rate it was bound at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money BuyerFee { get; init; }

    /// <summary>What goes off the seller's proceeds (手续费), by the rate it was bound at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Money SellerFee { get; init; }

    /// <summary>What the buyer pays, its fee included.</summary>
    [JsonIgnore]
    public Money Cost => Value + BuyerFee;

    /// <summary>What the seller gets, its fee taken off.</summary>
    [JsonIgnore]
    public Money Proceeds => Value - SellerFee;

    private Money Value => Quantity * Price;
}

/// <summary>What a trade does to the market: both sides' reservations turn into promises that clearing will keep.</summary>
public static class Trade
{
    /// <summary>Whether it was made in the book, where prices are found, and not beside it.</summary>
    public static bool IsListed(TradeExecuted trade) => trade.Mode is TradeMode.Continuous or TradeMode.Call;

    public static Guid IdOf(Guid taker, long sequence) => DeterministicGuid.From(taker, "trade", sequence);

    public static void Evolve(MarketState market, TradeExecuted trade)
    {
        switch (trade.Mode)
        {
            case TradeMode.Auction: Award(market, trade); break;
            case TradeMode.Block: Negotiating.Agree(market, trade); Promise(market, trade); break;
            case TradeMode.FixedPrice: FixedPriceSelling.Sell(market, trade); Promise(market, trade); break;
            default: Fill(market, trade); break;
        }
        market.LastTradeSequence = trade.Sequence;
        market.Uncleared.Add(trade.Sequence, trade);
        market.RecentTrades.Add(trade);
        market.InstrumentOf(trade.Instrument).Count(trade);
    }

    private static void Award(MarketState market, TradeExecuted trade)
    {
        var (auction, bid) = trade.Purchase ? (trade.BuyOrderId, trade.SellOrderId) : (trade.SellOrderId, trade.BuyOrderId);
        var held = market.Auctions[auction].Award(bid, trade.Quantity, trade.Price, trade.Sequence);
        var buyer = market.AccountOf(trade.BuyerParticipantId);
        buyer.Cash.Sell(reserved: held.Minor, trade.Cost.Minor);
        buyer.UnitsOf(trade.Instrument).ExpectOrdered(trade.Quantity.Value);
        var seller = market.AccountOf(trade.SellerParticipantId);
        seller.UnitsOf(trade.Instrument).Sell(trade.Quantity.Value, trade.Quantity.Value);
        seller.Cash.Expect(trade.Proceeds.Minor);
    }

    /// <summary>Beside the book: each side promises what it has free, nothing of it is held any more.</summary>
    private static void Promise(MarketState market, TradeExecuted trade)
    {
        var buyer = market.AccountOf(trade.BuyerParticipantId);
        buyer.Cash.Sell(reserved: 0, trade.Cost.Minor);
        buyer.UnitsOf(trade.Instrument).ExpectBought(trade.Quantity.Value);
        var seller = market.AccountOf(trade.SellerParticipantId);
        seller.UnitsOf(trade.Instrument).Sell(reserved: 0, trade.Quantity.Value);
        seller.Cash.Expect(trade.Proceeds.Minor);
    }

    private static void Fill(MarketState market, TradeExecuted trade) => market.OpenOrders.Trade(
        Fill(market, trade.BuyOrderId, trade.Quantity), Fill(market, trade.SellOrderId, trade.Quantity),
        trade.Quantity.Value, trade.Price.MinorPerUnit, trade.BuyerFee.Minor, trade.SellerFee.Minor);

    /// <summary>Where the matcher keeps the order.</summary>
    private static int Fill(MarketState market, Guid orderId, Quantity quantity)
    {
        var order = market.Orders[orderId];
        order.Filled += quantity;
        if (order.Remaining.IsZero)
            order.Status = OrderStatus.Filled;
        return order.Place;
    }
}
