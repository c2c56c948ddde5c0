using System.Diagnostics;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using CarbonMarket.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CarbonMarket.Bench.Settlement;

/// <summary>
/// What one account had, has and did, asked of a full store as the service asks it, against one raw statement that reads the
/// same rows by the same index. In turns, so that both meet the same caches and the same neighbours.
/// </summary>
internal sealed class QueriesStage(int postings, int rounds)
{
    private const string Market = "bench";
    private const string Instrument = "UKA";
    private const int Accounts = 10_000;
    private const int Days = 1000;
    private const int FactsAtOnce = 5000;
    private const int PostingsOfATrade = 4;
    private const int QuestionsOfARound = 2000;
    private const int Page = 100;
    private static readonly DateTimeOffset Start = new(2021, 1, 4, 1, 30, 0, TimeSpan.Zero);
    private static readonly ComplianceYear[] Vintages = [ComplianceYear.Of(2021), ComplianceYear.Of(2022), ComplianceYear.Of(2023), ComplianceYear.Of(2024)];

    private readonly Random _random = new(4711);
    private NpgsqlDataSource _database = null!;
    private PostingHistory _history = null!;

    private delegate Task Question(Guid account, DateTimeOffset asOf, long version);

    public async Task<object> Run(CancellationToken cancellationToken)
    {
        Figures.Say("Starting PostgreSQL ...");
        await using var servers = RealServers.Own();
        await using var database = _database = NpgsqlDataSource.Create(await servers.CreateDatabase("bench", cancellationToken));
        await new PostingsSchema(database, NullLogger<PostingsSchema>.Instance).StartingAsync(cancellationToken);
        _history = new PostingHistory(database);
        var bookedPerSecond = await Fill(cancellationToken);
        foreach (var sql in (string[])["vacuum analyze", "checkpoint"])
        {
            await using var command = database.CreateCommand(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        var measured = new Dictionary<string, (List<double> Ours, List<double> Raw)>(StringComparer.Ordinal);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (name, ours, raw) in Questions())
            {
                var (mine, bare) = await Ask(ours, raw);
                if (round == 0)
                    continue; // Warms up.
                if (!measured.TryGetValue(name, out var known))
                    measured.Add(name, known = ([], []));
                known.Ours.Add(mine);
                known.Raw.Add(bare);
                Figures.Say($"Round {round} of {rounds}, {name}: p99 {mine:f2} ms, raw {bare:f2} ms");
            }
        }
        return new
        {
            Queries = new
            {
                Postings = postings,
                Accounts,
                BookedPostingsPerSecond = bookedPerSecond.Rounded(),
                P99Ms = measured.ToDictionary(question => question.Key, question => new
                {
                    Ours = question.Value.Ours.Median().Rounded(),
                    Raw = question.Value.Raw.Median().Rounded(),
                    Allowed = ((3 * question.Value.Raw.Median()) + 2).Rounded(),
                }),
            },
        };
    }

    private IEnumerable<(string Name, Question Ours, Question Raw)> Questions()
    {
        yield return ("balance",
            async (account, _, _) => await _history.Holdings(Market, account, await _history.Through(Market, null, null, default), default),
            (account, _, _) => Raw("select asset, vintage, balance from postings.balances where market = $1 and account = $2", account));
        yield return ("statementPage",
            async (account, asOf, _) => await _history.Statement(
                Market, account, new PostingCursor(await _history.Through(Market, asOf, null, default), int.MaxValue), long.MaxValue, Page, default),
            (account, _, version) => Raw(
                $"select * from postings.entries where market = $1 and account = $2 and (version, line) > ($3, 0) order by version, line limit {Page}", account, version));
        yield return ("balanceAsOf",
            async (account, asOf, _) => await _history.Holdings(Market, account, await _history.Through(Market, asOf, null, default), default),
            (account, _, version) => Raw(
                """
                select b.asset, b.vintage, e.vintage_balance from postings.balances b cross join lateral (
                    select vintage_balance from postings.entries
                    where market = b.market and account = b.account and asset = b.asset and vintage = b.vintage and version <= $3
                    order by version desc, line desc limit 1) e
                where b.market = $1 and b.account = $2
                """, account, version));
    }

    private async Task<(double Ours, double Raw)> Ask(Question ours, Question raw)
    {
        var (mine, bare) = (new List<double>(), new List<double>());
        for (var question = 0; question < QuestionsOfARound; question++)
        {
            var share = _random.NextDouble();
            var (account, asOf, version) = (Account(_random.Next(Accounts)), Start.AddDays(share * Days), (long)(share * postings / PostingsOfATrade));
            // Each asks first every other time: whoever comes second finds the pages warm.
            if (question % 2 == 0)
                mine.Add(await Timed(ours));
            bare.Add(await Timed(raw));
            if (question % 2 == 1)
                mine.Add(await Timed(ours));

            async Task<double> Timed(Question asked)
            {
                var started = Stopwatch.GetTimestamp();
                await asked(account, asOf, version);
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }
        return (mine.Order().ToList().Quantile(0.99), bare.Order().ToList().Quantile(0.99));
    }

    private async Task Raw(string sql, Guid account, long? version = null)
    {
#pragma warning disable CA2100 // The statements of this class.
        await using var select = _database.CreateCommand(sql);
#pragma warning restore CA2100
        select.Parameters.AddWithValue(Market);
        select.Parameters.AddWithValue(account);
        if (version is { } known)
            select.Parameters.AddWithValue(known);
        await using var rows = await select.ExecuteReaderAsync();
        var values = new object[rows.FieldCount];
        while (await rows.ReadAsync())
            rows.GetValues(values);
    }

    /// <summary>Settled trades among the accounts, spread over a thousand days.</summary>
    private async Task<double> Fill(CancellationToken cancellationToken)
    {
        var (store, head, started) = (new PostingStore(_database), PostingHead.Start, Stopwatch.GetTimestamp());
        var trades = postings / PostingsOfATrade;
        while (head.Version < trades)
        {
            var first = head.Version;
            JournalFact[] facts = [.. Enumerable.Range(1, (int)Math.Min(FactsAtOnce, trades - first)).Select(place => Fact(first + place, trades))];
            head = await store.Book(Market, head, facts, cancellationToken);
            if (head.Version % 250_000 == 0)
                Figures.Say($"{head.Version * PostingsOfATrade} postings");
        }
        return postings / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private JournalFact Fact(long version, long trades)
    {
        var at = Start.AddDays((double)version / trades * Days);
        var (buyer, seller) = (_random.Next(Accounts), _random.Next(Accounts - 1));
        var first = _random.NextInt64(1, 1_000_000_000);
        return new JournalFact(version, at.AddYears(5), new TradeSettled(
            version, DeterministicGuid.From(Guid.Empty, "trade", version), Participant(buyer), Account(buyer), Participant(seller), Account(seller >= buyer ? seller + 1 : seller),
            Instrument, Blocks.Of(new Block(Vintages[version % Vintages.Length], first, first + _random.Next(1, 1000))), Money.OfMinor(_random.Next(1, 1_000_000)), at));
    }

    private static Guid Participant(int number) => DeterministicGuid.From(Guid.Empty, "participant", number);

    private static Guid Account(int number) => DeterministicGuid.From(Guid.Empty, "account", number);
}
