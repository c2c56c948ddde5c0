using CarbonMarket.Settlement.Ledger;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Conservation;

public sealed class ConservationProperties
{
    [Fact]
    public void Units_and_cash_are_conserved_at_every_step_of_any_history() =>
        RandomHistory.Commands.Sample(commands =>
        {
            var ledger = Model.Initial();
            foreach (var command in commands)
            {
                foreach (var @event in RandomHistory.Perform(ledger, command))
                {
                    ledger = Model.Evolve(ledger, @event);
                    var statement = ConservationStatement.Of(ledger);
                    statement.Balanced.ShouldBeTrue($"after {@event}: {statement}");
                }
            }
        }, iter: 300, threads: 1);

    [Fact]
    public void Pendings_are_what_the_open_trades_say_at_every_step() =>
        RandomHistory.Commands.Sample(commands =>
        {
            var ledger = Model.Initial();
            foreach (var command in commands)
                ledger = RandomHistory.Perform(ledger, command).Aggregate(ledger, Model.Evolve);
            foreach (var account in ledger.Accounts.Opened.Where(account => account.Type == AccountTypes.Trading))
            {
                var buys = ledger.Clearing.Open.Where(trade => trade.BuyerParticipantId == account.ParticipantId).ToList();
                var sells = ledger.Clearing.Open.Where(trade => trade.SellerParticipantId == account.ParticipantId).ToList();
                account.Pending(Uka).In.Value.ShouldBe(buys.Sum(trade => trade.Quantity.Value));
                account.Pending(Uka).Out.Value.ShouldBe(sells.Sum(trade => trade.Quantity.Value));
                account.CashPendingOut.Minor.ShouldBe(buys.Sum(trade => (trade.Cash + trade.BuyerFee).Minor));
                account.CashPendingIn.Minor.ShouldBe(sells.Sum(trade => (trade.Cash - trade.SellerFee).Minor));
            }
        }, iter: 300, threads: 1);

    [Fact]
    public void A_snapshot_and_the_events_after_it_give_what_the_whole_journal_gives() =>
        Gen.Select(RandomHistory.Commands, Gen.Int[0, 200]).Sample((commands, at) =>
        {
            var live = Model.Initial();
            var journal = new List<LedgerEvent>();
            byte[] snapshot = Model.WriteSnapshot(live);
            var taken = 0;
            foreach (var command in commands)
            {
                foreach (var @event in RandomHistory.Perform(live, command))
                {
                    journal.Add(@event);
                    live = Model.Evolve(live, @event);
                }
                if (journal.Count <= at)
                    (snapshot, taken) = (Model.WriteSnapshot(live), journal.Count);
            }
            var full = journal.Aggregate(Model.Initial(), Model.Evolve);
            var resumed = journal.Skip(taken).Aggregate(Model.ReadSnapshot(snapshot), Model.Evolve);
            Text(full).ShouldBe(Text(live));
            Text(resumed).ShouldBe(Text(live));
            NextAction.Due(resumed, Noon.AddYears(3)).Select(action => action.CommandId).ShouldBe(NextAction.Due(live, Noon.AddYears(3)).Select(action => action.CommandId));
        }, iter: 200, threads: 1);

    [Fact]
    public void An_issued_serial_that_is_nowhere_is_noticed()
    {
        var ledger = After([OpenTrading(Broker), .. Issue(Trading(Broker), 10, Y2021)]);
        ConservationStatement.Of(ledger).Balanced.ShouldBeTrue();
        ledger.Accounts[Trading(Broker)].Units.Take(Uka, new Block(Y2021, 5, 5));
        ConservationStatement.Of(ledger).Balanced.ShouldBeFalse();
    }

    [Fact]
    public void Cash_that_nobody_deposited_is_noticed()
    {
        var ledger = After(OpenTrading(Broker), Deposit(Broker, 5));
        ledger.Accounts[Trading(Broker)].Credit(Pence(1));
        ConservationStatement.Of(ledger).Balanced.ShouldBeFalse();
    }

    private static string Text(LedgerState ledger) => System.Text.Encoding.UTF8.GetString(Model.WriteSnapshot(ledger));
}
