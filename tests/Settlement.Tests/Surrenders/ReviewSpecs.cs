using System.Collections.Immutable;
using System.Text;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Transfers;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Surrenders;

/// <summary>
/// The smelter owes 30,000 t for 2024 and submits allowances and offsets for it on the last evening; the province reviews that in January.
/// </summary>
public sealed class ReviewSpecs
{
    private static readonly DateTimeOffset Spring = On(2025, 4, 1);
    private static readonly DateTimeOffset LastEvening = On(2025, 12, 31, 23, 50);
    private static readonly DateTimeOffset January = On(2026, 1, 10);
    private static readonly Person Smith = new("smith", Smelter, IsOfficial: false);
    private static readonly Person Smythe = new("smythe", Smelter, IsOfficial: false);
    private static readonly Guid Submission = Id("surrender");
    private static readonly Guid Second = Surrendering.IdOf(Submission, 1);

    private static readonly LedgerCommand[] Owing =
    [
        Open(Smelter, Spring), Open(Kiln, Spring), Market.OpenTrading(Smelter) with { At = Spring }, Cover(Smelter, Spring, 2024), Allocate(2024, Smelter, 40_000, Spring),
        .. Issue(Holding(Smelter), Ccer, 3_000, Spring), Emissions(Smelter, 2024, 30_000, Spring),
    ];

    private static readonly SurrenderUnits All = Surrender(Smelter, Cea(2024), 28_500, LastEvening).And(Ccer, 1_500) with { By = Smith };
    private static readonly ApproveTransaction Approval = new(Submission, OfficialOne, January);
    private static readonly EndTransaction Refusal = new(Submission, Withdrawn: false, "the offsets are not certified", OfficialOne, January);
    private static readonly EndTransaction TakingBack = new(Submission, Withdrawn: true, "wrong year", Smythe, LastEvening.AddMinutes(1));

    private static LedgerState Submitted => After([.. Owing, All]);

    private static LedgerState InReview => Settle(Submitted, January);

    [Fact]
    public void What_is_submitted_lies_where_it_was_and_is_held()
    {
        var account = Submitted.Accounts[Holding(Smelter)];
        (account.Units.Of(Cea(2024)), account.Held.Of(Cea(2024)), account.Held.Of(Ccer)).ShouldBe((Units(11_500), Units(28_500), Units(1_500)));
        Owed(Submitted).Outstanding.ShouldBe(Units(30_000), "it answers for nothing yet");
    }

    [Fact]
    public void Held_units_are_not_surrendered_or_transferred_again()
    {
        Code(Submitted, Surrender(Smelter, Cea(2024), 11_501, LastEvening, id: "again")).ShouldBe("insufficient-units");
        Code(Submitted, new TransferUnits(Id("to sell"), Holding(Smelter), Trading(Smelter), Cea(2024), Units(11_501), Smelter, LastEvening)).ShouldBe("insufficient-units");
        Code(Submitted, Surrender(Smelter, Ccer, 1, LastEvening, id: "more offsets")).ShouldBe("offset-limit-exceeded");
    }

    [Fact]
    public void One_decision_surrenders_all_its_parts()
    {
        var done = Decided(InReview, Approval);
        done.OfType<TransactionApproved>().Select(approved => approved.TransactionId).ShouldBe([Submission, Second]);
        done.OfType<TransactionCompleted>().Select(part => (part.TransactionId, part.Type, part.Instrument, part.Blocks.Quantity.Value, part.Year, part.IsOffset)).ShouldBe(
            [(Submission, "surrender", Cea(2024), 28_500, Y2024, false), (Second, "surrender", Ccer, 1_500, Y2024, true)]);
        var ledger = Then(InReview, Approval);
        (Owed(ledger).Outstanding, Owed(ledger).Missed, Found(ledger).Status).ShouldBe((Units(0), Units(0), "A"));
        (ledger.Transactions.Pending.Count, ledger.Accounts[Holding(Smelter)].Holds.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void Submitted_on_the_last_evening_it_is_in_time_whenever_it_is_approved() =>
        (Found(InReview).Status, Found(InReview).Submitted, Found(InReview).WasLate).ShouldBe(("A", Units(30_000), false));

    [Fact]
    public void Refused_all_of_it_is_free_again_and_was_late()
    {
        Decided(InReview, Refusal).ShouldBe(
        [
            new TransactionEnded(Submission, Smelter, TransactionEnded.Rejected, Refusal.Reason, OfficialOne.Subject, January),
            new TransactionEnded(Second, Smelter, TransactionEnded.Rejected, Refusal.Reason, OfficialOne.Subject, January),
            new SubmittedInTimeChanged(Smelter, Y2024, Submission, Units(0), "B", January),
        ]);
        var account = Then(InReview, Refusal).Accounts[Holding(Smelter)];
        (account.Units.Of(Cea(2024)), account.Units.Of(Ccer), account.Held.Of(Cea(2024))).ShouldBe((Units(40_000), Units(3_000), Units(0)));
    }

    [Fact]
    public void The_entity_takes_it_back_before_it_is_decided_and_nobody_else_does()
    {
        Code(Submitted, TakingBack with { By = OfficialOne }).ShouldBe("not-proposer");
        Code(Submitted, TakingBack with { By = new Person("kilner", Kiln, IsOfficial: false) }).ShouldBe("unknown-transaction");
        var free = Then(Submitted, TakingBack);
        free.Accounts[Holding(Smelter)].Holds.ShouldBeEmpty();
        Code(free, Approval).ShouldBe("unknown-transaction");
        Found(Settle(free, January)).ShouldSatisfyAllConditions(found => found.Status.ShouldBe("B"), found => found.Submitted.ShouldBe(Units(0)));
    }

    [Fact]
    public void An_official_decides_who_has_nothing_to_do_with_the_entity()
    {
        Code(Submitted, Approval with { By = Smythe }).ShouldBe("officials-only");
        Code(Submitted, Approval with { By = new Person("smith", Guid.Empty, IsOfficial: true) }).ShouldBe("four-eyes");
        Code(Submitted, Approval with { By = new Person("ann", Smelter, IsOfficial: true) }).ShouldBe("four-eyes");
        Code(Submitted, Refusal with { By = new Person("ann", Smelter, IsOfficial: true) }).ShouldBe("four-eyes");
    }

    [Fact]
    public void A_part_is_not_decided_by_itself()
    {
        Code(Submitted, Approval with { TransactionId = Second }).ShouldBe("part-of-surrender");
        Code(Submitted, Refusal with { TransactionId = Second }).ShouldBe("part-of-surrender");
        Code(Submitted, TakingBack with { TransactionId = Second }).ShouldBe("part-of-surrender");
        Code(Submitted, new ClaimTransaction(Second, TakeOver: false, OfficialOne, January)).ShouldBe("part-of-surrender");
        Approving.MayDecide(Submitted, Submitted.Transactions.Pending[Second], OfficialOne, January).ShouldBeFalse("what waits is listed once");
        Approving.MayDecide(Submitted, Submitted.Transactions.Pending[Submission], OfficialOne, January).ShouldBeTrue();
    }

    [Fact]
    public void A_repeat_is_known_before_its_decision_and_after_it()
    {
        foreach (var ledger in new[] { Submitted, Then(Submitted, Approval), Then(Submitted, Refusal), Then(Submitted, TakingBack) })
        {
            Decided(ledger, All).ShouldBeEmpty();
            Code(ledger, All with { Quantity = Units(28_499) }).ShouldBe("id-reused");
            Code(ledger, All with { Further = [] }).ShouldBe("id-reused");
            Code(ledger, All with { Year = Y2024 }).ShouldBe("id-reused");
        }
    }

    [Fact]
    public void A_repeat_is_known_although_the_market_has_begun_to_review_since()
    {
        var before = Commands(Unreviewed, [.. Owing, All]);
        before.Accounts[SurrenderAccount].Total(Ccer).ShouldBe(Units(1_500), "where nobody reviews it is done at once");
        before.Transactions.Pending.ShouldBeEmpty();
        Decided(Model.ReadSnapshot(Unreviewed.WriteSnapshot(before)), All).ShouldBeEmpty();
    }

    [Fact]
    public void By_an_amended_report_offsets_may_have_become_too_many_until_it_is_approved()
    {
        var lower = Then(Submitted, Emissions(Smelter, 2024, 29_000, LastEvening, version: 2));
        Code(lower, Approval).ShouldBe("offset-limit-exceeded");
        Decided(lower, Refusal).ShouldNotBeEmpty();
        Decided(Then(lower, Emissions(Smelter, 2024, 30_000, LastEvening, version: 3)), Approval).ShouldNotBeEmpty("asked again it is decided anew");
    }

    [Fact]
    public void Of_two_that_have_become_too_much_together_either_is_approved_and_not_both()
    {
        var two = Then(
            After([.. Owing, Surrender(Smelter, Ccer, 1_000, LastEvening, id: "first"), Surrender(Smelter, Ccer, 500, LastEvening, id: "second")]),
            Emissions(Smelter, 2024, 20_000, LastEvening, version: 2));
        var one = Then(two, Approval with { TransactionId = Id("first") });
        Code(one, Approval with { TransactionId = Id("second") }).ShouldBe("offset-limit-exceeded");
    }

    [Fact]
    public void Vintages_are_those_that_answer_when_it_is_approved()
    {
        var stricter = new LedgerModel(new RuleBook([.. Market.Packs.Versions("gansu").Select(pack => pack with { Compliance = pack.Compliance with
        {
            UsableVintages = [.. pack.Compliance.UsableVintages.Where(span => !span.Late)],
        } })]));
        var late = Then(After([.. Owing, Emissions(Smelter, 2025, 10, On(2026, 2, 1)), Allocate(2025, Smelter, 500, Spring)]), Surrender(Smelter, Cea(2025), 500, January, 2024));
        Decided(late, Approval).ShouldNotBeEmpty();
        stricter.Decide(stricter.ReadSnapshot(Model.WriteSnapshot(late)), Approval).ShouldBeOfType<Decision<LedgerEvent>.Rejected>().Code.ShouldBe("vintage-not-usable");
    }

    [Fact]
    public void What_a_court_has_frozen_meanwhile_waits_and_all_parts_with_it()
    {
        var frozen = Then(Submitted, new FreezeUnits(
            Id("freeze"), Holding(Smelter), Ccer, null, null, HoldKind.Freeze, new FreezeGround("court", "1"), OfficialOne, LastEvening.AddMinutes(1)));
        var waiting = Settle(Then(Settle(frozen, January), Approval), January);
        Decided(Settle(frozen, January), Approval).ShouldAllBe(fact => fact is TransactionApproved);
        waiting.Transactions.Pending.Values.ShouldAllBe(part => part.IsApproved);
        waiting.Accounts[SurrenderAccount].AllBlocks.ShouldBeEmpty("not the half of it");
        Found(waiting).WasLate.ShouldBeFalse();
        Timeliness.InReview(waiting, Smelter, Y2024).ShouldNotBeNull("nobody is fined for it meanwhile");
        var lifted = Settle(Then(waiting, new LiftFreeze(Id("freeze"), new FreezeGround("court", "2"), OfficialTwo, January)), January);
        (lifted.Accounts[SurrenderAccount].Total(Cea(2024)), lifted.Accounts[SurrenderAccount].Total(Ccer)).ShouldBe((Units(28_500), Units(1_500)));
        Owed(lifted).Outstanding.ShouldBe(Units(0));
    }

    [Fact]
    public void What_was_approved_while_the_account_is_suspended_waits_until_it_is_opened()
    {
        var suspended = Settle(Then(Submitted, new ChangeAccountStatus(Id("stop"), Holding(Smelter), AccountStatuses.Suspended, "inquiry", OfficialOne, LastEvening)), January);
        var waiting = Settle(Then(suspended, Approval), January);
        waiting.Accounts[SurrenderAccount].AllBlocks.ShouldBeEmpty();
        var opened = Settle(Then(waiting, new ChangeAccountStatus(Id("go"), Holding(Smelter), AccountStatuses.Open, "nothing found", OfficialTwo, January)), January);
        (Owed(opened).Outstanding, Found(opened).Status).ShouldBe((Units(0), "A"));
    }

    [Fact]
    public void A_suspended_account_submits_nothing() =>
        Code(After([.. Owing, new ChangeAccountStatus(Id("stop"), Holding(Smelter), AccountStatuses.Suspended, "inquiry", OfficialOne, Spring)]), All).ShouldBe("account-may-not-send");

    [Fact]
    public void An_account_has_so_many_parts_under_way_and_no_more()
    {
        var most = TransactionDesk.MostPendingOfAnAccount;
        var full = After([.. Owing, .. Enumerable.Range(0, most - 1).Select(number => Surrender(Smelter, Cea(2024), 1, LastEvening, id: $"small {number}"))]);
        Code(full, All).ShouldBe("too-many-pending");
        Then(full, All with { Further = [], Quantity = Units(1) }).Transactions.PendingOf(Holding(Smelter), byOfficials: false).ShouldBe(most);
    }

    [Fact]
    public void The_snapshot_of_a_carry_over_leaves_out_what_is_submitted() =>
        Entitlement.Of(InReview, InReview.Rules.CarryOvers.Single(), Smelter, January).Held.ShouldBe(Units(11_500));

    [Fact]
    public void A_surrender_that_was_reviewed_is_undone_part_by_part()
    {
        var done = Then(InReview, Approval);
        var original = Decided(InReview, Approval).OfType<TransactionCompleted>().Last();
        var back = new ProposeTransaction(Id("undo"), "reversal-of-surrender", SurrenderAccount, Holding(Smelter), Ccer, Units(0), null, null, null,
            new CompletedTransaction(Second, original.Type, original.FromAccountId, original.ToAccountId, Ccer, original.Blocks, Smelter, January, Y2024), "error", OfficialOne, January);
        Owed(Then(done, back, new ApproveTransaction(Id("undo"), OfficialTwo, January))).Outstanding.ShouldBe(Units(1_500));
    }

    [Fact]
    public void A_ruling_over_some_of_its_units_ends_all_of_it()
    {
        var ruling = new ProposeTransaction(Id("award"), "judicial-transfer", Holding(Smelter), Holding(Kiln), Cea(2024), Units(0), null,
            Block(2024, 1, 100), null, null, "ruling 2026-2", OfficialOne, January);
        var ledger = Then(InReview, ruling);
        ledger.Transactions.Pending.Keys.ShouldBe([Id("award")]);
        (Found(ledger).Submitted, Found(ledger).WasLate).ShouldBe((Units(0), true));
        ledger.Accounts[Holding(Smelter)].Units.Of(Ccer).ShouldBe(Units(3_000));
    }

    [Fact]
    public void A_snapshot_remembers_which_parts_belong_together_and_one_from_before_knows_of_none()
    {
        var restored = Model.ReadSnapshot(Model.WriteSnapshot(InReview));
        Model.WriteSnapshot(Then(restored, Approval)).ShouldBe(Model.WriteSnapshot(Then(InReview, Approval)));
        var alone = After([.. Owing, All with { Further = [] }]);
        var now = Encoding.UTF8.GetString(Model.WriteSnapshot(alone));
        var before = now.Replace("\"Form\":9", "\"Form\":8", StringComparison.Ordinal).Replace(",\"Further\":null,\"PartOf\":null", string.Empty, StringComparison.Ordinal);
        before.Length.ShouldBeLessThan(now.Length);
        Encoding.UTF8.GetString(Model.WriteSnapshot(Model.ReadSnapshot(Encoding.UTF8.GetBytes(before)))).ShouldBe(now);
    }

    private static LedgerModel Unreviewed => new(new RuleBook([.. Market.Packs.Versions("gansu").Select(pack => pack with { Registry = pack.Registry with
    {
        TransactionTypes = [.. pack.Registry.TransactionTypes.Select(type => type.Id == TransactionTypes.Surrender ? type with { ApprovedBy = Approver.Nobody } : type)],
    } })]));

    private static LedgerState Commands(LedgerModel model, IEnumerable<LedgerCommand> commands) => commands.Aggregate(model.Initial(), (ledger, command) =>
        model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Accepted>().Events.Aggregate(ledger, model.Evolve));

    private static ImmutableArray<LedgerEvent> Decided(LedgerState ledger, LedgerCommand command) =>
        Model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Accepted>($"{Model.Decide(ledger, command)}").Events;

    private static string Code(LedgerState ledger, LedgerCommand command) => Model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Rejected>().Code;

    private static Compliance.YearAssessment Found(LedgerState ledger) => ledger.Compliance.Find(Smelter)!.Record!.Assessments.Single(found => found.Year == Y2024);

    private static GetObligations.ObligationView Owed(LedgerState ledger) => GetObligations.View(ledger, Smelter, January, null)!.Years.Single(owed => owed.Year == Y2024);
}
