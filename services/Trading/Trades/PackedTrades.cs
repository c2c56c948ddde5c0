using System.Runtime.InteropServices;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Trades;

/// <summary>Every member of <see cref="TradeExecuted"/> stands here; the specs of the snapshot miss one that does not.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct PackedTrade(
    long Sequence, Guid TradeId, int Instrument, Guid BuyOrderId, Guid SellOrderId, Guid BuyerParticipantId, Guid SellerParticipantId,
    Quantity Quantity, Price Price, TradeMode Mode, int TradingDay, PackedTime At,
    byte Purchase, byte OfIssue, Money BuyerFee, Money SellerFee);

public sealed class PackedTrades : PackedList<TradeExecuted, PackedTrade, SharedNames>
{
    protected override PackedTrade Pack(TradeExecuted item, int place, SharedNames rest) => new(
        item.Sequence, item.TradeId, rest.PlaceOf(item.Instrument), item.BuyOrderId, item.SellOrderId, item.BuyerParticipantId,
        item.SellerParticipantId, item.Quantity, item.Price, item.Mode, item.TradingDay.DayNumber, new PackedTime(item.At),
        item.Purchase ? (byte)1 : (byte)0, item.OfIssue ? (byte)1 : (byte)0, item.BuyerFee, item.SellerFee);

    protected override TradeExecuted Unpack(in PackedTrade value, int place, SharedNames rest) => new(
        value.Sequence, value.TradeId, rest.Names[value.Instrument], value.BuyOrderId, value.SellOrderId, value.BuyerParticipantId,
        value.SellerParticipantId, value.Quantity, value.Price, value.Mode, DateOnly.FromDayNumber(value.TradingDay), value.At.Time)
    {
        Purchase = value.Purchase != 0,
        OfIssue = value.OfIssue != 0,
        BuyerFee = value.BuyerFee,
        SellerFee = value.SellerFee,
    };
}
