using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using OpenIddict.EntityFrameworkCore.Models;

namespace CarbonMarket.Identity.Clients;

/// <summary>
/// OpenIddict's own tables, in a schema beside the event store. They hold what must never be an event: the hashes of
/// client secrets. Everything else in them follows from the events and is written with them in one transaction.
/// </summary>
public sealed class ClientDirectory(DbContextOptions<ClientDirectory> options) : DbContext(options)
{
    public const string Schema = "clients";

    public DbSet<OpenIddictEntityFrameworkCoreApplication<Guid>> Applications =>
        Set<OpenIddictEntityFrameworkCoreApplication<Guid>>();

    /// <summary>The directory on a connection whose transaction somebody else commits.</summary>
    public static async Task<ClientDirectory> In(NpgsqlTransaction transaction, CancellationToken ct)
    {
        var options = new DbContextOptionsBuilder<ClientDirectory>();
        Configure(options);
        var directory = new ClientDirectory(options.UseNpgsql(transaction.Connection!, History).Options);
        await directory.Database.UseTransactionAsync(transaction, ct);
        return directory;
    }

    public Task<OpenIddictEntityFrameworkCoreApplication<Guid>?> Find(string clientId, CancellationToken ct) =>
        Applications.AsNoTracking().FirstOrDefaultAsync(application => application.ClientId == clientId, ct);

    public Task Remove(Guid id, CancellationToken ct) =>
        Applications.Where(application => application.Id == id).ExecuteDeleteAsync(ct);

    public static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource database) =>
        Configure(options.UseNpgsql(database, History));

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.HasDefaultSchema(Schema);

    // A failed command throws, and whoever handles that decides whether it is news: the first start looks for a table of
    // migrations that cannot be there yet.
    private static void Configure(DbContextOptionsBuilder options) => options.UseOpenIddict<Guid>()
        .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandError, LogLevel.Debug)));

    private static void History(Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.NpgsqlDbContextOptionsBuilder options) =>
        options.MigrationsHistoryTable("migrations", Schema);
}
