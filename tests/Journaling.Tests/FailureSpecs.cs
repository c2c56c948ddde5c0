using CarbonMarket.Testing;
using Npgsql;

namespace CarbonMarket.Journaling.Tests;

public sealed class FailureSpecs
{
    /// <summary>The steps of one transaction, each as the trigger that ends our connection there.</summary>
    public static TheoryData<string, string> Steps => new()
    {
        { "moving the stream's version", "create trigger crash before update on counting.mt_streams for each row execute function crash(); alter table counting.mt_streams enable always trigger crash" },
        { "starting the stream", "create trigger crash before insert on counting.mt_streams for each row execute function crash(); alter table counting.mt_streams enable always trigger crash" },
        { "copying the events", "create trigger crash after insert on counting.mt_events for each row execute function crash(); alter table counting.mt_events enable always trigger crash" },
        { "committing", "create constraint trigger crash after insert on counting.mt_events deferrable initially deferred for each row execute function crash(); alter table counting.mt_events enable always trigger crash" },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_connection_lost_at_any_step_loses_nothing_and_doubles_nothing(string step, string trigger)
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");
        if (step != "starting the stream")
            await engine.Do(RunningEngine.Add("before", 1));
        await database.Tell("create sequence crashes");
        await database.Tell("create function crash() returns trigger language plpgsql as $$ begin "
            + "if nextval('crashes') in (1, 40, 41) then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$");
        await database.Tell(trigger);

        await Task.WhenAll(Enumerable.Range(1, 60).Select(n => engine.DoUntilAnswered(RunningEngine.Add("x", n), Guid.CreateVersion7())));
        foreach (var n in Enumerable.Range(1, 60))
            await engine.DoUntilAnswered(RunningEngine.Add("x", n), Guid.CreateVersion7());

        (await engine.Engine.Read(state => state.Counters["x"], default)).ShouldBe(2 * 1830);
        (await database.Ask<long>("select last_value from crashes")).ShouldBeGreaterThan(step == "starting the stream" ? 1 : 41);
        await JournalIsWhole(database, engine);
    }

    [Fact]
    public async Task Text_that_the_store_does_not_take_fails_its_own_command_and_no_other()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");
        var others = Enumerable.Range(1, 60).Select(n => engine.Do(RunningEngine.Add("x", n))).ToList();
        (await Should.ThrowAsync<InvalidDataException>(engine.Do(RunningEngine.Add("a\0b", 1)))).Message.ShouldContain("U+0000");
        others.AddRange(Enumerable.Range(61, 60).Select(n => engine.Do(RunningEngine.Add("x", n))));
        await Task.WhenAll(others);

        await engine.Do(RunningEngine.Add(@"a\u0000b", 1));
        (await engine.Engine.Read(state => (state.Counters["x"], state.Counters[@"a\u0000b"], state.Counters.Count), default)).ShouldBe((7_260, 1, 2));
        await JournalIsWhole(database, engine);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_by_the_repeat()
    {
        await using var database = await JournalDatabase.Create();
        var commits = 0;
        await using var engine = await RunningEngine.Start(database, "a", through: journal => new FaultyJournal(journal,
            after: () => ++commits == 2 ? throw new IOException("The line went dead.") : Task.CompletedTask));
        await engine.Do(RunningEngine.Add("x", 1));
        var id = Guid.CreateVersion7();

        (await Should.ThrowAsync<EngineUnavailableException>(engine.Do(RunningEngine.Add("x", 2), id))).InnerException.ShouldBeOfType<IOException>();
        var repeat = (await engine.DoUntilAnswered(RunningEngine.Add("x", 2), id)).ShouldBeOfType<Outcome<CounterEvent>.Accepted>();

        repeat.IsRepeat.ShouldBeTrue();
        repeat.Version.ShouldBe(2);
        (await engine.Engine.Read(state => state.Counters["x"], default)).ShouldBe(3);
    }

    [Fact]
    public async Task A_commit_that_goes_on_after_its_connection_broke_is_waited_for()
    {
        await using var database = await JournalDatabase.Create();
        await using var line = new BreakableLine(database.ConnectionString);
        await using var behind = NpgsqlDataSource.Create(line.ConnectionString);
        await using var engine = await RunningEngine.Start(database, "a",
            through: _ => new MartenJournal(database.Store, behind, JournalDatabase.StreamOf("a"), TimeProvider.System));
        await engine.Do(RunningEngine.Add("x", 1));
        await database.Tell("create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.7); return null; end $$");
        await database.Tell("create constraint trigger dawdle after insert on counting.mt_events deferrable initially deferred "
            + "for each row execute function dawdle(); alter table counting.mt_events enable always trigger dawdle");
        var id = Guid.CreateVersion7();

        var unlucky = engine.Do(RunningEngine.Add("x", 2), id);
        await Eventually.Holds("the commit is under way", async () =>
            await database.Ask<long>("select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()") == 1);
        line.Break();
        await Should.ThrowAsync<EngineUnavailableException>(unlucky);
        var repeat = await engine.DoUntilAnswered(RunningEngine.Add("x", 2), id);

        repeat.IsRepeat.ShouldBeTrue();
        engine.Running.IsCompleted.ShouldBeFalse("Our own late commit is not another leader's.");
        (await engine.Engine.Read(state => state.Counters["x"], default)).ShouldBe(3);
    }

    [Fact]
    public async Task A_failed_commit_takes_the_batch_decided_upon_it_along()
    {
        await using var database = await JournalDatabase.Create();
        var gate = new Gate();
        var failed = false;
        await using var engine = await RunningEngine.Start(database, "a", through: journal => new FaultyJournal(journal, async () =>
        {
            await gate.Pass();
            if (!failed)
            {
                failed = true;
                throw new IOException("The disk is full.");
            }
        }));
        var first = engine.Do(RunningEngine.Add("x", 10));
        await gate.Reached;
        // Only what the first would have put there makes this one possible.
        var upon = engine.Do(RunningEngine.Take("x", 5));
        var read = engine.Engine.Read(state => state.Counters["x"], default);
        gate.Open();

        await Should.ThrowAsync<EngineUnavailableException>(first);
        await Should.ThrowAsync<EngineUnavailableException>(upon);
        await Should.ThrowAsync<EngineUnavailableException>(read);
        (await engine.DoUntilAnswered(RunningEngine.Take("x", 5), Guid.CreateVersion7()))
            .ShouldBeOfType<Outcome<CounterEvent>.Rejected>().Code.ShouldBe("too-little");
        await JournalIsWhole(database, engine);
    }

    [Fact]
    public async Task A_commit_without_an_end_is_given_up()
    {
        await using var database = await JournalDatabase.Create();
        var options = new JournaledEngineOptions { CommitTimeout = TimeSpan.FromMilliseconds(300), ShortestPause = TimeSpan.FromMilliseconds(20) };
        await using var engine = await RunningEngine.Start(database, "a", options);
        await engine.Do(RunningEngine.Add("x", 1));
        await using var blocker = await database.Source.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select 1 from counting.mt_streams for update", blocker, transaction))
            await hold.ExecuteNonQueryAsync();
        var id = Guid.CreateVersion7();

        await Should.ThrowAsync<EngineUnavailableException>(engine.Do(RunningEngine.Add("x", 2), id));
        await transaction.RollbackAsync();

        await engine.DoUntilAnswered(RunningEngine.Add("x", 2), id);
        await JournalIsWhole(database, engine);
    }

    [Fact]
    public async Task A_stale_leader_writes_nothing_more_and_stops()
    {
        await using var database = await JournalDatabase.Create();
        await using var stale = await RunningEngine.Start(database, "a");
        await stale.Do(RunningEngine.Add("x", 1));
        await using var leader = await RunningEngine.Start(database, "a");
        await leader.Do(RunningEngine.Add("x", 10));

        await Should.ThrowAsync<EngineUnavailableException>(stale.Do(RunningEngine.Add("x", 100)));

        await Should.ThrowAsync<JournalFencedException>(stale.Running);
        await Should.ThrowAsync<EngineUnavailableException>(stale.Do(RunningEngine.Add("x", 100)));
        (await leader.Do(RunningEngine.Add("x", 1000))).ShouldBeOfType<Outcome<CounterEvent>.Accepted>();
        (await leader.Engine.Read(state => state.Counters["x"], default)).ShouldBe(1011);
        await JournalIsWhole(database, leader);
    }

    [Fact]
    public async Task A_journal_with_a_hole_is_not_served()
    {
        await using var database = await JournalDatabase.Create();
        await using (var engine = await RunningEngine.Start(database, "a"))
            await engine.Do(RunningEngine.Add("x", 1, steps: 3));
        await database.Tell("delete from counting.mt_events where version = 2");
        var options = new JournaledEngineOptions { FailuresInARow = 2, ShortestPause = TimeSpan.FromMilliseconds(1) };

        await using var next = await RunningEngine.Start(database, "a", options);

        (await Should.ThrowAsync<InvalidDataException>(next.Running)).Message.ShouldContain("events are missing");
    }

    /// <summary>What lives in memory is what the journal says, told by an engine that reads it from the beginning.</summary>
    private static async Task JournalIsWhole(JournalDatabase database, RunningEngine engine)
    {
        var live = await engine.Show();
        await engine.Stop();
        await database.Tell("delete from counting.journal_snapshots");
        await using var replayed = await RunningEngine.Start(database, "a");
        (await replayed.Show()).ShouldBe(live);
        replayed.Version.ShouldBe(engine.Version);
    }
}
