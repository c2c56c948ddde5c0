using System.Text.Json.Nodes;
using static CarbonMarket.PolicyPacks.Tests.ShippedPacks;

namespace CarbonMarket.PolicyPacks.Tests;

/// <summary>A timetable that works for every instrument. Gansu's: 0-2 for carbon, 3-6 for energy-use rights, whose calls are 3 and 6.</summary>
public sealed class SessionRuleTests
{
    private const string Sessions = "$.versions[0].trading.sessions";

    [Fact]
    public void Sessions_of_one_mode_may_not_overlap_and_must_open_before_they_close()
    {
        FaultsAfter("gansu", pack => Session(pack, 1)["opens"] = "11:29").ShouldHaveSingleItem().Problem.ShouldContain("overlaps");
        FaultsAfter("uk-ets", pack => Session(pack, 0)["closes"] = "07:00").ShouldHaveSingleItem().Problem.ShouldContain("closes before it opens");
    }

    [Fact]
    public void A_book_is_not_continuous_and_in_a_call_at_once() =>
        FaultsAfter("gansu", pack => Session(pack, 6)["opens"] = "14:56").ShouldHaveSingleItem()
            .ToString().ShouldStartWith($"gansu.json {Sessions}[6]: it overlaps {Sessions}[5]");

    [Fact]
    public void A_long_session_is_seen_to_overlap_more_than_the_next() =>
        FaultsAfter("gansu", pack => Session(pack, 4)["closes"] = "15:00").Select(fault => (fault.Path, fault.Problem)).ShouldBe(
        [
            (Sessions + "[5]", $"it overlaps {Sessions}[4]"),
            (Sessions + "[6]", $"it overlaps {Sessions}[4]"),
        ]);

    [Fact]
    public void Sessions_that_open_together_overlap() =>
        FaultsAfter("gansu", pack => pack.FirstVersion()["trading"]!["sessions"]!.AsArray().Add(Session(pack, 2).DeepClone()))
            .ShouldHaveSingleItem().Path.ShouldBe(Sessions + "[7]");

    [Fact]
    public void Instruments_without_a_session_of_their_own_would_never_trade() =>
        FaultsAfter("gansu", pack =>
        {
            Session(pack, 0)["kinds"] = new JsonArray("allowance");
            Session(pack, 1)["kinds"] = new JsonArray("allowance");
            Session(pack, 2)["instruments"] = new JsonArray("CEA-2025", "CEA-2026");
        }).ShouldHaveSingleItem().ToString().ShouldContain("$.versions[0].instruments[3]: no session is for CCER");

    [Fact]
    public void A_session_names_instruments_and_kinds_the_market_has()
    {
        FaultsAfter("gansu", pack => Session(pack, 2)["instruments"] = new JsonArray("CEA", "CEA-1999")).ShouldHaveSingleItem()
            .ToString().ShouldContain(Sessions + "[2].instruments: no instrument CEA-1999 is known");
        FaultsAfter("uk-ets", pack => Session(pack, 0)["kinds"] = new JsonArray("allowance", "offset")).ShouldHaveSingleItem()
            .Path.ShouldBe(Sessions + "[0].kinds");
    }

    [Fact]
    public void A_session_for_an_instrument_is_for_all_its_vintages_and_one_for_a_vintage_for_that_only()
    {
        var pack = After("gansu", file => Session(file, 2)["instruments"] = new JsonArray("CEA-2026", "TCE"));
        pack.Trading.Sessions.Single(session => session.Mode == "block").Instruments.ShouldBe(["CEA-2026", "TCE-2025", "TCE-2026"]);
    }

    [Fact]
    public void A_call_has_a_purpose_and_nothing_else_has()
    {
        FaultsAfter("gansu", pack => Session(pack, 3).Remove("purpose")).ShouldHaveSingleItem().Path.ShouldBe(Sessions + "[3].purpose");
        FaultsAfter("gansu", pack => Session(pack, 2)["purpose"] = "open").ShouldHaveSingleItem().Path.ShouldBe(Sessions + "[2].purpose");
    }

    [Fact]
    public void Opening_calls_come_first_and_closing_calls_last()
    {
        FaultsAfter("gansu", pack => Session(pack, 6)["purpose"] = "open").Select(fault => fault.Path).Distinct().ShouldBe([Sessions + "[6]"]);
        FaultsAfter("gansu", pack => Session(pack, 3)["purpose"] = "close").Select(fault => fault.Path).Distinct().ShouldBe([Sessions + "[3]"]);
    }

    [Fact]
    public void All_faults_of_a_timetable_come_at_once() =>
        FaultsAfter("gansu", pack =>
        {
            Session(pack, 1)["opens"] = "11:29";
            Session(pack, 3).Remove("purpose");
            Session(pack, 6)["opens"] = "14:50";
            pack.Instrument("TCE").Remove("energyBasis");
        }).Select(fault => fault.Path).ShouldBe(
            ["$.versions[0].instruments[1].energyBasis", Sessions + "[1]", Sessions + "[3].purpose", Sessions + "[6]"]);

    private static JsonObject Session(JsonObject pack, int index) => pack.FirstVersion()["trading"]!["sessions"]![index]!.AsObject();
}
