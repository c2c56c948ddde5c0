using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Engagements;
using Marten;

namespace CarbonMarket.Verification.Reports;

public static class TellResults
{
    public sealed record ResultToTell
    {
        /// <summary>The item's id.</summary>
        [Required]
        public Guid? ReportId { get; init; }

        /// <summary>The version whose figure is told; left out: the accepted one.</summary>
        public long? ReportVersion { get; init; }
    }

    public static void Map(RouteGroupBuilder market) => market.MapPost("/results/batch", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithTags("Emission reports")
        .WithName("tell-results")
        .WithSummary("Tell entities their results (结果告知); their time to object begins")
        .WithDescription(
            "What is told after the pack's days is marked late and told all the same. What is told so already changes nothing. Items "
            + "are rejected with unknown-report, not-accepted, version-superseded. 400 invalid-input names every fault.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> Handle(
        Batch<ResultToTell> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.ReportId, (found, item, path) =>
        {
            found.RequireId(item.ReportId, $"{path}.reportId");
            found.RequireVersion(item.ReportVersion, $"{path}.reportVersion");
        });
        var asked = Asked.Of(context, clock);
        return faults.Any
            ? faults.ToProblem()
            : await session.Decide(
                [
                    .. batch.Items!.Select(item => (item.ReportId!.Value, (ReportCommand)new ReportCommand.Tell(
                        asked.Pack.Market, item.ReportId.Value, item.ReportVersion, asked.Day, asked.Pack.ObjectBy(asked.Day), asked.At))),
                ],
                cancellationToken);
    }
}
