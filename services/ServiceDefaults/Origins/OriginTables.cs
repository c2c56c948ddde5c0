using CarbonMarket.ServiceDefaults.Databases;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.Origins;

/// <summary>Whose messages this service has taken, and whose it has refused, in its own database: what it knows is restored with what it did.</summary>
internal sealed class OriginTables(NpgsqlDataSource database, ILogger<OriginTables> logger) : OwnTables(database, AdvisoryLock, Script, logger)
{
    private const long AdvisoryLock = 7300040;

    private const string Script =
        """
        create schema if not exists origins;
        create table if not exists origins.taken (
            stream uuid not null,
            writer uuid not null,
            first bigint not null,
            last bigint not null,
            primary key (stream, writer)
        );
        create table if not exists origins.refused (
            stream uuid not null,
            writer uuid not null,
            first bigint not null,
            since timestamptz not null default now(),
            primary key (stream, writer)
        );
        """;
}
