using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using CarbonMarket.Settlement.SecondBook;
using CarbonMarket.Settlement.Transactions;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Conservation;

/// <summary>What holds after every fact of every history, whatever types of transactions are in it.</summary>
public sealed class TransactionProperties
{
    private static readonly Movements Movements = new("gansu");
    private static readonly string[] Final = [AccountTypes.Surrender, AccountTypes.Cancellation];

    [Fact]
    public void Units_and_cash_are_conserved_and_nothing_leaves_where_it_has_ended_but_by_what_undoes_a_surrender() =>
        TransactionHistory.Commands.Sample(commands => Each(commands, (ledger, fact, ended) =>
        {
            ConservationStatement.Of(ledger).Balanced.ShouldBeTrue($"after {fact}");
            if (fact is not TransactionCompleted { Kind: CompletedKind.SurrenderReversed })
                ended.TrueForAll(lay => ledger.Accounts[lay.AccountId].Within(lay.Instrument, lay.Block).Quantity == lay.Block.Quantity).ShouldBeTrue($"after {fact}");
        }), iter: 60, threads: 1);

    [Fact]
    public void Whatever_comes_twice_has_one_effect() =>
        TransactionHistory.Commands.Sample(commands => OnceOnly(Model, commands, TransactionHistory.Perform), iter: 40, threads: 1);

    [Fact]
    public void Whatever_comes_twice_has_one_effect_in_the_uk() =>
        RandomHistory.Commands.Sample(commands => OnceOnly(Market.Model, commands, RandomHistory.Perform), iter: 40, threads: 1);

    [Fact]
    public void Whatever_comes_twice_has_one_effect_on_what_is_owed() =>
        GansuHistory.Commands.Sample(commands => OnceOnly(Model, commands, GansuHistory.Perform), iter: 40, threads: 1);

    [Fact]
    public void In_whatever_order_things_come_and_wherever_the_process_ends_units_and_cash_are_conserved() =>
        Gen.Select(TransactionHistory.Commands.SelectMany(commands => Gen.Shuffle(commands)), Gen.Int[0, int.MaxValue]).Sample((commands, seed) =>
        {
            var (ledger, journal, random) = (Model.Initial(), new List<LedgerEvent>(), new Random(seed));
            foreach (var command in commands)
            {
                foreach (var fact in TransactionHistory.Perform(ledger, command))
                {
                    journal.Add(fact);
                    ledger = Model.Evolve(ledger, fact);
                }
                ConservationStatement.Of(ledger).Balanced.ShouldBeTrue($"after {command}");
                if (random.Next(5) == 0)
                    ledger = Model.ReadSnapshot(Model.WriteSnapshot(ledger));
            }
            Model.WriteSnapshot(journal.Aggregate(Model.Initial(), Model.Evolve)).ShouldBe(Model.WriteSnapshot(ledger));
        }, iter: 40, threads: 1);

    [Fact]
    public void At_every_version_the_second_book_and_the_postings_say_what_the_ledger_held_then() =>
        TransactionHistory.Commands.Sample(commands =>
        {
            var (book, balances, head) = (new RecomputedBook(), new RunningBalances(), PostingHead.Start);
            Each(commands, (ledger, fact, _) =>
            {
                var part = Bookkeeping.Book(Movements, head, [new JournalFact(head.Version + 1, Booked.FirstDay, fact)], balances);
                head = part.Head;
                foreach (var posting in part.Postings)
                {
                    book.Enter(posting);
                    if (posting.AccountId != Movements.Issuance && posting.AccountId != Movements.Bank)
                        posting.VintageBalance.ShouldBeGreaterThanOrEqualTo(0, $"{fact}");
                }
                Comparing.Differences(LedgerCopy.Of(ledger), book, Movements).ShouldBeEmpty($"after {fact}");
            });
        }, iter: 20, threads: 1);

    [Fact]
    public void The_histories_hold_transactions_of_every_type_of_the_pack()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        TransactionHistory.Commands.Sample(commands => Each(commands, (_, fact, _) => seen.UnionWith(TransactionHistory.TypesOf(fact))), iter: 1_000, threads: 1);
        Rules.PackAt(On(2025, 4, 1)).Registry.TransactionTypes.Select(type => type.Id).Except(seen, StringComparer.Ordinal).ShouldBeEmpty();
    }

    private static void Each(LedgerCommand[] commands, Action<LedgerState, LedgerEvent, List<(Guid AccountId, string Instrument, Block Block)>> see)
    {
        var ledger = Model.Initial();
        foreach (var fact in commands.SelectMany(command => TransactionHistory.Perform(ledger, command)))
        {
            var ended = ledger.Accounts.All.Where(account => Final.Contains(account.Type, StringComparer.Ordinal))
                .SelectMany(account => account.AllBlocks.Select(lies => (account.Id, lies.Instrument, lies.Block))).ToList();
            ledger = Model.Evolve(ledger, fact);
            see(ledger, fact, ended);
        }
    }

    /// <summary>Decided again it is refused, or it is as if it had not come.</summary>
    private static void OnceOnly(LedgerModel model, LedgerCommand[] commands, Func<LedgerState, LedgerCommand, IEnumerable<LedgerEvent>> perform)
    {
        var ledger = model.Initial();
        foreach (var command in commands)
        {
            var first = model.Decide(ledger, command);
            ledger = perform(ledger, command).Aggregate(ledger, model.Evolve);
            if (first is Decision<LedgerEvent>.Accepted && model.Decide(ledger, command) is Decision<LedgerEvent>.Accepted again)
                again.Events.ShouldBeEmpty($"{command} came twice");
        }
    }
}
