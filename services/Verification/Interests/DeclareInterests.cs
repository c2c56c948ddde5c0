using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Coverage;
using Marten;

namespace CarbonMarket.Verification.Interests;

/// <param name="ParticipantId">The participant asked about.</param>
/// <param name="Group">The group of companies it belongs to; null: none is declared.</param>
/// <param name="Compilations">Who compiled its report, by year; a year that is missing: itself.</param>
public sealed record InterestAnswer(Guid ParticipantId, string? Group, IReadOnlyList<InterestAnswer.CompilationAnswer> Compilations)
{
    /// <param name="Year">The year reported on.</param>
    /// <param name="CompilerParticipantId">The organisation that compiled the report (报告编制).</param>
    public sealed record CompilationAnswer(int Year, Guid CompilerParticipantId);

    public static InterestAnswer Of(Guid participantId, Interest? interest) => new(
        participantId, interest?.Group,
        [.. (interest?.Compilations ?? []).OrderBy(one => one.Year).Select(one => new CompilationAnswer(one.Year.Value, one.CompilerParticipantId))]);
}

/// <summary>What ties participants to one another, so that nobody verifies what it has an interest in.</summary>
public static class DeclareInterests
{
    private const int LongestGroup = 200;

    public sealed record GroupRequest
    {
        /// <summary>The group's name, 1-200 characters; null: it belongs to none.</summary>
        public string? Group { get; init; }
    }

    public sealed record CompilerRequest
    {
        /// <summary>Who compiled the report; null: the entity itself.</summary>
        public Guid? CompilerParticipantId { get; init; }
    }

    public static void Map(RouteGroupBuilder market)
    {
        var interests = market.MapGroup("/interests").WithTags("Conflicts of interest");
        interests.MapPut("/{participantId:guid}/group", Group)
            .RequireAuthorization(Roles.Regulator)
            .WithName("declare-group")
            .WithSummary("Say which group of companies (企业集团) a participant belongs to")
            .WithDescription("No verifier is appointed for an entity of its own group. The same again changes nothing.")
            .Produces<InterestAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        interests.MapPut("/compilers/{year:int}", Compiler)
            .RequireAuthorization(Roles.Emitter)
            .WithName("name-compiler")
            .WithSummary("Say who compiled the caller's report (报告编制) for a year")
            .WithDescription(
                "Who compiles reports does not verify them: the same one, or any in this market, as the pack says. The same again "
                + "changes nothing. 422 compiler-is-the-entity: who compiles its own report names nobody; entity-not-covered: there is no report "
                + "for the year; compiler-verifies: it, or one of its group, is appointed for the year, and the regulator dismisses it first.")
            .Produces<InterestAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        interests.MapPut("/{participantId:guid}/compilers/{year:int}", CompilerOf)
            .RequireAuthorization(Roles.Regulator)
            .WithName("correct-compiler")
            .WithSummary("Say who compiled an entity's report for a year, or take a wrong naming back (null)")
            .WithDescription("Refused as name-compiler is; taking back never is.")
            .Produces<InterestAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        interests.MapGet("/{participantId:guid}", One)
            .WithName("get-interests")
            .WithSummary("A participant's group and the compilers of its reports; an emitter sees its own only")
            .Produces<InterestAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="participantId">The participant, of whatever kind.</param>
    internal static async Task<IResult> Group(
        Guid participantId, GroupRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        if (request.Group is not null)
            faults.RequireText(request.Group, LongestGroup, "$.group");
        return faults.Any
            ? faults.ToProblem()
            : await session.Decide(
                new InterestCommand.DeclareGroup(context.Market().Market, participantId, request.Group, clock.GetUtcNow()), cancellationToken);
    }

    /// <param name="year">The year reported on.</param>
    internal static Task<IResult> Compiler(
        int year, CompilerRequest request, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken) =>
        CompilerOf(context.User.ParticipantId(), year, request, context, session, clock, cancellationToken);

    /// <param name="participantId">The entity whose report was compiled.</param>
    /// <param name="year">The year reported on.</param>
    internal static async Task<IResult> CompilerOf(
        Guid participantId, int year, CompilerRequest request, HttpContext context, IDocumentSession session, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (pack, faults) = (context.Market(), new Faults());
        faults.RequireYear(year, pack.Compliance.FirstYear, "year");
        faults.Require(request.CompilerParticipantId != Guid.Empty, "$.compilerParticipantId", "required", "A GUID that is not empty, or null.");
        faults.Require(participantId != Guid.Empty, "$", "no-participant", "The caller acts for no organisation.");
        if (faults.Any)
            return faults.ToProblem();
        var of = ComplianceYear.Of(year);
        var coverage = await session.LoadAsync<CoveredYears>(CoveredYears.IdOf(pack.Market, participantId), cancellationToken);
        var verifies = request.CompilerParticipantId is { } compiler && await session.Verifies(pack, compiler, participantId, of, cancellationToken);
        return await session.Decide(
            new InterestCommand.NameCompiler(
                pack.Market, participantId, of, request.CompilerParticipantId, coverage?.Spans(of) ?? false, verifies, clock.GetUtcNow()),
            cancellationToken);
    }

    /// <param name="participantId">The participant, of whatever kind.</param>
    internal static async Task<IResult> One(Guid participantId, HttpContext context, IQuerySession session, CancellationToken cancellationToken) =>
        context.User.MaySee(participantId)
            ? Results.Ok(InterestAnswer.Of(
                participantId, await session.LoadAsync<Interest>(Interest.IdOf(context.Market().Market, participantId), cancellationToken)))
            : Problem.NotFound("unknown-interests", $"There are no interests of {participantId} that you may see.");

    private static async Task<IResult> Decide(this IDocumentSession session, InterestCommand command, CancellationToken cancellationToken)
    {
        var id = Interest.IdOf(command.Market, command.ParticipantId);
        var decision = await session.AgainAfterClash(() => session.Decide<Interest, InterestEvent>(
            id, interest => Interest.Decide(interest, command), cancellationToken));
        var interest = await session.LoadAsync<Interest>(id, cancellationToken);
        return decision.ToHttp(() => Results.Ok(InterestAnswer.Of(command.ParticipantId, interest)));
    }
}
