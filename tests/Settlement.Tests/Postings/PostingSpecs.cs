using System.Diagnostics;
using System.Runtime.CompilerServices;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Transfers;
using CarbonMarket.Settlement.Withdrawals;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Postings;

public sealed class PostingSpecs
{
    [Fact]
    public void An_issuance_comes_from_the_issuance_account_which_stands_below_zero_by_it() =>
        Lines(new UnitsIssued(Id("i"), Holding(Smelter), Smelter, AccountTypes.OperatorHolding, Uka, new Block(Y2021, 1, 100), null, Noon)).ShouldBe([
            ("issuance", Booked.Movements.Issuance, 0, 100, -100, "1-100"), ("issuance", Holding(Smelter), 100, 0, 100, "1-100")]);

    [Fact]
    public void A_line_of_an_allocation_plan_is_an_issuance_by_the_plan() =>
        Lines(new UnitsAllocated(Id("plan"), 3, Holding(Smelter), Smelter, Uka, new Block(Y2021, 1, 7), Noon)).ShouldBe([
            ("allocation", Booked.Movements.Issuance, 0, 7, -7, "1-7"), ("allocation", Holding(Smelter), 7, 0, 7, "1-7")]);

    [Fact]
    public void A_transfer_of_two_vintages_is_posted_by_vintage_and_states_what_is_left_of_all()
    {
        var booked = Booked.Of([
            new UnitsAllocated(Id("plan"), 0, Holding(Smelter), Smelter, Uka, new Block(Y2021, 1, 10), Noon),
            new UnitsAllocated(Id("plan"), 1, Holding(Smelter), Smelter, Uka, new Block(Y2022, 1, 10), Noon)]);
        var moved = booked.Add(new UnitsTransferred(Id("t"), TransactionTypes.TransferToTrading, Holding(Smelter), Smelter, Trading(Smelter), Smelter, Uka,
            Blocks.Of(new Block(Y2022, 1, 2), new Block(Y2021, 1, 10)), Noon));
        moved.Select(posting => (posting.Line, posting.AccountId, posting.Vintage, posting.In, posting.Out, posting.VintageBalance, posting.Balance)).ShouldBe([
            (1, Holding(Smelter), Y2021, 0, 10, 0, 10), (2, Trading(Smelter), Y2021, 10, 0, 10, 10),
            (3, Holding(Smelter), Y2022, 0, 2, 8, 8), (4, Trading(Smelter), Y2022, 2, 0, 2, 12)]);
    }

    [Fact]
    public void A_settled_trade_posts_its_units_one_way_and_its_cash_the_other() =>
        Lines(new TradeSettled(1, Id("trade"), Smelter, Trading(Smelter), Broker, Trading(Broker), Uka, Serials(Y2021, 1, 5), Pence(500), Noon)).ShouldBe([
            ("trade-settlement", Trading(Broker), 0, 5, -5, "1-5"), ("trade-settlement", Trading(Smelter), 5, 0, 5, "1-5"),
            ("trade-settlement", Trading(Smelter), 0, 500, -500, ""), ("trade-settlement", Trading(Broker), 500, 0, 500, "")]);

    [Fact]
    public void A_settled_trade_posts_the_fees_of_both_sides_and_what_of_them_is_set_aside() =>
        Lines(new TradeSettled(1, Id("trade"), Smelter, Trading(Smelter), Broker, Trading(Broker), Uka, Serials(Y2021, 1, 5), Pence(500), Noon)
        {
            BuyerFeeMinor = Pence(5), SellerFeeMinor = Pence(4), RiskReserveMinor = Pence(3),
        }).Skip(4).ShouldBe([
            ("trade-fee", Trading(Smelter), 0, 5, -505, ""), ("trade-fee", Booked.Movements.Fees, 5, 0, 5, ""),
            ("trade-fee", Trading(Broker), 0, 4, 496, ""), ("trade-fee", Booked.Movements.Fees, 4, 0, 9, ""),
            ("risk-reserve-contribution", Booked.Movements.Fees, 0, 3, 6, ""), ("risk-reserve-contribution", Booked.Movements.RiskReserve, 3, 0, 3, "")]);

    [Fact]
    public void A_surrender_goes_to_the_surrender_account() =>
        Lines(new UnitsSurrendered(Id("s"), Holding(Smelter), Smelter, SurrenderAccount, Uka, null, Serials(Y2021, 4, 5), Noon)).ShouldBe([
            ("surrender", Holding(Smelter), 0, 2, -2, "4-5"), ("surrender", SurrenderAccount, 2, 0, 2, "4-5")]);

    [Fact]
    public void A_completed_transaction_is_posted_under_its_own_type() =>
        Lines(new TransactionCompleted(Id("c"), "voluntary-cancellation", Holding(Smelter), Smelter, Cancellation, Guid.Empty, Uka, Serials(Y2021, 1, 3),
            CompletedKind.Moved, null, null, Noon)).ShouldBe([
            ("voluntary-cancellation", Holding(Smelter), 0, 3, -3, "1-3"), ("voluntary-cancellation", Cancellation, 3, 0, 3, "1-3")]);

    [Fact]
    public void Withdrawals_take_units_home_and_cash_to_the_bank()
    {
        Lines(new UnitsWithdrawn(Id("w"), Smelter, Trading(Smelter), Holding(Smelter), Uka, Serials(Y2021, 1, 3), Noon)).ShouldBe([
            ("transfer-from-trading", Trading(Smelter), 0, 3, -3, "1-3"), ("transfer-from-trading", Holding(Smelter), 3, 0, 3, "1-3")]);
        Lines(new CashWithdrawn(Id("w"), Smelter, Trading(Smelter), Pence(9), Noon)).ShouldBe([
            ("cash-withdrawal", Trading(Smelter), 0, 9, -9, ""), ("cash-withdrawal", Booked.Movements.Bank, 9, 0, 9, "")]);
    }

    [Fact]
    public void Somebody_has_said_of_every_kind_of_fact_what_it_moves()
    {
        foreach (var (type, name) in EventNames.All)
        {
            try
            {
                _ = Booked.Movements.Of((LedgerEvent)RuntimeHelpers.GetUninitializedObject(type)).Count();
            }
            catch (Exception exception) when (exception is ArgumentNullException or NullReferenceException)
            {
                // It moves something, and an empty one has nothing to move.
            }
            catch (UnreachableException exception)
            {
                Assert.Fail($"{name}: {exception.Message}");
            }
        }
    }

    [Fact]
    public void A_refusal_moves_nothing_and_is_no_version_of_the_ledger()
    {
        var booked = new Booked();
        booked.Add(new object()).ShouldBeEmpty();
        booked.Head.ShouldBe(new PostingHead(1, 0, DateTimeOffset.UnixEpoch, Booked.FirstDay));
    }

    [Fact]
    public void A_fact_that_is_missing_is_noticed() =>
        Should.Throw<LedgerImbalanceException>(() => Bookkeeping.Book(
            Booked.Movements, PostingHead.Start, [new JournalFact(2, Booked.FirstDay, new ClearingDue(Today, 0, Noon))], new RunningBalances()));

    [Fact]
    public void After_every_fact_of_any_history_the_postings_sum_up_to_what_the_ledger_holds() =>
        RandomHistory.Commands.Sample(commands =>
        {
            var (ledger, booked) = (Model.Initial(), new Booked());
            foreach (var command in commands)
            {
                foreach (var fact in RandomHistory.Perform(ledger, command))
                {
                    ledger = Model.Evolve(ledger, fact);
                    var added = booked.Add(fact);
                    added.GroupBy(posting => (posting.Asset, posting.Vintage)).ShouldAllBe(moved => moved.Sum(posting => posting.In - posting.Out) == 0);
                    booked.Head.LedgerVersion.ShouldBe(ledger.Version);
                    foreach (var posting in added.Where(posting => !Booked.IsOfTheWorld(posting.AccountId)))
                        posting.Balance.ShouldBeGreaterThanOrEqualTo(0);
                    Same(Booked.SumsOf(booked.Postings), Booked.HoldingsOf(ledger), $"after {fact}");
                }
            }
            foreach (var position in booked.Postings.GroupBy(posting => new Position(posting.AccountId, posting.Asset, posting.Vintage)))
                position.Last().VintageBalance.ShouldBe(position.Sum(posting => posting.In - posting.Out));
        }, iter: 200, threads: 1);

    internal static void Same(Dictionary<Position, long> one, Dictionary<Position, long> other, string when) => Text(one).ShouldBe(Text(other), when);

    private static string Text(Dictionary<Position, long> holdings) => string.Join('\n', holdings.Select(held => $"{held.Key}: {held.Value}").Order(StringComparer.Ordinal));

    private static IEnumerable<(string Type, Guid Account, long In, long Out, long Balance, string Serials)> Lines(LedgerEvent fact) =>
        Booked.Of([fact]).Postings.Select(posting => (posting.Type, posting.AccountId, posting.In, posting.Out, posting.Balance,
            string.Join(' ', posting.Serials.Select(range => $"{range.First}-{range.Last}"))));
}
