using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using Marten;

namespace CarbonMarket.Allocation.CoveredEntities;

public static class CoverEntities
{
    public sealed record NewCoverage
    {
        /// <summary>The organisation; the item's id.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>First year whose emissions must be verified.</summary>
        [Required]
        public int? FirstYear { get; init; }

        /// <summary>Last such year; null while the entity goes on.</summary>
        public int? LastYear { get; init; }
    }

    public static void Map(RouteGroupBuilder market) => market.MapBatch(
        "/covered-entities/batch", "Covered entities", "cover-entities", "Enter covered entities (重点排放单位) on the market's list, or change their years",
        "Other years replace the former.", Handle);

    internal static async Task<IResult> Handle(
        Batch<NewCoverage> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = batch.Check(item => item.ParticipantId, (found, item, path) =>
        {
            found.RequireId(item.ParticipantId, $"{path}.participantId");
            found.RequireYear(item.FirstYear, pack.Compliance.FirstYear, $"{path}.firstYear");
            if (item.LastYear is not null)
                found.RequireYear(item.LastYear, Math.Max(item.FirstYear ?? 0, pack.Compliance.FirstYear), $"{path}.lastYear");
        });
        if (faults.Any)
            return faults.ToProblem();
        var at = clock.GetUtcNow();
        var commands = batch.Items!.Select(item => new CoveredEntityCommand.Cover(
            pack.Market, item.ParticipantId!.Value, ComplianceYear.Of(item.FirstYear!.Value),
            item.LastYear is { } last ? ComplianceYear.Of(last) : null, at)).ToList();
        return await session.Decide(commands, cancellationToken);
    }

    /// <summary>Decides each command on its entity and answers in their order.</summary>
    internal static Task<IResult> Decide(
        this IDocumentSession session, IReadOnlyList<CoveredEntityCommand> commands, CancellationToken cancellationToken) =>
        session.AnswerEach<CoveredEntityCommand, CoveredEntity, CoveredEntityEvent>(
            commands, command => command.ParticipantId, command => CoveredEntity.StreamId(command.Market, command.ParticipantId),
            CoveredEntity.Decide, CoveredEntity.After, cancellationToken);
}
