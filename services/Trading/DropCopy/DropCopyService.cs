using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Streaming;
using Grpc.Core;
using Contract = CarbonMarket.Contracts.Trading.V1.Grpc;

namespace CarbonMarket.Trading.DropCopy;

/// <summary>The drop copy over gRPC.</summary>
internal sealed class DropCopyService(DropCopies copies, StreamingOptions options) : Contract.DropCopy.DropCopyBase
{
    public override async Task Follow(
        DropCopyRequest request, IServerStreamWriter<Contract.DropCopyItem> responseStream, ServerCallContext context)
    {
        var (venue, http, faults) = (context.Venue(request.Market), context.GetHttpContext(), new Faults());
        var everything = http.User.SeesEverything();
        var begin = StreamDropCopy.Beginning(
            GrpcCalls.WhileServed(() => StreamDropCopy.VersionOf(venue)), request.HasAfter ? request.After : null,
            everything ? null : options.DropCopyReach, faults);
        faults.ThrowIfAny();
        if (!everything && http.User.ParticipantId() == Guid.Empty)
            throw GrpcCalls.Refusal(StatusCode.PermissionDenied, "no-participant", "The token names no participant to act for.");
        context.TakePlace(StreamDoor.Data);
        await foreach (var item in copies.Follow(
            venue, everything ? null : http.User.ParticipantId(), begin, StreamLife.Of(http), context.CancellationToken))
            await responseStream.WriteAsync(Told(item), context.CancellationToken);
    }

    private static Contract.DropCopyItem Told(DropCopyItem item) => item switch
    {
        DropCopyItem.Copy copy => new Contract.DropCopyItem
        {
            Message = new DropCopyMessage
            {
                Version = copy.Version,
                PreviousVersion = copy.PreviousVersion,
                Type = copy.Type,
                Data = StreamJson.Write(copy.Data),
            },
        },
        DropCopyItem.Reached reached => new Contract.DropCopyItem
        {
            Reached = new DropCopyReached { Version = reached.Version, PreviousVersion = reached.PreviousVersion },
        },
        DropCopyItem.End end => new Contract.DropCopyItem { End = new End { Reason = end.Reason } },
        _ => throw new InvalidOperationException($"Unknown item {item}."),
    };
}
