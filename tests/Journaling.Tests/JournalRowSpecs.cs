using CarbonMarket.Kernel;
using CarbonMarket.Testing;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using Npgsql;

namespace CarbonMarket.Journaling.Tests;

/// <summary>What the journal writes is what Marten would have written; a new release of Marten that differs shows here.</summary>
public sealed class JournalRowSpecs
{
    private const string OurOwn = "seq_id, id, stream_id, timestamp";
    private static readonly DateTimeOffset At = new(2021, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Provenance Caller = new("corr", "cause", new Actor("somebody", new Guid("5f9f2c1e-0000-4000-8000-000000000001"), "client"));
    private static readonly CommandMark Mark = new(new Guid("0192f0c0-0000-7000-8000-000000000001"), UInt128.MaxValue - 7);
    private static readonly object[] Events =
    [
        new CounterEvent.Added("x", 1, At),
        new CommandRefused(Mark.Id, "Take", "too-little", "Größe \"1\"\\", Caller.Actor.ParticipantId, At),
        new CounterEvent.Taken("余额", 2, At),
    ];

    /// <summary>The first batch of a stream, one of a few events, one of many.</summary>
    [Fact]
    public async Task The_journals_rows_are_those_that_Marten_writes_for_the_same_events()
    {
        await using var database = await JournalDatabase.Create();
        var martens = Guid.CreateVersion7();
        await using var journal = database.Journal("a");
        var version = await journal.Open(default);
        foreach (var commands in (int[])[1, 1, 40, 2])
        {
            await journal.Append(version, [.. Enumerable.Range(0, commands).Select(_ => journal.Encode(Mark, Caller, Events))], default);
            version += commands * Events.Length;
            await AppendByMarten(database, martens, commands);
        }

        foreach (var table in (string[])["mt_events", "mt_streams"])
        {
            var ours = await Rows(database, table, JournalDatabase.StreamOf("a"));
            ours.ShouldBe(await Rows(database, table, martens));
            ours.ShouldNotBeEmpty();
        }
        (await database.Ask<long[]>("select array_agg(version order by seq_id) from counting.mt_events "
            + $"where stream_id = '{JournalDatabase.StreamOf("a")}'")).ShouldBe(Enumerable.Range(1, 132).Select(n => (long)n));
    }

    /// <summary>ADR 30: the server's own checks are left out where the account may, and their absence is not missed.</summary>
    [Fact]
    public async Task An_account_that_must_have_every_check_made_writes_the_same_rows()
    {
        await using var database = await JournalDatabase.Create();
        await AppendByJournal(database);
        var account = $"checked_{Guid.CreateVersion7():N}";
        await database.Tell($"create role {account}; grant usage on schema counting to {account}; "
            + $"grant all on all tables in schema counting to {account}; grant all on all sequences in schema counting to {account}");
        await using var source = NpgsqlDataSource.Create($"{database.ConnectionString};Options=-c role={account}");
        await using (var journal = new MartenJournal(database.Store, source, JournalDatabase.StreamOf("checked"), TimeProvider.System))
            await journal.Append(await journal.Open(default), [journal.Encode(Mark, Caller, Events)], default);

        var rows = await Rows(database, "mt_events", JournalDatabase.StreamOf("checked"));
        rows.ShouldBe(await Rows(database, "mt_events", JournalDatabase.StreamOf("a")));
        rows.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Whoever_gets_the_journals_connection_next_has_every_check_made_again()
    {
        await using var database = await JournalDatabase.Create();
        await using var source = NpgsqlDataSource.Create($"{database.ConnectionString};Maximum Pool Size=1");
        await using (var journal = new MartenJournal(database.Store, source, JournalDatabase.StreamOf("a"), TimeProvider.System))
            await journal.Append(await journal.Open(default), [journal.Encode(Mark, Caller, Events)], default);

        await using var orphan = source.CreateCommand("insert into counting.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, mt_dotnet_type) "
            + "values (1000, gen_random_uuid(), gen_random_uuid(), 1, '{}', 'counter.added.v1', '*DEFAULT*', 'x')");

        (await Should.ThrowAsync<PostgresException>(orphan.ExecuteNonQueryAsync())).SqlState.ShouldBe(PostgresErrorCodes.ForeignKeyViolation);
    }

    [Fact]
    public async Task Marten_reads_the_journal_as_its_own_stream()
    {
        await using var database = await JournalDatabase.Create();
        await AppendByJournal(database);

        await using var session = database.Store.QuerySession();
        var stored = await session.Events.FetchStreamAsync(JournalDatabase.StreamOf("a"));

        stored.Select(e => e.Data).ShouldBe(Events);
        stored.Select(e => e.Version).ShouldBe([1, 2, 3]);
        stored[0].CorrelationId.ShouldBe("corr");
        stored[0].CausationId.ShouldBe("cause");
        stored[0].GetHeader("actor-subject")!.ToString().ShouldBe("somebody");
        stored[0].Timestamp.ShouldBeInRange(DateTimeOffsetNow() - TimeSpan.FromMinutes(5), DateTimeOffsetNow());
        (await session.Events.FetchStreamStateAsync(JournalDatabase.StreamOf("a")))!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Between_two_batches_no_number_is_left_out_for_whoever_reads_in_their_order_waits_for_it()
    {
        await using var database = await JournalDatabase.Create();
        await using var journal = database.Journal("a");
        var version = await journal.Open(default);
        for (var batch = 0; batch < 3; batch++, version += Events.Length)
            await journal.Append(version, [journal.Encode(Mark, Caller, Events)], default);

        (await database.Ask<long>("select max(seq_id) - min(seq_id) + 1 from counting.mt_events")).ShouldBe(3 * Events.Length);
        (await database.Ask<bool>("select bool_and(seq_id - version = (select min(seq_id) - 1 from counting.mt_events)) from counting.mt_events")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public async Task Marten_may_append_where_the_journal_has_and_the_journal_then_knows_it_is_not_alone(int commands)
    {
        await using var database = await JournalDatabase.Create();
        await using var journal = database.Journal("a");
        await journal.Open(default);
        await journal.Append(0, [journal.Encode(Mark, Caller, Events)], default);
        await AppendByMarten(database, JournalDatabase.StreamOf("a"));

        await Should.ThrowAsync<JournalFencedException>(journal.Append(
            3, [.. Enumerable.Range(0, commands).Select(_ => journal.Encode(Mark, Caller, Events))], default));

        (await database.Ask<long>("select count(*) from counting.mt_events")).ShouldBe(6);
    }

    [Fact]
    public async Task Two_first_writers_of_a_stream_do_not_both_succeed()
    {
        await using var database = await JournalDatabase.Create();
        await using var one = database.Journal("a");
        await using var other = database.Journal("a");
        await one.Open(default);
        await other.Open(default);
        await one.Append(0, [one.Encode(Mark, Caller, Events)], default);

        await Should.ThrowAsync<JournalFencedException>(other.Append(0, [other.Encode(Mark, Caller, Events)], default));
    }

    [Fact]
    public async Task What_is_read_is_what_was_appended_with_the_command_it_came_from()
    {
        await using var database = await JournalDatabase.Create();
        await AppendByJournal(database);
        await using var journal = database.Journal("a");

        var read = await journal.Read(2, 3, default);

        read.Select(e => e.Version).ShouldBe([2, 3]);
        read.Select(e => e.Data).ShouldBe(Events[1..]);
        read.ShouldAllBe(e => e.Mark == Mark);
    }

    [Theory]
    [InlineData("update counting.mt_events set headers = headers - 'command-hash'", "command-hash")]
    [InlineData("update counting.mt_events set headers = null", "command-id")]
    [InlineData("update counting.mt_events set type = 'counter.unheard-of.v1'", "counter.unheard-of.v1")]
    public async Task What_nobody_journaled_is_not_read_as_if_somebody_had(string change, string named)
    {
        await using var database = await JournalDatabase.Create();
        await AppendByJournal(database);
        await database.Tell(change);
        await using var journal = database.Journal("a");

        (await Should.ThrowAsync<InvalidDataException>(journal.Read(1, 3, default))).Message.ShouldContain(named);
    }

    [Fact]
    public async Task A_subscription_sees_the_events_of_all_partitions_in_order()
    {
        var seen = new SeenEvents();
        await using var database = await JournalDatabase.Create(options => options.Projections.Subscribe(seen));
        await using var a = await RunningEngine.Start(database, "a");
        await using var b = await RunningEngine.Start(database, "b");
        using var daemon = await database.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();

        await Task.WhenAll(Enumerable.Range(1, 500).SelectMany(n =>
            (Task[])[a.Do(RunningEngine.Add("x", n, steps: 2)), b.Do(RunningEngine.Add("y", n))]));

        await Eventually.Holds("the subscription has seen all events", () => seen.Count == 1500);
        await daemon.StopAllAsync();
        seen.Of(JournalDatabase.StreamOf("a")).ShouldBe(Enumerable.Range(1, 1000).Select(n => (long)n));
        seen.Of(JournalDatabase.StreamOf("b")).ShouldBe(Enumerable.Range(1, 500).Select(n => (long)n));
    }

    [Fact]
    public async Task A_column_the_journal_does_not_know_keeps_it_from_writing()
    {
        await using var database = await JournalDatabase.Create();
        await database.Tell("alter table counting.mt_events add column surprise integer");
        await using var journal = database.Journal("a");

        (await Should.ThrowAsync<NotSupportedException>(journal.Open(default))).Message.ShouldContain("surprise");
    }

    [Fact]
    public async Task A_column_of_another_type_keeps_it_from_writing()
    {
        await using var database = await JournalDatabase.Create();
        await database.Tell("alter table counting.mt_events alter column version type integer");
        await using var journal = database.Journal("a");

        (await Should.ThrowAsync<NotSupportedException>(journal.Open(default))).Message.ShouldContain("version");
    }

    [Fact]
    public async Task All_of_Martens_metadata_may_be_switched_on()
    {
        await using var database = await JournalDatabase.Create(options =>
        {
            options.Events.MetadataConfig.EnableAll();
            options.Events.MetadataConfig.UserNameEnabled = true;
        });

        await AppendByJournal(database);

        (await database.Ask<string>("select user_name from counting.mt_events limit 1")).ShouldBe("somebody");
    }

    private static async Task AppendByJournal(JournalDatabase database)
    {
        await using var journal = database.Journal("a");
        (await journal.Open(default)).ShouldBe(0);
        await journal.Append(0, [journal.Encode(Mark, Caller, Events)], default);
    }

    private static async Task AppendByMarten(JournalDatabase database, Guid stream, int commands = 1)
    {
        await using var session = database.Store.LightweightSession();
        (session.CorrelationId, session.CausationId) = (Caller.CorrelationId, Caller.CausationId);
        session.SetHeader("actor-subject", Caller.Actor.Subject);
        session.SetHeader("actor-participant", Caller.Actor.ParticipantId.ToString());
        session.SetHeader("actor-client", Caller.Actor.ClientId);
        session.SetHeader("command-id", Mark.Id.ToString());
        session.SetHeader("command-hash", Mark.Content.ToString("x32"));
        session.Events.Append(stream, Enumerable.Repeat(Events, commands).SelectMany(events => events));
        await session.SaveChangesAsync();
    }

    /// <summary>Every column of every row as text, but for those that name the row or tell the moment.</summary>
    private static async Task<List<string>> Rows(JournalDatabase database, string table, Guid stream)
    {
        var (key, order) = table == "mt_events" ? ("stream_id", "version") : ("id", "id");
        var left = string.Join(" ", OurOwn.Split(", ").Append("created").Select(column => $"- '{column}'"));
        await using var command = database.Source.CreateCommand(
            $"select (to_jsonb(t) {left})::text from counting.{table} t where {key} = '{stream}' order by {order}");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private static DateTimeOffset DateTimeOffsetNow() => TimeProvider.System.GetUtcNow();

    private sealed class SeenEvents : SubscriptionBase
    {
        private readonly List<(Guid Stream, long Version)> seen = [];

        public int Count => seen.Count;

        public IEnumerable<long> Of(Guid stream) => seen.Where(e => e.Stream == stream).Select(e => e.Version);

        public override Task<IChangeListener> ProcessEventsAsync(
            EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
        {
            seen.AddRange(page.Events.Select(e => (e.StreamId, e.Version)));
            return Task.FromResult<IChangeListener>(NullChangeListener.Instance);
        }
    }
}
