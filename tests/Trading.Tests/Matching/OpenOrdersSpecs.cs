using CarbonMarket.Trading.Matching;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Matching;

public sealed class OpenOrdersSpecs
{
    /// <summary>The market would rather stop than release for somebody what it never reserved.</summary>
    [Fact]
    public void What_has_ended_is_not_ended_again_and_nobody_else_pays_for_it()
    {
        var balances = new Balances();
        var (orders, first, owner) = (new OpenOrders(balances), new TradingAccount(Ann, balances), new TradingAccount(Bob, balances));
        owner.Cash.Fund(1_000);
        orders.Open(1, owner.Cash.Place, owner.UnitsOf(Plain).Place, Side.Buy, 10, 20);
        var place = orders.Open(2, owner.Cash.Place, owner.UnitsOf(Plain).Place, Side.Buy, 10, 5);
        orders.Close(place);
        Should.Throw<InvalidOperationException>(() => orders.Close(place));
        Should.Throw<InvalidOperationException>(() => orders.Close(OpenOrders.None));
        Should.Throw<InvalidOperationException>(() => orders.Reduce(OpenOrders.None, 1));
        (orders.Count, first.OpenOrders, owner.OpenOrders, owner.Cash.Free).ShouldBe((1, 0, 1, 800));
    }
}
