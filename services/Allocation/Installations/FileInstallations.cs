using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using Marten;

namespace CarbonMarket.Allocation.Installations;

public static partial class FileInstallations
{
    private const int MostFigures = 30;
    private const int MostCategories = 10;
    private const int LongestName = 200;
    private const decimal LargestFigure = 1_000_000_000_000;
    private const string NotThere = " Items are rejected with unknown-installation or before-first-year.";

    public sealed record Registration
    {
        /// <summary>Made by the caller; the item's id.</summary>
        [Required]
        public Guid? InstallationId { get; init; }

        /// <summary>The covered entity that owns it.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>What people call it; 1-200 characters.</summary>
        [Required]
        public string? Name { get; init; }

        /// <summary>The year it began to operate, or from which it is known.</summary>
        [Required]
        public int? FirstYear { get; init; }
    }

    public sealed record Classification
    {
        /// <summary>The item's id.</summary>
        [Required]
        public Guid? InstallationId { get; init; }

        /// <summary>First year in which it is that.</summary>
        [Required]
        public int? FromYear { get; init; }

        /// <summary>As the pack names them; several where units are reported together: the least favourable counts.</summary>
        [Required]
        public IReadOnlyList<string>? Categories { get; init; }

        /// <summary>As the pack names it: what is not allocated by formula.</summary>
        public string? SpecialCase { get; init; }
    }

    public sealed record Change
    {
        /// <summary>The item's id.</summary>
        [Required]
        public Guid? InstallationId { get; init; }

        /// <summary>Who owns it from fromYear on.</summary>
        public Guid? ParticipantId { get; init; }

        /// <summary>First year of the new owner; with participantId only.</summary>
        public int? FromYear { get; init; }

        /// <summary>The legal day on which it was shut; instead of a new owner.</summary>
        public DateOnly? ClosedOn { get; init; }
    }

    public sealed record ActivityOfYear
    {
        /// <summary>The item's id.</summary>
        [Required]
        public Guid? InstallationId { get; init; }

        /// <summary>The year that the figures are of.</summary>
        [Required]
        public int? Year { get; init; }

        /// <summary>By the names of the methods' inputs: generation, heat, loadFactor, intensity, verified ...; 1-30.</summary>
        [Required]
        public IReadOnlyDictionary<string, FigureAsked>? Figures { get; init; }

        /// <summary>SHA-256 of the file they were taken from, in hexadecimal.</summary>
        public string? Evidence { get; init; }
    }

    public sealed record FigureAsked
    {
        /// <summary>In the unit beside it; 0 or more.</summary>
        [Required]
        public decimal? Value { get; init; }

        /// <summary>As it is written: MWh, GJ, %, tCO2/t.</summary>
        [Required]
        public string? Unit { get; init; }
    }

    public static void Map(RouteGroupBuilder market)
    {
        Post(market, "/batch", "register-installations", "Register installations (机组、生产线) of covered entities", "The id stands for the same installation for ever. Items are rejected with id-reused.", Register);
        Post(market, "/classifications/batch", "classify-installations", "Say what installations are from a year on (机组类别)",
            "Years before keep their category." + NotThere, Classify);
        Post(market, "/changes/batch", "change-installations", "Hand installations over to another owner from a year on, or say that they were shut (关停)",
            "Figures of earlier years stay with who owned them then." + NotThere, ChangeThem);
        Post(market, "/activity/batch", "file-activity", "File what installations did in a year (活动数据)",
            "Other figures replace the former; plans that were computed keep theirs." + NotThere, File);
    }

    private static void Post(RouteGroupBuilder market, string path, string name, string summary, string description, Delegate handle) => market.MapBatch(
        $"/installations{path}", "Installations", name, summary, description, handle);

    internal static async Task<IResult> Register(Batch<Registration> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        var faults = batch.Check(item => item.InstallationId, (found, item, path) =>
        {
            found.RequireId(item.InstallationId, $"{path}.installationId");
            found.RequireId(item.ParticipantId, $"{path}.participantId");
            found.RequireText(item.Name, LongestName, $"{path}.name");
            found.RequireYear(item.FirstYear, 2000, $"{path}.firstYear");
        });
        return faults.Any ? faults.ToProblem() : await session.Decide(
            [.. batch.Items!.Select(item => new InstallationCommand.Register(
                pack.Market, item.InstallationId!.Value, item.ParticipantId!.Value, item.Name!, ComplianceYear.Of(item.FirstYear!.Value), at))],
            cancellationToken);
    }

    internal static async Task<IResult> Classify(Batch<Classification> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        var faults = batch.Check(item => (item.InstallationId, item.FromYear), (found, item, path) =>
        {
            found.RequireId(item.InstallationId, $"{path}.installationId");
            found.RequireYear(item.FromYear, 2000, $"{path}.fromYear");
            var categories = item.Categories ?? [];
            found.Require(categories.Count is >= 1 and <= MostCategories, $"{path}.categories", "batch-size", $"1-{MostCategories} categories, not {categories.Count}.");
            foreach (var category in categories.Take(MostCategories))
                found.Require(pack.Allocation.Categories.Any(known => known.Id == category), $"{path}.categories", "unknown-category",
                    $"'{category}' is no category of {pack.Market}: {string.Join(", ", pack.Allocation.Categories.Select(known => known.Id).Distinct(StringComparer.Ordinal))}.");
            found.Require(item.SpecialCase is null || pack.Allocation.SpecialCases.Any(known => known.Id == item.SpecialCase), $"{path}.specialCase", "unknown-special-case",
                $"'{item.SpecialCase}' is no special case of {pack.Market}: {string.Join(", ", pack.Allocation.SpecialCases.Select(known => known.Id))}.");
        });
        return faults.Any ? faults.ToProblem() : await session.Decide(
            [.. batch.Items!.Select(item => new InstallationCommand.Classify(
                pack.Market, item.InstallationId!.Value, ComplianceYear.Of(item.FromYear!.Value), [.. item.Categories!], item.SpecialCase, at))],
            cancellationToken);
    }

    internal static async Task<IResult> ChangeThem(Batch<Change> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        var faults = batch.Check(item => item.InstallationId, (found, item, path) =>
        {
            found.RequireId(item.InstallationId, $"{path}.installationId");
            found.Require(item.ParticipantId is null != item.ClosedOn is null, path, "one-of", "Either participantId with fromYear, or closedOn.");
            if (item.ParticipantId is not null)
            {
                found.RequireId(item.ParticipantId, $"{path}.participantId");
                found.RequireYear(item.FromYear, 2000, $"{path}.fromYear");
            }
            if (item.ClosedOn is { } day)
                found.RequireYear(day.Year, 2000, $"{path}.closedOn");
        });
        return faults.Any ? faults.ToProblem() : await session.Decide(
            [.. batch.Items!.Select(item => item.ClosedOn is { } day
                ? (InstallationCommand)new InstallationCommand.Close(pack.Market, item.InstallationId!.Value, day, at)
                : new InstallationCommand.Transfer(pack.Market, item.InstallationId!.Value, item.ParticipantId!.Value, ComplianceYear.Of(item.FromYear!.Value), at))],
            cancellationToken);
    }

    internal static async Task<IResult> File(Batch<ActivityOfYear> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (pack, at) = (context.Market(), clock.GetUtcNow());
        var faults = batch.Check(item => (item.InstallationId, item.Year), (found, item, path) =>
        {
            found.RequireId(item.InstallationId, $"{path}.installationId");
            found.RequireYear(item.Year, 2000, $"{path}.year");
            found.Require(item.Evidence is null || Sha256().IsMatch(item.Evidence), $"{path}.evidence", "invalid-hash", "64 hexadecimal digits in small letters.");
            var figures = item.Figures ?? ImmutableDictionary<string, FigureAsked>.Empty;
            found.Require(figures.Count is >= 1 and <= MostFigures, $"{path}.figures", "batch-size", $"1-{MostFigures} figures, not {figures.Count}.");
            foreach (var (name, figure) in figures.Take(MostFigures))
                CheckFigure(found, name, figure, $"{path}.figures.{name}");
        });
        return faults.Any ? faults.ToProblem() : await session.Decide(
            [.. batch.Items!.Select(item => new InstallationCommand.FileActivity(
                pack.Market, item.InstallationId!.Value, ComplianceYear.Of(item.Year!.Value),
                item.Figures!.ToImmutableSortedDictionary(figure => figure.Key, figure => new ActivityFigure(figure.Value.Value!.Value, figure.Value.Unit!), StringComparer.Ordinal),
                item.Evidence, at))],
            cancellationToken);
    }

    internal static void CheckFigure(Faults found, string name, FigureAsked? figure, string path)
    {
        found.Require(Name().IsMatch(name), path, "invalid-text", "The name of an input: letters and digits.");
        if (!found.Require(figure is not null, path, "required", "A figure, not null."))
            return;
        found.Require(figure!.Value is >= 0 and <= LargestFigure, $"{path}.value", "out-of-range", $"A number from 0 to {LargestFigure}.");
        found.Require(Unit.TryParse(figure.Unit, out _), $"{path}.unit", "unknown-measurement-unit", $"'{figure.Unit}' is no unit; written are MWh, GJ, %, tCO2, tCO2/t and the like.");
    }

    private static async Task<IResult> Decide(this IDocumentSession session, IReadOnlyList<InstallationCommand> commands, CancellationToken cancellationToken)
    {
        var streamOf = await session.StreamsOfInstallations(commands.Select(command => command.InstallationId), cancellationToken);
        return await session.AnswerEach<InstallationCommand, Installation, InstallationEvent>(
            commands, command => command.InstallationId, command => streamOf(command.InstallationId),
            Installation.Decide, (state, e) => Installation.After(state, e, Guid.Empty), cancellationToken);
    }

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.NonBacktracking)]
    private static partial Regex Sha256();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9]{0,59}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
