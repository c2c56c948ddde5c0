using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Market;

/// <summary>
/// A million operations of every kind on markets with opening and closing calls, kills, freezes and halts, each held against the naive market: what
/// trades with what, at which price and in which order; what leaves the book; what is refused for want of means; and what
/// stands in the book afterwards. At the end the journal, replayed, gives the same state.
/// </summary>
public sealed class BesideANaiveMarket
{
    private const int Operations = 125_000;
    private static readonly Guid[] Participants = [.. Enumerable.Range(1, 6).Select(i => Id($"participant {i}"))];

    /// <summary>Ways out of the book that every run must have gone.</summary>
    private static readonly string[] Reasons =
    [
        CancelReason.Requested, CancelReason.ImmediateOrCancel, CancelReason.FillOrKill, CancelReason.MinimumNotMet, CancelReason.SelfTrade,
        CancelReason.KillSwitch, CancelReason.Frozen,
    ];

    [Theory]
    [InlineData(1, SelfTradePrevention.CancelIncoming)]
    [InlineData(2, SelfTradePrevention.CancelIncoming)]
    [InlineData(3, SelfTradePrevention.CancelResting)]
    [InlineData(4, SelfTradePrevention.CancelResting)]
    [InlineData(5, SelfTradePrevention.CancelResting)]
    [InlineData(6, SelfTradePrevention.ReduceBoth)]
    [InlineData(7, SelfTradePrevention.ReduceBoth)]
    [InlineData(8, SelfTradePrevention.ReduceBoth)]
    [InlineData(9, SelfTradePrevention.CancelResting, 25, 40)]
    [InlineData(10, SelfTradePrevention.ReduceBoth, 500, 1)]
    public void The_market_does_what_the_naive_market_does(int seed, SelfTradePrevention rule, int buyerFee = 0, int sellerFee = 0)
    {
        var pack = Market(rule, new TradeFees(buyerFee, sellerFee));
        var both = new TwoMarkets(pack, Participants);
        var trading = new RandomTrading(seed, pack, Participants, both);
        for (both.Step = 1; both.Step <= Operations; both.Step++)
        {
            trading.Operate();
            if (both.Step % 50 == 0)
                both.TheBooksAgree();
        }
        both.CashAndUnitsAreConserved();
        both.ReplayGivesTheSameState();
        Everything_happened(both);
    }

    private static void Everything_happened(TwoMarkets both)
    {
        both.Journal.OfType<TradeExecuted>().Count().ShouldBeGreaterThan(Operations / 10, "Random markets that do not trade prove little.");
        Reasons.ShouldBeSubsetOf(both.Journal.OfType<OrderCancelled>().Select(cancelled => cancelled.Reason));
        both.Refusals.ShouldContainKey("killed");
        both.Refusals.ShouldContainKey("halted");
        both.Journal.OfType<CallUncrossed>().ShouldContain(call => call.PutOffTo != null);
        both.Refusals.Values.Sum().ShouldBeLessThan(Operations / 2, string.Join(", ", both.Refusals));
    }

    private static PolicyPack Market(SelfTradePrevention rule, TradeFees fees) => Pack with
    {
        Instruments = [.. Pack.Instruments.Select(instrument => instrument with { SelfTrade = rule, Fees = fees })],
        Trading = CallsAtBothEnds.Trading,
    };
}
