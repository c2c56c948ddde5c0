using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Platform;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Verification.Interests;
using Marten;

namespace CarbonMarket.Verification.Engagements;

/// <param name="EngagementId">Follows from the entity and the year; names the engagement.</param>
/// <param name="Outcome">Whether the verifier was appointed; a repeat is answered as the first time.</param>
/// <param name="Code">Why it was not; stable. Null: it was.</param>
/// <param name="Reason">The same in words.</param>
/// <param name="EarlierFindings">What earlier years left open for the verifier to look after.</param>
public sealed record AppointmentResult(
    Guid EngagementId, ItemOutcome Outcome, string? Code, string? Reason, IReadOnlyList<EngagementAnswer.EarlierAnswer> EarlierFindings);

public static class AppointVerifiers
{
    public sealed record NewAppointment
    {
        /// <summary>The entity whose report is verified.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>The year reported on.</summary>
        [Required]
        public int? Year { get; init; }

        /// <summary>The organisation that verifies it.</summary>
        [Required]
        public Guid? VerifierParticipantId { get; init; }
    }

    public static void Map(RouteGroupBuilder market) => market.MapPost("/appointments/batch", Handle)
        .RequireAuthorization(Roles.Regulator)
        .WithTags("Verification engagements")
        .WithName("appoint-verifiers")
        .WithSummary("Appoint verifiers (核查机构) for entities and a year")
        .WithDescription(
            "Each answer has the engagement's id and the findings that earlier years left open. The same appointment again changes "
            + "nothing. Items are rejected with verifier-appointed (another one is: dismiss it first), conflict-of-interest (its own "
            + "report), conflict-compiled, conflict-group, conflict-rotation (too many years in a row), no-appointments (in this "
            + "market entities find their verifiers themselves). 400 invalid-input names every fault.")
        .Produces<BatchAnswer<AppointmentResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> Handle(
        Batch<NewAppointment> batch, HttpContext context, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var pack = context.Market();
        var faults = batch.Check(item => (item.ParticipantId, item.Year), (found, item, path) =>
        {
            found.RequireId(item.ParticipantId, $"{path}.participantId");
            found.RequireYear(item.Year, pack.Compliance.FirstYear, $"{path}.year");
            found.RequireId(item.VerifierParticipantId, $"{path}.verifierParticipantId");
        });
        if (faults.Any)
            return faults.ToProblem();
        var at = clock.GetUtcNow();
        var day = pack.LegalDay(at);
        var commands = new List<EngagementCommand.Appoint>();
        foreach (var item in batch.Items!)
        {
            var (entity, year) = (item.ParticipantId!.Value, ComplianceYear.Of(item.Year!.Value));
            var mandate = new Mandate(pack.Market, Engagement.IdOf(pack.Market, entity, year), entity, year, item.VerifierParticipantId!.Value);
            commands.Add(new EngagementCommand.Appoint(
                mandate, await session.Ties(pack, mandate.VerifierParticipantId, entity, year, day, cancellationToken),
                pack.Verification.StatementDeadline?.In(year.Value + 1), await session.Earlier(mandate, cancellationToken), day, at));
        }

        var decisions = pack.Verification.Appointed
            ? await session.DecideEach<EngagementCommand.Appoint, Engagement, EngagementEvent>(
                commands, command => command.Mandate.EngagementId, Engagement.Decide, Engagement.After, cancellationToken)
            : [.. commands.Select(_ => Decision<EngagementEvent>.Reject(
                "no-appointments", $"In {pack.Market} the regulator appoints no verifiers: entities find theirs themselves."))];
        var stand = (await session.LoadManyAsync<Engagement>(cancellationToken, commands.Select(command => command.Mandate.EngagementId)))
            .ToDictionary(engagement => engagement.Id, engagement => engagement.Earlier);
        return Results.Ok(new BatchAnswer<AppointmentResult>([.. commands.Zip(
            decisions, (command, decision) => Result(command.Mandate.EngagementId, decision, stand.GetValueOrDefault(command.Mandate.EngagementId, command.Earlier)))]));
    }

    private static AppointmentResult Result(Guid engagementId, Decision<EngagementEvent> decision, ImmutableArray<EarlierFinding> earlier)
    {
        var (_, outcome, code, reason) = BatchResult.Of(engagementId, decision);
        return new AppointmentResult(engagementId, outcome, code, reason, [.. earlier.Select(EngagementAnswer.EarlierAnswer.Of)]);
    }

    private static async Task<ImmutableArray<EarlierFinding>> Earlier(
        this IQuerySession session, Mandate mandate, CancellationToken cancellationToken) => ComplianceYear.IsValid(mandate.Year.Value - 1)
        && await session.LoadAsync<Engagement>(
            Engagement.IdOf(mandate.Market, mandate.ParticipantId, mandate.Year.Previous), cancellationToken) is { } before
        ? before.Unclosed()
        : [];
}
