using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using Marten;

namespace CarbonMarket.Allocation.CoveredEntities;

public static class ExcludeYears
{
    public sealed record YearExclusion
    {
        /// <summary>A covered entity; the item's id.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>Compliance year.</summary>
        [Required]
        public int? Year { get; init; }

        /// <summary>True: it owes nothing for the year. False: it owes the year again.</summary>
        [Required]
        public bool? Excluded { get; init; }
    }

    public static void Map(RouteGroupBuilder market) => market.MapBatch(
        "/exclusions/batch", "Covered entities", "exclude-years", "Excuse covered entities from a year, or take that back",
        "Items are rejected with entity-not-covered, or with year-not-covered where the year lies outside the entity's span.", Handle);

    internal static async Task<IResult> Handle(
        Batch<YearExclusion> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = batch.Check(item => (item.ParticipantId, item.Year), (found, item, path) =>
        {
            found.RequireId(item.ParticipantId, $"{path}.participantId");
            found.RequireYear(item.Year, pack.Compliance.FirstYear, $"{path}.year");
            found.Require(item.Excluded is not null, $"{path}.excluded", "required", "true or false.");
        });
        return faults.Any
            ? faults.ToProblem()
            : await session.Decide([.. batch.Items!.Select(item => Command(pack.Market, item, clock.GetUtcNow()))], cancellationToken);
    }

    private static CoveredEntityCommand Command(string market, YearExclusion item, DateTimeOffset at)
    {
        var (participant, year) = (item.ParticipantId!.Value, ComplianceYear.Of(item.Year!.Value));
        return item.Excluded!.Value
            ? new CoveredEntityCommand.Exclude(market, participant, year, at)
            : new CoveredEntityCommand.ReverseExclusion(market, participant, year, at);
    }
}
