using CarbonMarket.Kernel;
using CsCheck;

namespace CarbonMarket.Journaling.Tests;

public sealed class ReplaySpecs
{
    private static readonly Gen<CounterCommand> Commands = Gen.Frequency(
        (5, Gen.Select(Names, Gen.Int[0, 50], Gen.Int[1, 4], (name, amount, steps) => RunningEngine.Add(name, amount, steps))),
        (4, Gen.Select(Names, Gen.Int[0, 80], RunningEngine.Take)),
        (3, Gen.Select(Names, Gen.Int[0, 80], (name, amount) => (CounterCommand)new CounterCommand.Snatch(name, amount, default))),
        (1, Names.Select(name => (CounterCommand)new CounterCommand.Ensure(name, default))),
        (1, Gen.Const((CounterCommand)new CounterCommand.Stumble(default))));

    private static Gen<string> Names => Gen.Int[0, 2].Select(n => $"c{n}");

    /// <summary>Some are sent again, at once or later, with the same content or another.</summary>
    private static readonly Gen<(CounterCommand Command, int Id)[]> Plays =
        Gen.Select(Commands, Gen.Int[0, 60], (command, id) => (command, id)).Array[1, 120];

    [Fact]
    public async Task Whatever_is_commanded_replaying_the_journal_gives_what_deciding_live_gave()
    {
        await using var database = await JournalDatabase.Create();
        var played = 0;
        await Plays.SampleAsync(async play =>
        {
            var partition = $"p{Interlocked.Increment(ref played)}";
            var options = new JournaledEngineOptions { SnapshotEvery = 25, BatchLimit = 7, ReplayPage = 11, RecentOutcomes = 5 };
            var ids = Enumerable.Range(0, 61).Select(_ => Guid.CreateVersion7()).ToArray();
            var (live, version, model) = await Live(database, partition, options, play, ids);

            live.ShouldBe(model);
            (await Replayed(database, partition, options)).ShouldBe((live, version));
            await database.Tell($"delete from counting.journal_snapshots where stream_id = '{JournalDatabase.StreamOf(partition)}'");
            (await Replayed(database, partition, options)).ShouldBe((live, version));
        }, iter: 25, threads: 2);
    }

    private static async Task<(string Live, long Version, string Model)> Live(
        JournalDatabase database, string partition, JournaledEngineOptions options, (CounterCommand Command, int Id)[] play, Guid[] ids)
    {
        await using var engine = await RunningEngine.Start(database, partition, options);
        var model = new CounterModel();
        var expected = model.Initial();
        var accepted = play.Select(p => engine.Do(p.Command, ids[p.Id])).ToList();
        foreach (var (answer, command) in accepted.Zip(play, (answer, played) => (answer, played.Command)))
        {
            await Task.WhenAny(answer);
            if (!answer.IsCompletedSuccessfully)
                continue;
            var outcome = await answer;
            if (outcome is Outcome<CounterEvent>.Accepted { IsRepeat: false } first)
                expected = first.Events.Aggregate(expected, model.Evolve);
            else if (outcome is Outcome<CounterEvent>.Rejected { IsRepeat: false, Code: not RefusalCodes.CommandIdReused })
                expected = ((Decision<CounterEvent>.Rejected)model.Decide(expected, command)).Facts.Aggregate(expected, model.Evolve);
        }
        return (await engine.Show(), engine.Version, expected.Show());
    }

    private static async Task<(string State, long Version)> Replayed(JournalDatabase database, string partition, JournaledEngineOptions options)
    {
        await using var engine = await RunningEngine.Start(database, partition, options);
        return (await engine.Show(), engine.Version);
    }
}
