using System.ComponentModel.DataAnnotations;
using CarbonMarket.Allocation.Installations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Allocation.Years;

/// <param name="Year">Compliance year.</param>
/// <param name="Balances">Balance values, by category.</param>
/// <param name="Caps">Units, by instrument.</param>
/// <param name="Issued">Units issued so far, returns taken off, by instrument.</param>
public sealed record YearAnswer(int Year, IReadOnlyDictionary<string, BalanceValue> Balances, IReadOnlyDictionary<string, Quantity> Caps, IReadOnlyDictionary<string, Quantity> Issued)
{
    public static YearAnswer Of(AllocationYear year) => new(
        year.Year.Value, year.Balances, year.Caps, year.Draws.ToDictionary(drawn => drawn.Key, drawn => drawn.Value.Net, StringComparer.Ordinal));
}

/// <summary>What holds for a year's allocation as a whole.</summary>
public static class RuleYears
{
    private const int LongestDocument = 500;
    private const long MostUnits = 1_000_000_000_000;

    public sealed record Balance
    {
        /// <summary>As it is published; 0 or more.</summary>
        [Required]
        public decimal? Value { get; init; }

        /// <summary>As it is published: tCO2/t.</summary>
        [Required]
        public string? Unit { get; init; }

        /// <summary>Where it was published; 1-500 characters.</summary>
        [Required]
        public string? Document { get; init; }
    }

    public sealed record Cap
    {
        /// <summary>Units of the instrument.</summary>
        [Required]
        public decimal? Quantity { get; init; }

        /// <summary>Where it was decided; 1-500 characters.</summary>
        [Required]
        public string? Document { get; init; }
    }

    public static void Map(RouteGroupBuilder market)
    {
        var years = market.MapGroup("/years/{year:int}").WithTags("Allocation years");
        years.MapGet("/", Get)
            .WithName("get-allocation-year")
            .WithSummary("Balance values, caps and what has been issued for a year")
            .Produces<YearAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        Put(years, "/balance-values/{category}", "publish-balance-value", "Enter a balance value (行业平衡值) that the authority has published",
            "Final figures of the category cannot be computed before. Another value replaces the former; plans that were computed keep theirs.", Publish);
        Put(years, "/caps/{instrument}", "cap-year", "Set the most units of an instrument that are allocated for the year (配额总量)",
            "422 cap-below-issued: more has been issued already. No plan is approved that would exceed it.", SetCap);
    }

    private static void Put(RouteGroupBuilder years, string path, string name, string summary, string description, Delegate handle) => years.MapPut(path, handle)
        .RequireAuthorization(Roles.Regulator)
        .WithName(name)
        .WithSummary(summary)
        .WithDescription(description + " What is so already changes nothing. 400 invalid-input names every fault.")
        .Produces<YearAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    /// <param name="year">Compliance year.</param>
    internal static async Task<IResult> Get(int year, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        var market = context.Market().Market;
        var known = ComplianceYear.IsValid(year) ? await session.LoadAsync<AllocationYear>(AllocationYear.StreamId(market, year), cancellationToken) : null;
        return known is null ? Problem.NotFound("unknown-year", $"Nothing has been said of {year} in {market}.") : Results.Ok(YearAnswer.Of(known));
    }

    /// <param name="year">Compliance year.</param>
    /// <param name="category">As the policy pack names it.</param>
    internal static Task<IResult> Publish(
        int year, string category, Balance request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = new Faults();
        faults.RequireYear(year, pack.Compliance.FirstYear, "year");
        faults.Require(pack.Allocation.Category(category, year) is not null, "category", "unknown-category",
            $"'{category}' is no category of {year}: {string.Join(", ", pack.Allocation.Categories.Where(known => known.Holds(year)).Select(known => known.Id))}.");
        FileInstallations.CheckFigure(faults, "balance", new FileInstallations.FigureAsked { Value = request.Value, Unit = request.Unit }, "$");
        faults.RequireText(request.Document, LongestDocument, "$.document");
        return faults.Any ? Task.FromResult(faults.ToProblem()) : session.Answer(new AllocationYearCommand.PublishBalance(
            pack.Market, ComplianceYear.Of(year), category, new ActivityFigure(request.Value!.Value, request.Unit!), request.Document!, context.Actor().Subject, clock.GetUtcNow()),
            cancellationToken);
    }

    /// <param name="year">Compliance year.</param>
    /// <param name="instrument">As the policy pack names it.</param>
    internal static Task<IResult> SetCap(
        int year, string instrument, Cap request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = new Faults();
        faults.RequireYear(year, pack.Compliance.FirstYear, "year");
        faults.Require(pack.Instrument(instrument) is not null, "instrument", "unknown-instrument",
            $"'{instrument}' is no instrument of {pack.Market}: {string.Join(", ", pack.Instruments.Select(known => known.Id))}.");
        faults.Require(request.Quantity is >= 0 and <= MostUnits && decimal.IsInteger(request.Quantity.Value), "$.quantity", "invalid-quantity", $"A whole number of units from 0 to {MostUnits}.");
        faults.RequireText(request.Document, LongestDocument, "$.document");
        return faults.Any ? Task.FromResult(faults.ToProblem()) : session.Answer(new AllocationYearCommand.SetCap(
            pack.Market, ComplianceYear.Of(year), instrument, Quantity.Of((long)request.Quantity!.Value), request.Document!, context.Actor().Subject, clock.GetUtcNow()),
            cancellationToken);
    }

    private static async Task<IResult> Answer(this IDocumentSession session, AllocationYearCommand command, CancellationToken cancellationToken)
    {
        var id = AllocationYear.StreamId(command.Market, command.Year.Value);
        var decision = await session.AgainAfterClash(() => session.Decide<AllocationYear, AllocationYearEvent>(
            id, year => AllocationYear.Decide(year, command), cancellationToken));
        var known = await session.LoadAsync<AllocationYear>(id, cancellationToken);
        return decision.ToHttp(() => Results.Ok(YearAnswer.Of(known!)));
    }
}
