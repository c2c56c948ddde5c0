using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Clock;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Allocation.Clock;

public static class SetClock
{
    public sealed record Request
    {
        /// <summary>Legal time from now on, with its offset.</summary>
        [Required]
        public DateTimeOffset? LegalTime { get; init; }

        /// <summary>True: it runs on at the system's pace. False: it stands still until set again.</summary>
        [Required]
        public bool? Running { get; init; }
    }

    public static void Map(RouteGroupBuilder clock) => clock.MapPut("/", Handle)
        .RequireAuthorization(Roles.Operator)
        .WithName("set-clock")
        .WithSummary("Set legal time (sandbox only)")
        .WithDescription(
            "Setting what is set already changes nothing. 403 clock-is-system: in production legal time is the system's. "
            + "422 clock-goes-back: once set, legal time never goes back.")
        .Produces<ClockReading>()
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal static Task<IResult> Handle(
        Request request, ClockSetting setting, [FromKeyedServices("system")] TimeProvider system, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Require(request.LegalTime is not null, "$.legalTime", "required", "A moment with its offset: 2021-03-01T08:00:00+00:00.");
        faults.Require(request.Running is not null, "$.running", "required", "true or false.");
        if (request.LegalTime is { } time)
            faults.Require(LegalClock.IsInRange(time), "$.legalTime", "out-of-range", "Legal time lies between the years 2000 and 2100.");
        return faults.Any
            ? Task.FromResult(faults.ToProblem())
            : setting.Apply(new ClockCommand.Set(request.LegalTime!.Value, request.Running!.Value, system.GetUtcNow()), cancellationToken);
    }
}
