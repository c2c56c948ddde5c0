using System.Globalization;
using System.Text.Json.Nodes;
using CarbonMarket.Kernel;
using static CarbonMarket.PolicyPacks.Tests.ShippedPacks;

namespace CarbonMarket.PolicyPacks.Tests;

public sealed class ShippedPackTests
{
    [Fact]
    public void The_uk_market_trades_one_instrument_of_all_vintages_in_pence()
    {
        var allowance = Uk.Instruments.ShouldHaveSingleItem();
        (allowance.Id, allowance.Unit, allowance.Vintage, allowance.LotSize, allowance.TickMinor).ShouldBe(("UKA", "tCO2e", null, 1, 1));
        (allowance.PriceBandBasisPoints, allowance.BasePriceMinor, allowance.SameDayResaleBanned).ShouldBe((null, 4500, false));
        Uk.Currency.ShouldBe(new Currency("GBP", 100));
        Uk.Compliance.FirstYear.ShouldBe(2021);
    }

    [Fact]
    public void The_gansu_market_trades_carbon_and_energy_by_vintage_within_bands()
    {
        Gansu.Instruments.Select(instrument => instrument.Id).ShouldBe(
            ["CEA-2021", "CEA-2022", "CEA-2023", "CEA-2024", "CEA-2025", "CEA-2026",
                "TCE-2025", "TCE-2026", "TCEINC-2025", "TCEINC-2026", "CCER"]);
        var carbon = Gansu.Instrument("CEA-2025")!;
        (carbon.Unit, carbon.Vintage, carbon.PriceBandBasisPoints, carbon.BlockPriceBandBasisPoints).ShouldBe(("tCO2e", 2025, 1000, 3000));
        (carbon.ListedBelowQuantity, carbon.SameDayResaleBanned, carbon.NameZh).ShouldBe((100_000, true, "全国碳排放配额2025"));
        Gansu.Instrument("TCE-2026")!.Unit.ShouldBe("tce");
        Gansu.Instrument("CEA").ShouldBeNull();
    }

    [Fact]
    public void An_energy_use_right_says_where_on_what_basis_and_of_which_quota()
    {
        foreach (var (id, quota) in new[] { ("TCE-2026", EnergyQuota.Stock), ("TCEINC-2026", EnergyQuota.Increment) })
        {
            var right = Gansu.Instrument(id)!;
            (right.Kind, right.Unit, right.Quota).ShouldBe((InstrumentKind.EnergyUseRight, "tce", quota));
            (right.Region, right.EnergyBasis).ShouldBe(("620000", EnergyBasis.CoalEquivalent));
            (right.TimesInForce, right.LongestGoodTillDays).ShouldBe(
                (TimesInForce.Day | TimesInForce.GoodTillDate | TimesInForce.ImmediateOrCancel | TimesInForce.FillOrKill, 30));
            right.PriceRunHalt.ShouldBe(new PriceRunHalt(50, 60, 5));
        }
    }

    [Fact]
    public void Offsets_trade_beside_allowances_in_one_instrument_of_all_vintages()
    {
        var offset = Gansu.Instrument("CCER")!;
        (offset.Kind, offset.Unit, offset.Vintage, offset.Region, offset.EnergyBasis).ShouldBe((InstrumentKind.Offset, "tCO2e", null, null, null));
        Gansu.Instrument("CEA-2025")!.Kind.ShouldBe(InstrumentKind.Allowance);
    }

    [Fact]
    public void A_limit_of_which_the_sources_say_nothing_is_off()
    {
        foreach (var instrument in Uk.Instruments.AddRange(Gansu.Instruments))
        {
            (instrument.LargestOrderQuantity, instrument.LargestOrderValueMinor, instrument.PositionLimit, instrument.LargeTraderReportFrom, instrument.Fees)
                .ShouldBe((null, null, null, null, null));
            instrument.SelfTrade.ShouldBe(SelfTradePrevention.CancelIncoming);
            instrument.TimesInForce.HasFlag(TimesInForce.Day | TimesInForce.ImmediateOrCancel).ShouldBeTrue();
        }

        foreach (var trading in new[] { Uk.Trading, Gansu.Trading })
            (trading.MessagesPerSecond, trading.MostOpenOrders, trading.Closing).ShouldBe((null, 100_000, ClosingRule.VolumeWeightedMean));
    }

    [Fact]
    public void Blocks_are_watched_for_splitting_only_where_there_are_blocks()
    {
        Gansu.Trading.Surveillance.ShouldBe(new Surveillance
        {
            WashTrade = new(60), RoundTrip = new(3600, 5), Layering = new(10, 90), MarkingTheClose = new(15, 50, 200),
            BlockSplitting = new(30, 3), Churn = new(30, 100),
        });
        Uk.Trading.Surveillance.ShouldBe(Gansu.Trading.Surveillance! with { BlockSplitting = null });
    }

    [Fact]
    public void Participants_announce_auctions_of_their_own_a_day_ahead_in_gansu_alone()
    {
        Gansu.Trading.Auctions.ShouldBe(new AuctionRules(ParticipantsMayAnnounce: true, ShortestNoticeMinutes: 1_440));
        Uk.Trading.Auctions.ShouldBeNull();
    }

    [Fact]
    public void Every_account_and_transaction_type_the_ledger_needs_is_in_both_packs()
    {
        foreach (var registry in new[] { Uk.Registry, Gansu.Registry })
        {
            registry.AccountTypes.Select(type => type.Id).ShouldBe(
                ["operator-holding", "trading", "issuance", "auction", "surrender", "cancellation", .. registry == Uk.Registry ? ["reserve", "fees"] : new[] { "provincial", "payouts", "fees", "risk-reserve" }]);
            registry.TransactionTypes.Where(type => type.ProposedBy == Proposer.Platform).Select(type => type.Id).ShouldBe(
                ["issuance", "allocation", "transfer-to-trading", "transfer-from-trading", "trade-settlement", "trade-fee",
                    .. registry == Gansu.Registry ? ["risk-reserve-contribution"] : (string[])[], "surrender", "cash-deposit", .. registry == Gansu.Registry ? ["payout-reservation", "cash-withdrawal", "payout-return", "carry-over"] : new[] { "cash-withdrawal" }]);
            registry.TransactionType("issuance")!.ApprovedBy.ShouldBe(Approver.Official);
            registry.AccountType("trading")!.HoldsCash.ShouldBeTrue();
        }
    }

    [Fact]
    public void What_undoes_something_needs_two_officials_and_is_never_undone_itself_by_a_holder()
    {
        foreach (var registry in new[] { Uk.Registry, Gansu.Registry })
        {
            var reversals = registry.TransactionTypes.Where(type => !type.Reverses.IsEmpty).ToList();
            reversals.Select(type => type.Id).Except(["return-of-offsets"]).ShouldBe(["reversal-of-surrender", "correction"]);
            reversals.ShouldAllBe(type => type.ProposedBy == Proposer.Official && type.ApprovedBy == Approver.Official);
            registry.TransactionType("reversal-of-surrender")!.ReverseWithinDays.ShouldBe(30);
        }
    }

    [Fact]
    public void The_markets_say_how_a_status_is_found_and_which_vintages_answer_for_a_year()
    {
        (Uk.Compliance.StatusRule, Uk.Compliance.UsableVintages.IsEmpty, Uk.Compliance.CarryOvers.IsEmpty).ShouldBe(("cumulative-abc", true, true));
        Gansu.Compliance.StatusRule.ShouldBe("each-year-abc");
        var day = new DateOnly(2026, 6, 1);
        Gansu.Compliance.UsableVintages.Where(usable => usable.IsFor(2024, late: true, day)).ShouldHaveSingleItem().LastVintage.ShouldBe(2026);
        Gansu.Compliance.UsableVintages.Where(usable => usable.IsFor(2025, late: false, day)).ShouldHaveSingleItem().FirstVintage.ShouldBe(2025);
    }

    [Fact]
    public void Old_vintages_are_carried_over_once_by_their_batches()
    {
        var carried = Gansu.Compliance.CarryOvers.ShouldHaveSingleItem();
        (carried.IntoYear, carried.Carries(2018), carried.Carries(2019), carried.Carries(2024), carried.Carries(2025)).ShouldBe((2025, false, true, true, false));
        Gansu.SnapshotOf(carried).ShouldBe(new DateTimeOffset(2025, 12, 31, 23, 59, 0, TimeSpan.FromHours(8)));
        carried.Batches.Select(batch => batch.ProcessedOn).ShouldBe([new DateOnly(2026, 3, 27), new DateOnly(2026, 6, 26)]);
    }

    [Fact]
    public void In_gansu_the_regulator_appoints_the_verifier_and_in_the_uk_the_entity_finds_its_own()
    {
        (Uk.Verification with { ExcludedMethods = [] }).ShouldBe(new VerificationRules());
        Uk.Verification.ExcludedMethods.ShouldBeEmpty();
        (Gansu.Verification with { ExcludedMethods = [] }).ShouldBe(new VerificationRules
        {
            Appointed = true, SiteVisit = true, CompilersBarred = true, AmendedOnceReopened = true, StatementDeadline = new MonthDay(6, 30),
        });
        var day = new DateOnly(2026, 7, 1);
        new[] { "correction-days", "verifier-years-in-a-row", "result-notice-days", "objection-days", "objection-decision-days" }
            .Select(id => Gansu.Parameter(id)!.On(day)!.Value).ShouldBe([30, 3, 7, 7, 10]);
    }

    [Theory]
    [InlineData("purchased-electricity", 2022, false)]
    [InlineData("purchased-electricity", 2023, true)]
    [InlineData("purchased-electricity", 2026, true)]
    [InlineData("purchased-heat", 2024, false)]
    [InlineData("purchased-heat", 2025, true)]
    [InlineData("combustion-ncv", 2025, false)]
    public void What_was_emitted_for_bought_electricity_and_heat_is_not_of_the_gansu_market(string method, int year, bool excluded) =>
        Gansu.Verification.Excludes(method, year).ShouldBe(excluded);

    [Fact]
    public void A_method_is_excluded_once_for_a_year()
    {
        FaultsAfter("gansu", pack => Excluded(pack).Add(Excluded(pack)[0]!.DeepClone())).ShouldHaveSingleItem().Problem.ShouldContain("overlaps");
        FaultsAfter("gansu", pack => Excluded(pack)[1]!["lastYear"] = 2024).ShouldHaveSingleItem().Problem.ShouldContain("ends before it begins");

        static JsonArray Excluded(JsonObject pack) => pack.FirstVersion()["verification"]!["excludedMethods"]!.AsArray();
    }

    [Theory]
    [InlineData("2026-03-06", 1, "2026-03-09")] // A Friday.
    [InlineData("2026-02-13", 2, "2026-02-24")] // The Saturday makes up for the Spring Festival, which follows it.
    [InlineData("2026-07-01", 7, "2026-07-10")]
    [InlineData("2026-07-01", 0, "2026-07-01")]
    public void A_number_of_working_days_ends_with_the_last_of_them(string from, int days, string last) =>
        Gansu.AfterWorkingDays(DateOnly.Parse(from, CultureInfo.InvariantCulture), days).ShouldBe(DateOnly.Parse(last, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("2026-02-14T10:30+08:00", 4, "2026-02-13T16:00+08:00")] // The Saturday makes up for the Spring Festival.
    [InlineData("2026-02-24T09:30+08:00", 2, "2026-02-14T17:00+08:00")] // The festival lies between.
    [InlineData("2027-01-01T00:00+08:00", 1, "2026-12-31T17:00+08:00")]
    public void The_last_moment_for_a_delay_is_counted_back_in_working_hours(string until, int hours, string from) =>
        Gansu.BeforeWorkingHours(DateTimeOffset.Parse(until, CultureInfo.InvariantCulture), hours).ShouldBe(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("2026-02-13T16:00+08:00", 4, "2026-02-14T10:30+08:00")] // A Friday; the Saturday makes up for the Spring Festival.
    [InlineData("2026-02-14T17:00+08:00", 2, "2026-02-24T09:30+08:00")] // The festival lies between.
    [InlineData("2026-03-06T18:00+08:00", 1, "2026-03-09T09:30+08:00")] // Closed already: the weekend lies between.
    [InlineData("2026-03-09T03:00+08:00", 9, "2026-03-09T17:30+08:00")]
    [InlineData("2026-03-09T08:30+08:00", 19, "2026-03-10T18:00+08:00")] // Two whole days end with the second.
    public void A_delay_runs_in_working_hours(string from, int hours, string until) =>
        Gansu.AfterWorkingHours(DateTimeOffset.Parse(from, CultureInfo.InvariantCulture), hours)
            .ShouldBe(DateTimeOffset.Parse(until, CultureInfo.InvariantCulture));

    [Fact]
    public void The_trading_days_of_2025_in_china_are_the_243_that_were_published() =>
        Enumerable.Range(0, 365).Select(new DateOnly(2025, 1, 1).AddDays).Count(Gansu.IsTradingDay).ShouldBe(243);

    [Theory]
    [InlineData("benchmark-electricity-coal-over-300mw", 2024, 0.7910)]
    [InlineData("benchmark-electricity-coal-over-300mw", 2020, 0.877)]
    [InlineData("benchmark-heat-coal", 2024, 0.1033)]
    [InlineData("grid-factor-gansu", 2023, 0.4471)]
    public void A_benchmark_holds_for_its_compliance_years(string id, int year, double value) =>
        Gansu.Parameter(id)!.For(ComplianceYear.Of(year))!.Value.ShouldBe((decimal)value);

    [Fact]
    public void The_fine_is_that_of_the_day_of_the_act()
    {
        var fine = Gansu.Parameter("surrender-fine-lowest")!;
        fine.On(new DateOnly(2024, 4, 30))!.Value.ShouldBe(20_000);
        fine.On(new DateOnly(2024, 5, 1)).ShouldBeNull();
        fine.On(new DateOnly(2026, 8, 14)).ShouldBeNull();
        fine.On(new DateOnly(2026, 8, 15))!.Value.ShouldBe(1_000_000);
        Gansu.Parameter("grid-factor-gansu")!.For(ComplianceYear.Of(2022)).ShouldBeNull();
    }

    [Fact]
    public void The_source_of_a_number_can_be_asked_for()
    {
        Gansu.Sources["$.versions[0].instruments[0].priceBandBasisPoints"].ShouldStartWith("[V:S12]");
        Gansu.Documents["S12"].ShouldContain("全国碳排放权交易");
        Gansu.Parameter("offset-limit-share")!.On(new DateOnly(2025, 1, 1))!.Source.ShouldStartWith("[V:S2]");
    }

    [Fact]
    public void A_market_is_found_by_its_name_and_its_rules_by_the_day()
    {
        var catalog = PolicyPackCatalog.Load(Folder, ["gansu", "uk-ets"]);
        catalog.Markets.ShouldBe(["gansu", "uk-ets"]);
        catalog.Find("mars").ShouldBeNull();
        catalog.Find("gansu", new DateOnly(2021, 7, 15)).ShouldBeNull();
        catalog.Find("gansu", new DateOnly(2021, 7, 16))!.Version.ShouldBe("2021.1");
    }

    [Fact]
    public void A_newer_version_ends_the_one_before_it()
    {
        var next = Uk with { Version = "2026.1", ValidFrom = new DateOnly(2026, 1, 1) };
        var catalog = new PolicyPackCatalog([next, Uk with { ValidTo = new DateOnly(2025, 12, 31) }]);
        catalog.Find("uk-ets")!.Version.ShouldBe("2026.1");
        catalog.Find("uk-ets", new DateOnly(2025, 12, 31))!.Version.ShouldBe("2021.1");
        catalog.Find("uk-ets", new DateOnly(2026, 1, 1))!.Version.ShouldBe("2026.1");
    }
}
