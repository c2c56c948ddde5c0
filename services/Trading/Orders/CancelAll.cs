using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Orders;

public static class CancelAll
{
    /// <param name="CancellationId">Made by the caller; a repeat answers as the first time and cancels nothing more.</param>
    /// <param name="Instrument">Only orders of this instrument; left out: of all.</param>
    /// <param name="Side">Only this side; left out: both.</param>
    public sealed record Cancellation(Guid? CancellationId = null, string? Instrument = null, Side? Side = null);

    /// <param name="Cancelled">How many orders left the book.</param>
    public sealed record CancellationAnswer(int Cancelled);

    public static void Map(RouteGroupBuilder orders) => orders.MapPost("/cancellation", Handle)
        .ForTraders()
        .WithName("cancel-all-orders")
        .WithSummary("Cancel all own open orders, of an instrument or a side if you like (批量撤单)")
        .WithDescription(
            "One decision: no order of yours trades between the first and the last that is cancelled. 409 command-id-reused: the id stands for "
            + "another cancellation. 422 unknown-instrument: nothing is cancelled.")
        .Produces<CancellationAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal static async Task<IResult> Handle(
        string market, Cancellation cancellation, HttpContext context, Venues venues, OrderDesk desk, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.RequireId(cancellation.CancellationId, "$.cancellationId");
        if (cancellation.Instrument is not null)
            faults.RequireName(cancellation.Instrument, "$.instrument");
        if (faults.Any)
            return faults.ToProblem();
        var outcome = await desk.CancelAll(
            venues[market], context, cancellation.CancellationId!.Value, cancellation.Instrument, cancellation.Side, cancellationToken);
        return outcome.ToHttp(accepted => TypedResults.Ok(new CancellationAnswer(OrderEnding.CancelledOnRequest(accepted.Events))));
    }
}
