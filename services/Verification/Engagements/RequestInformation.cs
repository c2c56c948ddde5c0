using System.ComponentModel.DataAnnotations;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;
using static CarbonMarket.Verification.Engagements.EngagementEdge;

namespace CarbonMarket.Verification.Engagements;

/// <summary>The verifier asks the entity for something, and its time stands still until it is answered.</summary>
public static class RequestInformation
{
    public sealed record Question
    {
        /// <summary>What is needed, 1-2000 characters.</summary>
        [Required]
        public string? Text { get; init; }
    }

    public static void Map(RouteGroupBuilder engagements)
    {
        PrepareVerification.Describe(
                engagements.MapPut("/{engagementId:guid}/requests/{requestId:guid}", Ask), "request-information",
                "Ask the entity for information (补充材料)", " 422 team-missing, plan-missing, engagement-full. 409 id-reused.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        engagements.MapPut("/{engagementId:guid}/requests/{requestId:guid}/answer", Answer)
            .RequireAuthorization(Roles.Emitter)
            .WithName("answer-request")
            .WithSummary("Answer the verifier's request for information")
            .WithDescription("The verifier's time goes on. The same answer again changes nothing. 422 unknown-request, request-answered.")
            .Produces<EngagementAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="requestId">Made by the caller; names the request.</param>
    internal static Task<IResult> Ask(
        Guid engagementId, Guid requestId, Question request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireText(request.Text, LongestText, "$.text");
        return session.Answer(
            engagementId, asked, faults, () => new EngagementCommand.AskFor(requestId, request.Text!, asked.By, asked.Day, asked.At), cancellationToken);
    }

    /// <param name="engagementId">As the appointment was answered with.</param>
    /// <param name="requestId">The request, as the verifier named it.</param>
    internal static Task<IResult> Answer(
        Guid engagementId, Guid requestId, Question request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (asked, faults) = (Asked.Of(context, clock), new Faults());
        faults.RequireText(request.Text, LongestText, "$.text");
        return session.Answer(
            engagementId, asked, faults, () => new EngagementCommand.AnswerRequest(requestId, request.Text!, asked.By, asked.Day, asked.At), cancellationToken);
    }
}
