using System.Globalization;
using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;
using Google.Protobuf;
using Message = CarbonMarket.Contracts.Trading.V1.Grpc.NewOrder;

namespace CarbonMarket.Trading.Orders;

/// <summary>What the messages of order entry mean, and how answers are put into them.</summary>
internal static class OrderEntryMessages
{
    private const string MalformedCode = "invalid-input";

    /// <summary>Null: not sixteen bytes.</summary>
    public static Guid? Id(ByteString bytes) => bytes.Length == 16 ? new Guid(bytes.Span, bigEndian: true) : null;

    public static Side? Side(Message.Types.Side side) => side switch
    {
        Message.Types.Side.Buy => Orders.Side.Buy,
        Message.Types.Side.Sell => Orders.Side.Sell,
        _ => null,
    };

    public static NewOrder Order(Message message) => new(
        Id(message.OrderId), message.Instrument, Side(message.Side), message.Quantity, message.PriceMinor == 0 ? null : message.PriceMinor,
        TimeInForce(message.TimeInForce), message.PriceMinor == 0 ? OrderType.MarketToLimit : OrderType.Limit,
        DateOnly.TryParseExact(message.GoodTill, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last) ? last : null,
        message.MinimumQuantity == 0 ? null : message.MinimumQuantity, message.PostOnly);

    public static OrderEntryResult Result(ByteString id, OrderResult result) => new()
    {
        OrderId = id,
        Code = result.Code ?? "",
        Reason = result.Reason ?? "",
        FilledQuantity = result.FilledQuantity,
        Status = result.Status is { } status ? Status(status) : OrderEntryResult.Types.Status.Unspecified,
        CancelReason = result.CancelReason ?? "",
    };

    public static OrderEntryResult Rejected(ByteString id, Outcome<MarketEvent>.Rejected rejected) =>
        new() { OrderId = id, Code = rejected.Code, Reason = rejected.Reason };

    public static OrderEntryResult Rejected(ByteString id, Refusal refusal) =>
        new() { OrderId = id, Code = refusal.Code, Reason = refusal.Reason };

    public static OrderEntryResult Malformed(ByteString id, Faults faults) => new()
    {
        OrderId = id,
        Code = MalformedCode,
        Reason = string.Join(" ", faults.All.Select(fault => $"{fault.Path}: {fault.Message}")),
    };

    public static OrderEntryResult.Types.Status Status(OrderStatus status) => status switch
    {
        OrderStatus.Open => OrderEntryResult.Types.Status.Open,
        OrderStatus.Filled => OrderEntryResult.Types.Status.Filled,
        OrderStatus.Cancelled => OrderEntryResult.Types.Status.Cancelled,
        _ => OrderEntryResult.Types.Status.Lapsed,
    };

    private static TimeInForce? TimeInForce(Message.Types.TimeInForce time) => time switch
    {
        Message.Types.TimeInForce.Day => Orders.TimeInForce.Day,
        Message.Types.TimeInForce.Ioc => Orders.TimeInForce.Ioc,
        Message.Types.TimeInForce.Gtd => Orders.TimeInForce.Gtd,
        Message.Types.TimeInForce.Fok => Orders.TimeInForce.Fok,
        _ => null,
    };
}
