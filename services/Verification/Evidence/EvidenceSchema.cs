using CarbonMarket.ServiceDefaults.Databases;
using Npgsql;

namespace CarbonMarket.Verification.Evidence;

/// <summary>The table of evidence files, made at start if it is missing. Files are added and never changed: their name is their hash.</summary>
public sealed class EvidenceSchema(NpgsqlDataSource database, ILogger<EvidenceSchema> logger) : OwnTables(database, AdvisoryLock, Script, logger)
{
    private const long AdvisoryLock = 7300030;

    private const string Script =
        """
        create schema if not exists evidence;
        create table if not exists evidence.files (
            market text not null,
            participant_id uuid not null,
            sha256 text not null,
            media_type text not null,
            size bigint not null,
            kept_at timestamptz not null,
            content bytea not null,
            primary key (market, participant_id, sha256)
        );
        """;
}
