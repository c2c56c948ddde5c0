using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Testing;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Debts;

public sealed class DebtSpecs
{
    private static readonly DateTimeOffset Spring = On(2026, 4, 1);
    private static readonly DateTimeOffset Autumn = On(2026, 9, 20);
    private static readonly Person SmelterOne = new("smelter-1", Smelter, IsOfficial: false);

    private static readonly ImposeDeduction Deduction = new(Id("deduction"), Smelter, DeductionReason.NotSurrendered, Units(70_000), "order 1", OfficialOne, Spring);
    private static readonly ReduceAllocation Final = new(Id("final"), Smelter, Cea(2025), null, Units(30_000), "final figure", OfficialOne, Autumn);

    private static Spec<LedgerState, LedgerCommand, LedgerEvent>.Facts Given => TheLedger.Given().After(Open(Smelter, Spring), Open(Kiln, Spring));

    [Fact]
    public void The_official_clawback_example_leaves_a_remainder_of_four()
    {
        // In 10,000 t: 5 before, 3 in the end, 7 to be deducted.
        var before = After(Open(Smelter, Spring), Deduction, Allocate(2025, Smelter, 50_000, Spring));
        before.Accounts[Holding(Smelter)].Total(Cea(2025)).ShouldBe(Units(0));
        before.Debts.DeductionsOf(Smelter).Single().Remainder.ShouldBe(Units(20_000));
        var ledger = Then(before, Final);
        ledger.Accounts[Holding(Smelter)].Total(Cea(2025)).ShouldBe(Units(0));
        ledger.Debts.DeductionsOf(Smelter).Single().Remainder.ShouldBe(Units(40_000));
        ledger.Debts.DebtsOf(Smelter).ShouldBeEmpty();
    }

    [Fact]
    public void A_deduction_is_kept_back_from_the_next_allocation_and_the_rest_is_issued() =>
        Given.After(Deduction with { Quantity = Units(30) }).When(Allocate(2025, Smelter, 100, Spring)).ThenEvents(events =>
        {
            events[0].ShouldBeOfType<AllocationDeducted>().ShouldSatisfyAllConditions(
                e => (e.Allocated, e.Deducted).ShouldBe((Units(100), Units(30))),
                e => e.Parts.ShouldBe([new DeductionPart(Id("deduction"), Units(30))]));
            events[1].ShouldBeOfType<UnitsAllocated>().Block.ShouldBe(Block(2025, 1, 70));
            events.Count.ShouldBe(2);
        });

    [Fact]
    public void Two_lines_of_one_envelope_use_a_deduction_up_once() =>
        Given.After(Deduction with { Quantity = Units(150) }).When(Allocate(2025, Smelter, 100, Spring) with
        {
            Lines = [new AllocationLine(Smelter, Units(100)), new AllocationLine(Smelter, Units(100)), new AllocationLine(Kiln, Units(7))],
        }).ThenState(ledger =>
        {
            ledger.Accounts[Holding(Smelter)].Units.Of(Cea(2025)).ShouldBe(Units(50));
            ledger.Accounts[Holding(Kiln)].Units.Of(Cea(2025)).ShouldBe(Units(7));
        });

    [Fact]
    public void An_allocation_that_waited_for_its_account_is_deducted_too()
    {
        var ledger = After(Deduction with { Quantity = Units(30) }, Allocate(2025, Smelter, 100, Spring), Open(Smelter, Spring));
        Settle(ledger, Spring).Accounts[Holding(Smelter)].Units.Of(Cea(2025)).ShouldBe(Units(70));
    }

    [Fact]
    public void What_was_issued_and_sold_is_owed_and_no_balance_goes_below_zero()
    {
        var ledger = After([Open(Smelter, Spring), Allocate(2025, Smelter, 50_000, Spring), .. Surrender(Smelter, Cea(2025), 45_000, Spring, 2025).Approved(), Final]);
        ledger.Debts.DebtsOf(Smelter).Single().Outstanding.ShouldBe(Units(20_000));
        ledger.Accounts[Holding(Smelter)].Total(Cea(2025)).ShouldBe(Units(5_000));
    }

    [Fact]
    public void A_plan_lowers_an_allocation_although_the_entity_has_used_the_id_of_it_for_something_else()
    {
        var lowered = Final with { ByPlan = true };
        var squatted = Given.After([Allocate(2025, Smelter, 50_000, Spring), .. (Surrender(Smelter, Cea(2025), 45_000, Spring, 2025) with { SurrenderId = Final.ReductionId }).Approved()]);
        squatted.When(Final).ThenRejected("id-reused");
        squatted.When(lowered).ThenState(ledger => ledger.Debts.DebtsOf(Smelter).Single().Outstanding.ShouldBe(Units(20_000)));
        squatted.After(lowered).When(lowered).Then();
    }

    [Fact]
    public void What_still_waits_to_be_issued_is_not_issued_where_the_final_figure_is_lower()
    {
        var ledger = After(Allocate(2025, Smelter, 50_000, Spring), Final);
        ledger.Debts.DebtsOf(Smelter).ShouldBeEmpty("nothing was issued");
        ledger = Settle(Then(ledger, Allocate(2025, Smelter, 50_000, Autumn), Open(Smelter, Autumn)), Autumn);
        ledger.Accounts[Holding(Smelter)].Total(Cea(2025)).ShouldBe(Units(30_000), "however often the plan is told");
        ledger = Then(ledger, Final with { ReductionId = Id("lower still"), Final = Units(20_000) });
        ledger.Debts.DebtsOf(Smelter).Single().Outstanding.ShouldBe(Units(10_000));
    }

    [Fact]
    public void What_was_issued_is_owed_only_beyond_what_still_waits()
    {
        var second = new AllocateUnits(Id("second"), Allocate(2025, Smelter, 1, Spring).Year, Cea(2025), 0, [new AllocationLine(Smelter, Units(10_000))], Spring);
        var ledger = After(Open(Smelter, Spring), Allocate(2025, Smelter, 45_000, Spring), new ChangeAccountStatus(Id("blocked"), Holding(Smelter), AccountStatuses.Closing, "asked for", OfficialOne, Spring), second, Final);
        ledger.Allocations.Waiting.ShouldBeEmpty();
        ledger.Debts.DebtsOf(Smelter).Single().Outstanding.ShouldBe(Units(15_000));
    }

    [Fact]
    public void Allowances_of_an_entity_at_risk_are_issued_to_the_province_and_deducted_all_the_same()
    {
        var inTrust = Allocate(2025, Smelter, 100, Spring) with { Lines = [new AllocationLine(Smelter, Units(100), InTrust: true)] };
        var ledger = After(Deduction with { Quantity = Units(30) }, inTrust);
        ledger.Accounts[Provincial].Units.Of(Cea(2025)).ShouldBe(Units(70), "it needs no account of its own");
        ledger.Debts.DeductionsOf(Smelter).Single().Remainder.ShouldBe(Units(0));
        ledger = Then(ledger, Open(Smelter, Autumn), new ProposeTransaction(
                Id("release"), "provincial-release", Provincial, Holding(Smelter), Cea(2025), Units(60), null, null, null, null, "surrendered", OfficialOne, Autumn),
            new ApproveTransaction(Id("release"), OfficialTwo, Autumn));
        ledger.Accounts[Holding(Smelter)].Units.Of(Cea(2025)).ShouldBe(Units(60), "what is left of it is released");
        ledger.Accounts[Provincial].Units.Of(Cea(2025)).ShouldBe(Units(10));
    }

    [Fact]
    public void One_plan_may_issue_to_an_entity_and_to_the_province_for_its_unit_that_was_shut()
    {
        var plan = Allocate(2025, Smelter, 100, Spring) with { Lines = [new AllocationLine(Smelter, Units(100)), new AllocationLine(Smelter, Units(40), InTrust: true)] };
        var ledger = After(Open(Smelter, Spring), plan);
        (ledger.Accounts[Holding(Smelter)].Units.Of(Cea(2025)), ledger.Accounts[Provincial].Units.Of(Cea(2025))).ShouldBe((Units(100), Units(40)));
        ledger.Debts.AllocatedOf(Smelter, Cea(2025), Y2025).ShouldBe(Units(140));
        Then(ledger, Final with { Final = Units(90) }).Debts.DebtsOf(Smelter).ShouldHaveSingleItem().Outstanding.ShouldBe(Units(50), "it owes what the final figure is lower, wherever it was issued");
        Then(ledger, Emissions(Smelter, 2025, 40, Autumn), new ProposeTransaction(Id("forced"), "forced-surrender", Provincial, SurrenderAccount, Cea(2025), Units(40), null, null,
                Smelter, null, "shut", OfficialOne, Autumn) { Year = Y2025 }, new ApproveTransaction(Id("forced"), OfficialTwo, Autumn))
            .Accounts[Provincial].Units.Of(Cea(2025)).ShouldBe(Units(0), "the province answers with them for what was emitted");
    }

    [Fact]
    public void A_debt_is_settled_by_what_is_returned_or_taken_back()
    {
        var ledger = After(Open(Smelter, Spring), Allocate(2025, Smelter, 50_000, Spring), Final,
            Return(5_000, "return", SmelterOne), new ApproveTransaction(Id("return"), OfficialOne, Autumn));
        ledger.Debts.DebtsOf(Smelter).Single().Outstanding.ShouldBe(Units(15_000));
        ledger = Then(ledger, Return(16_000, "taken", OfficialOne) with { Type = "reversal-of-allocation", Ground = "debt" }, new ApproveTransaction(Id("taken"), OfficialTwo, Autumn));
        ledger.Debts.DebtsOf(Smelter).Single().ShouldSatisfyAllConditions(
            debt => debt.Outstanding.ShouldBe(Units(0)), debt => debt.Settled.ShouldBe(Units(20_000)));
    }

    [Fact]
    public void The_correction_of_a_return_makes_the_debt_owed_again()
    {
        var ledger = After(Open(Smelter, Spring), Allocate(2025, Smelter, 50_000, Spring), Final,
            Return(5_000, "return", SmelterOne), new ApproveTransaction(Id("return"), OfficialOne, Autumn));
        var original = new CompletedTransaction(
            Id("return"), "return-of-allocation", Holding(Smelter), Provincial, Cea(2025), Ledger.Blocks.Of(Block(2025, 1, 5_000)), null, Autumn);
        ledger = Then(ledger, new ProposeTransaction(Id("back"), "correction", Provincial, Holding(Smelter), Cea(2025), Units(0), null, Block(2025, 1, 2_000), null, original,
            "mistake", OfficialOne, Autumn), new ApproveTransaction(Id("back"), OfficialTwo, Autumn));
        ledger.Debts.DebtsOf(Smelter).Single().Outstanding.ShouldBe(Units(17_000));
    }

    [Fact]
    public void A_return_of_other_units_settles_nothing()
    {
        var ledger = After(Open(Smelter, Spring), Allocate(2025, Smelter, 50_000, Spring), Allocate(2026, Smelter, 50, Spring), Final,
            Return(50, "return", SmelterOne) with { Instrument = Cea(2026) }, new ApproveTransaction(Id("return"), OfficialOne, Autumn));
        ledger.Debts.DebtsOf(Smelter).Single().Outstanding.ShouldBe(Units(20_000));
    }

    [Fact]
    public void An_allocation_is_only_reduced_below_what_it_was() =>
        Given.After(Allocate(2025, Smelter, 30_000, Spring)).When(Final).ThenRejected("allocation-not-above");

    [Fact]
    public void A_plan_that_lowers_what_is_lowered_already_changes_nothing_and_one_that_lowers_what_is_not_there_is_refused()
    {
        var ofPlan = Final with { ReductionId = Id("of a plan"), ByPlan = true };
        Given.After(Allocate(2025, Smelter, 50_000, Spring), Final).When(ofPlan).ThenEvents(events => events.ShouldBeEmpty());
        Given.After(Allocate(2025, Smelter, 50_000, Spring), Final with { Final = Units(0) }).When(ofPlan).ThenEvents(events => events.ShouldBeEmpty());
        TheLedger.Given().After(Allocate(2025, Smelter, 30_000, Spring)).When(ofPlan).ThenEvents(events => events.ShouldBeEmpty());
        Given.When(ofPlan).ThenRejected("allocation-not-above");
        Given.After(Allocate(2025, Smelter, 50_000, Spring)).When(ofPlan).ThenState(ledger => ledger.Debts.DebtsOf(Smelter).Single().Outstanding.ShouldBe(Units(20_000)));
    }

    [Fact]
    public void A_reduction_is_reckoned_against_the_figure_before_it() =>
        Given.After(Allocate(2025, Smelter, 50_000, Spring), Final).When(Final with { ReductionId = Id("again"), Final = Units(29_000) })
            .ThenState(ledger => ledger.Debts.DebtsOf(Smelter).Select(debt => debt.Outstanding.Value).ShouldBe([20_000, 1_000]));

    [Fact]
    public void From_the_day_of_the_code_no_new_deduction_is_decided_for_what_was_not_surrendered()
    {
        Given.When(Deduction with { At = On(2026, 8, 14, 23, 59) }).ThenState(ledger => ledger.Debts.DeductionsOf(Smelter).ShouldHaveSingleItem());
        Given.When(Deduction with { At = On(2026, 8, 15, 0) }).ThenRejected("deduction-not-lawful");
        Given.When(Deduction with { At = On(2026, 8, 15, 0), Reason = DeductionReason.FalseReport })
            .ThenState(ledger => ledger.Debts.DeductionsOf(Smelter).ShouldHaveSingleItem());
        Given.After(Deduction).When(Allocate(2025, Smelter, 100, Autumn)).ThenState(
            ledger => ledger.Accounts[Holding(Smelter)].Total(Cea(2025)).ShouldBe(Units(0), "an earlier decision still runs"));
    }

    [Fact]
    public void Only_officials_deduct_and_reduce()
    {
        Given.When(Deduction with { By = SmelterOne }).ThenRejected("officials-only");
        Given.When(Final with { By = SmelterOne }).ThenRejected("officials-only");
        Given.When(Deduction with { Quantity = Units(0) }).ThenRejected("nothing-deducted");
        Given.After(Deduction).When(Deduction with { Quantity = Units(1) }).ThenRejected("id-reused");
    }

    [Fact]
    public void An_amended_report_after_the_deadline_is_reckoned_against_the_version_assessed_last()
    {
        LedgerCommand[] closed =
        [
            Open(Smelter, On(2025, 4, 1)), Cover(Smelter, On(2025, 4, 1), 2024), Allocate(2024, Smelter, 1_000, On(2025, 4, 1)),
            Emissions(Smelter, 2024, 600, On(2025, 6, 1)), .. Surrender(Smelter, Cea(2024), 600, On(2025, 7, 1)).Approved(),
        ];
        var ledger = Settle(After(closed), On(2026, 1, 2));
        var up = Amended(ledger, Emissions(Smelter, 2024, 700, On(2026, 3, 1), version: 2));
        (up.AssessedDue, up.Due, up.Outstanding).ShouldBe((Units(600), Units(700), Units(100)));
        ledger = Then(ledger, Emissions(Smelter, 2024, 700, On(2026, 3, 1), version: 2));
        var down = Amended(ledger, Emissions(Smelter, 2024, 650, On(2026, 4, 1), version: 3));
        (down.AssessedDue, down.Due, down.Outstanding).ShouldBe((Units(700), Units(650), Units(50)));
        ledger.Compliance.Find(Smelter)!.Record!.Assessments.ShouldHaveSingleItem().WasLate.ShouldBeFalse("what the deadline found stays");
        Then(ledger, Surrender(Smelter, Cea(2024), 100, On(2026, 3, 2), 2024, "rest").Approved()).Compliance.Find(Smelter)!.Record!.Surrendered.ShouldBe(Units(700));
    }

    [Fact]
    public void An_amendment_before_the_deadline_is_no_amendment_of_an_assessment() =>
        TheLedger.Given().After(Open(Smelter, Spring), Cover(Smelter, Spring, 2025), Emissions(Smelter, 2025, 600, Spring))
            .When(Emissions(Smelter, 2025, 700, Spring, version: 2)).Then(
                new EmissionsRecorded(Smelter, Y2025, Units(700), Id("report 2025"), 2, Spring));

    [Fact]
    public void A_snapshot_of_the_ledger_keeps_debts_and_deductions()
    {
        var ledger = After(Open(Smelter, Spring), Allocate(2025, Smelter, 50_000, Spring), Deduction, Allocate(2026, Smelter, 10, Spring), Final);
        Model.WriteSnapshot(Model.ReadSnapshot(Model.WriteSnapshot(ledger))).ShouldBe(Model.WriteSnapshot(ledger));
    }

    private static ObligationAmended Amended(LedgerState ledger, LedgerCommand command) =>
        Model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Accepted>().Events.OfType<ObligationAmended>().ShouldHaveSingleItem();

    private static ProposeTransaction Return(long quantity, string id, Person by) => new(
        Id(id), "return-of-allocation", Holding(Smelter), Provincial, Cea(2025), Units(quantity), null, null, null, null, null, by, Autumn);
}
