using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Cash;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Transactions;
using static CarbonMarket.Settlement.Ledger.Gansu;

namespace CarbonMarket.Settlement.Penalties;

/// <summary>The smelter owes 30,000 t for 2024 and 40,000 t for 2025, and surrenders 10,000 t less than that twice.</summary>
public sealed class PenaltySpecs
{
    private static readonly DateTimeOffset Start = On(2025, 4, 1);
    private static readonly DateTimeOffset January = On(2026, 1, 10);
    private static readonly DateTimeOffset Later = On(2027, 1, 10);

    private static readonly LedgerCommand[] Owing =
    [
        Open(Smelter, Start), Cover(Smelter, Start, 2024), Allocate(2024, Smelter, 100_000, Start), Allocate(2025, Smelter, 100_000, Start),
        Emissions(Smelter, 2024, 30_000, Start), .. Surrender(Smelter, Cea(2024), 10_000, Start).Approved(),
    ];

    private static readonly PublishAveragePrice December = new(new Month(2025, 12), Price.OfMinor(7012), "registry notice 7", OfficialOne, January);
    private static readonly AssessPenalty For2024 = new(Id("penalty"), Smelter, "surrender", Y2024, null, null, false, "case 1", OfficialOne, January);

    private static LedgerState Late => Settle(After(Owing), January);

    [Fact]
    public void A_shortfall_of_2025_costs_five_to_ten_times_the_average_price_of_the_month_before_the_deadline()
    {
        var worksheet = Assessed(Then(Late, December), For2024);
        (worksheet.Inputs.ActOn, worksheet.Inputs.Shortfall, worksheet.Inputs.AveragePrice).ShouldBe((new DateOnly(2025, 12, 31), Units(20_000), Price.OfMinor(7012)));
        var step = worksheet.Steps.ShouldHaveSingleItem();
        (step.Lowest, step.Highest).ShouldBe((Money.OfMinor(7_012_000_00), Money.OfMinor(14_024_000_00)));
        step.Formula.ShouldBe("20000 units not surrendered × 70.12 average price × 5 to 10");
        step.Regime.ShouldStartWith("[V:S1] article 24");
    }

    [Fact]
    public void The_average_price_is_turnover_over_volume_of_the_trades_settled_that_month()
    {
        var day = new DateOnly(2025, 12, 30);
        var traded = Settle(After([
            .. Owing, OpenTrading(Smelter), OpenTrading(Kiln), .. Issue(Trading(Smelter), Cea(2024), 4, Start), .. Issue(Trading(Smelter), Ccer, 5, Start), Deposit(Kiln),
            new LockTrades([Trade(1, Cea(2024), 1, 7000, day), Trade(2, Cea(2024), 3, 7017, day), Trade(3, Ccer, 5, 9000, day)], Start),
            new CloseTradingDay(day, 3, On(2025, 12, 30, 15)),
        ]), On(2025, 12, 31));
        var worksheet = Assessed(Settle(traded, January), For2024);
        worksheet.Inputs.AveragePrice.ShouldBe(Price.OfMinor(7013), "(7000 + 3 × 7017) / 4 = 7012.75, half up, offsets left out");
        worksheet.Inputs.PriceSource.ShouldBe("trades of 2025-12: turnover 280.51 over volume 4");
    }

    [Fact]
    public void Without_a_price_nothing_is_reckoned() => Code(Late, For2024).ShouldBe("average-price-unknown");

    [Fact]
    public void A_shortfall_of_2026_is_fined_in_two_steps_by_the_code()
    {
        var ledger = Then(Settle(Then(Late, [.. Surrender(Smelter, Cea(2024), 20_000, January, 2024, "arrears").Approved(), Emissions(Smelter, 2025, 40_000, On(2026, 4, 1)),
            .. Surrender(Smelter, Cea(2025), 30_000, On(2026, 5, 1), 2025, "first").Approved()]), Later), December with { Month = new Month(2026, 12), At = Later });
        var steps = Assessed(ledger, For2024 with { Year = Y2025, At = Later }).Steps;
        steps.Select(step => (step.Number, step.Lowest.Minor, step.Highest.Minor)).ShouldBe(
            [(1, 1_000_000_00, 5_000_000_00), (2, 3_506_000_00, 7_012_000_00)]);
        steps[0].Regime.ShouldBe("[V:S11] article 1226");
    }

    [Fact]
    public void The_second_step_is_of_what_is_still_unpaid_and_only_while_something_is()
    {
        var ledger = Then(Settle(Then(Late, Emissions(Smelter, 2025, 40_000, On(2026, 4, 1))), Later), [December with { Month = new Month(2026, 12), At = Later },
            .. Surrender(Smelter, Cea(2025), 39_000, Later, 2025, "most").Approved(), For2024 with { Year = Y2025, At = Later }]);
        ledger.Penalties.All[Id("penalty")].Worksheet.Steps[1].Highest.ShouldBe(Money.OfMinor(1_000 * 7012 * 10));
        Code(ledger, Fine(2, 701_200_00)).ShouldBe("step-out-of-order");
        ledger = Then(ledger, Fine(1, 1_000_000_00));
        Model.Decide(ledger, Fine(2, 701_200_00)).ShouldBeOfType<Decision<LedgerEvent>.Accepted>();
        Code(Then(ledger, Surrender(Smelter, Cea(2025), 1_000, Later, 2025, "rest").Approved()), Fine(2, 701_200_00)).ShouldBe("nothing-outstanding");
    }

    [Fact]
    public void What_was_surrendered_within_the_period_given_is_not_fined_by_the_second_step()
    {
        var ledger = Then(Settle(Then(Late, [Emissions(Smelter, 2025, 40_000, On(2026, 4, 1)), .. Surrender(Smelter, Cea(2025), 20_000, On(2026, 5, 1), 2025, "first").Approved()]), Later),
            December with { Month = new Month(2026, 12), At = Later }, For2024 with { Year = Y2025, At = Later });
        ledger.Penalties.All[Id("penalty")].Worksheet.Steps[1].Lowest.ShouldBe(Money.OfMinor(20_000 * 7012 * 5));
        ledger = Then(ledger, [Fine(1, 1_000_000_00), .. Surrender(Smelter, Cea(2025), 19_000, Later, 2025, "within the period").Approved()]);
        Code(ledger, Fine(2, 20_000 * 7012 * 5)).ShouldBe("penalty-out-of-range");
        Code(ledger, Fine(2, (1_000 * 7012 * 5) - 1)).ShouldBe("penalty-out-of-range");
        Code(ledger, Fine(2, (1_000 * 7012 * 10) + 1)).ShouldBe("penalty-out-of-range");
        var fine = Fine(2, 1_000 * 7012 * 10);
        ledger = Then(ledger, fine);
        ledger.Penalties.All[Id("penalty")].Decisions.Select(decision => decision.Units).ShouldBe([null, Units(1_000)], "the figure it was reckoned from is kept");
        ledger = Then(Model.ReadSnapshot(Model.WriteSnapshot(ledger)), Surrender(Smelter, Cea(2025), 1_000, Later, 2025, "rest").Approved());
        ledger.Penalties.All[Id("penalty")].Decisions[1].Units.ShouldBe(Units(1_000));
        Model.Decide(ledger, fine).ShouldBe(Decision<LedgerEvent>.Accept(), "said again it is as decided, whatever is paid afterwards");
    }

    [Theory]
    [InlineData("2024-04-30", "[V:S2] article 39", 10_000_00, 30_000_00)]
    [InlineData("2024-05-01", "[V:S1] article 21", 50_000_00, 500_000_00)]
    [InlineData("2026-08-15", "[V:S11] article 1226", 50_000_00, 500_000_00)]
    public void The_law_of_the_day_of_the_act_decides_whenever_it_is_decided(string day, string regime, long lowest, long highest)
    {
        var step = Assessed(Late, For2024 with { Violation = "report", Year = null, ActOn = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), At = Later }).Steps.ShouldHaveSingleItem();
        (step.Regime, step.Lowest.Minor, step.Highest.Minor).ShouldBe((regime, lowest, highest));
    }

    [Theory]
    [InlineData(null, false, 500_000_00, 2_000_000_00)]
    [InlineData(499_999_99L, false, 500_000_00, 2_000_000_00)]
    [InlineData(500_000_00L, false, 2_500_000_00, 5_000_000_00)]
    [InlineData(500_000_00L, true, 50_000_00, 200_000_00)]
    public void A_false_report_costs_a_multiple_of_what_it_gained(long? gains, bool ofPerson, long lowest, long highest)
    {
        var step = Assessed(Late, For2024 with
        {
            Violation = "false-report", Year = null, ActOn = new DateOnly(2025, 6, 1), Gains = gains is { } minor ? Money.OfMinor(minor) : null, OfPerson = ofPerson,
        }).Steps.ShouldHaveSingleItem();
        (step.Lowest.Minor, step.Highest.Minor).ShouldBe((lowest, highest));
    }

    [Fact]
    public void What_the_law_of_the_day_does_not_know_is_not_fined()
    {
        Code(Late, For2024 with { Violation = "manipulation", Year = null, ActOn = new DateOnly(2024, 4, 30) }).ShouldBe("no-penalty-in-force");
        Code(Late, For2024 with { Violation = "goodwill", Year = null, ActOn = new DateOnly(2025, 4, 30) }).ShouldBe("no-penalty-in-force");
        Code(Late, For2024 with { Violation = "report", Year = null }).ShouldBe("act-missing");
    }

    [Fact]
    public void A_fine_is_decided_by_another_official_within_its_range_once()
    {
        var ledger = Then(Late, December, For2024);
        Code(ledger, Fine(1, 7_012_000_00) with { By = OfficialOne }).ShouldBe("four-eyes");
        Code(ledger, Fine(1, 7_011_999_99)).ShouldBe("penalty-out-of-range");
        Code(ledger, Fine(1, 14_024_000_01)).ShouldBe("penalty-out-of-range");
        Code(ledger, Fine(2, 1)).ShouldBe("unknown-step");
        Code(ledger, Fine(1, 1) with { PenaltyId = Id("other") }).ShouldBe("unknown-penalty");
        Code(ledger, Fine(1, 1) with { By = new Person("smelter-1", Smelter, IsOfficial: false) }).ShouldBe("officials-only");
        ledger = Then(ledger, Fine(1, 8_000_000_00));
        ledger.Penalties.All[Id("penalty")].Decisions.ShouldHaveSingleItem().AmountMinor.ShouldBe(Money.OfMinor(8_000_000_00));
        Code(ledger, Fine(1, 8_000_000_01)).ShouldBe("already-decided");
    }

    [Fact]
    public void Only_a_year_that_was_closed_short_is_fined()
    {
        Code(Then(Late, December), For2024 with { Year = Y2025 }).ShouldBe("year-not-assessed");
        var paid = Settle(After([.. Owing, .. Surrender(Smelter, Cea(2024), 20_000, On(2025, 12, 31, 23, 59), id: "last minute").Approved()]), January);
        Code(Then(paid, December), For2024).ShouldBe("nothing-outstanding");
    }

    [Fact]
    public void A_penalty_is_known_by_its_id()
    {
        var ledger = Then(Late, December, For2024);
        Model.Decide(ledger, For2024).ShouldBe(Decision<LedgerEvent>.Accept());
        Code(ledger, For2024 with { Ground = "case 2" }).ShouldBe("id-reused");
        Code(Late, For2024 with { By = new Person("smelter-1", Smelter, IsOfficial: false) }).ShouldBe("officials-only");
    }

    [Fact]
    public void The_month_before_a_deadline_is_the_one_that_ends_with_it_or_before_it()
    {
        Month.EndedBy(new DateOnly(2025, 12, 31)).ShouldBe(new Month(2025, 12));
        Month.EndedBy(new DateOnly(2026, 1, 15)).ShouldBe(new Month(2025, 12));
        Month.EndedBy(new DateOnly(2024, 2, 29)).ShouldBe(new Month(2024, 2));
    }

    [Fact]
    public void A_snapshot_of_the_ledger_keeps_penalties_and_prices()
    {
        var ledger = Then(Late, December, For2024, Fine(1, 8_000_000_00));
        Model.WriteSnapshot(Model.ReadSnapshot(Model.WriteSnapshot(ledger))).ShouldBe(Model.WriteSnapshot(ledger));
    }

    private static PenaltyWorksheet Assessed(LedgerState ledger, AssessPenalty command) => Model.Decide(ledger, command)
        .ShouldBeOfType<Decision<LedgerEvent>.Accepted>($"{Model.Decide(ledger, command)}").Events.OfType<PenaltyAssessed>().ShouldHaveSingleItem().Worksheet;

    private static string? Code(LedgerState ledger, LedgerCommand command) => (Model.Decide(ledger, command) as Decision<LedgerEvent>.Rejected)?.Code;

    private static DecidePenalty Fine(int step, long minor) => new(Id("penalty"), step, Money.OfMinor(minor), "decision 1", OfficialTwo, Later);

    private static Accounts.OpenAccount OpenTrading(Guid participant) => Market.OpenTrading(participant) with { At = Start };

    private static DepositCash Deposit(Guid participant) => new(DeterministicGuid.From(participant, "cash"), Trading(participant), Money.OfMinor(1_000_000_00), Start);

    private static ExecutedTrade Trade(long sequence, string instrument, long quantity, long price, DateOnly day) => new(
        sequence, DeterministicGuid.From(Guid.Empty, "trade", sequence), instrument, Kiln, Smelter, Units(quantity), Price.OfMinor(price), day, Start);
}
