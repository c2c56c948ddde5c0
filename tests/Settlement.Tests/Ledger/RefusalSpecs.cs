using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Transactions;
using CsCheck;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>A refusal leaves the ledger as it was, to the byte; and those refusals that no other spec is about.</summary>
public sealed class RefusalSpecs
{
    private static readonly LedgerCommand[] Furnished =
        [OpenHolding(Smelter), OpenHolding(Kiln), OpenTrading(Smelter), Allocate("2021", Y2021, (Smelter, 1_000))];

    private static readonly ProposeTransaction Transfer = new(
        Id("transfer"), "transfer-to-untrusted", Holding(Smelter), Holding(Kiln), Uka, Units(60), null, null, null, null, null, SmelterOne, Noon);

    private static readonly CompletedTransaction Surrendered = new(
        Id("earlier"), "surrender", Holding(Kiln), SurrenderAccount, Uka, Serials(Y2021, 1, 10), null, Noon);

    [Fact]
    public void Whatever_is_refused_changes_nothing() =>
        RandomHistory.Commands.Sample(commands => ChangesNothing(Model, commands, RandomHistory.Perform), iter: 60, threads: 1);

    [Fact]
    public void Whatever_is_refused_in_Gansu_changes_nothing() =>
        GansuHistory.Commands.Sample(commands => ChangesNothing(Gansu.Model, commands, GansuHistory.Perform), iter: 40, threads: 1);

    [Fact]
    public void An_account_does_not_trust_its_own_holder() =>
        Refused(Furnished, new TrustAccount(Holding(Smelter), Trading(Smelter), true, Smelter, Noon), "trusts-itself");

    [Fact]
    public void The_list_of_trusted_accounts_has_an_end()
    {
        var others = Enumerable.Range(0, Trusting.MostTrusted).Select(number => Id($"other {number}")).ToList();
        Refused(
            [.. Furnished, .. others.Select(OpenHolding), .. others.Select(other => new TrustAccount(Holding(Smelter), Holding(other), true, Smelter, Noon))],
            new TrustAccount(Holding(Smelter), Holding(Kiln), true, Smelter, Noon), "too-many-trusted");
    }

    [Fact]
    public void A_trusted_account_gets_no_transfer_for_strangers() => Refused(
        [.. Furnished, new TrustAccount(Holding(Smelter), Holding(Kiln), true, Smelter, Noon)], Transfer with { At = FourWorkingDaysLater }, "recipient-trusted");

    [Fact]
    public void A_transfer_undoes_nothing() => Refused(Furnished, Transfer with { Original = Surrendered }, "reverses-nothing");

    [Fact]
    public void A_correction_does_not_undo_a_surrender() => Refused(
        Furnished, Transfer with { Type = "correction", Original = Surrendered, Ground = "an error", By = OfficialOne }, "not-reversible");

    [Fact]
    public void Units_that_lie_elsewhere_are_not_moved_by_their_serials() =>
        Refused(Furnished, Transfer with { Serials = new Block(Y2021, 990, 1_001) }, "units-not-free");

    [Fact]
    public void An_official_refuses_a_holders_transfer_but_does_not_take_it_back() =>
        Refused([.. Furnished, Transfer], new EndTransaction(Id("transfer"), Withdrawn: true, "why", OfficialOne, Noon), "not-proposer");

    [Fact]
    public void Comments_on_a_transaction_have_an_end() => Refused(
        [.. Furnished, Transfer, .. Enumerable.Range(0, Approving.MostComments).Select(number => Comment(number))], Comment(Approving.MostComments), "too-many-comments");

    [Fact]
    public void Freezes_of_an_account_have_an_end() => Refused(
        [.. Furnished, .. Enumerable.Range(0, Freezing.MostHoldsOfAnAccount).Select(number => Freeze(number))], Freeze(Freezing.MostHoldsOfAnAccount), "too-many-holds");

    [Fact]
    public void Nothing_is_no_carry_over() => Refused(
        Gansu.Model, [Gansu.Open(Smelter, Gansu.On(2025, 4, 1)), Gansu.Allocate(2024, Smelter, 100, Gansu.On(2025, 4, 1))],
        new RequestCarryOver(Id("request"), Holding(Smelter), Gansu.Cea(2024), Quantity.Zero, null, Smelter, Gansu.On(2026, 2, 10)), "nothing-carried-over");

    [Fact]
    public void Energy_use_rights_do_not_answer_for_emissions() => Refused(
        Gansu.Model, [Gansu.Open(Smelter, Gansu.On(2025, 4, 1)), .. Gansu.Issue(Holding(Smelter), "TCE-2025", 100, Gansu.On(2025, 4, 1))],
        Gansu.Surrender(Smelter, "TCE-2025", 10, Gansu.On(2025, 6, 1)), "wrong-unit");

    private static CommentTransaction Comment(int number) =>
        new(Id("transfer"), DeterministicGuid.From(Guid.Empty, "comment", number), "Who is this?", SmelterTwo, Noon);

    private static FreezeUnits Freeze(int number) => new(
        DeterministicGuid.From(Guid.Empty, "freeze", number), Holding(Smelter), Uka, new Block(Y2021, 1 + number, 1 + number), null, HoldKind.Freeze,
        new FreezeGround("court", "1"), OfficialOne, Noon);

    private static void Refused(IEnumerable<LedgerCommand> before, LedgerCommand command, string code) => Refused(Model, before, command, code);

    private static void Refused(LedgerModel model, IEnumerable<LedgerCommand> before, LedgerCommand command, string code)
    {
        var ledger = model == Model ? After(before) : Gansu.After(before);
        var was = model.WriteSnapshot(ledger);
        model.Decide(ledger, command).ShouldBeOfType<Decision<LedgerEvent>.Rejected>().Code.ShouldBe(code);
        model.WriteSnapshot(ledger).ShouldBe(was);
    }

    private static void ChangesNothing(LedgerModel model, LedgerCommand[] commands, Func<LedgerState, LedgerCommand, IEnumerable<LedgerEvent>> perform)
    {
        var ledger = model.Initial();
        foreach (var command in commands)
        {
            var was = model.WriteSnapshot(ledger);
            if (model.Decide(ledger, command) is Decision<LedgerEvent>.Rejected refused)
                model.WriteSnapshot(ledger).ShouldBe(was, $"{refused.Code} was said of {command}.");
            ledger = perform(ledger, command).Aggregate(ledger, model.Evolve);
        }
    }
}
