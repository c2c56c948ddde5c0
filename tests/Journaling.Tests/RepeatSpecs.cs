namespace CarbonMarket.Journaling.Tests;

public sealed class RepeatSpecs
{
    private static readonly Guid Id = new("0192f0c0-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset Later = new(2021, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>With answers kept in memory, and with every repeat read from the journal again.</summary>
    public static TheoryData<int> Memories => [4096, 0];

    [Theory]
    [MemberData(nameof(Memories))]
    public async Task A_repeat_is_answered_as_the_first_time_and_writes_nothing(int recentOutcomes)
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a", Options(recentOutcomes));
        var first = Accepted(await engine.Do(RunningEngine.Add("x", 3, steps: 2), Id));
        await engine.Do(RunningEngine.Add("x", 1));

        var repeat = Accepted(await engine.Do(RunningEngine.Add("x", 3, steps: 2), Id));

        repeat.IsRepeat.ShouldBeTrue();
        repeat.Events.ShouldBe(first.Events);
        repeat.Version.ShouldBe(first.Version);
        engine.Version.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public async Task A_refused_command_stays_refused_although_it_would_succeed_now(int recentOutcomes)
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a", Options(recentOutcomes));
        await engine.Do(RunningEngine.Take("x", 3), Id);
        await engine.Do(RunningEngine.Add("x", 10));

        var repeat = await engine.Do(RunningEngine.Take("x", 3), Id);

        repeat.ShouldBe(new Outcome<CounterEvent>.Rejected("too-little", "x holds 0, 3 asked.", IsRepeat: true));
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public async Task A_refused_command_that_left_facts_leaves_them_once(int recentOutcomes)
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a", Options(recentOutcomes));
        await engine.Do(new CounterCommand.Snatch("x", 3, default), Id);
        await engine.Do(RunningEngine.Add("x", 10));

        var repeat = await engine.Do(new CounterCommand.Snatch("x", 3, default), Id);

        repeat.ShouldBe(new Outcome<CounterEvent>.Rejected("too-little", "x holds less than 3.", IsRepeat: true));
        (await engine.Engine.Read(state => state.Missed["x"], default)).ShouldBe(1);
        engine.Version.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public async Task A_command_id_used_for_other_content_is_refused(int recentOutcomes)
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a", Options(recentOutcomes));
        await engine.Do(RunningEngine.Add("x", 3), Id);

        foreach (var other in (CounterCommand[])[RunningEngine.Add("x", 4), RunningEngine.Add("y", 3), RunningEngine.Take("x", 3)])
            (await engine.Do(other, Id)).ShouldBeOfType<Outcome<CounterEvent>.Rejected>().Code.ShouldBe("command-id-reused");

        engine.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_repeat_that_arrives_later_is_still_the_same_command()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a");
        await engine.Do(RunningEngine.Add("x", 3), Id);

        Accepted(await engine.Do(RunningEngine.Add("x", 3, at: Later), Id)).IsRepeat.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public async Task A_repeat_while_the_first_is_under_way_gets_the_same_answer_after_the_commit(int recentOutcomes)
    {
        await using var database = await JournalDatabase.Create();
        var gate = new Gate();
        await using var engine = await RunningEngine.Start(database, "a", Options(recentOutcomes), journal => new FaultyJournal(journal, gate.Pass));
        var other = engine.Do(RunningEngine.Add("y", 1));
        await gate.Reached;

        // One repeat in the same batch, one after that batch has been closed.
        var first = engine.Do(RunningEngine.Add("x", 3), Id);
        var repeats = Enumerable.Range(0, 5).Select(_ => engine.Do(RunningEngine.Add("x", 3), Id)).ToList();
        var reuse = engine.Do(RunningEngine.Add("x", 4), Id);
        first.IsCompleted.ShouldBeFalse();
        reuse.IsCompleted.ShouldBeFalse();
        gate.Open();

        await other;
        var answer = Accepted(await first);
        (await Task.WhenAll(repeats)).ShouldAllBe(repeat => Accepted(repeat).IsRepeat
            && Accepted(repeat).Version == answer.Version && Accepted(repeat).Events.SequenceEqual(answer.Events));
        (await reuse).ShouldBeOfType<Outcome<CounterEvent>.Rejected>().Code.ShouldBe("command-id-reused");
        engine.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Another_process_answers_repeats_of_what_the_first_has_accepted_and_refused()
    {
        await using var database = await JournalDatabase.Create();
        var ids = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToList();
        Outcome<CounterEvent>[] first;
        await using (var engine = await RunningEngine.Start(database, "a", Frequent()))
            first = await All(engine);

        await using var next = await RunningEngine.Start(database, "a", Frequent());
        var repeats = await All(next);

        repeats.Zip(first).ShouldAllBe(pair => pair.First.IsRepeat && Show(pair.First) == Show(pair.Second));
        next.Version.ShouldBe(first.Max(o => o is Outcome<CounterEvent>.Accepted a ? a.Version : 0));

        // Each third command is refused, the others have one to three events.
        async Task<Outcome<CounterEvent>[]> All(RunningEngine engine) => await Task.WhenAll(ids.Select((id, n) =>
            engine.Do(n % 3 == 0 ? RunningEngine.Take("nothing", n + 1) : RunningEngine.Add("x", n, steps: n % 3), id)));

        static JournaledEngineOptions Frequent() => new() { SnapshotEvery = 50, BatchLimit = 20, ReplayPage = 30 };
    }

    [Fact]
    public async Task Only_the_most_recent_commands_are_known()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await RunningEngine.Start(database, "a", new JournaledEngineOptions { CommandWindow = 3, RecentOutcomes = 1 });
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var id in ids)
            await engine.Do(RunningEngine.Add("x", 1), id);

        (await engine.Do(RunningEngine.Add("x", 1), ids[2])).IsRepeat.ShouldBeTrue();
        (await engine.Do(RunningEngine.Add("x", 1), ids[4])).IsRepeat.ShouldBeTrue();
        (await engine.Do(RunningEngine.Add("x", 1), ids[1])).IsRepeat.ShouldBeFalse();
    }

    [Fact]
    public async Task An_id_used_again_after_it_was_forgotten_does_not_stand_in_the_way_of_a_longer_memory()
    {
        await using var database = await JournalDatabase.Create();
        await using (var engine = await RunningEngine.Start(database, "a", new JournaledEngineOptions { CommandWindow = 1, RecentOutcomes = 4 }))
            foreach (var id in (Guid[])[Id, Guid.CreateVersion7(), Id])
                await engine.Do(RunningEngine.Add("x", 1), id);

        await using var next = await RunningEngine.Start(database, "a", new JournaledEngineOptions { CommandWindow = 3 });
        Accepted(await next.Do(RunningEngine.Add("x", 1), Id)).Version.ShouldBe(3, "The last answer under the id is the one that is known.");
        await next.Do(RunningEngine.Add("x", 1));
        Accepted(await next.Do(RunningEngine.Add("x", 1), Id)).IsRepeat.ShouldBeTrue("Only the older of its two places was forgotten.");
    }

    private static JournaledEngineOptions Options(int recentOutcomes) => new() { RecentOutcomes = recentOutcomes };

    private static Outcome<CounterEvent>.Accepted Accepted(Outcome<CounterEvent> outcome) =>
        outcome.ShouldBeOfType<Outcome<CounterEvent>.Accepted>();

    private static string Show(Outcome<CounterEvent> outcome) => outcome switch
    {
        Outcome<CounterEvent>.Accepted a => $"{a.Version}: {string.Join("; ", a.Events)}",
        _ => (outcome with { IsRepeat = false }).ToString()!,
    };
}
