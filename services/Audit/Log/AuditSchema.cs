using CarbonMarket.ServiceDefaults.Databases;
using Npgsql;

namespace CarbonMarket.Audit.Log;

/// <summary>
/// The log's tables, made at start if they are missing. Nobody may change or remove an entry, the service's own code
/// included: the database refuses it.
/// </summary>
public sealed class AuditSchema(NpgsqlDataSource database, ILogger<AuditSchema> logger) : OwnTables(database, AdvisoryLock, Script, logger)
{
    private const long AdvisoryLock = 7300010;

    // The body is text, not jsonb: the digest covers the very characters the service stored.
    private const string Script =
        """
        create schema if not exists audit;
        create table if not exists audit.chains (
            service text not null primary key,
            entries bigint not null,
            last_sequence bigint not null,
            hash bytea not null
        );
        create table if not exists audit.entries (
            service text not null,
            position bigint not null,
            sequence bigint not null,
            event_id uuid not null,
            stream_id uuid not null,
            stream_version bigint not null,
            type text not null,
            body text not null,
            recorded_at timestamptz not null,
            correlation_id text,
            causation_id text,
            actor_subject text not null,
            actor_participant_id uuid not null,
            actor_client_id text not null,
            participants uuid[] not null,
            digest bytea not null,
            hash bytea not null,
            primary key (service, position),
            unique (service, event_id),
            unique (service, stream_id, stream_version)
        );
        create index if not exists entries_recorded on audit.entries (recorded_at, service, sequence);
        create index if not exists entries_participants on audit.entries using gin (participants);
        create index if not exists entries_auctions on audit.entries (type, (body::jsonb ->> 'auctionId'))
            where service = 'trading' and type in ('market.auction-announced.v1', 'market.auction-closed.v1');
        create or replace function audit.refuse_change() returns trigger language plpgsql as
            $$ begin raise exception 'the audit log is append-only: % of % is refused', tg_op, tg_table_name
                using errcode = 'insufficient_privilege'; end $$;
        create or replace function audit.chain_only_grows() returns trigger language plpgsql as
            $$ begin
                if new.service <> old.service or new.entries <= old.entries then
                    raise exception 'the chain of % only grows', old.service using errcode = 'insufficient_privilege';
                end if;
                return new;
            end $$;
        create or replace trigger entries_append_only before update or delete or truncate on audit.entries
            for each statement execute function audit.refuse_change();
        create or replace trigger chains_stay before delete or truncate on audit.chains
            for each statement execute function audit.refuse_change();
        create or replace trigger chains_only_grow before update on audit.chains
            for each row execute function audit.chain_only_grows();
        """;
}
