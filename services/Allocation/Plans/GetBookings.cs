using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Plans;

/// <param name="BookingId">Made by the platform: one for each plan and participant.</param>
/// <param name="ParticipantId">The covered entity.</param>
/// <param name="Issued">Units of the plan that the ledger has issued, to the participant or in trust for it.</param>
/// <param name="Deducted">Units of the plan that it has kept back (核减).</param>
/// <param name="At">Legal time of the last of these.</param>
public sealed record BookingAnswer(Guid BookingId, Guid ParticipantId, long Issued, long Deducted, DateTimeOffset At);

/// <summary>What became of a plan in the ledger.</summary>
public static class GetBookings
{
    public static void Map(RouteGroupBuilder plans) => plans.MapGet("/{planId:guid}/bookings", List)
        .WithName("list-plan-bookings")
        .WithSummary("What the ledger made of a plan: units issued, and units kept back for deductions (核减)")
        .WithDescription("Plans are gross, the ledger nets. A line that waits for its account is not here yet. Officials see all, a participant its own.")
        .Produces<Page<BookingAnswer>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="planId">The plan, as it was named when it was drafted.</param>
    internal static Task<IResult> List(
        Guid planId, HttpContext context, IQuerySession session, CancellationToken cancellationToken, Guid? after = null, int? limit = null)
    {
        var (market, all, own) = (context.Market().Market, context.User.SeesEverything(), context.User.ParticipantId());
        return session.Query<PlanBooking>().Where(booking => booking.PlanId == planId && booking.Market == market && (all || booking.ParticipantId == own))
            .Page(after, limit, booking => booking.Id, Answer, cancellationToken);
    }

    private static BookingAnswer Answer(PlanBooking booking) => new(booking.Id, booking.ParticipantId, booking.Issued.Value, booking.Deducted.Value, booking.At);
}
