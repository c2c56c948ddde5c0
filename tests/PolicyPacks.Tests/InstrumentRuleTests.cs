using System.Text.Json.Nodes;
using static CarbonMarket.PolicyPacks.Tests.ShippedPacks;

namespace CarbonMarket.PolicyPacks.Tests;

/// <summary>What an instrument may say of itself, and what it may not.</summary>
public sealed class InstrumentRuleTests
{
    private const string Carbon = "$.versions[0].instruments[0]";
    private const string Energy = "$.versions[0].instruments[1]";
    private const string Offset = "$.versions[0].instruments[3]";

    [Fact]
    public void Tce_without_a_basis_are_refused() =>
        FaultsAfter("gansu", pack => pack.Instrument("TCE").Remove("energyBasis")).ShouldHaveSingleItem().Path.ShouldBe(Energy + ".energyBasis");

    [Fact]
    public void Leaving_out_its_kind_is_no_way_round_the_basis() =>
        FaultsAfter("gansu", pack =>
        {
            foreach (var member in new[] { "kind", "region", "energyBasis", "quota" })
                pack.Instrument("TCE").Remove(member);
        }).ShouldHaveSingleItem().ToString().ShouldContain(Energy + ".kind: allowance is not counted in tce");

    [Fact]
    public void A_composite_quote_needs_vintages() =>
        FaultsAfter("gansu", pack => pack.Instrument("CCER")["composite"] = Sourced(JsonValue.Create(true))).ShouldHaveSingleItem().Path.ShouldBe(Offset + ".composite");

    [Theory]
    [InlineData("region", "620000")]
    [InlineData("energyBasis", "calorific-value")]
    [InlineData("quota", "stock")]
    public void An_offset_says_nothing_of_energy(string member, string value) =>
        FaultsAfter("gansu", pack => pack.Instrument("CCER")[member] = Sourced(value)).ShouldHaveSingleItem().Path.ShouldBe($"{Offset}.{member}");

    [Theory]
    [InlineData("priceBandBasisPoints")]
    [InlineData("blockPriceBandBasisPoints")]
    public void A_band_of_any_sort_needs_a_price_to_start_from(string band) =>
        FaultsAfter("gansu", pack => pack.Instrument("CCER")[band] = Sourced(1000)).ShouldHaveSingleItem().Path.ShouldBe(Offset + ".basePriceMinor");

    [Theory]
    [InlineData("region", "\"62\"")]
    [InlineData("region", "\"620102\"")]
    [InlineData("energyBasis", "\"当量值\"")]
    [InlineData("quota", "\"both\"")]
    [InlineData("selfTrade", "\"allow\"")]
    [InlineData("longestGoodTillDays", "0")]
    [InlineData("timesInForce", "[\"for-ever\"]")]
    [InlineData("timesInForce", "[]")]
    [InlineData("timesInForce", "[\"day\", \"day\"]")]
    [InlineData("positionLimit", "0")]
    public void A_word_or_number_of_no_meaning_is_refused(string member, string value) =>
        FaultsAfter("gansu", pack => pack.Instrument("TCE")[member] = Sourced(JsonNode.Parse(value)!))
            .ShouldContain(fault => fault.Path.StartsWith($"{Energy}.{member}", StringComparison.Ordinal) && fault.Right != "what the schema says");

    [Fact]
    public void Orders_that_are_good_till_a_date_have_a_last_one()
    {
        FaultsAfter("gansu", pack => pack.Instrument("TCE").Remove("longestGoodTillDays")).ShouldHaveSingleItem().Path.ShouldBe(Energy + ".longestGoodTillDays");
        FaultsAfter("gansu", pack => pack.Instrument("CEA")["longestGoodTillDays"] = Sourced(30))
            .ShouldHaveSingleItem().Path.ShouldBe(Carbon + ".longestGoodTillDays");
    }

    [Fact]
    public void Limits_leave_room_for_what_they_limit()
    {
        FaultsAfter("gansu", pack =>
        {
            var carbon = pack.Instrument("CEA");
            carbon["lotSize"] = Sourced(10);
            carbon["largestOrderQuantity"] = Sourced(9);
            carbon["positionLimit"] = Sourced(1_000_000);
            carbon["largeTraderReportFrom"] = Sourced(1_000_001);
        }).Select(fault => fault.Path).ShouldBe([Carbon + ".largeTraderReportFrom.value", Carbon + ".largestOrderQuantity.value"]);
        FaultsAfter("gansu", pack => pack.Instrument("CCER")["priceRunHalt"] = pack.Instrument("TCE")["priceRunHalt"]!.DeepClone())
            .ShouldHaveSingleItem().Path.ShouldBe(Offset + ".priceRunHalt");
        FaultsAfter("gansu", pack => pack.Instrument("TCE")["priceRunHalt"]!["participants"] = 51)
            .ShouldHaveSingleItem().Path.ShouldEndWith(".priceRunHalt.participants");
    }

    [Fact]
    public void Fees_and_the_share_of_them_that_is_set_aside_have_somewhere_to_go()
    {
        var fees = new JsonObject { ["buyer"] = 5, ["seller"] = 5, ["source"] = "[D] for the test" };
        var charged = After("gansu", pack =>
        {
            pack.Instrument("CEA")["feeBasisPoints"] = fees.DeepClone();
            pack.FirstVersion()["registry"]!["riskReserveBasisPoints"] = Sourced(2_000);
        });
        (charged.Registry.RiskReserveBasisPoints, charged.Instrument("CEA-2026")!.FeeRate(buys: true).Value).ShouldBe((2_000, 5));
        FaultsAfter("gansu", pack =>
        {
            pack.Instrument("CEA")["feeBasisPoints"] = fees.DeepClone();
            pack.FirstVersion()["registry"]!["riskReserveBasisPoints"] = Sourced(2_000);
            foreach (var type in pack.FirstVersion()["registry"]!["transactionTypes"]!.AsArray())
                type!["id"] = ((string)type["id"]!).Replace("trade-fee", "other", StringComparison.Ordinal).Replace("risk-reserve-contribution", "another", StringComparison.Ordinal);
        }).Select(fault => fault.Right).ShouldBe(["trade-fee, from trading to fees", "risk-reserve-contribution, from fees to risk-reserve"], ignoreOrder: true);
    }

    [Fact]
    public void What_the_file_says_is_what_the_market_asks()
    {
        var pack = After("gansu", file =>
        {
            var carbon = file.Instrument("CEA");
            carbon["largestOrderQuantity"] = Sourced(50_000);
            carbon["largestOrderValueMinor"] = Sourced(500_000_000);
            carbon["positionLimit"] = Sourced(5_000_000);
            carbon["largeTraderReportFrom"] = Sourced(4_000_000);
            carbon["feeBasisPoints"] = new JsonObject { ["buyer"] = 0, ["seller"] = 60, ["source"] = "[D] for the test" };
            carbon["timesInForce"] = Sourced(new JsonArray("fill-or-kill"));
            file.FirstVersion()["trading"]!["messagesPerSecond"] = Sourced(200);
            file.FirstVersion()["trading"]!["mostOpenOrders"] = Sourced(500);
            file.FirstVersion()["trading"]!["mostOrdersPerDay"] = Sourced(5_000);
            file.FirstVersion()["trading"]!["mostOpenBlocks"] = Sourced(7);
            file.FirstVersion()["trading"]!["mostOwnAuctions"] = Sourced(3);
            file.Instrument("TCE")["priceRunHalt"]!["participants"] = 3;
        });
        var carbon = pack.Instrument("CEA-2026")!;
        (carbon.LargestOrderQuantity, carbon.LargestOrderValueMinor, carbon.PositionLimit, carbon.LargeTraderReportFrom)
            .ShouldBe((50_000, 500_000_000, 5_000_000, 4_000_000));
        (carbon.Fees, carbon.TimesInForce).ShouldBe((new TradeFees(0, 60), TimesInForce.FillOrKill));
        (pack.Trading.MessagesPerSecond, pack.Trading.MostOpenOrders).ShouldBe((200, 500));
        (pack.Trading.MostOrdersPerDay, pack.Trading.MostOpenBlocks, pack.Trading.MostOwnAuctions).ShouldBe((5_000, 7, 3));
        pack.Instrument("TCE-2025")!.PriceRunHalt.ShouldBe(new PriceRunHalt(50, 60, 5, Participants: 3));
    }

    [Theory]
    [InlineData("cancel-incoming", SelfTradePrevention.CancelIncoming)]
    [InlineData("cancel-resting", SelfTradePrevention.CancelResting)]
    [InlineData("reduce-both", SelfTradePrevention.ReduceBoth)]
    public void The_rule_for_trades_with_oneself_is_the_instruments(string word, SelfTradePrevention rule) =>
        After("uk-ets", pack => pack.Instrument("UKA")["selfTrade"] = Sourced(word)).Instrument("UKA")!.SelfTrade.ShouldBe(rule);

    [Theory]
    [InlineData("calorific-value", EnergyBasis.CalorificValue)]
    [InlineData("coal-equivalent", EnergyBasis.CoalEquivalent)]
    public void The_basis_of_energy_is_the_instruments(string word, EnergyBasis basis) =>
        After("gansu", pack => pack.Instrument("TCE")["energyBasis"] = Sourced(word)).Instrument("TCE-2025")!.EnergyBasis.ShouldBe(basis);

    [Fact]
    public void A_pack_that_says_none_of_it_is_a_pack_all_the_same()
    {
        var pack = After("uk-ets", file =>
        {
            foreach (var member in new[] { "closing", "mostOpenOrders", "mostOpenBlocks", "surveillance" })
                file.FirstVersion()["trading"]!.AsObject().Remove(member);
        });
        pack.Trading.Surveillance.ShouldBeNull();
        (pack.Trading.Closing, pack.Trading.MostOpenOrders).ShouldBe((ClosingRule.VolumeWeightedMean, 100_000));
        (pack.Trading.MostOrdersPerDay, pack.Trading.MostOpenBlocks, pack.Trading.MostOwnAuctions).ShouldBe((100_000, 50, 5));
        pack.Instrument("UKA")!.TimesInForce.ShouldBe(TimesInForce.Day | TimesInForce.ImmediateOrCancel);
    }
}
