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

    /// <param name="Id">Made by the caller; names this registration.</param>
    /// <param name="ClientId">What the program calls itself at the token endpoint; unique on the platform.</param>
    /// <param name="Secret">
    /// Made by the caller from a cryptographic source: 43-200 characters of base64url, which is 256 bits or more. Only
    /// its hash is kept.
    /// </param>
    /// <param name="Roles">One or more that suit the participant's kind: its own kind; an emitter's also trader.</param>
    public sealed record Item
    {
        [Required]
        public Guid? Id { get; init; }

        [Required]
        public Guid? ParticipantId { get; init; }

        [Required]
        public string? ClientId { get; init; }

        [Required]
        public string? Secret { get; init; }

        [Required]
        public string? DisplayName { get; init; }

        [Required]
        public IReadOnlyList<string?>? Roles { get; init; }

        /// <summary>Shows no secret, whoever prints it.</summary>
        public override string ToString() => $"{Id} {ClientId}";
    }

    public static void Map(RouteGroupBuilder clients) => clients.MapPost("/batch", Handle)
        .RequireAuthorization(Roles.Operator)
        .WithName("identity-register-clients")
        .WithSummary("Register API clients of organisations")
        .WithDescription(
            "A repeat with the same content (the secret is content) is accepted and changes nothing. Rejected with "
            + "unknown-participant, id-reused, client-id-taken, client-revoked (a revoked client's names are not used again), "
            + "role-not-allowed, too-many-clients. 400 invalid-input names every fault by its path and applies nothing.")
        .Produces<BatchAnswer<BatchResult>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    internal static async Task<IResult> Handle(
        Batch<Item> batch, ClientRegistration registration, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = batch.Check(item => item.Id, Check);
        if (faults.Any)
            return faults.ToProblem();
        var asked = batch.Items!.Select(item => new ClientRegistration.Asked(
            item.ParticipantId!.Value,
            new ApiClient(item.Id!.Value, item.ClientId!, item.DisplayName!, [.. item.Roles!.Select(role => role!)]),
            item.Secret!)).ToList();
        var decisions = await registration.Register(asked, clock.GetUtcNow(), cancellationToken);
        return Results.Ok(new BatchAnswer<BatchResult>(
            [.. asked.Zip(decisions, (item, decision) => BatchResult.Of(item.Client.Id, decision))]));
    }

    internal static bool IsClientId(string text) => ClientIdForm.IsMatch(text);

    private static void Check(Faults faults, Item item, string path)
    {
        faults.RequireId(item.Id, $"{path}.id");
        faults.RequireId(item.ParticipantId, $"{path}.participantId");
        faults.Require(item.ClientId is not null && IsClientId(item.ClientId), $"{path}.clientId", "invalid-client-id",
            "3-100 letters, digits and . _ : -");
        faults.Require(item.Secret is not null && SecretForm.IsMatch(item.Secret), $"{path}.secret", "invalid-secret",
            "43-200 characters of base64url: 256 bits or more from a cryptographic source.");
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

    [GeneratedRegex("^[A-Za-z0-9_-]{43,200}$", RegexOptions.NonBacktracking)]
    private static partial Regex SecretForm { get; }
}
