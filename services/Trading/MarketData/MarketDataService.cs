using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Streaming;
using Grpc.Core;
using Contract = CarbonMarket.Contracts.Trading.V1.Grpc;

namespace CarbonMarket.Trading.MarketData;

/// <summary>Market data over gRPC: what the stream of Server-Sent Events says, in another form.</summary>
internal sealed class MarketDataService(MarketDataPublishers publishers, StreamingOptions options, TimeProvider clock)
    : Contract.MarketData.MarketDataBase
{
    public override async Task Subscribe(
        MarketDataRequest request, IServerStreamWriter<MarketDataItem> responseStream, ServerCallContext context)
    {
        var (venue, selection) = Asked(request, context);
        context.TakePlace(StreamDoor.Data);
        ResumePoint? after = ResumePoint.TryParse(request.ResumePoint, out var point) ? point : null;
        var subscription = GrpcCalls.WhileServed(() =>
            publishers[request.Market].Subscribe(selection.Instruments, selection.Channels, after).For(context.GetHttpContext()));
        await foreach (var item in subscription.Read(options.Heartbeat, context.CancellationToken))
            await responseStream.WriteAsync(Item(item, venue, selection), context.CancellationToken);
    }

    public override Task<MarketDataSnapshot> Snapshot(MarketDataRequest request, ServerCallContext context)
    {
        var (_, selection) = Asked(request, context);
        var channels = GrpcCalls.WhileServed(() => publishers[request.Market].Snapshot(selection.Instruments, selection.Channels));
        if (GetMarketData.TooLarge(channels) is { } refusal)
            throw GrpcCalls.Refusal(StatusCode.ResourceExhausted, refusal.Code, refusal.Reason);
        var answer = new MarketDataSnapshot();
        answer.Channels.AddRange(channels.Select(MarketDataWire.Message));
        return Task.FromResult(answer);
    }

    private (Venue Venue, MarketDataSelection Selection) Asked(MarketDataRequest request, ServerCallContext context)
    {
        var (venue, faults) = (context.Venue(request.Market), new Faults());
        var channels = request.Channels.Select(channel => (MarketDataChannel)((int)channel - 1)).ToList();
        faults.Require(channels.TrueForAll(Enum.IsDefined), "channels", "unknown-channel", "A channel is one of those the contract names.");
        var selection = MarketDataSelection.Of(venue.PackAt(clock.GetUtcNow()), request.Instruments, channels, faults);
        faults.ThrowIfAny();
        return (venue, selection);
    }

    private MarketDataItem Item(StreamItem item, Venue venue, MarketDataSelection selection) => item switch
    {
        StreamItem.Data data => new MarketDataItem
        {
            ResumePoint = data.Point?.ToString() ?? string.Empty,
            Message = MarketDataWire.Message(data.Published.Message),
        },
        StreamItem.Heartbeat alive => new MarketDataItem
        {
            ResumePoint = alive.Point.ToString(),
            Heartbeat = MarketDataWire.Heartbeat(GetMarketData.Heartbeat(venue, selection, clock.GetUtcNow())),
        },
        StreamItem.End end => new MarketDataItem { End = new End { Reason = end.Reason } },
        _ => throw new InvalidOperationException($"Unknown item {item}."),
    };
}
