using CarbonMarket.ServiceDefaults.Databases;
using Npgsql;

namespace CarbonMarket.Settlement.Postings;

/// <summary>
/// The postings' tables, made at start if they are missing. But for what comparisons with the second book and
/// with the bank have found, they hold nothing
/// that the journal does not say: thrown away, they are written anew.
/// </summary>
public sealed class PostingsSchema(NpgsqlDataSource database, ILogger<PostingsSchema> logger) : OwnTables(database, AdvisoryLock, Script, logger)
{
    private const long AdvisoryLock = 7300020;

    // Each question has its index: a statement by account and place, a balance by position and place, units by their range.
    private const string Script =
        """
        create schema if not exists postings;
        do $$ begin                              -- postings from before there were ends of days are written anew
            if to_regclass('postings.heads') is not null and to_regclass('postings.days') is null then
                truncate postings.heads, postings.moments, postings.entries, postings.balances, postings.blocks;
            end if;
        end $$;
        create table if not exists postings.heads (
            market text not null primary key,
            version bigint not null,
            ledger_version bigint not null,
            counts_from timestamptz not null,
            recorded_at timestamptz not null
        );
        alter table postings.heads add column if not exists format int not null default 1; -- an earlier one is written anew by the leader
        create table if not exists postings.moments (
            market text not null,
            version bigint not null,
            counts_from timestamptz not null,
            recorded_at timestamptz not null,
            primary key (market, version)
        );
        create index if not exists moments_counts_from on postings.moments (market, counts_from, version);
        create index if not exists moments_recorded_at on postings.moments (market, recorded_at, version);
        create table if not exists postings.entries (
            market text not null,
            version bigint not null,
            line int not null,
            ledger_version bigint not null,
            account uuid not null,
            counter_account uuid not null,
            asset text not null,
            vintage smallint not null,               -- 0: cash
            amount_in bigint not null,
            amount_out bigint not null,
            vintage_balance bigint not null,
            balance bigint not null,
            serials int8multirange not null,
            type text not null,
            transaction_id uuid not null,
            at timestamptz not null,
            recorded_at timestamptz not null,
            primary key (market, version, line)
        );
        create index if not exists entries_account on postings.entries (market, account, version, line);
        create index if not exists entries_position on postings.entries
            (market, account, asset, vintage, version desc, line desc) include (vintage_balance);
        create index if not exists entries_bank_at on postings.entries (market, account, at) where type in ('cash-deposit', 'cash-withdrawal');
        create index if not exists entries_bank on postings.entries (market, account, transaction_id) where type in ('cash-deposit', 'cash-withdrawal');
        create table if not exists postings.balances (
            market text not null,
            account uuid not null,
            asset text not null,
            vintage smallint not null,
            balance bigint not null,
            primary key (market, account, asset, vintage)
        );
        create table if not exists postings.series (
            id int generated always as identity primary key,
            market text not null,
            instrument text not null,
            vintage smallint not null,
            unique (market, instrument, vintage)
        );
        create table if not exists postings.blocks (
            units int8range not null,                -- serials behind the number of their series, see UnitRange
            market text not null,
            version bigint not null,
            line int not null,
            from_account uuid not null,
            to_account uuid not null
        );
        create table if not exists postings.days (
            market text not null,
            trading_day date not null,
            version bigint not null,
            counts_from timestamptz not null,
            primary key (market, version)
        );
        create unique index if not exists days_trading_day on postings.days (market, trading_day);
        create table if not exists postings.undelivered (
            market text not null,
            version bigint not null,
            participant uuid not null,
            bought boolean not null,
            trade_sequence bigint not null,
            trade_id uuid not null,
            instrument text not null,
            quantity bigint not null,
            cash bigint not null,
            code text not null,
            failed boolean not null,
            at timestamptz not null,
            primary key (market, participant, version, bought)
        );
        create table if not exists postings.entity_facts (
            market text not null,
            participant uuid not null,               -- nil: of every entity
            version bigint not null,
            primary key (market, participant, version)
        );
        create table if not exists postings.comparisons (
            number bigint generated always as identity primary key,
            market text not null,
            comparison_id uuid not null,
            at timestamptz not null,
            ledger_version bigint not null,
            accounts bigint not null,
            postings bigint not null,
            difference_count bigint not null,
            differences jsonb not null,
            unique (market, comparison_id)
        );
        create index if not exists comparisons_latest on postings.comparisons (market, number desc);
        create table if not exists postings.bank_reconciliations (
            market text not null,
            day date not null,
            at timestamptz not null,
            difference_count int not null,
            found jsonb not null,
            primary key (market, day)
        );
        create table if not exists postings.bank_entries_of_other_days (
            market text not null,
            transaction_id uuid not null,
            is_deposit boolean not null,
            day date not null,                       -- of the bank's statement
            primary key (market, transaction_id, is_deposit, day)
        );
        create index if not exists bank_reconciliations_differing on postings.bank_reconciliations (market, day) where difference_count > 0;
        create index if not exists blocks_units on postings.blocks using gist (units);
        """;
}
