using System.ComponentModel.DataAnnotations;
using CarbonMarket.Identity.Clients;
using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;
using Marten;

namespace CarbonMarket.Identity.Participants;

public static class RegisterParticipants
{
    private const int LongestName = 200;
    private const int LongestCode = 50;

    public sealed record NewParticipant
    {
        /// <summary>Made by the caller; names the organisation for ever.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>What the organisation is called; 1-200 characters.</summary>
        [Required]
        public string? Name { get; init; }

        /// <summary>emitter, trader, verifier, regulator, operator or auditor.</summary>
        [Required]
        public string? Kind { get; init; }

        /// <summary>
        /// The organisation's number in its home register. One of 18 letters and digits must be a valid unified social
        /// credit code (统一社会信用代码, GB 32100-2015).
        /// </summary>
        public string? RegistrationCode { get; init; }
    }

    public static void Map(RouteGroupBuilder participants) => participants.MapPost("/batch", Handle)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Operator, Roles.Regulator))
        .RequireStillRegistered()
        .WithName("identity-register-participants")
        .WithSummary("Register organisations")
        .WithDescription(
            "A repeat with the same content is accepted and changes nothing; other content under a known id is rejected "
            + "with id-reused. 400 invalid-input names every fault by its path and applies nothing.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    internal static async Task<IResult> Handle(
        Batch<NewParticipant> batch, IDocumentSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.ParticipantId, Check);
        if (faults.Any)
            return faults.ToProblem();
        var at = clock.GetUtcNow();
        var commands = batch.Items!.Select(item => new ParticipantCommand.Register(
            item.ParticipantId!.Value, item.Name!, ParticipantKinds.Parse(item.Kind)!.Value, item.RegistrationCode, at)).ToList();
        var decisions = await session.Register(commands, cancellationToken);
        return Results.Ok(new BatchAnswer<BatchResult>(
            [.. commands.Zip(decisions, (command, decision) => BatchResult.Of(command.ParticipantId, decision))]));
    }

    /// <summary>One decision for each, one transaction for all.</summary>
    internal static Task<IReadOnlyList<Decision<ParticipantEvent>>> Register(
        this IDocumentSession session, IReadOnlyList<ParticipantCommand.Register> commands, CancellationToken ct) =>
        session.DecideEach<ParticipantCommand.Register, Participant, ParticipantEvent>(
            commands, command => command.ParticipantId, Participant.Decide, Participant.After, ct);

    private static void Check(Faults faults, NewParticipant item, string path)
    {
        faults.RequireId(item.ParticipantId, $"{path}.participantId");
        faults.RequireText(item.Name, LongestName, $"{path}.name");
        faults.Require(ParticipantKinds.Parse(item.Kind) is not null, $"{path}.kind", "unknown-kind",
            $"'{item.Kind}' is no kind of participant: emitter, trader, verifier, regulator, operator, auditor.");
        if (item.RegistrationCode is not { } code)
            return;
        faults.RequireText(code, LongestCode, $"{path}.registrationCode");
        faults.Require(!UnifiedSocialCreditCode.LooksLike(code) || UnifiedSocialCreditCode.IsValid(code),
            $"{path}.registrationCode", "invalid-registration-code",
            $"'{code}' has the form of a unified social credit code, but its characters or its check character are wrong (GB 32100-2015).");
    }
}
