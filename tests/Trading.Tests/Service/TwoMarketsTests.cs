using CarbonMarket.Testing;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Service;

/// <summary>Ids are their maker's and unique within a market: what has the same id in another market is another thing.</summary>
public sealed class TwoMarketsTests(TradingService trading) : IClassFixture<TradingService>
{
    private static readonly string Control = $"controls/{Id("the same")}";

    [Fact]
    public async Task A_control_stays_what_it_was_when_a_participant_gives_its_id_to_one_of_its_own_in_another_market()
    {
        await trading.As("operator", Id("operator")).Put($"/trading/markets/uk-ets/{Control}", new { kind = "halt", instrument = "UKA", ground = "a burst pipe" });
        await trading.As("trader", Ann).Put($"/trading/markets/gansu/{Control}", new { kind = "kill-switch", participantId = Ann, ground = "gone wild" });

        (await HistoryOf("gansu")).ShouldBe("kill-switch: gone wild");
        (await HistoryOf("uk-ets")).ShouldBe("halt: a burst pipe");
    }

    private async Task<string> HistoryOf(string market)
    {
        var told = string.Empty;
        await Eventually.Holds($"the control of {market} is told", async () =>
        {
            var page = await trading.As("trader", Ann).Get($"/trading/markets/{market}/controls/history");
            told = string.Join(", ", page.GetProperty("items").EnumerateArray()
                .Select(control => $"{control.GetProperty("kind").GetString()}: {control.GetProperty("ground").GetString()}"));
            return told.Length > 0;
        });
        return told;
    }
}
