using Marten;
using Weasel.Postgresql.Tables;

namespace CarbonMarket.Journaling;

/// <summary>
/// Tables beside Marten's, in the same schema and made by the same migration. Commands lie apart from the state: a
/// million of them are as good at the next snapshot, so each snapshot adds only its own. Both lie in pieces, for the server
/// handles one long value several times over. The third says who wrote which part of a journal (ADR 33).
/// </summary>
internal static class JournalTables
{
    public const string Snapshots = "journal_snapshots";
    public const string Commands = "journal_commands";
    public const string Writers = "journal_writers";

    public static void AddTo(StoreOptions options)
    {
        var schema = options.Events.DatabaseSchemaName ?? options.DatabaseSchemaName;
        if (options.Storage.ExtendedSchemaObjects.Any(present => present.Identifier.Name == Snapshots))
            return;
        var snapshots = new Table($"{schema}.{Snapshots}");
        snapshots.AddColumn("stream_id", "uuid").AsPrimaryKey();
        snapshots.AddColumn("version", "bigint").AsPrimaryKey();
        snapshots.AddColumn<int>("piece").DefaultValue(0).AsPrimaryKey();
        snapshots.AddColumn("state", "bytea").NotNull();
        snapshots.AddColumn("state_hash", "bytea").NotNull();
        snapshots.AddColumn("taken_at", "timestamp with time zone").NotNull();
        snapshots.AddColumn<bool>("compressed").DefaultValueByExpression("false");
        var commands = new Table($"{schema}.{Commands}");
        commands.AddColumn("stream_id", "uuid").AsPrimaryKey();
        commands.AddColumn("version", "bigint").AsPrimaryKey();
        commands.AddColumn<int>("piece").DefaultValue(0).AsPrimaryKey();
        commands.AddColumn("before", "bigint").NotNull();
        commands.AddColumn("commands", "bytea").NotNull();
        commands.AddColumn("commands_hash", "bytea").NotNull();
        var writers = new Table($"{schema}.{Writers}");
        writers.AddColumn("stream_id", "uuid").AsPrimaryKey();
        writers.AddColumn("writer", "uuid").AsPrimaryKey();
        writers.AddColumn("since", "bigint").NotNull();
        options.Storage.ExtendedSchemaObjects.AddRange([snapshots, commands, writers]);
    }
}
