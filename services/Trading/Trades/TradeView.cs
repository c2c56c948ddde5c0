using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Trades;

/// <summary>A trade as it is told to everybody; who stood behind it only to themselves and to those who supervise.</summary>
/// <param name="Sequence">Counts the market's trades from 1 without gaps.</param>
/// <param name="TradeId">Made by the market.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Quantity">Units.</param>
/// <param name="PriceMinor">Minor units of the currency per unit, without fees.</param>
/// <param name="Mode">continuous, call, auction, block or fixed-price.</param>
/// <param name="TradingDay">Legal day.</param>
/// <param name="ExecutedAt">Legal time.</param>
/// <param name="BuyerParticipantId">Null where the caller may not know.</param>
/// <param name="SellerParticipantId">Null where the caller may not know.</param>
/// <param name="BuyerFeeMinor">What the buyer pays on top (手续费), in minor units of the currency; null where the caller may not know.</param>
/// <param name="SellerFeeMinor">What goes off the seller's proceeds; null where the caller may not know.</param>
public sealed record TradeAnswer(
    long Sequence, Guid TradeId, string Instrument, Quantity Quantity, Price PriceMinor, TradeMode Mode, DateOnly TradingDay,
    DateTimeOffset ExecutedAt, Guid? BuyerParticipantId, Guid? SellerParticipantId, Money? BuyerFeeMinor = null, Money? SellerFeeMinor = null)
{
    public static TradeAnswer Of(TradeExecuted trade) => new(
        trade.Sequence, trade.TradeId, trade.Instrument, trade.Quantity, trade.Price, trade.Mode, trade.TradingDay, trade.At,
        trade.BuyerParticipantId, trade.SellerParticipantId, trade.BuyerFee, trade.SellerFee);

    public TradeAnswer As(Func<Guid?, bool> maySee) => this with
    {
        BuyerParticipantId = maySee(BuyerParticipantId) ? BuyerParticipantId : null,
        SellerParticipantId = maySee(SellerParticipantId) ? SellerParticipantId : null,
        BuyerFeeMinor = maySee(BuyerParticipantId) ? BuyerFeeMinor : null,
        SellerFeeMinor = maySee(SellerParticipantId) ? SellerFeeMinor : null,
    };
}

/// <summary>A trade as a document, for when the market's memory has let go of it.</summary>
/// <param name="Id">See <see cref="MarketDocument"/>.</param>
/// <param name="Market">Id of the market's journal.</param>
public sealed record TradeView(Guid Id, Guid Market, long Sequence, TradeAnswer Trade)
{
    public static TradeView Of(TradeExecuted trade, Guid market) => new(
        MarketDocument.IdOfTrade(market, trade.Sequence), market, trade.Sequence, TradeAnswer.Of(trade));
}
