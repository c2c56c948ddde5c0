using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Marten;

namespace CarbonMarket.Trading.Controls;

public static class GetControls
{
    /// <param name="ParticipantId">Whose holding it is.</param>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Position">Units held when all trades made have cleared.</param>
    /// <param name="ReportFrom">From how many units the instrument's holdings are reported.</param>
    /// <param name="At">Legal time at which the holding got there.</param>
    public sealed record LargePositionAnswer(
        Guid ParticipantId, string Instrument, long Position, long ReportFrom, DateTimeOffset At);

    public static void Map(RouteGroupBuilder controls)
    {
        controls.MapGet("", InForce)
            .WithName("list-controls")
            .WithSummary("The controls in force, by id")
            .WithDescription(
                "Everybody sees those of the market and its instruments, a participant also its own, regulator, operator and auditor all. "
                + "Cursor: the control's id.")
            .Produces<Page<ControlAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        controls.MapGet("/history", History)
            .WithName("list-control-history")
            .WithSummary("Every control there was, in the order in which they began")
            .WithDescription(
                "participantId: those that concerned it. Who sees what is as in the list of those in force; what has just happened appears "
                + "moments later. Cursor: the next of the page before.")
            .Produces<Page<ControlAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        controls.MapGet("/large-positions", LargePositions)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Regulator, Roles.Operator, Roles.Auditor))
            .WithName("list-large-positions")
            .WithSummary("Holdings that have grown to where they are reported (大户报告)")
            .WithDescription("Once for each time a holding reaches the instrument's threshold, in order of time. Cursor: the next of the page before.")
            .Produces<Page<LargePositionAnswer>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    internal static async Task<IResult> InForce(
        string market, Guid? after, int? limit, HttpContext context, Venues venues, CancellationToken cancellationToken)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var size = limit ?? Paging.Usual;
        var found = await venues[market].Read(
            state => state.Controls.All.Values
                .Where(control => control.Imposed.ControlId.CompareTo(after ?? Guid.Empty) > 0 && MaySee(context, control.Imposed.ParticipantId))
                .Take(size + 1).ToImmutableArray(),
            cancellationToken);
        return TypedResults.Ok(Paging.Of(
            found.Select(control => ControlAnswer.Of(control.Imposed, control.Lift, null, context.User.MaySee)), size, control => control.ControlId));
    }

    /// <param name="participantId">Only those that concerned this participant; left out: all that the caller may see.</param>
    internal static async Task<IResult> History(
        string market, Guid? participantId, long? after, int? limit, HttpContext context, Venues venues, IDocumentStore store,
        CancellationToken cancellationToken)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var (size, from, stream) = (limit ?? Paging.Usual, after ?? 0, venues[market].Stream);
        var (all, own) = (context.User.SeesEverything(), context.User.ParticipantId());
        await using var session = store.QuerySession();
        var controls = session.Query<ControlView>().Where(control => control.Market == stream && control.Number > from);
        if (participantId is { } concerned)
            controls = controls.Where(control => control.ParticipantId == concerned);
        if (!all)
            controls = controls.Where(control => control.ParticipantId == null || control.ParticipantId == own);
        var found = await controls.OrderBy(control => control.Number).Take(size + 1).ToListAsync(cancellationToken);
        var page = Paging.Of(found, size, control => control.Number);
        return TypedResults.Ok(new Page<ControlAnswer>(
            [.. page.Items.Select(control => ControlAnswer.Of(control.Imposed, control.Lift, control.Lifted, context.User.MaySee))], page.Next));
    }

    internal static async Task<IResult> LargePositions(
        string market, long? after, int? limit, Venues venues, IDocumentStore store, CancellationToken cancellationToken)
    {
        if (Paging.Check(limit) is { Any: true } faults)
            return faults.ToProblem();
        var (size, from, stream) = (limit ?? Paging.Usual, after ?? 0, venues[market].Stream);
        await using var session = store.QuerySession();
        var found = await session.Query<LargePositionView>()
            .Where(report => report.Market == stream && report.Number > from)
            .OrderBy(report => report.Number).Take(size + 1).ToListAsync(cancellationToken);
        var page = Paging.Of(found, size, report => report.Number);
        return TypedResults.Ok(new Page<LargePositionAnswer>([.. page.Items.Select(view => Answer(view.Report))], page.Next));
    }

    private static LargePositionAnswer Answer(LargePositionReached report) =>
        new(report.ParticipantId, report.Instrument, report.Position, report.ReportFrom, report.At);

    private static bool MaySee(HttpContext context, Guid? participantId) =>
        participantId is not { } concerned || context.User.MaySee(concerned);
}
