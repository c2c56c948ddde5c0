using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Trades;

namespace CarbonMarket.Trading.Auctions;

/// <summary>What a bid won.</summary>
/// <param name="TradeSequence">Of the trade it led to.</param>
/// <param name="BidId">Made by the bidder.</param>
/// <param name="ParticipantId">The winner: in a sale it buys, in a purchase it sells.</param>
/// <param name="Quantity">Units won; a bid may win a part of what it was for.</param>
/// <param name="PriceMinor">Paid per unit, in minor units of the currency, without the fee.</param>
public sealed record AwardAnswer(long TradeSequence, Guid BidId, Guid ParticipantId, Quantity Quantity, Price PriceMinor)
{
    public static AwardAnswer Of(Bid bid) => new(bid.TradeSequence, bid.BidId, bid.ParticipantId, bid.Won, bid.WonPrice!.Value);
}

/// <summary>An award as a document, for when the market's memory has let go of its auction. Stored with its trade.</summary>
/// <param name="Id">Its trade's; see <see cref="MarketDocument"/>.</param>
/// <param name="Market">Id of the market's journal.</param>
public sealed record AwardView(Guid Id, Guid Market, Guid AuctionId, long Sequence, Guid ParticipantId, AwardAnswer Award)
{
    public static AwardView Of(TradeExecuted trade, Guid market)
    {
        var (auction, bid, winner) = trade.Purchase
            ? (trade.BuyOrderId, trade.SellOrderId, trade.SellerParticipantId)
            : (trade.SellOrderId, trade.BuyOrderId, trade.BuyerParticipantId);
        return new AwardView(
            MarketDocument.IdOfTrade(market, trade.Sequence), market, auction, trade.Sequence, winner,
            new AwardAnswer(trade.Sequence, bid, winner, trade.Quantity, trade.Price));
    }
}
