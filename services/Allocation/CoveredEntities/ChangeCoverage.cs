using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CarbonMarket.Allocation.AcceptedEmissions;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.CoveredEntities;

/// <summary>What happens to an entity on the list: where it lies, how it leaves, what follows it, what is withheld from it.</summary>
public static class ChangeCoverage
{
    private const int LongestGround = 1000;
    private const int MostSides = 20;
    private const string NotCovered = " Items are rejected with entity-not-covered.";

    public sealed record Place
    {
        /// <summary>A covered entity; the item's id.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>First year in which it lies there.</summary>
        [Required]
        public int? FromYear { get; init; }

        /// <summary>Code of the division (GB/T 2260) as the pack has it.</summary>
        [Required]
        public string? Division { get; init; }
    }

    public sealed record Exit
    {
        /// <summary>A covered entity; the item's id.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>Last year it answers for, where its emissions stayed below the threshold.</summary>
        public int? LastYear { get; init; }

        /// <summary>The day it stopped operating; instead of lastYear.</summary>
        public DateOnly? ClosedOn { get; init; }
    }

    public sealed record Withholding
    {
        /// <summary>A covered entity; the item's id.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>True: its allowances are withheld from now on. False: no longer.</summary>
        [Required]
        public bool? Withheld { get; init; }

        /// <summary>Why; 1-1000 characters, where it is withheld.</summary>
        public string? Ground { get; init; }

        /// <summary>
        /// True: final allowances are issued onto the province's account (省级账户), for a forced surrender; what is left is
        /// released there. Otherwise they stay unissued until the withholding ends.
        /// </summary>
        public bool InTrust { get; init; }
    }

    /// <summary>A merger or division: one of the two sides is a single entity.</summary>
    public sealed record Succession
    {
        /// <summary>Covered entities; their last year is the one before.</summary>
        [Required]
        public IReadOnlyList<Guid>? Predecessors { get; init; }

        /// <summary>Who answers from then on; may be one of the predecessors.</summary>
        [Required]
        public IReadOnlyList<Guid>? Successors { get; init; }

        /// <summary>First year the successors answer for.</summary>
        [Required]
        public int? FromYear { get; init; }

        /// <summary>The review it rests on; 1-1000 characters.</summary>
        [Required]
        public string? Ground { get; init; }
    }

    public static void Map(RouteGroupBuilder market)
    {
        Post(market, "/locations/batch", "locate-entities", "Say in which division (行政区划) covered entities lie, from a year on",
            "Earlier years keep theirs." + NotCovered, Locate);
        Post(market, "/exits/batch", "end-coverage", "Take covered entities off the list by rule (退出名录)",
            "Below the threshold: after as many years in a row as the pack says, by accepted figures. Closed: the year of closing is the last; "
            + "what was emitted is owed. Entry is by list, and crossing the threshold for one year changes nothing. Items are rejected with "
            + "entity-not-covered, year-not-covered or exit-not-due.", End);
        Post(market, "/withholdings/batch", "withhold-allowances", "Withhold the allowances of entities at risk (暂不发放), or no longer",
            "Plans compute what is withheld and issue none of it; once it ends, an adjustment issues it. inTrust: final and adjusted figures are issued "
            + "onto the province's account." + NotCovered, Withhold);
        market.MapPost("/successions", Succeed)
            .RequireAuthorization(Roles.Regulator)
            .WithTags("Covered entities")
            .WithName("succeed-entities")
            .WithSummary("Enter a merger or division (合并、分立) of covered entities")
            .WithDescription(
                "All of it or nothing. Obligations of earlier years stay with the predecessors; installations are handed over by themselves. "
                + "422 entity-not-covered, year-not-covered.")
            .Produces<BatchAnswer<BatchResult>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static void Post(RouteGroupBuilder market, string path, string name, string summary, string description, Delegate handle) => market.MapBatch(
        path, "Covered entities", name, summary, description, handle);

    internal static async Task<IResult> Locate(Batch<Place> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = batch.Check(item => (item.ParticipantId, item.FromYear), (found, item, path) =>
        {
            found.RequireId(item.ParticipantId, $"{path}.participantId");
            found.RequireYear(item.FromYear, pack.Compliance.FirstYear, $"{path}.fromYear");
            found.Require(pack.Allocation.Division(item.Division ?? string.Empty) is not null, $"{path}.division", "unknown-division",
                $"'{item.Division}' is no division of {pack.Market}: {string.Join(", ", pack.Allocation.Divisions.Select(division => division.Code))}.");
        });
        return faults.Any ? faults.ToProblem() : await session.Decide(
            [.. batch.Items!.Select(item => new CoveredEntityCommand.Locate(
                pack.Market, item.ParticipantId!.Value, ComplianceYear.Of(item.FromYear!.Value), item.Division!, clock.GetUtcNow()))],
            cancellationToken);
    }

    internal static async Task<IResult> End(Batch<Exit> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        var faults = batch.Check(item => item.ParticipantId, (found, item, path) =>
        {
            found.RequireId(item.ParticipantId, $"{path}.participantId");
            found.Require(item.LastYear is null != item.ClosedOn is null, path, "one-of", "Either lastYear or closedOn.");
            if (item.LastYear is not null)
                found.RequireYear(item.LastYear, pack.Compliance.FirstYear, $"{path}.lastYear");
            if (item.ClosedOn is { } day)
                found.RequireYear(day.Year, pack.Compliance.FirstYear, $"{path}.closedOn");
        });
        if (faults.Any)
            return faults.ToProblem();
        var known = (await session.LoadManyAsync<AcceptedFigures>(
            cancellationToken, batch.Items!.Select(item => AcceptedFigures.StreamId(pack.Market, item.ParticipantId!.Value)).ToArray()))
            .ToDictionary(figures => figures.ParticipantId);
        return await session.Decide([.. batch.Items!.Select(item => Ending(pack, item, known.GetValueOrDefault(item.ParticipantId!.Value), at))], cancellationToken);
    }

    private static CoveredEntityCommand Ending(PolicyPack pack, Exit item, AcceptedFigures? known, DateTimeOffset at)
    {
        if (item.ClosedOn is { } day)
            return new CoveredEntityCommand.Close(pack.Market, item.ParticipantId!.Value, day, at);
        var today = pack.LegalDay(at);
        // A pack without the rule lets nobody leave by it.
        var (threshold, years) = (pack.Parameter("coverage-threshold")?.On(today)?.Value ?? 0, (int)(pack.Parameter("coverage-exit-years")?.On(today)?.Value ?? 1));
        var accepted = Enumerable.Range(item.LastYear!.Value - years + 1, years)
            .Select(year => (Year: year, Figure: known?.In(year))).Where(each => each.Figure is not null)
            .ToImmutableSortedDictionary(each => each.Year, each => each.Figure!.Verified.Value);
        return new CoveredEntityCommand.LeaveBelowThreshold(
            pack.Market, item.ParticipantId!.Value, ComplianceYear.Of(item.LastYear.Value), accepted, threshold, years, at);
    }

    internal static async Task<IResult> Withhold(
        Batch<Withholding> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        var market = pack.Market;
        var faults = batch.Check(item => item.ParticipantId, (found, item, path) =>
        {
            found.RequireId(item.ParticipantId, $"{path}.participantId");
            found.Require(item.Withheld is not null, $"{path}.withheld", "required", "true or false.");
            found.Require(!item.InTrust || pack.Registry.AllocatedInTrust is not null, $"{path}.inTrust", "no-account-in-trust", $"{market} has no account of the authority for it.");
            if (item.Withheld is true || item.Ground is not null)
                found.RequireText(item.Ground, LongestGround, $"{path}.ground");
        });
        return faults.Any ? faults.ToProblem() : await session.Decide(
            [.. batch.Items!.Select(item => item.Withheld!.Value
                ? (CoveredEntityCommand)new CoveredEntityCommand.Withhold(market, item.ParticipantId!.Value, item.Ground!, at, item.InTrust)
                : new CoveredEntityCommand.Release(market, item.ParticipantId!.Value, at))],
            cancellationToken);
    }

    internal static async Task<IResult> Succeed(
        Succession request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        var faults = Check(request, pack);
        if (faults.Any)
            return faults.ToProblem();
        var (from, before, after) = (ComplianceYear.Of(request.FromYear!.Value), request.Predecessors!.ToImmutableArray(), request.Successors!.ToImmutableArray());
        CoveredEntityCommand[] commands =
        [
            .. before.Select(participant => new CoveredEntityCommand.BeSucceeded(pack.Market, participant, from, after, request.Ground!, at)),
            .. after.Select(participant => new CoveredEntityCommand.Succeed(pack.Market, participant, from, before, request.Ground!, at)),
        ];
        return await session.DecideAll(commands, cancellationToken);
    }

    private static Faults Check(Succession request, PolicyPack pack)
    {
        var faults = new Faults();
        var (before, after) = (request.Predecessors ?? [], request.Successors ?? []);
        faults.Require(before.Count is >= 1 and <= MostSides, "$.predecessors", "batch-size", $"1-{MostSides} predecessors, not {before.Count}.");
        faults.Require(after.Count is >= 1 and <= MostSides, "$.successors", "batch-size", $"1-{MostSides} successors, not {after.Count}.");
        faults.Require(before.Count == 1 || after.Count == 1, "$", "one-of", "A merger has one successor, a division one predecessor.");
        faults.Require(before.Distinct().Count() == before.Count && !before.Contains(Guid.Empty), "$.predecessors", "repeated-item", "Each once, none empty.");
        faults.Require(after.Distinct().Count() == after.Count && !after.Contains(Guid.Empty), "$.successors", "repeated-item", "Each once, none empty.");
        faults.RequireYear(request.FromYear, pack.Compliance.FirstYear + 1, "$.fromYear");
        faults.RequireText(request.Ground, LongestGround, "$.ground");
        return faults;
    }

    /// <summary>Decides each command on its entity; where one is refused nothing is changed.</summary>
    private static Task<IResult> DecideAll(this IDocumentSession session, IReadOnlyList<CoveredEntityCommand> commands, CancellationToken cancellationToken) =>
        session.AgainAfterClash(async () =>
        {
            // An entity may stand on both sides; it then is succeeded by itself, which changes nothing.
            foreach (var command in commands.Where(command => command is not CoveredEntityCommand.BeSucceeded c || !c.SuccessorParticipantIds.Contains(c.ParticipantId)))
            {
                var decision = await session.Prepare<CoveredEntity, CoveredEntityEvent>(
                    CoveredEntity.StreamId(command.Market, command.ParticipantId), entity => CoveredEntity.Decide(entity, command), cancellationToken);
                if (decision is not Decision<CoveredEntityEvent>.Rejected rejected)
                    continue;
                session.EjectAllPendingChanges();
                return Problem.Refused(rejected.Code, rejected.Reason);
            }
            await session.SaveChangesAsync(cancellationToken);
            return Results.Ok(new BatchAnswer<BatchResult>([.. commands.Select(command => command.ParticipantId).Distinct()
                .Select(participant => new BatchResult(participant, ItemOutcome.Accepted, null, null))]));
        });
}
