using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Surveillance;
using static CarbonMarket.Trading.Tests.TheMarket;
using Rules = CarbonMarket.PolicyPacks.Surveillance;

namespace CarbonMarket.Trading.Tests.Surveillance;

/// <summary>1,000 of the ruled instrument are a block.</summary>
public sealed class BlockSplittingSpecs
{
    private readonly TheWatch _market = new(new Rules { BlockSplitting = new BlockSplittingPattern(30, 3) });

    [Fact]
    public void Pieces_that_are_a_block_together_are_told_of()
    {
        var alert = _market.Do(Piece("o1", 400), Piece("o2", 300), Piece("o3", 300, Morning.AddMinutes(30))).Raised();
        (alert.Pattern, alert.Instrument, alert.ParticipantIds.Single()).ShouldBe((AbusePattern.BlockSplitting, Ruled, Ann));
        alert.Measurements.ShouldBe([new Measurement("pieces", 3, 3), new Measurement("block-quantity", 1_000, 1_000)]);
        alert.Proofs.Select(proof => proof.OrderId).ShouldBe([Id("o1"), Id("o2"), Id("o3")]);
    }

    [Fact]
    public void One_lot_less_is_no_block() => _market.Do(Piece("o1", 400), Piece("o2", 300), Piece("o3", 290)).RaisedNothing();

    [Fact]
    public void Two_pieces_are_not_enough() => _market.Do(Piece("o1", 500), Piece("o2", 500)).RaisedNothing();

    [Fact]
    public void A_piece_that_is_older_than_the_window_is_another_trade() =>
        _market.Do(Piece("o1", 400), Piece("o2", 300), Piece("o3", 300, Morning.AddMinutes(30).AddSeconds(1))).RaisedNothing();

    [Fact]
    public void An_order_that_moves_by_being_cancelled_and_coming_again_is_one() => _market.Do(
        Piece("o1", 900), new CancelOrder(Id("o1"), Ann, Morning), Piece("o2", 900), new CancelOrder(Id("o2"), Ann, Morning), Piece("o3", 900))
        .RaisedNothing();

    [Fact]
    public void What_has_traded_of_a_piece_is_part_of_it_whatever_becomes_of_the_rest() => _market.Do(
        Piece("o1", 400), Sell(Bob, "hit", 400, 7_460, Ruled), Piece("o2", 300), Piece("o3", 300)).Raised();

    [Fact]
    public void What_is_taken_from_a_piece_is_no_part_of_it() => _market.Do(
        Piece("o1", 400), new ReplaceOrder(Id("o1"), Ann, Quantity.Of(390), Price.OfMinor(7_460), Morning), Piece("o2", 300), Piece("o3", 300))
        .RaisedNothing();

    [Fact]
    public void A_piece_that_grows_is_as_large_as_it_grows()
    {
        _market.Do(Piece("o1", 400), Piece("o2", 300), Piece("o3", 290)).RaisedNothing();
        _market.Do(new ReplaceOrder(Id("o2"), Ann, Quantity.Of(310), Price.OfMinor(7_460), Morning)).Raised();
    }

    [Fact]
    public void The_sides_and_the_participants_are_added_up_apart() => _market.Do(
        Piece("o1", 400), Piece("o2", 300), Sell(Ann, "o3", 400, 7_500, Ruled), Buy(Bob, "o4", 400, 7_460, Ruled)).RaisedNothing();

    [Fact]
    public void Where_there_are_no_blocks_none_is_split() => _market.Do(
        Enumerable.Range(1, 5).Select(i => Buy(Ann, $"o{i}", 900, 100))).RaisedNothing();

    [Fact]
    public void A_piece_proves_one_alert_and_not_the_next()
    {
        _market.Do(Piece("o1", 400), Piece("o2", 300), Piece("o3", 300), Piece("o4", 500), Piece("o5", 400)).Raised();
        _market.Do(Piece("o6", 100)).Alerts.Count.ShouldBe(2);
        _market.Alerts.SelectMany(alert => alert.Proofs).ShouldBeUnique();
    }

    /// <summary>The first and the last are a block together, while the first is known.</summary>
    [Theory]
    [InlineData(SplitBlocks.MostPieces - 1, true)]
    [InlineData(SplitBlocks.MostPieces, false)]
    public void Of_more_pieces_than_are_kept_the_oldest_are_forgotten(int later, bool raised)
    {
        var market = new TheWatch(new Rules { BlockSplitting = new BlockSplittingPattern(30, 2) }).Do(Piece("first", 300));
        for (var i = 1; i < later; i++)
            market.Do(Piece($"o{i}", 10), new CancelOrder(Id($"o{i}"), Ann, Morning));
        market.Do(Piece("last", 700)).Alerts.Count.ShouldBe(raised ? 1 : 0);
    }

    private static PlaceOrder Piece(string order, long quantity, DateTimeOffset? at = null) => Buy(Ann, order, quantity, 7_460, Ruled, at: at);
}
