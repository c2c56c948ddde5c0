using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Allocation.Clock;

public static class AdvanceClock
{
    private const string Header = "Idempotency-Key";
    private const int LongestKey = 100;

    /// <summary>One of the two.</summary>
    public sealed record Request
    {
        /// <summary>An ISO 8601 duration: PT3H, P1D.</summary>
        public string? By { get; init; }

        /// <summary>A moment with its offset.</summary>
        public DateTimeOffset? To { get; init; }
    }

    public static void Map(RouteGroupBuilder clock) => clock.MapPost("/advance", Handle)
        .RequireAuthorization(Roles.Operator)
        .WithName("advance-clock")
        .WithSummary("Advance legal time by a span or to a moment (sandbox only)")
        .WithDescription(
            "Needs the header Idempotency-Key: a repeat is answered as the first time, a repeat with another body is 409 "
            + "command-id-reused. A running clock goes on running. 403 clock-is-system. 422 clock-goes-back, and "
            + "clock-out-of-range: a step that would leave the years 2000 to 2099 is not taken, for no later setting could undo it.")
        .Produces<ClockReading>()
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal static Task<IResult> Handle(
        Request request, HttpContext context, ClockSetting setting, [FromKeyedServices("system")] TimeProvider system,
        CancellationToken cancellationToken)
    {
        var key = context.Request.Headers[Header].ToString();
        var by = IsoDuration.Parse(request.By);
        var faults = new Faults();
        faults.Require(key.Length is >= 1 and <= LongestKey, Header, "required", $"The header {Header}: 1-{LongestKey} characters made by the caller.");
        faults.Require(request.By is null != request.To is null, "$", "one-of", "Either by or to.");
        faults.Require(request.By is null || by is not null, "$.by", "invalid-duration", "An ISO 8601 duration of days and time: PT3H, P1DT30M.");
        if (request.To is { } to)
            faults.Require(LegalClock.IsInRange(to), "$.to", "out-of-range", "Legal time lies between the years 2000 and 2100.");
        return faults.Any
            ? Task.FromResult(faults.ToProblem())
            : setting.Apply(new ClockCommand.Advance(key, new Leap(by, request.To), system.GetUtcNow()), cancellationToken);
    }
}
