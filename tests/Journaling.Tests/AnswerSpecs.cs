namespace CarbonMarket.Journaling.Tests;

public sealed class AnswerSpecs
{
    [Fact]
    public async Task An_accepted_command_is_answered_with_its_events_once_they_are_in_the_journal()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");

        var outcome = (await engine.Do(RunningEngine.Add("x", 3, steps: 2))).ShouldBeOfType<Outcome<CounterEvent>.Accepted>();

        outcome.Events.Select(e => ((CounterEvent.Added)e).Amount).ShouldBe([3, 3]);
        outcome.Version.ShouldBe(2);
        outcome.IsRepeat.ShouldBeFalse();
        (await database.Ask<long>("select count(*) from counting.mt_events")).ShouldBe(2);
        engine.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_is_journaled_and_changes_no_state()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");
        var id = Guid.CreateVersion7();

        var outcome = await engine.Do(RunningEngine.Take("x", 1), id);

        outcome.ShouldBe(new Outcome<CounterEvent>.Rejected("too-little", "x holds 0, 1 asked.", IsRepeat: false));
        var refused = (CommandRefused)(await database.Store.QuerySession().Events.FetchStreamAsync(JournalDatabase.StreamOf("a"))).Single().Data;
        refused.ShouldBe(new CommandRefused(id, "Take", "too-little", "x holds 0, 1 asked.",
            new Guid("5f9f2c1e-0000-4000-8000-000000000001"), refused.RecordedAt));
        (await engine.Engine.Read(state => state.Events, default)).ShouldBe(0);
    }

    [Fact]
    public async Task What_holds_because_a_command_was_refused_is_journaled_beside_the_refusal()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");

        var outcome = await engine.Do(new CounterCommand.Snatch("x", 1, default));

        outcome.ShouldBe(new Outcome<CounterEvent>.Rejected("too-little", "x holds less than 1.", IsRepeat: false));
        (await database.Store.QuerySession().Events.FetchStreamAsync(JournalDatabase.StreamOf("a"))).Select(e => e.Data.GetType())
            .ShouldBe([typeof(CommandRefused), typeof(CounterEvent.Missed)]);
        (await engine.Engine.Read(state => state.Missed["x"], default)).ShouldBe(1);
        engine.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_command_that_changes_nothing_writes_nothing_and_is_decided_anew_next_time()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");
        await engine.Do(RunningEngine.Add("x", 1));
        var id = Guid.CreateVersion7();

        foreach (var _ in Enumerable.Range(0, 2))
            (await engine.Do(new CounterCommand.Ensure("x", default), id)).ShouldBeOfType<Outcome<CounterEvent>.Accepted>()
                .ShouldSatisfyAllConditions(o => o.Events.ShouldBeEmpty(), o => o.Version.ShouldBe(1), o => o.IsRepeat.ShouldBeFalse());

        engine.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_command_whose_decision_fails_fails_alone()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");

        var stumbling = engine.Do(new CounterCommand.Stumble(default));
        var fine = engine.Do(RunningEngine.Add("x", 1));

        (await Should.ThrowAsync<InvalidOperationException>(stumbling)).Message.ShouldBe("It stumbled.");
        (await fine).ShouldBeOfType<Outcome<CounterEvent>.Accepted>();
    }

    [Fact]
    public async Task An_event_that_cannot_be_applied_is_never_journaled_and_the_state_is_whole_again_afterwards()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");
        await engine.Do(RunningEngine.Add("x", 5));

        await Should.ThrowAsync<EvolutionFailedException>(engine.Do(new CounterCommand.Break(default)));
        await engine.DoUntilAnswered(RunningEngine.Take("x", 1), Guid.CreateVersion7());

        (await engine.Engine.Read(state => state.Counters["x"], default)).ShouldBe(4);
        (await database.Ask<long>("select count(*) from counting.mt_events where type = 'counter.broken.v1'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_model_that_breaks_every_time_stops_its_engine()
    {
        await using var database = await JournalDatabase.Create();
        var options = new JournaledEngineOptions { FailuresInARow = 3, ShortestPause = TimeSpan.FromMilliseconds(1) };
        await using var engine = await RunningEngine.Start(database, "a", options);

        while (!engine.Running.IsCompleted)
        {
            await Should.ThrowAsync<Exception>(engine.Do(new CounterCommand.Break(default)));
            await engine.UntilReady();
        }

        await Should.ThrowAsync<EvolutionFailedException>(engine.Running);
        await Should.ThrowAsync<EngineUnavailableException>(engine.Do(RunningEngine.Add("x", 1)));
    }

    [Fact]
    public async Task A_read_sees_every_command_answered_before_it()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");

        foreach (var n in Enumerable.Range(1, 20))
        {
            await engine.Do(RunningEngine.Add("x", 1));
            (await engine.Engine.Read(state => state.Counters["x"], default)).ShouldBe(n);
        }
    }

    [Fact]
    public async Task A_failing_read_fails_alone()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");

        await Should.ThrowAsync<KeyNotFoundException>(engine.Engine.Read(state => state.Counters["nobody"], default));

        (await engine.Do(RunningEngine.Add("x", 1))).ShouldBeOfType<Outcome<CounterEvent>.Accepted>();
    }

    [Fact]
    public async Task A_command_without_an_id_is_a_bug_of_the_caller()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");

        await Should.ThrowAsync<ArgumentException>(engine.Do(RunningEngine.Add("x", 1), Guid.Empty));
    }

    [Fact]
    public async Task Many_callers_at_once_are_each_answered_with_their_own_events()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a", new JournaledEngineOptions { QueueCapacity = 64, BatchLimit = 50 });

        var outcomes = await Task.WhenAll(Enumerable.Range(1, 2000).Select(async n =>
            (n, Outcome: await engine.Do(RunningEngine.Add($"c{n}", n)))));

        outcomes.ShouldAllBe(o => ((CounterEvent.Added)((Outcome<CounterEvent>.Accepted)o.Outcome).Events.Single()).Amount == o.n);
        outcomes.Select(o => ((Outcome<CounterEvent>.Accepted)o.Outcome).Version).Order().ShouldBe(Enumerable.Range(1, 2000).Select(n => (long)n));
        (await database.Ask<long>("select version from counting.mt_streams")).ShouldBe(2000);
    }
}
