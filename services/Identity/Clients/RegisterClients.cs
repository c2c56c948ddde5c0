using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using CarbonMarket.Identity.Participants;
using CarbonMarket.ServiceDefaults.Batches;
using CarbonMarket.ServiceDefaults.Problems;
using CarbonMarket.ServiceDefaults.Security;

namespace CarbonMarket.Identity.Clients;

public static partial class RegisterClients
{
    private const int LongestDisplayName = 300;

    public sealed record NewClient
    {
        /// <summary>Made by the caller; names this registration.</summary>
        [Required]
        public Guid? Id { get; init; }

        /// <summary>The organisation it acts for.</summary>
        [Required]
        public Guid? ParticipantId { get; init; }

        /// <summary>What the program calls itself at the token endpoint; unique on the platform.</summary>
        [Required]
        public string? ClientId { get; init; }

        /// <summary>
        /// SHA-256 of the client's secret, 64 lower-case hexadecimal digits (printf %s "$SECRET" | sha256sum). The client's
        /// owner makes the secret from a cryptographic source, 43-200 characters of base64url, which is 256 bits or more, and
        /// keeps it: not even the official that registers the client learns it.
        /// </summary>
        [Required]
        public string? SecretDigest { get; init; }

        /// <summary>What people call it; 1-300 characters.</summary>
        [Required]
        public string? DisplayName { get; init; }

        /// <summary>One or more that suit the participant's kind: its own kind; an emitter's also trader.</summary>
        [Required]
        public IReadOnlyList<string?>? Roles { get; init; }
    }

    public static void Map(RouteGroupBuilder clients) => clients.MapPost("/batch", Handle)
        .RequireAuthorization(Roles.Operator)
        .RequireStillRegistered()
        .WithName("identity-register-clients")
        .WithSummary("Register API clients of organisations")
        .WithDescription(
            "A client gets no token (unauthorized_client) before another official has confirmed it; only the first "
            + "official beside the first operator, whom nobody could confirm yet, is let in at once. "
            + "A repeat with the same content (the digest is content) is accepted and changes nothing. Rejected with "
            + "unknown-participant, id-reused, client-id-taken, client-revoked (a revoked client's names are not used again), "
            + "role-not-allowed, too-many-clients. 400 invalid-input names every fault by its path and applies nothing.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    internal static async Task<IResult> Handle(
        Batch<NewClient> batch, HttpContext http, ClientRegistration registration, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.Id, Check);
        if (faults.Any)
            return faults.ToProblem();
        var asked = batch.Items!.Select(item => new ClientRegistration.Asked(
            item.ParticipantId!.Value,
            new ApiClient(item.Id!.Value, item.ClientId!, item.DisplayName!, [.. item.Roles!.Select(role => role!)], item.SecretDigest))).ToList();
        var decisions = await registration.Register(asked, http.Actor().ClientId, clock.GetUtcNow(), cancellationToken);
        return Results.Ok(new BatchAnswer<BatchResult>(
            [.. asked.Zip(decisions, (item, decision) => BatchResult.Of(item.Client.Id, decision))]));
    }

    internal static bool IsClientId(string text) => ClientIdForm.IsMatch(text);

    private static void Check(Faults faults, NewClient item, string path)
    {
        faults.RequireId(item.Id, $"{path}.id");
        faults.RequireId(item.ParticipantId, $"{path}.participantId");
        faults.Require(item.ClientId is not null && IsClientId(item.ClientId), $"{path}.clientId", "invalid-client-id",
            "3-100 letters, digits and . _ : -");
        faults.Require(item.SecretDigest is not null && SecretDigest.IsDigest(item.SecretDigest), $"{path}.secretDigest", "invalid-secret-digest",
            "The SHA-256 of the secret as 64 lower-case hexadecimal digits.");
        faults.RequireText(item.DisplayName, LongestDisplayName, $"{path}.displayName");
        if (!faults.Require(item.Roles is { Count: > 0 } && item.Roles.Count <= Roles.All.Count, $"{path}.roles", "invalid-roles", $"1-{Roles.All.Count} roles."))
            return;
        for (var index = 0; index < item.Roles!.Count; index++)
            faults.Require(Roles.All.Contains(item.Roles[index], StringComparer.Ordinal)
                && !item.Roles.Take(index).Contains(item.Roles[index], StringComparer.Ordinal),
                $"{path}.roles[{index}]", "invalid-role", $"'{item.Roles[index]}' is no role, or stands here twice: {string.Join(", ", Roles.All)}.");
    }

    [GeneratedRegex("^[A-Za-z0-9._:-]{3,100}$", RegexOptions.NonBacktracking)]
    private static partial Regex ClientIdForm { get; }
}
