using CarbonMarket.Testing;

namespace CarbonMarket.Journaling.Tests;

public sealed class QueueSpecs
{
    [Fact]
    public async Task When_the_queue_is_full_a_caller_waits_and_may_go_away()
    {
        await using var database = await JournalDatabase.Create();
        var gate = new Gate();
        var options = new JournaledEngineOptions { QueueCapacity = 4, BatchLimit = 2 };
        await using var engine = await RunningEngine.Start(database, "a", options, journal => new FaultyJournal(journal, gate.Pass));
        var first = engine.Do(RunningEngine.Add("x", 1));
        await gate.Reached;

        // Two are decided while the first commits, four lie in the queue, the others find no place.
        var rest = Enumerable.Range(0, 8).Select(_ => engine.Do(RunningEngine.Add("x", 1))).ToList();
        using var impatient = new CancellationTokenSource();
        var leaving = engine.Do(RunningEngine.Add("never", 1), ct: impatient.Token);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        rest.ShouldAllBe(task => !task.IsCompleted);
        gate.Open();

        await first;
        await Task.WhenAll(rest);
        (await engine.Engine.Read(state => state.Counters.Keys.Single(), default)).ShouldBe("x");
        engine.Version.ShouldBe(9);
    }

    [Fact]
    public async Task A_caller_that_went_away_before_its_turn_is_not_decided_for()
    {
        await using var database = await JournalDatabase.Create();
        var gate = new Gate();
        var options = new JournaledEngineOptions { BatchLimit = 1 };
        await using var engine = await RunningEngine.Start(database, "a", options, journal => new FaultyJournal(journal, gate.Pass));
        using var impatient = new CancellationTokenSource();
        var first = engine.Do(RunningEngine.Add("x", 1));
        await gate.Reached;
        var second = engine.Do(RunningEngine.Add("x", 1));
        var waiting = engine.Do(RunningEngine.Add("never", 1), ct: impatient.Token);

        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        gate.Open();

        await Task.WhenAll(first, second);
        (await engine.Show()).ShouldNotContain("never");
    }

    [Fact]
    public async Task While_the_store_is_slow_the_next_batch_is_decided_and_nothing_is_answered_too_early()
    {
        await using var database = await JournalDatabase.Create();
        var commits = 0;
        var gates = Enumerable.Range(0, 3).Select(_ => new Gate()).ToArray();
        await using var engine = await RunningEngine.Start(database, "a",
            through: journal => new FaultyJournal(journal, () => gates[Math.Min(commits++, 2)].Pass()));
        var first = engine.Do(RunningEngine.Add("x", 1));
        await gates[0].Reached;

        var second = Enumerable.Range(0, 20).Select(_ => engine.Do(RunningEngine.Add("x", 1))).ToList();
        var read = engine.Engine.Read(state => state.Counters["x"], default);
        gates[0].Open();
        await first;
        await gates[1].Reached;
        second.ShouldAllBe(task => !task.IsCompleted);
        read.IsCompleted.ShouldBeFalse();
        engine.Version.ShouldBe(1);
        gates[1].Open();
        gates[2].Open();

        await Task.WhenAll(second);
        (await read).ShouldBe(21);
        commits.ShouldBe(2);
    }

    [Fact]
    public async Task With_enough_events_a_transaction_is_full_and_what_follows_is_decided_while_it_commits()
    {
        await using var database = await JournalDatabase.Create();
        var commits = 0;
        var gates = Enumerable.Range(0, 3).Select(_ => new Gate()).ToArray();
        await using var engine = await RunningEngine.Start(database, "a", new JournaledEngineOptions { BatchEvents = 10 },
            journal => new FaultyJournal(journal, () => gates[Math.Min(commits++, 2)].Pass()));
        var first = engine.Do(RunningEngine.Add("x", 1));
        await gates[0].Reached;
        var rest = Enumerable.Range(0, 4).Select(_ => engine.Do(RunningEngine.Add("x", 1, steps: 6))).ToList();

        gates[0].Open();
        await first;
        await gates[1].Reached;
        gates[1].Open();
        await Task.WhenAll(rest[..2]);
        await gates[2].Reached;
        rest[2..].ShouldAllBe(task => !task.IsCompleted);
        engine.Version.ShouldBe(13);
        gates[2].Open();

        await Task.WhenAll(rest);
        commits.ShouldBe(3);
    }

    [Fact]
    public async Task Of_many_who_wait_one_half_is_decided_while_the_other_commits()
    {
        await using var database = await JournalDatabase.Create();
        var gate = new Gate();
        var batches = new List<int>();
        await using var engine = await RunningEngine.Start(database, "a", through: journal => new FaultyJournal(
            new WatchedJournal(journal, [], batches), gate.Pass));
        var first = engine.Do(RunningEngine.Add("x", 1));
        await gate.Reached;
        var rest = Enumerable.Range(0, 256).Select(_ => engine.Do(RunningEngine.Add("x", 1))).ToList();

        gate.Open();
        await first;
        await Task.WhenAll(rest);

        batches.Sum().ShouldBe(257);
        // The writer's own wake-ups lie in the queue as well.
        batches.Max().ShouldBeInRange(100, 135);
    }

    [Fact]
    public async Task Whoever_does_not_lead_serves_nobody()
    {
        await using var database = await JournalDatabase.Create();
        using var standby = database.Engine("a");
        await Should.ThrowAsync<EngineUnavailableException>(standby.Execute(RunningEngine.Envelope(RunningEngine.Add("x", 1)), default));
        await Should.ThrowAsync<EngineUnavailableException>(standby.Read(state => state.Events, default));

        await using var engine = await RunningEngine.Start(database, "a");
        await engine.Do(RunningEngine.Add("x", 1));
        await engine.Stop();
        await Should.ThrowAsync<EngineUnavailableException>(engine.Do(RunningEngine.Add("x", 1)));
        engine.Version.ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Leadership_that_is_lost_while_the_writer_is_busy_is_noticed_though_nobody_comes_after()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");

        await Should.ThrowAsync<InvalidOperationException>(engine.Engine.Read<int>(_ =>
        {
            engine.Lose();
            throw new InvalidOperationException("There is nothing to be answered after a commit.");
        }, default));

        await Should.ThrowAsync<OperationCanceledException>(engine.Running.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task When_leadership_is_lost_what_was_committing_is_answered_and_what_waited_must_ask_again()
    {
        await using var database = await JournalDatabase.Create();
        var gate = new Gate();
        var options = new JournaledEngineOptions { BatchLimit = 1, QueueCapacity = 1 };
        await using var engine = await RunningEngine.Start(database, "a", options, journal => new FaultyJournal(journal, gate.Pass));
        var first = engine.Do(RunningEngine.Add("x", 1));
        await gate.Reached;
        var waiting = Enumerable.Range(0, 5).Select(_ => engine.Do(RunningEngine.Add("x", 1))).ToList();

        var stopping = engine.Stop();
        gate.Open();

        (await first).ShouldBeOfType<Outcome<CounterEvent>.Accepted>();
        foreach (var task in waiting)
            await Should.ThrowAsync<EngineUnavailableException>(task);
        await stopping;
        await Eventually.Holds("one event is in the journal", async () => await database.Ask<long>("select count(*) from counting.mt_events") == 1);
    }
}
