using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Ledger;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Conservation;

public sealed class GansuProperties
{
    [Fact]
    public void Whatever_is_surrendered_carried_over_or_owed_units_are_conserved() =>
        GansuHistory.Commands.Sample(commands =>
        {
            var ledger = Model.Initial();
            foreach (var command in commands)
            {
                foreach (var @event in GansuHistory.Perform(ledger, command))
                {
                    ledger = Model.Evolve(ledger, @event);
                    ConservationStatement.Of(ledger).Balanced.ShouldBeTrue($"after {@event}");
                }
            }
        }, iter: 150, threads: 1);

    [Fact]
    public void Nobody_carries_over_more_than_it_may_and_what_answered_is_what_lies_on_the_surrender_account() =>
        GansuHistory.Commands.Sample(commands =>
        {
            var ledger = Model.Initial();
            foreach (var command in commands)
                ledger = GansuHistory.Perform(ledger, command).Aggregate(ledger, Model.Evolve);
            foreach (var who in new[] { Smelter, Kiln })
            {
                var file = ledger.CarryOvers.Of(who, 2025);
                (file.Requested <= file.Held).ShouldBeTrue($"{file}");
                ledger.Debts.DeductionsOf(who).Where(deduction => deduction.Deducted > deduction.Quantity).ShouldBeEmpty();
                ledger.Debts.DebtsOf(who).Where(debt => debt.Settled > debt.Quantity).ShouldBeEmpty();
            }
            var surrendered = ledger.Accounts[SurrenderAccount].AllBlocks.Sum(held => held.Block.Quantity.Value);
            ledger.Compliance.Records.Sum(record => record.Surrendered.Value).ShouldBe(surrendered);
            ledger.Compliance.Records.Sum(record => record.Answers.Sum(answers => (answers.Allowances + answers.Offsets).Value)).ShouldBe(surrendered);
        }, iter: 150, threads: 1);

    [Fact]
    public void A_snapshot_and_the_events_after_it_give_what_the_whole_journal_gives() =>
        Gen.Select(GansuHistory.Commands, Gen.Int[0, 200]).Sample((commands, at) =>
        {
            var live = Model.Initial();
            var journal = new List<LedgerEvent>();
            var (snapshot, taken) = (Model.WriteSnapshot(live), 0);
            foreach (var command in commands)
            {
                foreach (var @event in GansuHistory.Perform(live, command))
                {
                    journal.Add(@event);
                    live = Model.Evolve(live, @event);
                }
                if (journal.Count <= at)
                    (snapshot, taken) = (Model.WriteSnapshot(live), journal.Count);
            }
            Model.WriteSnapshot(journal.Aggregate(Model.Initial(), Model.Evolve)).ShouldBe(Model.WriteSnapshot(live));
            Model.WriteSnapshot(journal.Skip(taken).Aggregate(Model.ReadSnapshot(snapshot), Model.Evolve)).ShouldBe(Model.WriteSnapshot(live));
        }, iter: 100, threads: 1);

    [Fact]
    public void The_histories_reach_what_they_are_about()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        GansuHistory.Commands.Sample(commands =>
        {
            var ledger = Model.Initial();
            foreach (var command in commands)
            {
                foreach (var @event in GansuHistory.Perform(ledger, command))
                {
                    seen.Add(@event.GetType().Name);
                    ledger = Model.Evolve(ledger, @event);
                }
            }
        }, iter: 1_000, threads: 1, seed: "0000KOIkZgK3");
        string[] wanted =
        [
            nameof(CarriedOver), nameof(CarryOverEnded), nameof(Debts.AllocationDeducted), nameof(Debts.AllocationReduced), nameof(Debts.DebtSettled),
            nameof(Obligations.ObligationAmended), nameof(Penalties.PenaltyAssessed), nameof(Deadlines.DeadlineNoticeGiven), nameof(CarryOverFrozenNoted), nameof(Payouts.PayoutPaid),
            nameof(Payouts.PayoutRefused), nameof(Transactions.TransactionCompleted), nameof(Transactions.TransactionEnded),
        ];
        wanted.Except(seen, StringComparer.Ordinal).ShouldBeEmpty();
    }
}
