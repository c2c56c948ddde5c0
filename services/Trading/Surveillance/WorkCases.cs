using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;
using Marten;

namespace CarbonMarket.Trading.Surveillance;

public static class WorkCases
{
    internal const int LongestText = 2_000;
    internal const int MostVersions = 100;

    /// <param name="Reason">Why, 1-2000 characters.</param>
    /// <param name="TakeOver">true: also from a colleague who has it.</param>
    public sealed record NewClaim(string? Reason = null, bool TakeOver = false);

    /// <param name="Text">1-2000 characters.</param>
    public sealed record NewComment(string? Text = null);

    /// <param name="Text">What it shows, 1-2000 characters.</param>
    /// <param name="Versions">1-100 facts of the market's journal, by version.</param>
    public sealed record NewEvidence(string? Text = null, IReadOnlyList<long>? Versions = null);

    /// <param name="Conclusion">no-breach, warned or referred.</param>
    /// <param name="Reason">Why, 1-2000 characters.</param>
    public sealed record NewClosure(CaseConclusion? Conclusion = null, string? Reason = null);

    /// <param name="Reason">Why, 1-2000 characters.</param>
    public sealed record NewReopening(string? Reason = null);

    public static void Map(RouteGroupBuilder cases)
    {
        var work = cases.MapGroup("/{caseId:guid}")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        work.MapPut("/claims/{claimId:guid}", Claim)
            .WithName("claim-surveillance-case")
            .WithSummary("Take a case (认领), or take it over from a colleague")
            .WithDescription($"Who has it, closes it. Who has it already changes nothing. {Answers} case-closed, case-claimed, case-full.")
            .Produces<CaseAnswer>();
        work.MapPut("/comments/{commentId:guid}", Comment)
            .WithName("comment-surveillance-case")
            .WithSummary("Say something about a case")
            .WithDescription($"Every official may, until it is closed. {Answers} case-closed, case-full.")
            .Produces<CaseAnswer>();
        work.MapPut("/evidence/{evidenceId:guid}", AddEvidence)
            .WithName("add-surveillance-evidence")
            .WithSummary("Add further facts of the market to a case (补充证据)")
            .WithDescription($"By their versions in the market's journal, which must have come so far. {Answers} case-closed, case-full.")
            .Produces<CaseAnswer>();
        work.MapPut("/closures/{closureId:guid}", Close)
            .WithName("close-surveillance-case")
            .WithSummary("Close a case (结案): no breach, warned, or referred")
            .WithDescription($"By the official who has it. {Answers} case-not-claimed, case-claimed (by a colleague), case-closed, case-full.")
            .Produces<CaseAnswer>();
        work.MapPut("/reopenings/{reopeningId:guid}", Reopen)
            .WithName("reopen-surveillance-case")
            .WithSummary("Open a closed case again")
            .WithDescription(
                $"By another official than the one who closed it; nobody has it after that. A further alert opens it by itself. {Answers} "
                + "case-not-closed, four-eyes, case-full.")
            .Produces<CaseAnswer>();
    }

    /// <param name="caseId">As lists of cases tell it.</param>
    /// <param name="claimId">Made by the caller; names the claim.</param>
    internal static Task<IResult> Claim(Guid caseId, Guid claimId, NewClaim asked, HttpContext context, IDocumentSession session, CancellationToken cancellationToken) =>
        Work(caseId, claimId, "claimId", asked.Reason, "$.reason", new Faults(), context, session,
            (by, at) => new CaseCommand.Claim(claimId, by, asked.Reason!, asked.TakeOver, at), cancellationToken);

    /// <param name="caseId">As lists of cases tell it.</param>
    /// <param name="commentId">Made by the caller; names the comment.</param>
    internal static Task<IResult> Comment(Guid caseId, Guid commentId, NewComment asked, HttpContext context, IDocumentSession session, CancellationToken cancellationToken) =>
        Work(caseId, commentId, "commentId", asked.Text, "$.text", new Faults(), context, session,
            (by, at) => new CaseCommand.Comment(commentId, by, asked.Text!, at), cancellationToken);

    /// <param name="caseId">As lists of cases tell it.</param>
    /// <param name="evidenceId">Made by the caller; names the evidence.</param>
    internal static Task<IResult> AddEvidence(
        Guid caseId, Guid evidenceId, NewEvidence asked, HttpContext context, Venues venues, IDocumentSession session, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var version = venues[context.Market().Market].Engine.Version;
        if (faults.Require(asked.Versions is { Count: >= 1 and <= MostVersions }, "$.versions", "out-of-range", $"1-{MostVersions} versions."))
            faults.Require(asked.Versions!.All(given => given >= 1 && given <= version), "$.versions", "out-of-range", $"The journal is at version {version}.");
        return Work(caseId, evidenceId, "evidenceId", asked.Text, "$.text", faults, context, session,
            (by, at) => new CaseCommand.AddEvidence(evidenceId, by, asked.Text!, [.. asked.Versions!], at), cancellationToken);
    }

    /// <param name="caseId">As lists of cases tell it.</param>
    /// <param name="closureId">Made by the caller; names the closure.</param>
    internal static Task<IResult> Close(Guid caseId, Guid closureId, NewClosure asked, HttpContext context, IDocumentSession session, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        faults.Require(asked.Conclusion is not null, "$.conclusion", "required", "no-breach, warned or referred.");
        return Work(caseId, closureId, "closureId", asked.Reason, "$.reason", faults, context, session,
            (by, at) => new CaseCommand.Close(closureId, by, asked.Reason!, asked.Conclusion!.Value, at), cancellationToken);
    }

    /// <param name="caseId">As lists of cases tell it.</param>
    /// <param name="reopeningId">Made by the caller; names the reopening.</param>
    internal static Task<IResult> Reopen(Guid caseId, Guid reopeningId, NewReopening asked, HttpContext context, IDocumentSession session, CancellationToken cancellationToken) =>
        Work(caseId, reopeningId, "reopeningId", asked.Reason, "$.reason", new Faults(), context, session,
            (by, at) => new CaseCommand.Reopen(reopeningId, by, asked.Reason!, at), cancellationToken);

    private const string Answers = "The caller makes the id; a repeat changes nothing and answers with the case as it stands. 404 unknown-case. 409 id-reused. 422";

    private static async Task<IResult> Work(
        Guid caseId, Guid actId, string idName, string? text, string textPath, Faults faults, HttpContext context, IDocumentSession session,
        Func<string, DateTimeOffset, CaseCommand> command, CancellationToken cancellationToken)
    {
        faults.RequireId(actId, idName);
        faults.RequireText(text, LongestText, textPath);
        if (faults.Any)
            return faults.ToProblem();
        var market = context.Market().Market;
        if (await session.Find(market, caseId, cancellationToken) is null)
            return GetCases.Unknown(caseId);
        var asked = command(context.Actor().Subject, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        var decision = await session.AgainAfterClash(() => session.Decide<SurveillanceCase, CaseEvent>(
            caseId, state => SurveillanceCase.Decide(state, asked), cancellationToken));
        var now = await session.Find(market, caseId, cancellationToken);
        return decision.ToHttp(() => TypedResults.Ok(CaseAnswer.Of(now!)));
    }
}
