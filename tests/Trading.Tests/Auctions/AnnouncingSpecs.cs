using CarbonMarket.Kernel;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.Auctions.AnAuction;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

/// <summary>Auctions that participants announce on their own behalf.</summary>
public sealed class AnnouncingSpecs
{
    [Fact]
    public void A_participant_sells_its_own_units_which_are_reserved_at_once()
    {
        OpenSpec.Given(Funded).When(Sells()).Then(
            new AuctionAnnounced(ItsId, Plain, Cem, Quantity.Of(100), Price.OfMinor(50), Opening, Closing, At(9, 0)) { OnOwnBehalf = true });
        OpenSpec.Given(Funded).When(Sells()).ThenState(market => market.Accounts[Cem].Units[Plain].Reserved.ShouldBe(100));
        OpenSpec.Given(Funded).When(Sells(quantity: 101)).ThenRejected("insufficient-units");
    }

    [Fact]
    public void A_participant_buys_with_its_own_cash_reserved_at_the_highest_price()
    {
        OpenSpec.Given(Funded).When(Buys()).Then(
            new AuctionAnnounced(ItsId, Plain, null, Quantity.Of(100), Price.OfMinor(50), Opening, Closing, At(9, 0))
            {
                BuyerParticipantId = Cem, Terms = new AuctionTerms(AuctionDirection.Purchase), OnOwnBehalf = true,
            });
        OpenSpec.Given(Funded).When(Buys()).ThenState(market => market.Accounts[Cem].Cash.Reserved.ShouldBe(5_000));
        OpenSpec.Given(Funded).When(Buys(quantity: 201)).ThenRejected("insufficient-cash");
    }

    [Fact]
    public void Where_the_rules_are_silent_only_officials_announce()
    {
        Spec.Given(Funded).When(Sells()).ThenRejected("auction-by-officials-only");
        Spec.Given(Funded).When(Buys()).ThenRejected("auction-by-officials-only");
        Spec.Given(Issued(Cem, 100)).When(Sells() with { OnOwnBehalf = false }).ThenState(market => market.OpenAuctions.Count.ShouldBe(1));
    }

    [Fact]
    public void Notice_is_given_as_long_before_the_opening_as_the_rules_say()
    {
        OpenSpec.Given(Funded).When(Sells() with { At = At(9, 1) }).ThenRejected("auction-notice-too-short");
        OpenSpec.Given(Issued(Cem, 100)).When(Sells() with { At = At(9, 1), OnOwnBehalf = false }).ThenRejected("auction-notice-too-short");
    }

    [Fact]
    public void A_largest_share_of_less_than_a_lot_would_let_nobody_bid()
    {
        var seller = OpenSpec.Given(Units(Cem, 100, Ruled));
        seller.When(Sells(new AuctionTerms(LargestShareBasisPoints: 999), Ruled)).ThenRejected("share-below-lot");
        seller.When(Sells(new AuctionTerms(LargestShareBasisPoints: 1_000), Ruled)).ThenState(market => market.OpenAuctions.Count.ShouldBe(1));
    }

    [Fact]
    public void Units_bought_today_are_not_auctioned_today_where_the_rules_ban_resale()
    {
        var bought = OpenSpec.Given(Units(Bob, 100, Ruled), Units(Cem, 50, Ruled), Cash(Cem, 10_000_000))
            .After(Sell(Bob, "s", 100, 7_460, Ruled, at: At(9, 40)), Buy(Cem, "b", 100, 7_460, Ruled, at: At(9, 40)));
        var later = Sells(instrument: Ruled, quantity: 60, reserve: 7_460) with { At = At(9, 40), OpensAt = At(11, 0) };
        bought.When(later).ThenRejected("same-day-resale");
        bought.When(later with { Quantity = Quantity.Of(50) }).ThenState(market => market.OpenAuctions.Count.ShouldBe(1));
        bought.When(later with { Quantity = Quantity.Of(160) }).ThenRejected("insufficient-units");
    }

    [Fact]
    public void Nobody_takes_all_the_places_and_participants_take_none_of_the_officials()
    {
        var cem = OpenSpec.Given([Units(Cem, 1_000), Issued(Bob, 100)])
            .After(Enumerable.Range(0, OpenPack.Trading.MostOwnAuctions).Select(i => Sells(quantity: 1) with { AuctionId = Id($"own {i}") }));
        cem.When(Sells(quantity: 1)).ThenRejected("too-many-own-auctions");
        Under(OpenPack with { Trading = OpenPack.Trading with { MostOwnAuctions = 1 } }).Given(Units(Cem, 1_000)).After(Sells(quantity: 1))
            .When(Sells(quantity: 1) with { AuctionId = Id("another") }).ThenRejected("too-many-own-auctions");
        cem.When(Sells(quantity: 1) with { SellerParticipantId = Bob, OnOwnBehalf = false }).ThenState(market => market.OpenAuctions.Count.ShouldBe(6));
        var sellers = Enumerable.Range(0, Auctioning.MostOpenAuctions).Select(i => Id($"seller {i}")).ToList();
        var full = OpenSpec.Given([.. sellers.Select(seller => Units(seller, 1)), Units(Cem, 1), Issued(Bob, 1)])
            .After(sellers.Select(seller => Sells(quantity: 1) with { AuctionId = seller, SellerParticipantId = seller }));
        full.When(Sells(quantity: 1)).ThenRejected("too-many-auctions");
        full.When(Sells(quantity: 1) with { SellerParticipantId = Bob, OnOwnBehalf = false }).ThenState(market => market.OpenAuctions.Count.ShouldBe(101));
    }

    [Fact]
    public void A_repeat_is_known_by_its_content()
    {
        var announced = OpenSpec.Given(Funded).After(Sells(), Reschedule(Cem, Opening, At(14, 30)));
        announced.When(Sells()).ThenNothing();
        announced.When(Sells() with { OnOwnBehalf = false }).ThenRejected("id-reused");
        announced.When(Sells(new AuctionTerms(TieBreak: TieBreak.ProRata))).ThenRejected("id-reused");
        announced.When(Sells() with { ClosesAt = At(14, 30) }).ThenRejected("id-reused");
        announced.When(Buys()).ThenRejected("id-reused");
    }

    [Fact]
    public void An_id_is_never_used_again_however_long_ago_the_auction_was()
    {
        var official = Sells(quantity: 1) with { OnOwnBehalf = false };
        var past = Spec.Given(Issued(Cem, 100)).After(Enumerable.Range(0, 21).SelectMany(i => new MarketCommand[]
        {
            official with { AuctionId = Id($"past {i}"), ClosesAt = At(10, i + 1) }, new AdvanceTime(At(10, i + 1)),
        }));
        past.When(official with { AuctionId = Id("past 0"), ClosesAt = At(11, 30) }).ThenRejected("id-reused");
        past.When(Bid(Ann, "a1", 1, 60, At(10, 30)) with { AuctionId = Id("past 0") }).ThenRejected("auction-closed");
        past.When(Withdraw(Ann, "a1", At(10, 30)) with { AuctionId = Id("past 0") }).ThenRejected("auction-closed");
        past.When(Abort(null, At(10, 30)) with { AuctionId = Id("past 0") }).ThenRejected("auction-closed");
        past.When(Reschedule(null, Opening, At(14, 30), At(10, 30)) with { AuctionId = Id("past 0") }).ThenRejected("auction-closed");
        past.When(official with { AuctionId = Id("new"), ClosesAt = At(11, 30) }).ThenState(market => market.Auctions.Count.ShouldBe(21));
    }
}
