using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Surveillance;
using static CarbonMarket.Trading.Tests.Surveillance.TheWatch;
using static CarbonMarket.Trading.Tests.TheMarket;
using Rules = CarbonMarket.PolicyPacks.Surveillance;

namespace CarbonMarket.Trading.Tests.Surveillance;

/// <summary>The book closes at 15:00, so the last quarter of an hour begins at 14:45.</summary>
public sealed class MarkingTheCloseSpecs
{
    private readonly TheWatch _market = new(new Rules { MarkingTheClose = new ClosingPattern(15, 60, 200) });

    [Fact]
    public void Who_buys_most_of_it_while_the_price_rises_at_the_end_is_told_of()
    {
        _market.Sells(Cem, Dan, 10, At(14, 44), price: 10_000).Sells(Bob, Ann, 60, At(14, 45), price: 10_100).Sells(Bob, Cem, 40, At(14, 50), price: 10_200);
        _market.RaisedNothing();
        var alert = _market.DayEnds().Raised();
        (alert.Pattern, alert.Instrument, alert.ParticipantIds.Single(), alert.Day, alert.At)
            .ShouldBe((AbusePattern.MarkingTheClose, Plain, Ann, Monday, EndOfMonday));
        alert.Measurements.ShouldBe([new Measurement("share-percent", 60, 60), new Measurement("move-basis-points", 200, 200)]);
        alert.Proofs.ShouldHaveSingleItem().TradeId.ShouldNotBeNull();
    }

    [Fact]
    public void Who_sells_most_of_it_while_the_price_falls_is_told_of() =>
        _market.Sells(Cem, Dan, 10, At(14, 0), price: 10_000).Sells(Ann, Bob, 60, At(14, 59), price: 9_800).Sells(Cem, Dan, 40, At(14, 59), price: 9_800)
            .DayEnds().Raised().ParticipantIds.Single().ShouldBe(Ann);

    [Fact]
    public void One_unit_less_is_not_most_of_it() =>
        _market.Sells(Cem, Dan, 10, At(14, 0), price: 10_000).Sells(Bob, Ann, 59, At(14, 50), price: 10_200).Sells(Bob, Cem, 41, At(14, 50), price: 10_200)
            .DayEnds().RaisedNothing();

    [Fact]
    public void A_move_that_is_one_tick_smaller_is_none() =>
        _market.Sells(Cem, Dan, 10, At(14, 0), price: 10_000).Sells(Bob, Ann, 100, At(14, 50), price: 10_199).DayEnds().RaisedNothing();

    [Fact]
    public void What_is_traded_before_the_window_moves_no_close() =>
        _market.Sells(Cem, Dan, 10, At(14, 0), price: 10_000).Sells(Bob, Ann, 100, At(14, 45).AddSeconds(-1), price: 10_300)
            .Sells(Bob, Ann, 100, At(14, 45), price: 10_300).DayEnds().RaisedNothing();

    [Fact]
    public void Without_a_trade_before_it_the_move_is_measured_from_the_close_before()
    {
        _market.Sells(Cem, Dan, 10, At(14, 0), price: 10_000).DayEnds();
        _market.Sells(Bob, Ann, 10, At(14, 50, 1), price: 10_200).DayEnds(1).Raised().Measurements[1].Measured.ShouldBe(200);
    }

    [Fact]
    public void Before_the_first_price_there_is_nothing_to_move_from() =>
        _market.Sells(Bob, Ann, 10, At(14, 50), price: 10_200).DayEnds().RaisedNothing();

    [Fact]
    public void Blocks_are_made_beside_the_book()
    {
        _market.Sells(Cem, Dan, 10, At(14, 0), Ruled, 7_460).Sells(Cem, Dan, 10, At(14, 50), Ruled, 7_460);
        var offer = new OfferBlock(
            Id("block"), Ann, Bob, Ruled, Side.Buy, Quantity.Of(1_000), Price.OfMinor(9_000), At(14, 59), At(14, 50));
        _market.Do(offer, new AcceptBlock(Id("block"), Bob, 1, At(14, 51))).DayEnds().RaisedNothing();
    }
}
