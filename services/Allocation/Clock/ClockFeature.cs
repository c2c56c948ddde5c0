namespace CarbonMarket.Allocation.Clock;

public static class ClockFeature
{
    public static void MapClock(this IEndpointRouteBuilder endpoints)
    {
        var clock = endpoints.MapGroup("/clock").WithTags("Market clock");
        GetClock.Map(clock);
        SetClock.Map(clock);
        AdvanceClock.Map(clock);
    }
}
