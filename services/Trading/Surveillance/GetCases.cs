using CarbonMarket.ServiceDefaults.Pages;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using Marten;

namespace CarbonMarket.Trading.Surveillance;

public static class GetCases
{
    public static void Map(RouteGroupBuilder cases)
    {
        cases.MapGet("", List)
            .WithName("list-surveillance-cases")
            .WithSummary("Cases of abnormal trading (异常交易案件), without their proofs")
            .WithDescription(
                "Alerts of one pattern about the same participants on one legal day are one case. pattern: wash-trade, round-trip, "
                + "layering, marking-the-close, block-splitting or churn. status: raised, claimed or closed. participantId: cases about it. "
                + "instrument: cases with an alert about it. day: a legal day. holder: subject of an official. In order of id; cursor: the "
                + "case's id. The regulator alone sees cases. 400 invalid-input.")
            .Produces<Page<CaseListed>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        cases.MapGet("/{caseId:guid}", One)
            .WithName("get-surveillance-case")
            .WithSummary("One case, with the alerts, the facts that prove them, and everything that was done about it")
            .WithDescription(
                "A proof is a fact of the market's journal, named by its version: GET /audit/events has it under the journal's id. "
                + "404 unknown-case.")
            .Produces<CaseAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="pattern">wash-trade, round-trip, layering, marking-the-close, block-splitting or churn; left out: all.</param>
    /// <param name="status">raised, claimed or closed; left out: all.</param>
    /// <param name="participantId">Only cases about this participant; left out: about anybody.</param>
    /// <param name="instrument">Only cases with an alert about it, as the policy pack names it; left out: all.</param>
    /// <param name="day">Legal day of the alerts: 2026-03-04; left out: every day.</param>
    /// <param name="holder">Subject of the official who has the case; left out: whoever has it, or nobody.</param>
    internal static async Task<IResult> List(
        HttpContext context, IQuerySession session, CancellationToken cancellationToken, string? pattern = null, string? status = null,
        Guid? participantId = null, string? instrument = null, DateOnly? day = null, string? holder = null, Guid? after = null,
        int? limit = null)
    {
        var (faults, market) = (new Faults(), context.Market().Market);
        var (watched, wanted) = (Parse<AbusePattern>(pattern), Parse<CaseStatus>(status));
        faults.Require(pattern is null || watched is not null, "pattern", "unknown-pattern",
            "wash-trade, round-trip, layering, marking-the-close, block-splitting or churn.");
        faults.Require(status is null || wanted is not null, "status", "unknown-status", "raised, claimed or closed.");
        if (faults.Any)
            return faults.ToProblem();
        var cases = session.Query<CaseSummary>().Where(summary => summary.Market == market);
        if (watched is { } of)
            cases = cases.Where(summary => summary.Pattern == of);
        if (wanted is { } stands)
            cases = cases.Where(summary => summary.Status == stands);
        if (participantId is { } about)
            cases = cases.Where(summary => summary.ParticipantIds.Contains(about));
        if (instrument is not null)
            cases = cases.Where(summary => summary.Instruments.Contains(instrument));
        if (day is { } on)
            cases = cases.Where(summary => summary.Day == on);
        if (holder is not null)
            cases = cases.Where(summary => summary.Holder == holder);
        return await cases.Page(after, limit, summary => summary.Id, CaseListed.Of, cancellationToken);
    }

    /// <param name="caseId">As lists of cases tell it.</param>
    internal static async Task<IResult> One(Guid caseId, HttpContext context, IQuerySession session, CancellationToken cancellationToken) =>
        await session.Find(context.Market().Market, caseId, cancellationToken) is { } found ? TypedResults.Ok(CaseAnswer.Of(found)) : Unknown(caseId);

    internal static IResult Unknown(Guid caseId) => Problem.NotFound("unknown-case", $"There is no case {caseId} in this market.");

    internal static async Task<SurveillanceCase?> Find(
        this IQuerySession session, string market, Guid caseId, CancellationToken cancellationToken) =>
        await session.Events.AggregateStreamAsync<SurveillanceCase>(caseId, token: cancellationToken) is { } found && found.Market == market
            ? found
            : null;

    /// <summary>The word as answers spell it: wash-trade for WashTrade.</summary>
    private static T? Parse<T>(string? word)
        where T : struct, Enum =>
        word is not null && Enum.TryParse<T>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var found)
            && Spelt(found) == word
            ? found
            : null;

    private static string Spelt<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
