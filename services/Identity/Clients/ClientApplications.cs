using System.Collections.Immutable;
using System.Text.Json;
using CarbonMarket.Identity.Participants;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using static OpenIddict.Abstractions.OpenIddictConstants;
using Application = OpenIddict.EntityFrameworkCore.Models.OpenIddictEntityFrameworkCoreApplication<System.Guid>;

namespace CarbonMarket.Identity.Clients;

/// <summary>
/// OpenIddict's manager, and a way to make an application without writing it: 500 clients are then one transaction and
/// one insert instead of a thousand round trips.
/// </summary>
public sealed class ClientApplications(
    IOpenIddictApplicationCache<Application> cache, ILogger<OpenIddictApplicationManager<Application>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options, IOpenIddictApplicationStore<Application> store)
    : OpenIddictApplicationManager<Application>(cache, logger, options, store)
{
    private const string Participant = "participant";
    private const string RolesOfClient = "roles";

    // Marks what is the digest itself; older rows hold OpenIddict's hash of the secret.
    private const string Digest = "sha256:";

    /// <summary>A confidential client that may ask for tokens, once it is admitted, by its own credentials and by nothing else.</summary>
    public async Task<Application> Prepare(Guid participantId, ApiClient client, CancellationToken ct)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ClientId = client.ClientId,
            ClientType = ClientTypes.Confidential,
            DisplayName = client.DisplayName,
            Properties =
            {
                [Participant] = JsonSerializer.SerializeToElement(participantId),
                [RolesOfClient] = JsonSerializer.SerializeToElement(client.Roles),
            },
        };
        var application = new Application { Id = client.Id };
        await PopulateAsync(application, descriptor, ct);
        application.ClientSecret = Digest + client.SecretDigest;
        return application;
    }

    /// <summary>Without this, OpenIddict answers unauthorized_client.</summary>
    public async Task Admit(Application application, CancellationToken ct) => await Store.SetPermissionsAsync(
        application, [Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials], ct);

    /// <summary>For whom a client acts, and as what.</summary>
    public async Task<(Guid ParticipantId, ImmutableArray<string> Roles)> ActsFor(Application application, CancellationToken ct)
    {
        var properties = await GetPropertiesAsync(application, ct);
        return (properties[Participant].GetGuid(), [.. properties[RolesOfClient].EnumerateArray().Select(role => role.GetString()!)]);
    }

    protected override ValueTask<bool> ValidateClientSecretAsync(string secret, string comparand, CancellationToken cancellationToken = default) =>
        comparand.StartsWith(Digest, StringComparison.Ordinal)
            ? ValueTask.FromResult(SecretDigest.IsOf(comparand[Digest.Length..], secret))
            : base.ValidateClientSecretAsync(secret, comparand, cancellationToken);
}
