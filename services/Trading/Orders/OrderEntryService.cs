using CarbonMarket.Contracts.Trading.V1.Grpc;
using CarbonMarket.Journaling;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Streaming;
using Grpc.Core;

namespace CarbonMarket.Trading.Orders;

/// <summary>Fast order entry (快速报单) over gRPC: who may come in, and what remains when the stream ends.</summary>
public sealed class OrderEntryService(PolicyPackCatalog packs, Venues venues, OrderDesk desk, OrderEntrySessions sessions,
    ClockFetching legalTime)
    : Contracts.Trading.V1.Grpc.OrderEntry.OrderEntryBase
{
    public override async Task Trade(
        IAsyncStreamReader<OrderEntryRequest> requestStream, IServerStreamWriter<OrderEntryReply> responseStream, ServerCallContext context)
    {
        var caller = context.GetHttpContext();
        if (caller.User.ParticipantId() == Guid.Empty)
            throw Refusal(StatusCode.PermissionDenied, "no-participant: the token names no participant to act for.");
        context.TakePlace(StreamDoor.OrderEntry);
        var life = StreamLife.Of(caller);
        // A service that stops does not wait for streams that may go on for hours, and a stream has no more rights than its token.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, life.Ended);
        try
        {
            await Run(requestStream, responseStream, caller, end.Token);
        }
        catch (OperationCanceledException) when (life.Ended.IsCancellationRequested)
        {
            throw life.Reason == EndReason.TokenExpired
                ? Refusal(StatusCode.Unauthenticated, "The token of this session has expired; start another with a new one.")
                : Refusal(StatusCode.Unavailable, "The service stops; start another session.");
        }
        catch (EngineUnavailableException exception)
        {
            throw Refusal(StatusCode.Unavailable, exception.Message);
        }
    }

    private async Task Run(
        IAsyncStreamReader<OrderEntryRequest> requests, IServerStreamWriter<OrderEntryReply> replies, HttpContext caller, CancellationToken ended)
    {
        if (!await requests.MoveNext(ended) || requests.Current is not { Start: { } start, Tag: var tag })
            throw Refusal(StatusCode.InvalidArgument, "The first request starts the session.");
        if (packs.Find(start.Market) is null)
            throw Refusal(StatusCode.NotFound, $"unknown-market: no market '{start.Market}' trades here; there are: {string.Join(", ", packs.Markets)}.");
        if (!legalTime.IsKnown)
            throw Refusal(StatusCode.Unavailable, "clock-unknown: the market's time is not known yet; ask again.");
        var venue = venues[start.Market];
        var session = start.CancelOnDisconnect ? sessions.Begin() : (Guid?)null;
        try
        {
            var welcome = new OrderEntryReply { Tag = tag, Results = { new OrderEntryResult() }, JournalVersion = venue.Engine.Version };
            await new OrderEntrySession(venue, caller, session, desk).Run(welcome, requests, replies, ended);
        }
        finally
        {
            if (session is { } begun)
                await sessions.End(venue, begun, caller.User.ParticipantId());
        }
    }

    private static RpcException Refusal(StatusCode code, string text) => new(new Status(code, text));
}
