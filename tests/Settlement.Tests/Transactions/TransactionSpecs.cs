using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Testing;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Transactions;

/// <summary>The smelter has two representatives, the registry two officials, and the kiln an account to receive on.</summary>
public sealed class TransactionSpecs
{
    private static readonly LedgerCommand[] Furnished =
    [
        OpenHolding(Smelter), OpenTrading(Smelter), OpenHolding(Kiln), OpenHolding(Broker), Allocate("2021", Y2021, (Smelter, 100)),
    ];

    private static readonly ProposeTransaction Transfer = new(
        Id("transfer"), "transfer-to-untrusted", Holding(Smelter), Holding(Kiln), Uka, Units(60), null, null, null, null, null, SmelterOne, Noon);

    private static readonly ProposeTransaction Exchange = Transfer with
    {
        TransactionId = Id("exchange"), Type = "exchange", Quantity = Units(1), Ground = "ruling 7", By = OfficialOne,
    };

    private static Spec<LedgerState, LedgerCommand, LedgerEvent>.Facts Proposed => TheLedger.Given().After([.. Furnished, Transfer]);

    private static Spec<LedgerState, LedgerCommand, LedgerEvent>.Facts Approved => TheLedger.Given().After([.. Furnished, Transfer, Approve(SmelterTwo)]);

    [Fact]
    public void Units_of_a_proposed_transaction_stay_and_are_held() =>
        TheLedger.Given().After(Furnished).When(Transfer).ThenState(ledger =>
        {
            var account = ledger.Accounts[Holding(Smelter)];
            account.Units.Of(Uka).ShouldBe(Units(40));
            account.Total(Uka).ShouldBe(Units(100));
            account.Holds[Id("transfer")].Blocks.ShouldBe(Serials(Y2021, 1, 60));
            ledger.Accounts[Holding(Kiln)].Total(Uka).ShouldBe(Units(0));
        });

    [Fact]
    public void Held_units_are_not_moved_by_another_transaction() =>
        Proposed.When(Transfer with { TransactionId = Id("more"), Quantity = Units(41) }).ThenRejected("insufficient-units");

    [Fact]
    public void Held_units_are_not_surrendered() =>
        Proposed.When(new Surrenders.SurrenderUnits(Id("surrender"), Holding(Smelter), Uka, Units(41), null, SmelterOne, Noon)).ThenRejected("insufficient-units");

    /// <summary>Or who proposes it would keep the officials of an organisation that has nothing to do with it from deciding.</summary>
    [Fact]
    public void What_is_not_surrendered_answers_for_nobody_and_for_no_year()
    {
        var cancellation = Transfer with { Type = "voluntary-cancellation", ToAccountId = Market.Cancellation };
        var given = TheLedger.Given().After(Furnished);
        given.When(cancellation with { OnBehalfOfParticipantId = Id("ministry") }).ThenRejected("answers-for-nobody");
        given.When(cancellation with { Year = Y2021 }).ThenRejected("answers-for-nobody");
    }

    [Fact]
    public void A_transfer_to_an_untrusted_account_waits_its_working_hours() =>
        Proposed.When(Approve(SmelterTwo)).Then(new TransactionApproved(
            Id("transfer"), Smelter, SmelterTwo.Subject, FourWorkingDaysLater, Noon));

    [Fact]
    public void It_is_not_completed_a_moment_before() =>
        Approved.When(new CompleteTransaction(Id("transfer"), FourWorkingDaysLater.AddTicks(-1))).Then();

    [Fact]
    public void It_is_completed_when_they_are_over() =>
        Approved.When(new CompleteTransaction(Id("transfer"), FourWorkingDaysLater)).Then(new TransactionCompleted(
            Id("transfer"), "transfer-to-untrusted", Holding(Smelter), Smelter, Holding(Kiln), Kiln, Uka, Serials(Y2021, 1, 60), CompletedKind.Moved,
            null, null, FourWorkingDaysLater));

    [Fact]
    public void The_ledger_completes_by_itself_what_is_due()
    {
        var ledger = Settle(After([.. Furnished, Transfer, Approve(SmelterTwo)]), FourWorkingDaysLater);
        ledger.Accounts[Holding(Kiln)].Units.Of(Uka).ShouldBe(Units(60));
        ledger.Accounts[Holding(Smelter)].Holds.ShouldBeEmpty();
        ledger.Transactions.Pending.ShouldBeEmpty();
    }

    [Fact]
    public void Its_side_may_take_it_back_while_it_waits() =>
        Approved.When(End(withdrawn: true, SmelterOne)).ThenState(ledger =>
        {
            ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(100));
            ledger.Transactions.Pending.ShouldBeEmpty();
        });

    [Fact]
    public void The_second_person_may_refuse_it() =>
        Proposed.When(End(withdrawn: false, SmelterTwo)).ThenEachTime("the journal answers a repeat", new TransactionEnded(
            Id("transfer"), Smelter, TransactionEnded.Rejected, "not agreed", SmelterTwo.Subject, Noon));

    [Fact]
    public void Nobody_approves_what_he_proposed() => Proposed.When(Approve(SmelterOne)).ThenRejected("four-eyes");

    [Fact]
    public void Another_firm_does_not_learn_that_there_is_a_transaction() =>
        Proposed.When(Approve(SmelterTwo with { ParticipantId = Kiln })).ThenRejected("unknown-transaction");

    [Fact]
    public void An_official_does_not_approve_for_the_firm() => Proposed.When(Approve(OfficialOne)).ThenRejected("holder-only");

    [Fact]
    public void An_approval_said_again_changes_nothing() => Approved.When(Approve(SmelterTwo)).Then();

    [Fact]
    public void A_third_persons_approval_comes_too_late() =>
        Approved.When(Approve(SmelterTwo with { Subject = "smelter-3" })).ThenRejected("already-approved");

    [Fact]
    public void A_claimed_decision_is_its_claimers() =>
        TheLedger.Given().After([.. Furnished, Transfer, new ClaimTransaction(Id("transfer"), false, SmelterTwo with { Subject = "smelter-3" }, Noon)])
            .When(Approve(SmelterTwo)).ThenRejected("claimed-by-another");

    [Fact]
    public void A_claim_can_be_taken_over() =>
        TheLedger.Given().After([.. Furnished, Transfer, new ClaimTransaction(Id("transfer"), false, SmelterTwo with { Subject = "smelter-3" }, Noon),
            new ClaimTransaction(Id("transfer"), true, SmelterTwo, Noon)]).When(Approve(SmelterTwo)).ThenState(ledger =>
                ledger.Transactions.Pending[Id("transfer")].ApprovedBy.ShouldBe(SmelterTwo.Subject));

    [Fact]
    public void A_transfer_to_a_trusted_account_goes_at_once_when_approved() =>
        TheLedger.Given().After([.. Furnished, new TrustAccount(Holding(Smelter), Holding(Kiln), true, Smelter, Noon.AddDays(-10)),
            Transfer with { Type = "transfer-to-trusted" }]).When(Approve(SmelterTwo)).ThenState(ledger =>
                ledger.Accounts[Holding(Kiln)].Units.Of(Uka).ShouldBe(Units(60)));

    [Fact]
    public void An_account_is_not_trusted_before_the_delay_is_over() =>
        TheLedger.Given().After([.. Furnished, new TrustAccount(Holding(Smelter), Holding(Kiln), true, Smelter, Noon)])
            .When(Transfer with { Type = "transfer-to-trusted" }).ThenRejected("recipient-not-trusted");

    [Fact]
    public void An_account_struck_off_the_list_is_trusted_no_more() =>
        TheLedger.Given().After([.. Furnished, new TrustAccount(Holding(Smelter), Holding(Kiln), true, Smelter, Noon.AddDays(-10)),
            new TrustAccount(Holding(Smelter), Holding(Kiln), false, Smelter, Noon)])
            .When(Transfer with { Type = "transfer-to-trusted" }).ThenRejected("recipient-not-trusted");

    [Fact]
    public void Serials_that_are_named_are_the_ones_that_move() =>
        TheLedger.Given().After([.. Furnished, Transfer with { Type = "voluntary-cancellation", ToAccountId = Cancellation, Serials = new Block(Y2021, 31, 40) }])
            .When(Approve(SmelterTwo)).ThenState(ledger => ledger.Accounts[Cancellation].Units.Blocks.Select(lies => lies.Block).ShouldBe([new Block(Y2021, 31, 40)]));

    [Fact]
    public void A_repeat_changes_nothing() => Proposed.When(Transfer).Then();

    [Fact]
    public void A_repeat_with_another_ground_is_another_request() => Proposed.When(Transfer with { Ground = "contract 7" }).ThenRejected("id-reused");

    [Fact]
    public void An_account_has_so_many_transactions_under_way_and_no_more() =>
        WithUnderWay(TransactionDesk.MostPendingOfAnAccount, Transfer).When(Transfer with { TransactionId = Id("one more"), Quantity = Units(1) }).ThenRejected("too-many-pending");

    [Fact]
    public void What_a_holder_has_under_way_keeps_no_official_from_acting_on_its_account() =>
        WithUnderWay(TransactionDesk.MostPendingOfAnAccount, Transfer).When(Exchange).ThenState(ledger =>
            ledger.Transactions.Pending[Exchange.TransactionId].ProposedBy.ShouldBe(OfficialOne));

    [Fact]
    public void What_officials_have_under_way_on_an_account_is_bounded_by_itself_and_does_not_count_against_its_holder()
    {
        var full = WithUnderWay(TransactionDesk.MostPendingByOfficials, Exchange);
        full.When(Exchange).ThenRejected("too-many-pending");
        full.When(Transfer).ThenState(ledger => ledger.Transactions.Pending.ShouldContainKey(Transfer.TransactionId));
        full.After(new EndTransaction(Id("under way 0"), true, "not needed", OfficialTwo, Noon)).When(Exchange).ThenState(ledger =>
            ledger.Transactions.PendingOf(Holding(Smelter), byOfficials: true).ShouldBe(TransactionDesk.MostPendingByOfficials));
    }

    [Fact]
    public void A_surrender_can_be_taken_back_by_two_officials_within_its_days()
    {
        var surrendered = new CompletedTransaction(
            Id("surrender"), "surrender", Holding(Smelter), SurrenderAccount, Uka, Serials(Y2021, 1, 30), Smelter, Noon);
        LedgerCommand[] done = [.. Furnished, new Surrenders.SurrenderUnits(Id("surrender"), Holding(Smelter), Uka, Units(30), null, SmelterOne, Noon)];
        var reversal = new ProposeTransaction(Id("reversal"), "reversal-of-surrender", SurrenderAccount, Holding(Smelter), Uka, Units(0), null, null, null,
            surrendered, "entered twice", OfficialOne, Noon.AddDays(29));
        TheLedger.Given().After([.. done, reversal]).When(new ApproveTransaction(Id("reversal"), OfficialTwo, Noon.AddDays(29))).ThenState(ledger =>
        {
            ledger.Accounts[Holding(Smelter)].Units.Of(Uka).ShouldBe(Units(100));
            ledger.Accounts[SurrenderAccount].Total(Uka).ShouldBe(Units(0));
        });
        TheLedger.Given().After(done).When(reversal with { At = Noon.AddDays(30) }).ThenRejected("reversal-too-late");
        TheLedger.Given().After(done).When(reversal with { By = SmelterOne }).ThenRejected("officials-only");
        TheLedger.Given().After(done).When(reversal with { ToAccountId = Holding(Kiln) }).ThenRejected("reversal-elsewhere");
        TheLedger.Given().After(done).When(reversal with { Original = null, Quantity = Units(30) }).ThenRejected("original-missing");
        TheLedger.Given().After(done).When(reversal with { Ground = null }).ThenRejected("ground-missing");
        TheLedger.Given().After([.. done, reversal, new ApproveTransaction(Id("reversal"), OfficialTwo, Noon.AddDays(29)),
                new Surrenders.SurrenderUnits(Id("again"), Holding(Smelter), Uka, Units(30), null, SmelterOne, Noon.AddDays(29))])
            .When(reversal with { TransactionId = Id("second reversal") }).ThenRejected("not-of-original");
    }

    [Fact]
    public void What_was_surrendered_and_taken_back_answers_for_nothing() =>
        After([.. Furnished, new Obligations.CoverEntity(Smelter, Y2021, null, 1, Noon),
            new Surrenders.SurrenderUnits(Id("surrender"), Holding(Smelter), Uka, Units(30), null, SmelterOne, Noon),
            new ProposeTransaction(Id("reversal"), "reversal-of-surrender", SurrenderAccount, Holding(Smelter), Uka, Units(0), null, new Block(Y2021, 1, 10), null,
                new CompletedTransaction(Id("surrender"), "surrender", Holding(Smelter), SurrenderAccount, Uka, Serials(Y2021, 1, 30), Smelter, Noon),
                "entered twice", OfficialOne, Noon),
            new ApproveTransaction(Id("reversal"), OfficialTwo, Noon)])
            .Compliance.Find(Smelter)!.Record!.Surrendered.ShouldBe(Units(20));

    // One line per rule, in order of precedence: every input breaks its own rule and all below it.
    [Theory]
    [InlineData("barter", "nowhere", "nowhere", "XYZ", 0, "unknown-transaction-type")]
    [InlineData("surrender", "nowhere", "nowhere", "XYZ", 0, "unknown-transaction-type")]
    [InlineData("exchange", "nowhere", "nowhere", "XYZ", 0, "officials-only")]
    [InlineData("transfer-to-untrusted", "nowhere", "nowhere", "XYZ", 0, "unknown-account")]
    [InlineData("transfer-to-untrusted", "kiln", "nowhere", "XYZ", 0, "account-not-yours")]
    [InlineData("transfer-to-untrusted", "smelter", "nowhere", "XYZ", 0, "unknown-account")]
    [InlineData("transfer-to-untrusted", "smelter", "kiln", "XYZ", 0, "unknown-instrument")]
    [InlineData("voluntary-cancellation", "smelter", "smelter", Uka, 0, "transaction-not-allowed")]
    [InlineData("transfer-to-untrusted", "smelter", "smelter", Uka, 0, "recipient-is-sender")]
    [InlineData("transfer-to-trusted", "smelter", "kiln", Uka, 0, "recipient-not-trusted")]
    [InlineData("transfer-to-untrusted", "smelter", "kiln", Uka, 0, "nothing-moved")]
    [InlineData("transfer-to-untrusted", "smelter", "kiln", Uka, 999, "insufficient-units")]
    public void Refusals_in_order_of_precedence(string type, string from, string to, string instrument, long quantity, string code) =>
        TheLedger.Given().After(Furnished).When(Transfer with
        {
            Type = type,
            FromAccountId = Holding(Id(from)),
            ToAccountId = Holding(Id(to)),
            Instrument = instrument,
            Quantity = Units(quantity),
        }).ThenRejected(code);

    /// <summary>So many transactions from the smelter's account, like this one and of one unit each.</summary>
    private static Spec<LedgerState, LedgerCommand, LedgerEvent>.Facts WithUnderWay(int number, ProposeTransaction like) => TheLedger.Given().After(
        [.. Furnished, Allocate("more", Y2021, (Smelter, 1_000)), .. Enumerable.Range(0, number).Select(n => like with { TransactionId = Id($"under way {n}"), Quantity = Units(1) })]);

    private static ApproveTransaction Approve(Person by) => new(Id("transfer"), by, Noon);

    private static EndTransaction End(bool withdrawn, Person by) => new(Id("transfer"), withdrawn, "not agreed", by, Noon);
}
