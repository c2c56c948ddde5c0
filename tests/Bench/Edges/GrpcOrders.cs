using CarbonMarket.Bench.Market;
using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.Trading.Orders;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Client = CarbonMarket.Contracts.Trading.V1.Grpc.OrderEntry.OrderEntryClient;
using Message = CarbonMarket.Contracts.Trading.V1.Grpc.NewOrder;

namespace CarbonMarket.Bench.Edges;

/// <summary>Sessions of order entry (快速报单), each on a connection of its own, with one request under way at a time.</summary>
internal sealed class GrpcOrders : IAsyncDisposable
{
    private readonly List<Session> sessions = [];

    public static async Task<GrpcOrders> Open(EdgeSystem system, int sessions, int seed, CancellationToken cancellationToken)
    {
        var orders = new GrpcOrders();
        foreach (var firm in system.Firms.Take(sessions))
        {
            var channel = GrpcChannel.ForAddress(system.GatewayForGrpc);
            var call = new Client(channel).Trade(
                new Metadata { { "Authorization", $"Bearer {await system.Token(firm, cancellationToken)}" } }, cancellationToken: cancellationToken);
            var session = new Session(channel, call, new OrderFlow(seed + orders.sessions.Count, [firm.ParticipantId]));
            orders.sessions.Add(session);
            await session.Ask(new OrderEntryRequest { Start = new SessionStart { Market = EdgeSystem.Market } }, cancellationToken);
        }
        return orders;
    }

    public Task Batch(int caller, int orders, CancellationToken cancellationToken)
    {
        var placed = new NewOrders();
        for (var i = 0; i < orders; i++)
            placed.Orders.Add(Of(sessions[caller].Flow.NextOrder(RunningMarket.Morning)));
        return sessions[caller].Ask(new OrderEntryRequest { Place = placed }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in sessions)
        {
            await session.Call.RequestStream.CompleteAsync();
            session.Call.Dispose();
            session.Channel.Dispose();
        }
    }

    private static Message Of(PlaceOrder order) => new()
    {
        OrderId = ByteString.CopyFrom(order.OrderId.ToByteArray(bigEndian: true)),
        Instrument = order.Instrument,
        Side = order.Side == Side.Buy ? Message.Types.Side.Buy : Message.Types.Side.Sell,
        Quantity = order.Quantity.Value,
        PriceMinor = order.Price!.Value.MinorPerUnit,
        TimeInForce = order.TimeInForce == TimeInForce.Ioc ? Message.Types.TimeInForce.Ioc : Message.Types.TimeInForce.Day,
    };

    private sealed record Session(GrpcChannel Channel, AsyncDuplexStreamingCall<OrderEntryRequest, OrderEntryReply> Call, OrderFlow Flow)
    {
        /// <summary>Heartbeats, which answer nothing, are passed over.</summary>
        public async Task Ask(OrderEntryRequest request, CancellationToken cancellationToken)
        {
            await Call.RequestStream.WriteAsync(request, cancellationToken);
            while (await Call.ResponseStream.MoveNext(cancellationToken))
            {
                if (Call.ResponseStream.Current.Results is not { Count: > 0 } results)
                    continue;
                foreach (var result in results)
                    if (result.Code.Length > 0)
                        throw new InvalidOperationException($"An order was refused ({result.Code}): {result.Reason}");
                return;
            }
            throw new InvalidOperationException("The session has ended.");
        }
    }
}
