using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Testing.Servers;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Postings;

/// <summary>The postings in a real PostgreSQL, against ledgers that have replayed the same journal up to the moment asked for.</summary>
public sealed class PostingHistoryTests : IAsyncLifetime
{
    private const string Uk = "uk-ets";

    private static readonly LedgerEvent[] AllocatedTwice =
    [
        new UnitsAllocated(Id("plan"), 0, Holding(Smelter), Smelter, Uka, new Block(Y2021, 1, 10), Noon),
        new UnitsAllocated(Id("plan"), 1, Holding(Smelter), Smelter, Uka, new Block(Y2021, 11, 15), Noon),
    ];

    private string _address = null!;
    private NpgsqlDataSource _database = null!;
    private PostingStore _store = null!;
    private PostingHistory _history = null!;

    public async ValueTask InitializeAsync()
    {
        _address = await RealServers.CreateDatabase("postings");
        _database = NpgsqlDataSource.Create(_address);
        await Schema();
        (_store, _history) = (new PostingStore(_database), new PostingHistory(_database));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Whatever_is_asked_of_the_past_is_answered_as_a_replay_up_to_then_answers() =>
        await Gen.Select(RandomHistory.Commands, Gen.Int[0, int.MaxValue]).SampleAsync(async (commands, seed) =>
        {
            var (random, journal) = (new Random(seed), Journal(commands, new Random(seed)));
            await _store.Forget(Uk, default);
            await Book(Uk, journal, random);
            for (var question = 0; question < 6; question++)
            {
                DateTimeOffset? asOf = random.Next(3) == 0 ? null : Noon.AddDays(random.Next(-1, 1300));
                DateTimeOffset? knownAt = random.Next(3) == 0 ? null : Booked.FirstDay.AddSeconds(random.Next(-1, journal.Count));
                await AnswersAsAReplay(journal, asOf, knownAt);
            }
        }, iter: 25, threads: 1);

    [Fact]
    public async Task What_another_process_has_booked_already_is_not_booked_again()
    {
        var journal = Facts(AllocatedTwice);
        var head = await _store.Book(Uk, PostingHead.Start, journal[..1], default);
        (await _store.Book(Uk, PostingHead.Start, journal, default)).ShouldBe(head, "It learns how far the postings are.");
        (await _store.Book(Uk, head, journal[1..], default)).Version.ShouldBe(2);
        (await _history.Statement(Uk, Holding(Smelter), default, long.MaxValue, 10, default)).Select(posting => posting.Balance).ShouldBe([10, 15]);
    }

    /// <summary>As those of a large market, which take longer than any other command may.</summary>
    [Fact]
    public async Task Postings_are_thrown_away_however_long_it_takes()
    {
        await _store.Book(Uk, PostingHead.Start, Facts(AllocatedTwice), default);
        await using var impatient = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_address) { CommandTimeout = 1 }.ConnectionString);
        await using var connection = await _database.OpenConnectionAsync();
        await using var reading = await connection.BeginTransactionAsync();
        await using (var keep = new NpgsqlCommand("lock table postings.entries in share mode", connection))
            await keep.ExecuteNonQueryAsync();
        var forgetting = new PostingStore(impatient).Forget(Uk, default);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        await reading.CommitAsync();
        await forgetting;
        (await _store.Head(Uk, default)).ShouldBe(PostingHead.Start);
        (await _history.Statement(Uk, Holding(Smelter), default, long.MaxValue, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_markets_do_not_see_each_other()
    {
        await _store.Book(Uk, PostingHead.Start, Facts(AllocatedTwice), default);
        await _store.Book("gansu", PostingHead.Start, Facts(AllocatedTwice[..1]), default);
        (await _history.Holdings(Uk, Holding(Smelter), long.MaxValue, default)).ShouldBe([new AssetBalance(Uka, Y2021, 15)]);
        (await _history.Holdings("gansu", Holding(Smelter), long.MaxValue, default)).ShouldBe([new AssetBalance(Uka, Y2021, 10)]);
        (await _history.Owner("gansu", Uka, Y2021, 12, long.MaxValue, default)).ShouldBeNull();
        (await _history.Owner(Uk, Uka, Y2021, 12, long.MaxValue, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_fact_recorded_late_counts_from_its_legal_time_but_never_before_what_stands_above_it()
    {
        var day = Noon.AddDays(1);
        await _store.Book(Uk, PostingHead.Start, Facts([
            new UnitsAllocated(Id("plan"), 0, Holding(Smelter), Smelter, Uka, new Block(Y2021, 1, 10), day),
            new UnitsAllocated(Id("plan"), 1, Holding(Smelter), Smelter, Uka, new Block(Y2021, 11, 15), Noon)]), default);
        (await _history.Through(Uk, day.AddSeconds(-1), null, default)).ShouldBe(0);
        (await _history.Through(Uk, day, null, default)).ShouldBe(2);
        (await _history.Through(Uk, day, Booked.FirstDay, default)).ShouldBe(1, "By then only the first was recorded.");
        (await _history.Through(Uk, null, Booked.FirstDay.AddSeconds(-1), default)).ShouldBe(0);
    }

    [Fact]
    public async Task The_tables_are_made_once_and_every_question_uses_its_index()
    {
        await Schema();
        var head = PostingHead.Start;
        foreach (var part in Facts(Enumerable.Range(0, 20_000).Select(line => (LedgerEvent)new UnitsAllocated(
                     Id("plan"), line, DeterministicGuid.From(Smelter, "holding", line % 500), Smelter, Uka, new Block(Y2021, 1 + line, 1 + line), Noon))).Chunk(2000))
            head = await _store.Book(Uk, head, part, default);
        await using var connection = await _database.OpenConnectionAsync();
        await using var analyze = new NpgsqlCommand("analyze postings.entries; analyze postings.blocks; analyze postings.moments", connection);
        await analyze.ExecuteNonQueryAsync();
        var account = DeterministicGuid.From(Smelter, "holding", 7);
        var unit = UnitRange.KeyOf(1, 5_000);
        (await Plan(connection, $"select 1 from postings.blocks where units @> {unit}::bigint and version <= 9000 order by version desc, line desc limit 1"))
            .ShouldContain("blocks_units");
        (await Plan(connection, $"select 1 from postings.blocks where units && int8range({unit}, {unit + 50}, '[]') order by version, line, lower(units) limit 501"))
            .ShouldContain("blocks_units");
        (await Plan(connection, $"select 1 from postings.entries where market = '{Uk}' and account = '{account}' and (version, line) > (900, 1) order by version, line limit 5"))
            .ShouldContain("entries_account");
        (await Plan(connection, $"select vintage_balance from postings.entries where market = '{Uk}' and account = '{account}' and asset = 'UKA' and vintage = 2021 "
                + "and version <= 9000 order by version desc, line desc limit 1"))
            .ShouldContain("entries_position");
        (await Plan(connection, $"select version from postings.moments where market = '{Uk}' and recorded_at > '2026-01-01T02:00:00Z' order by recorded_at, version limit 1"))
            .ShouldContain("moments_recorded_at");
    }

    private async Task AnswersAsAReplay(List<JournalFact> journal, DateTimeOffset? asOf, DateTimeOffset? knownAt)
    {
        var replayed = Replayed(journal, asOf, knownAt, out var last);
        var through = await _history.Through(Uk, asOf, knownAt, default);
        through.ShouldBe(last, $"as of {asOf}, known at {knownAt}");
        foreach (var account in replayed.Accounts.All.Where(account => !Booked.IsOfTheWorld(account.Id)))
        {
            var expected = Booked.HoldingsOf(replayed).Where(held => held.Key.AccountId == account.Id).ToDictionary();
            var answered = (await _history.Holdings(Uk, account.Id, through, default))
                .ToDictionary(held => new Position(account.Id, held.Asset, held.Vintage), held => held.Balance);
            PostingSpecs.Same(answered, expected, $"{account.Type} as of {asOf}, known at {knownAt}");
        }
        foreach (var (account, instrument, block) in replayed.Accounts.All.SelectMany(account => account.AllBlocks.Select(lies => (account, lies.Instrument, lies.Block))).Take(20))
        {
            (await _history.Owner(Uk, instrument, block.Vintage, block.First, through, default))!.ToAccountId.ShouldBe(account.Id);
            await WayEndsWith(account.Id, instrument, block, through);
        }
        (await new PastConservation(_database).At(Uk, replayed.Version, default)).ShouldSatisfyAllConditions(
            past => past.Balanced.ShouldBeTrue(),
            past => past.Instruments.ShouldBe(ConservationStatement.Of(replayed).Instruments, ignoreOrder: true),
            past => past.Cash.ShouldBe(ConservationStatement.Of(replayed).Cash));
    }

    /// <summary>From its issuance, each passage begins where the one before ended, page by page.</summary>
    private async Task WayEndsWith(Guid holder, string instrument, Block block, long through)
    {
        var (at, seen, count) = (Booked.Movements.Issuance, default(PassageCursor), 0);
        while (true)
        {
            var page = await _history.Trace(Uk, instrument, block.Vintage, new SerialRange(block.First, block.First), seen, through, [], 2, default);
            foreach (var passage in page)
            {
                passage.FromAccountId.ShouldBe(at);
                passage.Serials.ShouldBe(new SerialRange(block.First, block.First));
                (at, seen, count) = (passage.ToAccountId, PassageCursor.Of(passage), count + 1);
            }
            if (page.Count < 2)
                break;
        }
        at.ShouldBe(holder);
        count.ShouldBeGreaterThan(0);
    }

    private async Task Book(string market, List<JournalFact> journal, Random random)
    {
        var head = await _store.Head(market, default);
        while (head.Version < journal.Count)
        {
            // Another process may have taken over: it knows nothing but what is in the store.
            head = random.Next(3) == 0 ? await new PostingStore(_database).Head(market, default) : head;
            head = await _store.Book(market, head, [.. journal.Skip((int)head.Version).Take(1 + random.Next(40))], default);
        }
    }

    /// <summary>Everything that follows from the commands, as it would stand in the journal; the clock of recording stands still at times.</summary>
    private static List<JournalFact> Journal(LedgerCommand[] commands, Random random)
    {
        var (ledger, journal, recordedAt) = (Model.Initial(), new List<JournalFact>(), Booked.FirstDay);
        foreach (var fact in commands.SelectMany(command => RandomHistory.Perform(ledger, command)))
        {
            ledger = Model.Evolve(ledger, fact);
            recordedAt = recordedAt.AddSeconds(random.Next(-1, 3));
            journal.Add(new JournalFact(journal.Count + 1, recordedAt, fact));
        }
        return journal;
    }

    /// <summary>A ledger that takes the facts in their order until one of them is too late, or was recorded too late.</summary>
    private static LedgerState Replayed(List<JournalFact> journal, DateTimeOffset? asOf, DateTimeOffset? knownAt, out long last)
    {
        var ledger = Model.Initial();
        last = 0;
        foreach (var fact in journal)
        {
            if (((LedgerEvent)fact.Data).At > asOf || fact.RecordedAt > knownAt)
                break;
            ledger = Model.Evolve(ledger, (LedgerEvent)fact.Data);
            last = fact.Version;
        }
        return ledger;
    }

    private static JournalFact[] Facts(IEnumerable<LedgerEvent> facts) =>
        [.. facts.Select((fact, place) => new JournalFact(place + 1, Booked.FirstDay.AddSeconds(place), fact))];

    private Task Schema() => new PostingsSchema(_database, NullLogger<PostingsSchema>.Instance).StartingAsync(default);

    private static async Task<string> Plan(NpgsqlConnection connection, string question)
    {
#pragma warning disable CA2100 // The questions of this test.
        await using var explain = new NpgsqlCommand($"explain {question}", connection);
#pragma warning restore CA2100
        var plan = new List<string>();
        await using var rows = await explain.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            plan.Add(rows.GetString(0));
        return string.Join('\n', plan);
    }
}
