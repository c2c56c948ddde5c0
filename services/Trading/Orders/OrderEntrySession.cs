using System.Threading.Channels;
using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Streaming;
using Google.Protobuf;
using Grpc.Core;

namespace CarbonMarket.Trading.Orders;

/// <summary>
/// One stream of order entry: requests are handed over as they come and answered in their order once they are durable. At
/// most <see cref="MostUnanswered"/> wait for their reply; a client that sends more is read no further meanwhile.
/// </summary>
internal sealed class OrderEntrySession(Venue venue, HttpContext caller, Guid? cancelOnDisconnect, OrderDesk desk)
{
    private const int MostUnanswered = 256;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly Channel<Task<OrderEntryReply>> _replies = Channel.CreateBounded<Task<OrderEntryReply>>(
        new BoundedChannelOptions(MostUnanswered) { SingleReader = true, SingleWriter = true });

    public async Task Run(
        OrderEntryReply welcome, IAsyncStreamReader<OrderEntryRequest> requests, IServerStreamWriter<OrderEntryReply> replies,
        CancellationToken disconnected)
    {
        await replies.WriteAsync(welcome, disconnected);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(disconnected);
        // Each ends when the other fails: a client must not wait for replies that nobody writes any more.
        var reading = Read(requests, stop.Token);
        var answering = Answer(replies, stop.Token);
        var first = await Task.WhenAny(reading, answering);
        if (!first.IsCompletedSuccessfully)
            await stop.CancelAsync();
        await Task.WhenAll(reading, answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        await answering;
    }

    private async Task Read(IAsyncStreamReader<OrderEntryRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                await _replies.Writer.WriteAsync(Handle(requests.Current, cancellationToken), cancellationToken);
            }
        }
        finally
        {
            _replies.Writer.TryComplete();
        }
    }

    private async Task Answer(IServerStreamWriter<OrderEntryReply> replies, CancellationToken cancellationToken)
    {
        var more = _replies.Reader.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (!await more.CompletesWithin(Heartbeat, cancellationToken))
            {
                // Where this process does not lead any more, another ends the session's orders: the client must hear of it.
                if (!venue.Engine.IsReady)
                    throw new EngineUnavailableException("This process does not lead any more; start another session.");
                await replies.WriteAsync(new OrderEntryReply { JournalVersion = venue.Engine.Version }, cancellationToken);
                continue;
            }
            if (!await more)
                return;
            while (_replies.Reader.TryRead(out var reply))
                await replies.WriteAsync(await reply, cancellationToken);
            more = _replies.Reader.WaitToReadAsync(cancellationToken).AsTask();
        }
    }

    private async Task<OrderEntryReply> Handle(OrderEntryRequest request, CancellationToken cancellationToken)
    {
        var reply = new OrderEntryReply { Tag = request.Tag };
        switch (request.WhatCase)
        {
            case OrderEntryRequest.WhatOneofCase.Place:
                await Place(request.Place, reply, cancellationToken);
                break;
            case OrderEntryRequest.WhatOneofCase.Replace:
                reply.Results.Add(await Replace(request.Replace, cancellationToken));
                break;
            case OrderEntryRequest.WhatOneofCase.Cancel:
                reply.Results.Add(await Cancel(request.Cancel, cancellationToken));
                break;
            case OrderEntryRequest.WhatOneofCase.CancelAll:
                reply.Results.Add(await CancelAll(request.CancelAll, cancellationToken));
                break;
            default:
                throw new RpcException(new Status(StatusCode.InvalidArgument, $"Request {request.Tag} asks for nothing, or for another start."));
        }
        reply.JournalVersion = venue.Engine.Version;
        return reply;
    }

    private async Task Place(NewOrders placed, OrderEntryReply reply, CancellationToken cancellationToken)
    {
        var orders = placed.Orders.Select(OrderEntryMessages.Order).ToList();
        var faults = new Batch<NewOrder>(orders).Check(order => order.OrderId, (found, order, path) => order.Check(found, path));
        if (faults.Any)
        {
            // As by REST: a malformed batch is refused whole.
            reply.Results.AddRange(placed.Orders.Select(order => OrderEntryMessages.Malformed(order.OrderId, faults)));
            if (placed.Orders.Count == 0)
                reply.Results.Add(OrderEntryMessages.Malformed(ByteString.Empty, faults));
            return;
        }
        if (desk.TooFast(venue, caller, orders.Count) is { } refusal)
        {
            reply.Results.AddRange(placed.Orders.Select(order => OrderEntryMessages.Rejected(order.OrderId, refusal)));
            return;
        }
        var (results, _) = await desk.Place(venue, caller, orders, cancelOnDisconnect, cancellationToken);
        for (var i = 0; i < results.Length; i++)
            reply.Results.Add(OrderEntryMessages.Result(placed.Orders[i].OrderId, results[i]));
    }

    private async Task<OrderEntryResult> Replace(OrderReplacement asked, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var (replacement, order) = (OrderEntryMessages.Id(asked.ReplacementId), OrderEntryMessages.Id(asked.OrderId));
        faults.RequireId(replacement, "replacement_id");
        faults.RequireId(order, "order_id");
        faults.RequirePositive(asked.Quantity, "quantity");
        faults.RequirePositive(asked.PriceMinor, "price_minor");
        if (faults.Any)
            return OrderEntryMessages.Malformed(asked.OrderId, faults);
        if (desk.TooFast(venue, caller, messages: 1) is { } refusal)
            return OrderEntryMessages.Rejected(asked.OrderId, refusal);
        var outcome = await desk.Replace(
            venue, caller, replacement!.Value, order!.Value, Quantity.Of(asked.Quantity), Price.OfMinor(asked.PriceMinor), cancellationToken);
        return await Standing(asked.OrderId, order.Value, outcome, cancellationToken);
    }

    private async Task<OrderEntryResult> Cancel(OrderCancellation asked, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var order = OrderEntryMessages.Id(asked.OrderId);
        faults.RequireId(order, "order_id");
        if (faults.Any)
            return OrderEntryMessages.Malformed(asked.OrderId, faults);
        var outcome = await desk.Cancel(venue, caller, order!.Value, cancellationToken);
        return await Standing(asked.OrderId, order.Value, outcome, cancellationToken);
    }

    private async Task<OrderEntryResult> CancelAll(MassCancellation asked, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var id = OrderEntryMessages.Id(asked.CancellationId);
        faults.RequireId(id, "cancellation_id");
        faults.Require(Enum.IsDefined(asked.Side), "side", "unknown-side", "One of BUY, SELL and SIDE_UNSPECIFIED, which is both.");
        if (faults.Any)
            return OrderEntryMessages.Malformed(ByteString.Empty, faults);
        var outcome = await desk.CancelAll(
            venue, caller, id!.Value, asked.Instrument.Length == 0 ? null : asked.Instrument, OrderEntryMessages.Side(asked.Side), cancellationToken);
        return outcome is Outcome<MarketEvent>.Accepted accepted
            ? new OrderEntryResult { Cancelled = OrderEnding.CancelledOnRequest(accepted.Events) }
            : OrderEntryMessages.Rejected(ByteString.Empty, (Outcome<MarketEvent>.Rejected)outcome);
    }

    private async Task<OrderEntryResult> Standing(
        ByteString id, Guid orderId, Outcome<MarketEvent> outcome, CancellationToken cancellationToken) =>
        outcome is Outcome<MarketEvent>.Rejected rejected
            ? OrderEntryMessages.Rejected(id, rejected)
            : await venue.Read(market => market.Orders.TryGetValue(orderId, out var order)
                ? new OrderEntryResult
                {
                    OrderId = id, FilledQuantity = order.Filled.Value, Status = OrderEntryMessages.Status(order.Status), CancelReason = order.CancelReason ?? "",
                }
                : new OrderEntryResult { OrderId = id }, cancellationToken);
}
