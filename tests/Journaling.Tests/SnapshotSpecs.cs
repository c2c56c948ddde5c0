using System.IO.Compression;
using System.IO.Hashing;
using CarbonMarket.Testing;

namespace CarbonMarket.Journaling.Tests;

public sealed class SnapshotSpecs
{
    [Fact]
    public async Task A_snapshot_and_the_tail_give_what_the_whole_journal_gives()
    {
        await using var database = await JournalDatabase.Create();
        var live = await Play(database, commands: 400);
        (await Snapshots(database)).ShouldBe(2, "The last two are kept.");
        var newest = await Newest(database);

        var (fromSnapshot, tail) = await Recovered(database);
        tail.ShouldBe([.. Enumerable.Range(1, 100).Select(n => newest + n).Where(version => version <= 400)]);
        await database.Tell("delete from counting.journal_snapshots");
        await database.Tell("delete from counting.journal_commands");
        var (fromJournal, _) = await Recovered(database);

        fromSnapshot.ShouldBe(live);
        fromJournal.ShouldBe(live);
    }

    [Fact]
    public async Task A_snapshot_of_an_earlier_version_is_not_compressed_and_is_read_as_well()
    {
        await using var database = await JournalDatabase.Create();
        var live = await Play(database, commands: 400);
        var newest = await Newest(database);
        var compressed = await database.Ask<byte[]>($"select state from counting.journal_snapshots where version = {newest}");
        using var plain = new MemoryStream();
        await using (var stream = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress))
            await stream.CopyToAsync(plain, TestContext.Current.CancellationToken);
        var (state, hash) = (Convert.ToHexString(plain.ToArray()), Convert.ToHexString(XxHash128.Hash(plain.ToArray())));
        await database.Tell($"update counting.journal_snapshots set compressed = false, state = '\\x{state}', state_hash = '\\x{hash}' where version = {newest}");

        var (recovered, tail) = await Recovered(database);

        recovered.ShouldBe(live);
        tail.ShouldBe([.. Enumerable.Range(1, 100).Select(n => newest + n).Where(version => version <= 400)]);
    }

    [Theory]
    [InlineData("update counting.journal_snapshots set state = set_byte(state, 3, 255 - get_byte(state, 3)) where version = {0}")]
    [InlineData("update counting.journal_snapshots set state = '\\x02', state_hash = '\\x00' where version = {0}")]
    [InlineData("update counting.journal_commands set commands = substr(commands, 2) where version = {0}")]
    [InlineData("delete from counting.journal_commands where version = {0}")]
    public async Task A_snapshot_that_cannot_be_read_is_passed_over_and_replaced(string damage)
    {
        await using var database = await JournalDatabase.Create();
        var live = await Play(database, commands: 400);
        var newest = await Newest(database);
        await database.Tell(string.Format(null, damage, newest));

        await using (var engine = await RunningEngine.Start(database, "a", Options()))
        {
            (await engine.Show()).ShouldBe(live);
            await Task.WhenAll(Enumerable.Range(0, 120).Select(n => engine.Do(RunningEngine.Add("x", n))));
            await Eventually.Holds("there is a newer snapshot", async () => await Newest(database) > newest);
            live = await engine.Show();
        }

        var (recovered, tail) = await Recovered(database);
        recovered.ShouldBe(live);
        tail.Order().FirstOrDefault(long.MaxValue).ShouldBeGreaterThan(newest, "The new snapshot was used.");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("delete from counting.journal_snapshots where piece = 1 and version = {0}")]
    [InlineData("update counting.journal_snapshots set piece = 10 - piece where version = {0}")]
    public async Task A_state_of_a_million_bytes_lies_in_pieces_and_counts_only_whole(string? damage)
    {
        await using var database = await JournalDatabase.Create();
        string live;
        await using (var engine = await RunningEngine.Start(database, "a", Options()))
        {
            foreach (var n in Enumerable.Range(0, 60))
                await engine.Do(RunningEngine.Add($"{n} {Noise(n, 40_000)}", n));
            live = await engine.Show();
        }
        var newest = await Newest(database);
        (await database.Ask<long>($"select count(*) from counting.journal_snapshots where version = {newest}")).ShouldBeGreaterThan(2);
        if (damage is not null)
            await database.Tell(string.Format(null, damage, newest));

        var (recovered, tail) = await Recovered(database);

        recovered.ShouldBe(live);
        tail.Min().ShouldBe(damage is null ? newest + 1 : 1);
    }

    [Fact]
    public async Task When_no_snapshot_can_be_read_the_journal_is_enough()
    {
        await using var database = await JournalDatabase.Create();
        var live = await Play(database, commands: 400);
        await database.Tell("update counting.journal_snapshots set state = '\\x00'");

        var (recovered, read) = await Recovered(database);

        recovered.ShouldBe(live);
        read.Count.ShouldBe(400);
    }

    [Fact]
    public async Task The_commands_known_before_are_known_after_although_their_events_are_in_no_tail()
    {
        await using var database = await JournalDatabase.Create();
        var ids = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToList();
        await using (var engine = await RunningEngine.Start(database, "a", Options()))
            foreach (var id in ids)
                await engine.Do(RunningEngine.Add("x", 1), id);

        await using var next = await RunningEngine.Start(database, "a", Options());
        foreach (var id in ids)
            (await next.Do(RunningEngine.Add("x", 1), id)).IsRepeat.ShouldBeTrue();
        (await next.Do(RunningEngine.Add("x", 2), ids[0])).ShouldBeOfType<Outcome<CounterEvent>.Rejected>();
    }

    [Fact]
    public async Task Commands_no_window_needs_any_more_are_let_go_of()
    {
        await using var database = await JournalDatabase.Create();
        var options = Options() with { CommandWindow = 60 };
        await using (var engine = await RunningEngine.Start(database, "a", options))
            foreach (var n in Enumerable.Range(0, 600))
                await engine.Do(RunningEngine.Add("x", n));

        (await database.Ask<long>("select count(*) from counting.journal_commands")).ShouldBeLessThan(6);
        await using var next = await RunningEngine.Start(database, "a", options);
        next.Version.ShouldBe(600);
        (await Snapshots(database)).ShouldBe(2);
    }

    private static JournaledEngineOptions Options() => new() { SnapshotEvery = 50, BatchLimit = 10, ReplayPage = 30 };

    /// <summary>In several lives: each leaves a snapshot, for it ends only when what it was saving is saved.</summary>
    private static async Task<string> Play(JournalDatabase database, int commands)
    {
        var state = string.Empty;
        foreach (var life in Enumerable.Range(0, commands).Chunk(100))
        {
            await using var engine = await RunningEngine.Start(database, "a", Options());
            foreach (var chunk in life.Chunk(10))
                await Task.WhenAll(chunk.Select(n => engine.Do(n % 7 == 0 ? RunningEngine.Take($"c{n % 5}", 1000) : RunningEngine.Add($"c{n % 5}", n))));
            state = await engine.Show();
        }
        return state;
    }

    /// <summary>What a new process makes of it, and which versions it had to replay.</summary>
    private static async Task<(string State, List<long> Read)> Recovered(JournalDatabase database)
    {
        var read = new List<long>();
        await using var engine = await RunningEngine.Start(database, "a", Options(), journal => new WatchedJournal(journal, read));
        return (await engine.Show(), read);
    }

    /// <summary>Text that hardly gets smaller by compressing it.</summary>
    private static string Noise(int seed, int characters)
    {
        var bytes = new byte[characters * 3 / 4];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static Task<long> Snapshots(JournalDatabase database) => database.Ask<long>("select count(*) from counting.journal_snapshots");

    private static Task<long> Newest(JournalDatabase database) => database.Ask<long>("select max(version) from counting.journal_snapshots");
}
