using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.SecondBook;

public sealed class SecondBookSpecs
{
    private static readonly Guid Comparison = Id("comparison");
    private static readonly BookDifference Difference = new(Trading(Broker), Broker, Movement.Cash, null, 6, 5, false);

    [Fact]
    public void After_any_history_the_second_book_agrees_with_the_ledger_on_every_unit_and_all_cash() =>
        RandomHistory.Commands.Sample(commands =>
        {
            var (ledger, booked) = (Model.Initial(), new Booked());
            foreach (var fact in commands.SelectMany(command => RandomHistory.Perform(ledger, command)))
            {
                ledger = Model.Evolve(ledger, fact);
                booked.Add(fact);
            }
            Differences(ledger, booked.Postings).ShouldBeEmpty();
        }, iter: 300, threads: 1);

    [Fact]
    public void Cash_that_only_the_ledger_has_is_a_difference()
    {
        var (ledger, postings) = ABroker();
        ledger.Accounts[Trading(Broker)].Credit(Pence(1));
        Differences(ledger, postings).ShouldBe([Difference]);
    }

    [Fact]
    public void Cash_that_only_a_posting_has_is_a_difference()
    {
        var (ledger, postings) = ABroker();
        var deposit = postings.Single(posting => posting is { Asset: Movement.Cash, In: > 0 });
        Differences(ledger, postings.Select(posting => posting == deposit ? posting with { In = 7 } : posting))
            .ShouldBe([Difference with { LedgerAmount = 5, BookAmount = 7 }]);
    }

    [Fact]
    public void As_many_units_but_other_ones_are_a_difference_of_both_accounts()
    {
        var (ledger, postings) = ABroker();
        Swap(ledger.Accounts[Trading(Broker)], ledger.Accounts[Holding(Broker)]);
        Differences(ledger, postings).Select(difference => (difference.AccountId, difference.LedgerAmount, difference.BookAmount))
            .ShouldBe([(Trading(Broker), 4, 4), (Holding(Broker), 6, 6)], ignoreOrder: true);

        static void Swap(Account one, Account other)
        {
            one.Units.Take(Uka, new Block(Y2021, 1, 1));
            other.Units.Take(Uka, new Block(Y2021, 5, 5));
            one.Units.Put(Uka, new Block(Y2021, 5, 5));
            other.Units.Put(Uka, new Block(Y2021, 1, 1));
        }
    }

    [Fact]
    public void A_balance_stated_wrongly_on_the_way_is_a_difference_although_the_books_agree()
    {
        var (ledger, postings) = ABroker();
        var arrival = postings.First(posting => posting.AccountId == Holding(Broker));
        Differences(ledger, postings.Select(posting => posting == arrival ? posting with { VintageBalance = 11 } : posting))
            .ShouldBe([new BookDifference(Holding(Broker), Broker, Uka, Y2021, 6, 6, IsMisstated: true)]);
    }

    [Fact]
    public void An_account_on_which_the_books_differ_is_suspended_by_the_platform() =>
        TheLedger.Given(new AccountOpened(Trading(Broker), "1", Broker, AccountTypes.Trading, Noon))
            .When(new SuspendDifferingAccounts(Comparison, [Trading(Broker), Trading(Broker), SurrenderAccount, Id("nobody")], Noon))
            .Then(Suspended());

    [Fact]
    public void An_account_that_is_suspended_stays_so_and_one_that_an_official_has_opened_again_is_not_stopped_twice_by_the_same_comparison()
    {
        TheLedger.Given(new AccountOpened(Trading(Broker), "1", Broker, AccountTypes.Trading, Noon), Suspended())
            .When(new SuspendDifferingAccounts(Id("another"), [Trading(Broker)], Noon)).Then();
        TheLedger.Given(
                new AccountOpened(Trading(Broker), "1", Broker, AccountTypes.Trading, Noon), Suspended(),
                new AccountStatusChanged(Id("back"), Trading(Broker), Broker, AccountStatuses.Suspended, AccountStatuses.Open, "looked into", "official-1", Noon))
            .When(new SuspendDifferingAccounts(Comparison, [Trading(Broker)], Noon)).Then();
    }

    [Fact]
    public void An_alarm_tells_the_first_hundred_differences() =>
        TheLedger.Given()
            .When(new ReportDifferences(Comparison, 12, 150, [.. Enumerable.Repeat(Difference, 150)], Noon))
            .Then(new BooksDiffered(Comparison, 12, 150, [.. Enumerable.Repeat(Difference, 100)], Noon));

    [Fact]
    public void Who_uses_the_ids_of_a_comparison_first_stops_neither_the_suspension_nor_the_alarm()
    {
        var alarm = new ReportDifferences(Comparison, 12, 1, [Difference], Noon);
        var suspension = new SuspendDifferingAccounts(Comparison, [Trading(Broker)], Noon);
        var squatted = TheLedger.Given().After([
            OpenTrading(Broker), OpenHolding(Broker), .. Issue(Holding(Broker), 10, Y2021),
            Squat(Suspended().ChangeId), Squat(Kernel.DeterministicGuid.From(Comparison, "books-differed"))]);
        squatted.When(suspension).ThenEvents(events => events.ShouldBe([Suspended()]));
        squatted.When(alarm).ThenEvents(events => events.ShouldHaveSingleItem().ShouldBeOfType<BooksDiffered>());
        squatted.After(suspension, alarm).When(suspension).Then();
        squatted.After(suspension, alarm).When(alarm).Then();

        static LedgerCommand Squat(Guid id) => new Transfers.TransferUnits(id, Holding(Broker), Trading(Broker), Uka, Units(1), Broker, Noon);
    }

    private static AccountStatusChanged Suspended() => new(
        Kernel.DeterministicGuid.From(Comparison, $"suspension:{Trading(Broker)}"), Trading(Broker), Broker, AccountStatuses.Open, AccountStatuses.Suspended,
        $"The second book differs from the ledger: comparison {Comparison}.", "settlement", Noon);

    /// <summary>Six units at home and four, the lowest, on the trading account with five pence.</summary>
    private static (LedgerState Ledger, List<Posting> Postings) ABroker()
    {
        LedgerCommand[] commands =
        [
            OpenHolding(Broker), OpenTrading(Broker), Deposit(Broker, 5), .. Issue(Holding(Broker), 10, Y2021),
            new Transfers.TransferUnits(Id("t"), Holding(Broker), Trading(Broker), Uka, Units(4), Broker, Noon),
        ];
        return (After(commands), Booked.After(commands).Postings);
    }

    private static System.Collections.Immutable.ImmutableArray<BookDifference> Differences(LedgerState ledger, IEnumerable<Posting> postings)
    {
        var book = new RecomputedBook();
        foreach (var posting in postings)
            book.Enter(posting);
        return Comparing.Differences(LedgerCopy.Of(ledger), book, Booked.Movements);
    }
}
