using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Conservation;
using CarbonMarket.Settlement.DailyStatements;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;
using static CarbonMarket.Settlement.Ledger.Market;

namespace CarbonMarket.Settlement.Clearing;

/// <summary>The smelter buys 40 units of the kiln for 8.00 and pays 9 of fee, the kiln 6; a third of both is set aside.</summary>
public sealed class FeeSpecs
{
    private static readonly DateTimeOffset Evening = Noon.AddHours(6);
    private static readonly ContinueClearing Run = new(Today, 1, Evening);
    private static readonly ExecutedTrade ItsTrade = Trade(1, Smelter, Kiln, 40, 20).WithFees(buyer: 9, seller: 6);

    private static readonly LedgerCommand[] Furnished =
    [
        OpenTrading(Smelter), OpenTrading(Kiln), Deposit(Smelter, 1_000), .. Issue(Trading(Kiln), 100, Y2021),
    ];

    [Fact]
    public void A_trade_binds_the_buyer_with_its_fee_and_the_seller_to_its_proceeds_less_the_fee() =>
        TheLedger.Given().After(Furnished).When(Lock(ItsTrade)).ThenState(ledger =>
        {
            (ledger.Accounts.Trading(Smelter)!.CashPendingOut, ledger.Accounts.Trading(Smelter)!.FreeCash).ShouldBe((Pence(809), Pence(191)));
            ledger.Accounts.Trading(Kiln)!.CashPendingIn.ShouldBe(Pence(794));
            var loaded = Model.ReadSnapshot(Model.WriteSnapshot(ledger));
            (loaded.Accounts.Trading(Smelter)!.CashPendingOut, loaded.Accounts.Trading(Kiln)!.CashPendingIn).ShouldBe((Pence(809), Pence(794)));
        });

    [Fact]
    public void A_trade_told_again_with_other_fees_is_another_trade() =>
        TheLedger.Given().After([.. Furnished, Lock(ItsTrade)]).When(Lock(ItsTrade.WithFees(buyer: 9, seller: 7))).ThenRejected("trade-differs");

    [Fact]
    public void A_trading_account_that_opens_later_is_bound_with_the_fee()
    {
        var ledger = After([OpenTrading(Kiln), Lock(ItsTrade), OpenTrading(Smelter)]);
        ledger.Accounts.Trading(Smelter)!.CashPendingOut.ShouldBe(Pence(809));
    }

    [Fact]
    public void The_run_delivers_units_cash_and_fees_together_and_sets_its_share_aside()
    {
        TheLedger.Given().After([.. Furnished, Lock(ItsTrade), Close(1)]).When(Run).ThenEvents(events =>
            events[0].ShouldBeOfType<TradeSettled>().ShouldSatisfyAllConditions(
                e => (e.CashMinor, e.BuyerFeeMinor, e.SellerFeeMinor).ShouldBe((Pence(800), Pence(9), Pence(6))),
                e => e.RiskReserveMinor.ShouldBe(Pence(5), "0.3333 of 15 is 4.9995.")));
        var ledger = Settle(After([.. Furnished, Lock(ItsTrade), Close(1)]));
        (Of(ledger, Smelter), Of(ledger, Kiln)).ShouldBe((Pence(1_000 - 809), Pence(794)));
        (OfAuthority(ledger, AccountTypes.Fees), OfAuthority(ledger, AccountTypes.RiskReserve)).ShouldBe((Pence(10), Pence(5)));
        ledger.Accounts.Trading(Smelter)!.CashPendingOut.ShouldBe(Pence(0));
        ledger.Accounts.Trading(Kiln)!.CashPendingIn.ShouldBe(Pence(0));
        ConservationStatement.Of(ledger).ShouldSatisfyAllConditions(
            statement => statement.Balanced.ShouldBeTrue(), statement => statement.Cash.HeldMinor.ShouldBe(Pence(1_000)));
    }

    [Fact]
    public void What_pays_the_price_and_not_the_fee_delivers_nothing_and_costs_no_fee()
    {
        LedgerCommand[] traded =
        [
            OpenTrading(Smelter), OpenTrading(Kiln), Deposit(Smelter, 808), .. Issue(Trading(Kiln), 100, Y2021), Lock(ItsTrade), Close(1),
        ];
        var ledger = Settle(After(traded));
        ledger.Clearing.PostponedOf(Today).ShouldHaveSingleItem().Code.ShouldBe("insufficient-cash");
        ledger = Settle(Then(ledger, Close(1, Today.AddDays(1))));
        ledger.Clearing.FailuresOf(Today).ShouldHaveSingleItem().Code.ShouldBe("insufficient-cash");
        (Of(ledger, Smelter), OfAuthority(ledger, AccountTypes.Fees)).ShouldBe((Pence(808), Pence(0)));
        (ledger.Accounts.Trading(Smelter)!.FreeCash, ledger.Accounts.Trading(Kiln)!.CashPendingIn).ShouldBe((Pence(808), Pence(0)));
    }

    [Fact]
    public void Without_a_share_in_the_rules_all_of_the_fees_stay_where_they_are()
    {
        var model = new LedgerModel(new RuleBook(Packs.Versions("uk-ets")));
        var ledger = ((LedgerCommand[])[.. Furnished, Lock(ItsTrade), Close(1), Run]).Aggregate(model.Initial(), (state, command) =>
            model.Decide(state, command).ShouldBeOfType<Decision<LedgerEvent>.Accepted>().Events.Aggregate(state, model.Evolve));
        ledger.Accounts[ledger.Accounts.AuthorityId(AccountTypes.Fees)].Cash.ShouldBe(Pence(15));
    }

    [Fact]
    public void Nothing_starts_on_rules_that_take_fees_and_have_nowhere_to_put_them()
    {
        var pack = Packs.Find("uk-ets")!;
        var charged = pack with { Instruments = [.. pack.Instruments.Select(rules => rules with { Fees = new TradeFees(5, 5) })] };
        new RuleBook([charged]).AuthorityAccountTypes.ShouldContain(AccountTypes.Fees);
        var nowhere = charged.Registry with { TransactionTypes = [.. charged.Registry.TransactionTypes.Where(type => type.Id != TransactionTypes.TradeFee)] };
        Should.Throw<ArgumentException>(() => new RuleBook([charged with { Registry = nowhere }])).Message.ShouldContain("trade-fee");
        Should.Throw<ArgumentException>(() => new RuleBook([charged with { Registry = charged.Registry with { RiskReserveBasisPoints = 1 } }]))
            .Message.ShouldContain("risk-reserve-contribution");
    }

    [Fact]
    public void A_statement_names_the_price_without_the_fee_and_the_fee_beside_it()
    {
        var booked = Booked.After([.. Furnished, Lock(ItsTrade), Close(1), Run]);
        Line(booked, Smelter).ShouldSatisfyAllConditions(
            line => (line.Type, line.PriceMinor).ShouldBe(("trade-settlement", Price.OfMinor(20))),
            line => (line.CashInMinor, line.CashOutMinor, line.FeeMinor, line.CashAfterMinor).ShouldBe((Pence(0), Pence(809), Pence(9), Pence(191))));
        Line(booked, Kiln).ShouldSatisfyAllConditions(
            line => line.PriceMinor.ShouldBe(Price.OfMinor(20)),
            line => (line.CashInMinor, line.CashOutMinor, line.FeeMinor, line.CashAfterMinor).ShouldBe((Pence(800), Pence(6), Pence(6), Pence(794))));
    }

    private static StatementLine Line(Booked booked, Guid participant)
    {
        var settled = booked.Journal.Single(fact => fact.Data is TradeSettled).Version;
        return StatementLine.Of([.. booked.Postings.Where(posting => posting.Version == settled && posting.AccountId == Trading(participant))]);
    }

    private static Money Of(LedgerState ledger, Guid participant) => ledger.Accounts.Trading(participant)!.Cash;

    private static Money OfAuthority(LedgerState ledger, string type) => ledger.Accounts[ledger.Accounts.AuthorityId(type)].Cash;
}
