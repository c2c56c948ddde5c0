using CarbonMarket.Journaling;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;
using Grpc.Core;

namespace CarbonMarket.Trading.Streaming;

/// <summary>The same refusals as over HTTP, with the same codes in front of their reasons.</summary>
internal static class GrpcCalls
{
    public static RpcException Refusal(StatusCode status, string code, string reason) => new(new Status(status, $"{code}: {reason}"));

    public static void ThrowIfAny(this Faults faults)
    {
        if (faults.Any)
            throw Refusal(StatusCode.InvalidArgument, faults.All[0].Code, string.Join(' ', faults.All.Select(fault => fault.Message)));
    }

    public static Venue Venue(this ServerCallContext call, string market)
    {
        var services = call.GetHttpContext().RequestServices;
        if (services.GetRequiredService<PolicyPackCatalog>().Versions(market).IsEmpty)
            throw Refusal(StatusCode.NotFound, "unknown-market", $"No market '{market}' runs here.");
        if (!services.GetRequiredService<ClockFetching>().IsKnown)
            throw Refusal(StatusCode.Unavailable, "clock-unknown", "The market's time is not known yet; ask again.");
        return services.GetRequiredService<Venues>()[market];
    }

    public static void TakePlace(this ServerCallContext call, StreamDoor door)
    {
        var context = call.GetHttpContext();
        var places = context.RequestServices.GetRequiredService<StreamPlaces>();
        if (!places.TryTake(context, door))
            throw Refusal(StatusCode.ResourceExhausted, "too-many-streams", places.TooManyReason);
    }

    public static T WhileServed<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (EngineUnavailableException exception)
        {
            throw Refusal(StatusCode.Unavailable, "engine-unavailable", exception.Message);
        }
    }
}
