using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Auctions.AnAuction;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

public sealed class ReschedulingSpecs
{
    private static readonly DateTimeOffset Tomorrow = At(10, 0, daysLater: 1);
    private static readonly DateTimeOffset TomorrowsClosing = At(11, 0, daysLater: 1);

    [Fact]
    public void An_auction_put_off_closes_at_its_new_time_with_the_bids_it_had()
    {
        var sale = OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 60));
        sale.When(Reschedule(Cem, Tomorrow, TomorrowsClosing)).Then(new AuctionRescheduled(ItsId, Cem, null, Tomorrow, TomorrowsClosing, Morning));
        var put = sale.After(Reschedule(Cem, Tomorrow, TomorrowsClosing));
        put.When(new AdvanceTime(Closing)).ThenNothing();
        put.When(new AdvanceTime(TomorrowsClosing.AddTicks(-1))).ThenNothing();
        put.When(new AdvanceTime(TomorrowsClosing)).ThenState(market => market.Auctions[ItsId].Sold.ShouldBe(Quantity.Of(40)));
    }

    [Fact]
    public void Until_it_opens_again_nobody_bids_but_who_has_bid_may_withdraw()
    {
        var put = OpenSpec.Given(Funded).After(Sells(), Bid(Ann, "a1", 40, 60), Reschedule(Cem, Tomorrow, TomorrowsClosing));
        put.When(Bid(Bob, "b1", 10, 60, At(12, 0))).ThenRejected("auction-not-open");
        put.When(Withdraw(Ann, "a1", At(12, 0))).ThenState(market => market.Accounts[Ann].Cash.Reserved.ShouldBe(0));
        put.When(Bid(Bob, "b1", 10, 60, Tomorrow)).ThenState(market => market.Auctions[ItsId].Bids.Count().ShouldBe(2));
    }

    [Fact]
    public void It_is_never_brought_forward()
    {
        var sale = OpenSpec.Given(Funded).After(Sells());
        sale.When(Reschedule(Cem, Opening.AddTicks(-1), At(14, 30))).ThenRejected("auction-brought-forward");
        sale.When(Reschedule(Cem, Opening.AddMinutes(1), Closing.AddTicks(-1))).ThenRejected("auction-brought-forward");
        sale.When(Reschedule(Cem, Opening, At(14, 30))).ThenState(market => market.NextDue.ShouldBe(At(14, 30)));
        sale.When(Reschedule(Cem, Opening, Closing)).ThenNothing();
    }

    [Fact]
    public void Its_new_times_keep_the_rules_of_the_first()
    {
        var sale = OpenSpec.Given(Funded).After(Sells());
        sale.When(Reschedule(Cem, Closing, Closing)).ThenRejected("auction-times");
        sale.When(Reschedule(Cem, Opening, At(15, 1))).ThenRejected("auction-outside-trading-day");
        sale.When(Reschedule(Cem, Opening, At(12, 0, daysLater: 2))).ThenRejected("auction-outside-trading-day");
        sale.When(Reschedule(Cem, Opening, At(15, 0))).ThenState(market => market.NextDue.ShouldBe(At(15, 0)));
    }

    [Fact]
    public void It_is_put_off_by_its_announcer_or_an_official_and_not_when_it_is_over()
    {
        var sale = OpenSpec.Given(Funded).After(Sells());
        sale.When(Reschedule(Ann, Tomorrow, TomorrowsClosing)).ThenRejected("not-your-auction");
        sale.When(Reschedule(null, Tomorrow, TomorrowsClosing)).ThenState(market => market.NextDue.ShouldBe(TomorrowsClosing));
        sale.When(Reschedule(Cem, Tomorrow, TomorrowsClosing, Closing)).ThenRejected("auction-closed");
        OpenSpec.Given(Funded).When(Reschedule(Cem, Tomorrow, TomorrowsClosing)).ThenRejected("unknown-auction");
        OpenSpec.Given(Issued(Cem, 100)).After(Sells() with { OnOwnBehalf = false })
            .When(Reschedule(Cem, Tomorrow, TomorrowsClosing)).ThenRejected("not-your-auction");
    }
}
