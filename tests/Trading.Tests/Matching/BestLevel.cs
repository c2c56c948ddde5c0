using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Tests.Matching;

internal static class BestLevel
{
    /// <summary>Null: nothing stands on the side.</summary>
    public static DepthLevel? Best(this OrderBook book, Side side) => book.Depth(side, 1) is [var best] ? best : null;
}
