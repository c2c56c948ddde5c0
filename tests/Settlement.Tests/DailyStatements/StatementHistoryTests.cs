using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using CarbonMarket.Testing.Servers;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.DailyStatements;

/// <summary>Statements out of a real PostgreSQL, against the journal that they are of.</summary>
public sealed class StatementHistoryTests : IAsyncLifetime
{
    private const string Uk = "uk-ets";
    private NpgsqlDataSource _database = null!;
    private PostingStore _store = null!;
    private PostingHistory _postings = null!;
    private StatementHistory _statements = null!;

    public async ValueTask InitializeAsync()
    {
        _database = NpgsqlDataSource.Create(await RealServers.CreateDatabase("statements"));
        await Schema();
        (_store, _postings, _statements) = (new PostingStore(_database), new PostingHistory(_database), new StatementHistory(_database));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Every_entry_is_on_exactly_one_statement_and_each_statement_begins_where_the_one_before_ends() =>
        await Gen.Select(RandomHistory.Commands, Gen.Int[1, 6]).SampleAsync(async (commands, days) =>
        {
            var closes = Enumerable.Range(0, days).Select(day => (LedgerCommand)Close(0, Today.AddDays(100 + day)));
            var journal = Journal([.. commands.Chunk(Math.Max(1, commands.Length / days)).Zip(closes, (part, close) => part.Append(close)).SelectMany(part => part)]);
            await _store.Forget(Uk, default);
            await _store.Book(Uk, PostingHead.Start, journal, default);
            var ends = (await _statements.Days(Uk, null, 500, default)).OrderBy(end => end.Version).ToList();
            ends.Select(end => (end.TradingDay, end.Version)).ShouldBe(
                journal.Where(fact => fact.Data is TradingDayCleared).Select(fact => (((TradingDayCleared)fact.Data).TradingDay, fact.Version)));
            foreach (var participant in new[] { Smelter, Kiln, Broker })
                await StatementsOf(participant, journal, ends);
        }, iter: 25, threads: 1);

    [Fact]
    public async Task Postings_from_before_there_were_ends_of_days_are_written_anew()
    {
        var journal = Journal([OpenTrading(Smelter), Deposit(Smelter, 10), Close(0)]);
        await _store.Book(Uk, PostingHead.Start, journal, default);
        await using (var command = _database.CreateCommand("drop table postings.days; drop table postings.undelivered"))
            await command.ExecuteNonQueryAsync();
        await Schema();
        (await _store.Head(Uk, default)).ShouldBe(PostingHead.Start);
        await _store.Book(Uk, PostingHead.Start, journal, default);
        (await _statements.Days(Uk, null, 10, default)).ShouldHaveSingleItem().TradingDay.ShouldBe(Today);
    }

    private async Task StatementsOf(Guid participant, JournalFact[] journal, List<DayEnd> ends)
    {
        var (account, opens, opening) = (Trading(participant), 0L, Balances([]));
        foreach (var end in ends)
        {
            (await _statements.Day(Uk, end.TradingDay, default)).ShouldBe((end, opens));
            var closing = Balances(await _postings.Holdings(Uk, account, end.Version, default));
            var totals = await _statements.Totals(Uk, account, opens, end.Version, default);
            foreach (var asset in opening.Keys.Union(closing.Keys).Union(totals.Select(total => total.Asset)))
                closing.GetValueOrDefault(asset).ShouldBe(
                    opening.GetValueOrDefault(asset) + totals.Where(total => total.Asset == asset).Sum(total => total.In - total.Out));
            var lines = await Pages(account, opens, end.Version);
            lines.Select(line => line.Version).ShouldBe(journal
                .Where(fact => fact.Version > opens && fact.Version <= end.Version && Booked.Movements.Of((LedgerEvent)fact.Data).Any(movement => Touches(movement, account)))
                .Select(fact => fact.Version));
            lines.Sum(line => line.CashInMinor.Minor - line.CashOutMinor.Minor).ShouldBe(closing.GetValueOrDefault("cash") - opening.GetValueOrDefault("cash"));
            (await _statements.Undelivered(Uk, participant, opens, end.Version, default)).Select(trade => (trade.Version, trade.TradeSequence, trade.Failed)).ShouldBe(
                journal.Where(fact => fact.Version > opens && fact.Version <= end.Version).SelectMany(fact => fact.Data switch
                {
                    TradePostponed e when e.BuyerParticipantId == participant || e.SellerParticipantId == participant => [(fact.Version, e.Sequence, false)],
                    TradeFailed e when e.BuyerParticipantId == participant || e.SellerParticipantId == participant => [(fact.Version, e.Sequence, true)],
                    _ => (IEnumerable<(long, long, bool)>)[],
                }));
            (opens, opening) = (end.Version, closing);
        }
    }

    private async Task<List<StatementLine>> Pages(Guid account, long opens, long through)
    {
        var (lines, seen) = (new List<StatementLine>(), opens);
        while (await _statements.Lines(Uk, account, seen, through, 3, default) is { Count: > 0 } page)
        {
            page.Count.ShouldBeLessThanOrEqualTo(3);
            lines.AddRange(page);
            seen = page[^1].Version;
        }
        return lines;
    }

    private static bool Touches(Movement movement, Guid account) => movement.FromAccountId == account || movement.ToAccountId == account;

    private static Dictionary<string, long> Balances(IReadOnlyList<AssetBalance> balances) =>
        balances.GroupBy(held => held.Asset).ToDictionary(asset => asset.Key, asset => asset.Sum(held => held.Balance));

    private static JournalFact[] Journal(LedgerCommand[] commands)
    {
        var (ledger, journal) = (Model.Initial(), new List<JournalFact>());
        foreach (var fact in commands.SelectMany(command => RandomHistory.Perform(ledger, command)))
        {
            ledger = Model.Evolve(ledger, fact);
            journal.Add(new JournalFact(journal.Count + 1, Booked.FirstDay.AddSeconds(journal.Count), fact));
        }
        return [.. journal];
    }

    private Task Schema() => new PostingsSchema(_database, NullLogger<PostingsSchema>.Instance).StartingAsync(default);
}
