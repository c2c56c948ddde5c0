using static CarbonMarket.Journaling.Tests.RunningEngine;

namespace CarbonMarket.Journaling.Tests;

/// <summary>What is committed is told to whoever follows, in order and once, whatever becomes of the others.</summary>
public sealed class FeedSpecs
{
    [Fact]
    public async Task Followers_hear_every_command_whole_and_in_order()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await Start(database, "a");
        await using var following = engine.Engine.Follow(0, default).GetAsyncEnumerator();
        var ids = Enumerable.Range(1, 3).Select(_ => Guid.CreateVersion7()).ToList();

        await engine.Do(Add("x", 1, steps: 3), ids[0]);
        await engine.Do(Take("x", 100), ids[1]);
        await engine.Do(Take("x", 1), ids[2]);

        var heard = await Next(following, 3);
        heard.Select(command => command.CommandId).ShouldBe(ids);
        heard.Select(command => (command.FirstVersion, command.LastVersion)).ShouldBe([(1, 3), (4, 4), (5, 5)]);
        heard[1].Events.ShouldHaveSingleItem().ShouldBeOfType<CommandRefused>().Code.ShouldBe("too-little");
        heard[2].Events.ShouldHaveSingleItem().ShouldBeOfType<CounterEvent.Taken>();
    }

    [Fact]
    public async Task Nothing_is_shown_before_it_is_committed_and_what_fails_is_never_shown()
    {
        await using var database = await JournalDatabase.Create();
        var gate = new Gate();
        var commits = 0;
        await using var engine = await Start(database, "a", through: journal => new FaultyJournal(journal, async () =>
        {
            if (++commits != 1)
                return;
            await gate.Pass();
            throw new IOException("The disk is full.");
        }));
        var next = engine.Engine.Feed.Next(0, default);
        var doomed = engine.Do(Add("x", 1));
        await gate.Reached;
        next.IsCompleted.ShouldBeFalse();
        gate.Open();

        await Should.ThrowAsync<EngineUnavailableException>(doomed);
        await Should.ThrowAsync<EngineUnavailableException>(next);
        await engine.DoUntilAnswered(Add("x", 2), Guid.CreateVersion7());

        var page = (await engine.Engine.Feed.Next(0, default)).ShouldBeOfType<FeedPage.Committed>();
        page.Commands.SelectMany(command => command.Events).Cast<CounterEvent.Added>().Select(e => e.Amount).ShouldBe([2]);
    }

    [Fact]
    public async Task Who_lags_is_told_so_while_the_writer_goes_on_and_finds_the_rest_in_the_journal()
    {
        await using var database = await JournalDatabase.Create();
        var options = new JournaledEngineOptions { FeedCapacity = 4, ReplayPage = 3 };
        await using var engine = await Start(database, "a", options);
        await using var slow = engine.Engine.Follow(0, default).GetAsyncEnumerator();
        await engine.Do(Add("x", 1, steps: 2));
        await Next(slow, 1);

        foreach (var n in Enumerable.Range(1, 10))
            await engine.Do(Add("x", n, steps: 2));

        var heard = await Next(slow, 10);
        heard.Select(command => command.FirstVersion).ShouldBe(Enumerable.Range(1, 10).Select(n => (2L * n) + 1));
        heard.ShouldAllBe(command => command.Events.Length == 2);
        (await engine.Engine.Feed.Next(2, default)).ShouldBe(new FeedPage.Lagging(14));
    }

    [Fact]
    public async Task A_follower_goes_on_with_the_next_leader_where_it_stood()
    {
        await using var database = await JournalDatabase.Create();
        await using (var first = await Start(database, "a"))
        {
            foreach (var n in Enumerable.Range(1, 5))
                await first.Do(Add("x", n, steps: 2));
            await using var following = first.Engine.Follow(0, default).GetAsyncEnumerator();
            await Next(following, 3);
            await first.Stop();
            await Next(following, 2);
            await Should.ThrowAsync<EngineUnavailableException>(following.MoveNextAsync().AsTask());
        }
        await using var second = await Start(database, "a");
        await second.Do(Add("x", 6, steps: 2));

        await using var within = second.Engine.Follow(5, default).GetAsyncEnumerator();
        var heard = await Next(within, 4);
        heard.Select(command => (command.FirstVersion, command.LastVersion)).ShouldBe([(6, 6), (7, 8), (9, 10), (11, 12)]);
    }

    [Fact]
    public async Task When_a_command_was_recorded_is_the_same_in_the_feed_in_the_journal_and_in_the_store()
    {
        await using var database = await JournalDatabase.Create();
        var options = new JournaledEngineOptions { FeedCapacity = 1 };
        await using var engine = await Start(database, "a", options);
        await engine.Do(Add("x", 1, steps: 2));
        var told = (await engine.Engine.Feed.Next(0, default)).ShouldBeOfType<FeedPage.Committed>().Commands.Single();
        await engine.Do(Add("x", 2));

        await using var past = engine.Engine.Follow(0, default).GetAsyncEnumerator();
        var read = (await Next(past, 1)).Single();
        await using var session = database.Store.QuerySession();
        var stored = await session.Events.FetchStreamAsync(JournalDatabase.StreamOf("a"));

        read.RecordedAt.ShouldBe(told.RecordedAt);
        stored.Take(2).ShouldAllBe(fact => fact.Timestamp == told.RecordedAt);
    }

    [Fact]
    public async Task A_reader_that_gives_up_is_forgotten()
    {
        await using var database = await JournalDatabase.Create();
        await using var engine = await Start(database, "a");
        using var patience = new CancellationTokenSource();
        var waiting = engine.Engine.Feed.Next(0, patience.Token);

        await patience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
        (await engine.Do(Add("x", 1))).ShouldBeOfType<Outcome<CounterEvent>.Accepted>();
    }

    private static async Task<List<CommittedCommand>> Next(IAsyncEnumerator<CommittedCommand> following, int count)
    {
        var heard = new List<CommittedCommand>();
        while (heard.Count < count && await following.MoveNextAsync())
            heard.Add(following.Current);
        return heard;
    }
}
