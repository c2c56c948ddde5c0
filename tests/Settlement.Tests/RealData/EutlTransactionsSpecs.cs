using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using CarbonMarket.Settlement.SecondBook;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.RealData;

/// <summary>
/// Real transactions of the EU registry between 2005 and 2012, every row a transfer between two holding accounts by two officials.
/// What accounts had before the first row is not told, so they are opened with as much as they ever lack.
/// </summary>
public sealed class EutlTransactionsSpecs
{
    private const int YearsLater = 16;
    private const int EveryStatement = 2000;
    private const int EveryTrace = 40;

    /// <param name="Vintage">Stands for the type of unit: each is a series of its own.</param>
    private sealed record Row(long Id, DateTimeOffset At, Guid From, Guid To, ComplianceYear Vintage, long Amount);

    [Fact]
    public async Task The_registry_replays_them_and_every_unit_stays_to_be_found()
    {
        var rows = Rows();
        var opening = Lacking(rows);
        var (ledger, booked) = (Model.Initial(), new Booked());
        foreach (var command in Opening(rows, opening))
            Do(ledger, booked, command);
        var issued = ConservationStatement.Of(ledger);

        var ownAccount = 0;
        foreach (var (step, row) in rows.Index())
        {
            if (row.From == row.To)
            {
                ownAccount++;
                ShouldBeRefused(ledger, row, "recipient-is-sender");
                continue;
            }
            var before = booked.Postings.Count;
            Do(ledger, booked, Propose(row));
            Do(ledger, booked, new ApproveTransaction(IdOf(row), OfficialTwo, row.At));
            Conserves(booked, before, row);
            if (step % EveryStatement == 0)
                ConservationStatement.Of(ledger).ShouldSatisfyAllConditions(
                    now => now.Balanced.ShouldBeTrue($"after row {row.Id}"), now => now.Instruments.ShouldBe(issued.Instruments, $"after row {row.Id}"));
        }

        ownAccount.ShouldBeLessThan(rows.Count);
        ConservationStatement.Of(ledger).Balanced.ShouldBeTrue();
        PostingSpecs.Same(Booked.HoldingsOf(ledger), Plainly(rows, opening), "at the end");
        TheSecondBookAgrees(ledger, booked);
        EveryBlockCameFromItsIssuance(ledger, booked);
        await TheStoreTracesThem(ledger, booked);
    }

    private static List<Row> Rows() => [..
        from columns in SharedData.Rows("eutl/transactions_subset.csv")
        let row = new Row(
            Number(columns[0]), DateTimeOffset.Parse(columns[2], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).AddYears(YearsLater),
            Id($"eutl {columns[5]}"), Id($"eutl {columns[6]}"), SeriesOf(columns[7]), Number(columns[9]))
        orderby row.At, row.Id
        select row];

    private static ComplianceYear SeriesOf(string unitType) => ComplianceYear.Of(
        2021 + Array.IndexOf((string[])["EUA2005", "EUA_2008", "CER", "ERU", "AAU"], unitType));

    private static long Number(string text) => (long)decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The running minimum of each account and type of unit: what it must have had at the beginning.</summary>
    private static Dictionary<(Guid Account, ComplianceYear Vintage), long> Lacking(List<Row> rows)
    {
        var (running, least) = (new Dictionary<(Guid, ComplianceYear), long>(), new Dictionary<(Guid, ComplianceYear), long>());
        foreach (var row in rows.Where(row => row.From != row.To))
        {
            var left = running[(row.From, row.Vintage)] = running.GetValueOrDefault((row.From, row.Vintage)) - row.Amount;
            least[(row.From, row.Vintage)] = Math.Min(least.GetValueOrDefault((row.From, row.Vintage)), left);
            running[(row.To, row.Vintage)] = running.GetValueOrDefault((row.To, row.Vintage)) + row.Amount;
        }
        return least.Where(entry => entry.Value < 0).ToDictionary(entry => entry.Key, entry => -entry.Value);
    }

    private static IEnumerable<LedgerCommand> Opening(List<Row> rows, Dictionary<(Guid Account, ComplianceYear Vintage), long> opening)
    {
        foreach (var holder in rows.SelectMany(row => (Guid[])[row.From, row.To]).Distinct().Order())
            yield return OpenHolding(holder);
        foreach (var ((holder, vintage), amount) in opening.OrderBy(entry => entry.Key.Account).ThenBy(entry => entry.Key.Vintage))
        {
            var id = DeterministicGuid.From(holder, $"opening {vintage}");
            yield return new ProposeIssuance(id, Holding(holder), Uka, vintage, Units(amount), Proposer, Noon);
            yield return new ApproveIssuance(id, Approver, Noon);
        }
    }

    private static ProposeTransaction Propose(Row row) => new(
        IdOf(row), "exchange", Holding(row.From), Holding(row.To), Uka, Units(row.Amount), row.Vintage, null, null, null, $"row {row.Id}", OfficialOne, row.At);

    private static Guid IdOf(Row row) => DeterministicGuid.From(Guid.Empty, "eutl row", row.Id);

    private static void Do(LedgerState ledger, Booked booked, LedgerCommand command)
    {
        var accepted = Model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Accepted>($"{command} was refused");
        foreach (var fact in accepted.Events)
        {
            Model.Evolve(ledger, fact);
            booked.Add(fact);
        }
    }

    private static void ShouldBeRefused(LedgerState ledger, Row row, string code)
    {
        var before = ledger.Version;
        Model.Decide(ledger, Propose(row)).ShouldBeOfType<Decision<LedgerEvent>.Rejected>().Code.ShouldBe(code);
        ledger.Version.ShouldBe(before);
    }

    private static void Conserves(Booked booked, int before, Row row)
    {
        var moved = booked.Postings[before..];
        moved.Sum(posting => posting.In).ShouldBe(row.Amount, $"row {row.Id}");
        moved.Sum(posting => posting.Out).ShouldBe(row.Amount, $"row {row.Id}");
        moved.ShouldAllBe(posting => posting.VintageBalance >= 0 && posting.Balance >= posting.VintageBalance);
        moved.ShouldAllBe(posting => posting.Serials.Sum(serials => serials.Count) == row.Amount);
    }

    private static Dictionary<Position, long> Plainly(List<Row> rows, Dictionary<(Guid Account, ComplianceYear Vintage), long> opening) => opening
        .Select(entry => (entry.Key.Account, entry.Key.Vintage, Amount: entry.Value))
        .Concat(rows.Select(row => (row.From, row.Vintage, -row.Amount))).Concat(rows.Select(row => (row.To, row.Vintage, row.Amount)))
        .GroupBy(change => new Position(Holding(change.Item1), Uka, change.Vintage), change => change.Item3)
        .Select(position => KeyValuePair.Create(position.Key, position.Sum()))
        .Where(position => position.Value != 0).ToDictionary();

    private static void TheSecondBookAgrees(LedgerState ledger, Booked booked)
    {
        var book = new RecomputedBook();
        booked.Postings.ForEach(book.Enter);
        Comparing.Differences(LedgerCopy.Of(ledger), book, Booked.Movements).ShouldBeEmpty();
    }

    private static void EveryBlockCameFromItsIssuance(LedgerState ledger, Booked booked)
    {
        var passages = booked.Postings.Where(posting => posting.In > 0).GroupBy(posting => posting.Vintage!.Value)
            .ToDictionary(series => series.Key, series => series.ToList());
        foreach (var (account, block) in Lying(ledger))
        {
            var at = Booked.Movements.Issuance;
            foreach (var passage in passages[block.Vintage].Where(posting => posting.Serials.Any(serials => serials.First <= block.First && block.First <= serials.Last)))
            {
                passage.CounterAccountId.ShouldBe(at);
                at = passage.AccountId;
            }
            at.ShouldBe(account.Id, $"{block}");
        }
    }

    private static async Task TheStoreTracesThem(LedgerState ledger, Booked booked)
    {
        await using var database = NpgsqlDataSource.Create(await RealServers.CreateDatabase("eutl"));
        await new PostingsSchema(database, NullLogger<PostingsSchema>.Instance).StartingAsync(default);
        var (store, history, head) = (new PostingStore(database), new PostingHistory(database), PostingHead.Start);
        foreach (var part in booked.Journal.Chunk(1000))
            head = await store.Book("uk-ets", head, part, default);
        head.ShouldBe(booked.Head);
        foreach (var (account, block) in Lying(ledger).Where((_, place) => place % EveryTrace == 0))
        {
            var way = await history.Trace("uk-ets", Uka, block.Vintage, new SerialRange(block.First, block.Last), default, head.Version, [], 500, default);
            way[0].FromAccountId.ShouldBe(Booked.Movements.Issuance);
            way[^1].ToAccountId.ShouldBe(account.Id);
            (await history.Owner("uk-ets", Uka, block.Vintage, block.Last, head.Version, default))!.ToAccountId.ShouldBe(account.Id);
        }
    }

    private static IEnumerable<(Account Account, Block Block)> Lying(LedgerState ledger) =>
        ledger.Accounts.All.SelectMany(account => account.AllBlocks.Select(lies => (account, lies.Block)));
}
