using Marten;
using OpenIddict.Core;
using OpenIddict.EntityFrameworkCore.Models;

namespace CarbonMarket.Identity.Clients;

public static class ClientsFeature
{
    public static void AddClients(this WebApplicationBuilder builder)
    {
        // OpenIddict registers its manager under its own type; this is the same one under ours.
        builder.Services.AddScoped(provider => (ClientApplications)provider
            .GetRequiredService<OpenIddictApplicationManager<OpenIddictEntityFrameworkCoreApplication<Guid>>>());
        builder.Services.AddScoped<ClientChanges>();
        builder.Services.AddScoped<ClientRegistration>();
        builder.Services.AddScoped<ClientRevocation>();
        builder.Services.AddHostedService<ClientDirectorySchema>();
    }

    public static void AddRevokedRegistrations(this StoreOptions store) =>
        store.Schema.For<RevokedRegistration>().UniqueIndex(revoked => revoked.ClientId);
}
