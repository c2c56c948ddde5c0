using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.Verification.Calculations;
using Marten;

namespace CarbonMarket.Verification.Checks;

/// <summary>A check as it is told.</summary>
/// <param name="Code">Of the check; stable.</param>
/// <param name="Severity">error keeps the year from being filed; warning needs an answer.</param>
/// <param name="Explanation">What it means, in the language of the request.</param>
public sealed record CheckAnswer(string Code, Severity Severity, string Explanation);

/// <summary>What a check found, as it is told.</summary>
/// <param name="Code">Of the check; stable.</param>
/// <param name="Severity">error keeps the year from being filed; warning needs an answer.</param>
/// <param name="Explanation">What the code means, in the language of the request.</param>
/// <param name="Message">What was found, with its values.</param>
/// <param name="Path">Where it was found: months/3-6/S1/quantity, sources/S1, meters/M1. An answer to it names code and path.</param>
/// <param name="Values">What triggered it and the limit it was measured by, by name.</param>
/// <param name="Answer">Filed with the report; null: none is.</param>
public sealed record CheckResultAnswer(
    string Code, Severity Severity, string Explanation, string Message, string Path, IReadOnlyDictionary<string, string> Values, string? Answer)
{
    public static CheckResultAnswer Of(CheckResult result) =>
        new(result.Code, result.Severity, Titles.Of(result.Code), result.Message, result.Path, result.Values, result.Answer);
}

/// <summary>What all of them found: every error, then warnings.</summary>
/// <param name="Items">Every error, then warnings up to 500 findings.</param>
/// <param name="Next">Always null: it is one page.</param>
/// <param name="MoreWarnings">How many warnings there are besides.</param>
public sealed record ChecksAnswer(IReadOnlyList<CheckResultAnswer> Items, string? Next, int MoreWarnings);

public static class GetChecks
{
    public static void Map(RouteGroupBuilder market, RouteGroupBuilder evidence)
    {
        market.MapGet("/checks", List)
            .WithTags("Evidence")
            .WithName("list-checks")
            .WithSummary("The automated checks of a year's evidence (数据质量校验), each with its severity")
            .WithDescription("error: the year is not filed until it is put right. warning: it is filed with an answer.")
            .Produces<Page<CheckAnswer>>();
        evidence.MapGet("/{participantId:guid}/{year:int}/checks", DryRun)
            .WithName("check-evidence")
            .WithSummary("What the automated checks find in a year's evidence as it stands (试校验); an emitter sees its own only, an appointed verifier those of its entities")
            .WithDescription(
                "Nothing is filed by it. Filing from evidence runs the same checks. Every error, then warnings up to 500 findings, in the order of the catalogue; "
                + "moreWarnings says how many warnings there are besides. 404 unknown-quality-plan.")
            .Produces<ChecksAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal static IResult List() => Results.Ok(new Page<CheckAnswer>(
        [.. Catalogue.Checks.Select(check => new CheckAnswer(check.Code, check.Severity, Titles.Of(check.Code)))], null));

    /// <param name="participantId">The emitter.</param>
    /// <param name="year">Compliance year.</param>
    internal static async Task<IResult> DryRun(
        Guid participantId, int year, HttpContext context, IQuerySession session, CancellationToken cancellationToken)
    {
        if (await session.ComputeFor(participantId, year, context, cancellationToken) is not { } computed)
            return GetYear.NoPlan(participantId, year);
        var found = Catalogue.Run(await session.Gather(context.Market(), computed, cancellationToken));
        return Results.Ok(new ChecksAnswer([.. found.Results.Select(CheckResultAnswer.Of)], null, found.MoreWarnings));
    }
}
