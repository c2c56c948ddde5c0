using System.Collections.Immutable;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Testing;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Surrenders;

/// <summary>The smelter of Gansu emits from 2023 on, and holds allowances of four vintages and offsets.</summary>
public sealed class AnsweringSpecs
{
    private const long DueFor2024 = 2_741_318;

    private static readonly DateTimeOffset Spring = On(2025, 4, 1);
    private static readonly DateTimeOffset Autumn = On(2025, 11, 1);
    private static readonly DateTimeOffset NextYear = On(2026, 11, 1);

    private static readonly LedgerCommand[] Furnished =
    [
        Open(Smelter, Spring), Cover(Smelter, Spring),
        Allocate(2023, Smelter, 1_000, Spring), Allocate(2024, Smelter, 4_000_000, Spring), Allocate(2025, Smelter, 1_000, Spring),
        .. Issue(Holding(Smelter), Ccer, 200_000, Spring), Emissions(Smelter, 2023, 500, Spring), Emissions(Smelter, 2024, DueFor2024, Spring),
    ];

    private static Spec<LedgerState, LedgerCommand, LedgerEvent>.Facts Given => TheLedger.Given().After(Furnished);

    [Fact]
    public void A_surrender_answers_for_the_year_whose_deadline_comes_next() =>
        Given.After(Surrender(Smelter, Cea(2024), 60, Autumn)).When(Approve("surrender", Autumn)).ThenState(ledger =>
            ledger.Compliance.Find(Smelter)!.Record!.Answers.ShouldHaveSingleItem().ShouldBe(new YearAnswers(Y2024, Units(60), Units(0))));

    [Fact]
    public void Several_vintages_and_offsets_go_in_one_request_each_under_an_id_of_its_own() =>
        Given.When(Surrender(Smelter, Cea(2023), 10, Autumn, 2024).And(Cea(2024), 20).And(Ccer, 5)).ThenEvents(events =>
        {
            var parts = events.Cast<TransactionProposed>().ToList();
            parts.Select(part => (part.Terms.Instrument, part.Terms.Blocks.Quantity.Value)).ShouldBe([(Cea(2023), 10), (Cea(2024), 20), (Ccer, 5)]);
            parts.Select(part => part.TransactionId).ShouldBe([Id("surrender"), Surrendering.IdOf(Id("surrender"), 1), Surrendering.IdOf(Id("surrender"), 2)]);
            parts.Select(part => part.Terms.PartOf).ShouldBe([null, Id("surrender"), Id("surrender")]);
            parts.ShouldAllBe(part => part.Terms.Year == Y2024);
        });

    [Fact]
    public void Nothing_of_a_request_is_surrendered_when_one_part_is_not_there() =>
        Given.When(Surrender(Smelter, Cea(2023), 1_000, Autumn, 2024).And(Cea(2024), 4_000_001)).ThenRejected("insufficient-units");

    [Fact]
    public void A_later_vintage_does_not_pay_before_the_deadline() =>
        Given.When(Surrender(Smelter, Cea(2025), 1, Autumn, 2024)).ThenRejected("vintage-not-usable");

    [Theory]
    [InlineData(2023)]
    [InlineData(2024)]
    public void Old_vintages_do_not_pay_2025_unless_they_are_carried_over(int vintage) =>
        Given.When(Surrender(Smelter, Cea(vintage), 1, NextYear, 2025)).ThenRejected("vintage-not-usable");

    [Fact]
    public void Arrears_are_paid_with_any_vintage() =>
        Given.After(Surrender(Smelter, Cea(2025), 400, NextYear, 2024)).When(Approve("surrender", NextYear)).ThenState(ledger =>
            Of(ledger, NextYear).Single(owed => owed.Year == Y2024).Outstanding.ShouldBe(Units(DueFor2024 - 400)));

    [Fact]
    public void Old_vintages_pay_for_old_years_only_until_2026() =>
        Given.After(Surrender(Smelter, Cea(2023), 400, Spring, 2023)).When(Approve("surrender", Spring)).ThenState(ledger =>
            Of(ledger, Spring)[0].Outstanding.ShouldBe(Units(100)));

    [Fact]
    public void Offsets_cover_a_twentieth_of_what_is_due_rounded_down()
    {
        Given.When(Surrender(Smelter, Ccer, 137_066, Autumn)).ThenRejected("offset-limit-exceeded");
        Given.After(Surrender(Smelter, Ccer, 137_065, Autumn)).When(Approve("surrender", Autumn)).ThenState(ledger =>
            Of(ledger, Autumn)[1].ShouldSatisfyAllConditions(
                owed => owed.OffsetLimit.ShouldBe(Units(137_065)),
                owed => owed.OffsetsStillUsable.ShouldBe(Units(0)),
                owed => owed.Outstanding.ShouldBe(Units(DueFor2024 - 137_065))));
    }

    [Fact]
    public void What_offsets_may_cover_is_used_up_piece_by_piece() =>
        Given.After(Surrender(Smelter, Ccer, 100_000, Autumn)).When(Surrender(Smelter, Ccer, 37_066, Autumn, id: "more")).ThenRejected("offset-limit-exceeded");

    [Fact]
    public void An_amended_report_changes_what_offsets_may_cover()
    {
        var ledger = After([.. Furnished, .. Surrender(Smelter, Ccer, 137_065, Autumn).Approved(), Emissions(Smelter, 2024, 2_000_000, Autumn, version: 2)]);
        var owed = Of(ledger, Autumn)[1];
        (owed.OffsetsCounted, owed.OffsetsOverLimit, owed.Outstanding).ShouldBe((Units(100_000), Units(37_065), Units(1_900_000)));
        owed = Of(Then(ledger, Emissions(Smelter, 2024, 3_000_000, Autumn, version: 3)), Autumn)[1];
        (owed.OffsetsOverLimit, owed.OffsetsStillUsable).ShouldBe((Units(0), Units(12_935)));
    }

    [Fact]
    public void Offsets_beyond_the_limit_are_given_back()
    {
        var ledger = After([.. Furnished, .. Surrender(Smelter, Ccer, 137_065, Autumn).Approved(), Emissions(Smelter, 2024, 2_000_000, Autumn, version: 2)]);
        var original = new CompletedTransaction(
            Id("surrender"), TransactionTypes.Surrender, Holding(Smelter), SurrenderAccount, Ccer, Blocks.Of(Block(2025, 1, 137_065)), Smelter, Autumn, Y2024);
        var back = new ProposeTransaction(Id("back"), "return-of-offsets", SurrenderAccount, Holding(Smelter), Ccer, Units(0), null,
            Block(2025, 100_001, 137_065), null, original, "amended report", OfficialOne, On(2026, 9, 1));
        ledger = Then(ledger, back, new ApproveTransaction(Id("back"), OfficialTwo, On(2026, 9, 1)));
        Of(ledger, Autumn)[1].OffsetsOverLimit.ShouldBe(Units(0));
        ledger.Accounts[Holding(Smelter)].Units.Of(Ccer).ShouldBe(Units(100_000));
    }

    [Fact]
    public void While_what_is_due_is_not_known_no_offset_counts() =>
        Given.When(Surrender(Smelter, Ccer, 1, On(2026, 2, 1))).ThenRejected("amount-due-unknown");

    [Fact]
    public void Another_firms_offsets_count_towards_the_same_limit()
    {
        LedgerCommand[] helped =
        [
            .. Furnished, Open(Kiln, Spring), .. Issue(Holding(Kiln), Ccer, 50_000, Spring), .. Surrender(Smelter, Ccer, 100_000, Autumn).Approved(),
        ];
        var help = new ProposeTransaction(Id("help"), "surrender-on-behalf", Holding(Kiln), SurrenderAccount, Ccer, Units(37_065), null, null, Smelter, null, null,
            new Person("kiln-1", Kiln, IsOfficial: false), Autumn);
        TheLedger.Given().After(helped).When(help with { Quantity = Units(37_066) }).ThenRejected("offset-limit-exceeded");
        TheLedger.Given().After([.. helped, help]).When(help with { TransactionId = Id("again"), Quantity = Units(1) }).ThenRejected("offset-limit-exceeded");
    }

    [Fact]
    public void Nobody_surrenders_on_behalf_of_one_who_owes_nothing_here() =>
        TheLedger.Given().After([.. Furnished, Open(Kiln, Spring), .. Issue(Holding(Kiln), Cea(2024), 500, Spring)])
            .When(new ProposeTransaction(Id("help"), "surrender-on-behalf", Holding(Kiln), SurrenderAccount, Cea(2024), Units(500), null, null, Id("ministry"), null, null,
                new Person("kiln-1", Kiln, IsOfficial: false), Autumn))
            .ThenRejected("entity-not-covered");

    [Fact]
    public void A_forced_surrender_takes_units_of_the_year_itself_first()
    {
        LedgerCommand[] provincial =
        [
            .. Furnished, Reverse(2023, 300, "a"), Approve("a"), Reverse(2024, 500, "b"), Approve("b"),
        ];
        var forced = new ProposeTransaction(Id("forced"), "forced-surrender", Provincial, SurrenderAccount, Cea(2023), Units(100), null, null, Smelter, null,
            "default", OfficialOne, Autumn);
        var given = TheLedger.Given().After(provincial);
        given.When(forced with { OnBehalfOfParticipantId = null }).ThenRejected("entity-missing");
        given.When(forced).ThenRejected("own-year-first");
        given.After(forced with { TransactionId = Id("own"), Instrument = Cea(2024), Quantity = Units(500) }, Approve("own"), forced, Approve("forced"))
            .When(forced with { TransactionId = Id("rest"), Quantity = Units(200) })
            .ThenState(ledger => Of(ledger, Autumn)[1].Allowances.ShouldBe(Units(600)));
    }

    [Fact]
    public void A_reversal_takes_the_surrender_from_the_year_it_was_for()
    {
        var ledger = After([.. Furnished, .. Surrender(Smelter, Cea(2023), 500, Spring, 2023).Approved()]);
        ledger.Compliance.Find(Smelter)!.Record!.Answers.ShouldHaveSingleItem().ShouldBe(new YearAnswers(Y2023, Units(500), Units(0)));
        var original = new CompletedTransaction(
            Id("surrender"), TransactionTypes.Surrender, Holding(Smelter), SurrenderAccount, Cea(2023), Blocks.Of(Block(2023, 1, 500)), Smelter, Spring, Y2023);
        ledger = Then(ledger, new ProposeTransaction(Id("undo"), "reversal-of-surrender", SurrenderAccount, Holding(Smelter), Cea(2023), Units(0), null, null,
            null, original, "error", OfficialOne, Spring), Approve("undo", Spring));
        Of(ledger, Spring)[0].Outstanding.ShouldBe(Units(500));
    }

    [Fact]
    public void A_reversal_takes_the_surrender_from_nobody_but_the_entity_it_answered_for()
    {
        var original = new CompletedTransaction(
            Id("surrender"), TransactionTypes.Surrender, Holding(Smelter), SurrenderAccount, Cea(2023), Blocks.Of(Block(2023, 1, 500)), Smelter, Spring, Y2023);
        var reversal = new ProposeTransaction(Id("undo"), "reversal-of-surrender", SurrenderAccount, Holding(Smelter), Cea(2023), Units(0), null, null,
            Kiln, original, "error", OfficialOne, Spring);
        var surrendered = Given.After([Cover(Kiln, Spring), .. Surrender(Smelter, Cea(2023), 500, Spring, 2023).Approved()]);
        surrendered.When(reversal).ThenRejected("entity-not-of-original");
        surrendered.After(reversal with { OnBehalfOfParticipantId = Smelter }).When(Approve("undo", Spring)).ThenState(ledger =>
            Of(ledger, Spring)[0].Outstanding.ShouldBe(Units(500)));
    }

    [Fact]
    public void A_reversal_proposed_for_another_entity_before_that_was_refused_is_refused_when_it_is_approved()
    {
        var (original, proposed) = ReversalForTheKiln();
        var pending = TheLedger.Given([.. proposed]);
        pending.When(Approve("undo", Spring) with { Original = original }).ThenRejected("entity-not-of-original");
        pending.After(new EndTransaction(Id("undo"), Withdrawn: true, "wrong entity", OfficialOne, Spring)).When(Approve("undo", Spring)).ThenRejected("unknown-transaction");
    }

    [Fact]
    public void A_reversal_approved_for_an_entity_that_has_surrendered_nothing_waits_and_the_ledger_goes_on()
    {
        var (_, proposed) = ReversalForTheKiln();
        TheLedger.Given([.. proposed]).When(Approve("undo", Spring)).ThenEvents(events => events.ShouldHaveSingleItem().ShouldBeOfType<TransactionApproved>());
        var ledger = Settle(Then(proposed.Aggregate(Model.Initial(), Model.Evolve), Approve("undo", Spring)), Spring);
        ledger.Transactions.Pending.ShouldContainKey(Id("undo"));
        Of(ledger, Spring)[0].Outstanding.ShouldBe(Units(0), "the smelter's surrender stands");
    }

    [Fact]
    public void What_an_entity_surrendered_before_it_was_covered_can_be_reversed_before_it_is()
    {
        var original = new CompletedTransaction(
            Id("surrender"), TransactionTypes.Surrender, Holding(Kiln), SurrenderAccount, Cea(2023), Blocks.Of(Block(2023, 1_001, 1_500)), Kiln, Spring, Y2023);
        var reversal = new ProposeTransaction(Id("undo"), "reversal-of-surrender", SurrenderAccount, Holding(Kiln), Cea(2023), Units(0), null, null,
            null, original, "error", OfficialOne, Spring);
        Given.After([Open(Kiln, Spring), Allocate(2023, Kiln, 500, Spring), .. Surrender(Kiln, Cea(2023), 500, Spring, 2023).Approved(), reversal])
            .When(Approve("undo", Spring) with { Original = original })
            .ThenState(ledger => ledger.Accounts[Holding(Kiln)].Units.Of(Cea(2023)).ShouldBe(Units(500)));
    }

    [Fact]
    public void The_status_is_that_of_every_year_by_itself()
    {
        var rule = Rules.At(Autumn).StatusRule;
        var ledger = After([.. Furnished, .. Surrender(Smelter, Cea(2024), DueFor2024 + 10_000, Autumn).Approved()]);
        rule.Now(ledger.Compliance.Find(Smelter)!.Record!).ShouldBe(ComplianceStatus.B, "2023 is short, whatever 2024 has beyond its due");
        ledger = Then(ledger, Surrender(Smelter, Cea(2023), 500, Autumn, 2023, "arrears").Approved());
        rule.Now(ledger.Compliance.Find(Smelter)!.Record!).ShouldBe(ComplianceStatus.A);
        ledger = Settle(ledger, On(2026, 2, 1));
        rule.Now(ledger.Compliance.Find(Smelter)!.Record!).ShouldBe(ComplianceStatus.C, "2025 is due and not reported");
    }

    [Fact]
    public void What_was_surrendered_before_years_were_told_apart_goes_to_the_oldest_year_that_is_short()
    {
        var old = new UnitsSurrendered(Id("old"), Holding(Smelter), Smelter, SurrenderAccount, Cea(2024), null, Blocks.Of(Block(2024, 1, 700)), Spring);
        var ledger = Model.Evolve(After(Furnished), old);
        Of(ledger, Spring).Select(owed => owed.OfAllYears).ShouldBe([Units(500), Units(200)]);
    }

    [Fact]
    public void Where_years_are_not_told_apart_none_is_named() =>
        Market.TheLedger.Given().After(Market.OpenHolding(Smelter), Market.Allocate("2021", Market.Y2021, (Smelter, 100)))
            .When(new SurrenderUnits(Id("surrender"), Holding(Smelter), Market.Uka, Units(1), null, Market.SmelterOne, Market.Noon) { Year = Market.Y2021 }).ThenRejected("not-by-year");

    [Fact]
    public void An_altered_part_is_another_request() =>
        Given.After(Surrender(Smelter, Cea(2023), 10, Autumn, 2024).And(Cea(2024), 20))
            .When(Surrender(Smelter, Cea(2023), 10, Autumn, 2024).And(Cea(2024), 21)).ThenRejected("id-reused");

    [Fact]
    public void A_surrender_is_refused_when_the_id_of_one_of_its_parts_names_another_request()
    {
        var surrender = Surrender(Smelter, Cea(2023), 10, Autumn, 2024).And(Cea(2024), 20).And(Ccer, 5);
        foreach (var part in new[] { 1, 2 })
        {
            var first = Surrender(Smelter, Cea(2024), 1, Autumn) with { SurrenderId = Surrendering.IdOf(Id("surrender"), part) };
            Given.After(first).When(surrender).ThenRejected("id-reused");
        }
    }

    [Fact]
    public void The_same_units_are_not_named_twice() =>
        Given.When(Surrender(Smelter, Cea(2024), 10, Autumn).And(Cea(2024), 20)).ThenRejected("units-named-twice");

    private static ImmutableArray<Obligation> Of(LedgerState ledger, DateTimeOffset at) =>
        Obligation.Of(ledger.Compliance.Find(Smelter)!.Record!, 2024, ledger.Rules.At(at).OffsetLimit);

    private static ProposeTransaction Reverse(int vintage, long quantity, string id) => new(
        Id(id), "reversal-of-allocation", Holding(Smelter), Provincial, Cea(vintage), Units(quantity), null, null, null, null, "closed", OfficialOne, Autumn);

    /// <summary>The smelter's surrender, and a journal in which an official has proposed to undo it for the kiln: it was once taken.</summary>
    private static (CompletedTransaction Original, ImmutableArray<LedgerEvent> Journal) ReversalForTheKiln()
    {
        var original = new CompletedTransaction(
            Id("surrender"), TransactionTypes.Surrender, Holding(Smelter), SurrenderAccount, Cea(2023), Blocks.Of(Block(2023, 1, 500)), Smelter, Spring, Y2023);
        var reversal = new ProposeTransaction(Id("undo"), "reversal-of-surrender", SurrenderAccount, Holding(Smelter), Cea(2023), Units(0), null, null,
            Smelter, original, "error", OfficialOne, Spring);
        var (ledger, journal) = (Model.Initial(), ImmutableArray.CreateBuilder<LedgerEvent>());
        foreach (var command in (LedgerCommand[])[.. Furnished, Cover(Kiln, Spring), .. Surrender(Smelter, Cea(2023), 500, Spring, 2023).Approved(), reversal])
        {
            foreach (var fact in Model.Decide(ledger, command).ShouldBeOfType<Kernel.Decision<LedgerEvent>.Accepted>().Events)
            {
                var taken = fact is TransactionProposed proposed && proposed.TransactionId == reversal.TransactionId ? proposed with { Terms = proposed.Terms with { OnBehalfOfParticipantId = Kiln } } : fact;
                ledger = Model.Evolve(ledger, taken);
                journal.Add(taken);
            }
        }
        return (original, journal.DrainToImmutable());
    }

    private static ApproveTransaction Approve(string id, DateTimeOffset? at = null) => new(Id(id), OfficialTwo, at ?? Autumn);
}
