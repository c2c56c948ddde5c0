using CarbonMarket.Contracts.Audit.V1;
using CarbonMarket.Kernel;
using static CarbonMarket.Audit.Recorded;

namespace CarbonMarket.Audit.History;

/// <summary>Officials read a sealed bid when its auction has closed, and not before.</summary>
public sealed class SealedBidSpecs
{
    private static readonly Guid First = DeterministicGuid.From("auction:first");
    private static readonly Guid Second = DeterministicGuid.From("auction:second");

    [Fact]
    public async Task A_bid_is_withheld_until_the_close_of_its_own_auction_is_in_the_log()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading",
            Fact(1, "market.auction-announced.v1", First),
            Fact(2, "market.auction-announced.v1", Second),
            Fact(3, "market.bid-accepted.v1", First),
            Fact(4, "market.bid-accepted.v1", Second),
            Fact(5, "market.bid-withdrawn.v1", First),
            Fact(6, "market.order-accepted.v1", First)));
        (await Sealed(log)).ShouldBe([3, 4, 5]);

        await log.Append(Envelope("trading", Fact(7, "market.bid-lapsed.v1", First)));
        (await Sealed(log)).ShouldBe([3, 4, 5, 7], "a loser is known by what it did not win");
        await log.Append(Envelope("trading", Fact(8, "market.auction-closed.v1", First)));
        (await Sealed(log)).ShouldBe([4]);
        await log.Append(Envelope("trading", Fact(9, "market.auction-closed.v1", Second)));
        (await Sealed(log)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_bid_is_withheld_until_every_auction_announced_before_it_has_closed()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading",
            Refusal(1, "PlaceBid"),
            Fact(2, "market.auction-announced.v1", First),
            Refusal(3, "PlaceBid"),
            Refusal(4, "PlaceOrder"),
            Refusal(9, "PlaceBid", market: "another")));
        (await Sealed(log)).ShouldBe([3]);
        await log.Append(Envelope("trading", Fact(5, "market.auction-closed.v1", First)));
        (await Sealed(log)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_withheld_is_marked_and_in_the_chain_all_the_same()
    {
        await using var log = await TestLog.Create();
        await log.Append(Envelope("trading", Fact(1, "market.auction-announced.v1", First), Fact(2, "market.bid-accepted.v1", First)));
        var bid = (await log.Everything())[1];
        AuditEvent.ForOfficial(bid, isSealed: true).ShouldSatisfyAllConditions(
            withheld => withheld.Body.ShouldBeNull(),
            withheld => withheld.Withheld.ShouldBe(WithheldFor.SealedBid),
            withheld => withheld.Sequence.ShouldBe(2),
            withheld => withheld.ActorParticipantId.ShouldBe(Mill));
        AuditEvent.For(Mill, "li", bid).Body!.Value.GetProperty("price").GetInt64().ShouldBe(7_100, "its own");
        (await log.ProofOf("trading")).ShouldSatisfyAllConditions(
            proof => proof.Events.ShouldBe(2),
            proof => proof.ChainValid.ShouldBeTrue());
    }

    private static EventsRecorded.Entry Fact(long sequence, string type, Guid auction) => Entry(
        "trading", sequence, $$"""{"auctionId":"{{auction}}","participantId":"{{Mill}}","price":7100,"quantity":50}""", actor: Mill) with { Type = type };

    private static EventsRecorded.Entry Refusal(long sequence, string command, string market = "one") => Entry(
        "trading", sequence, $$"""{"command":"{{command}}","code":"bid-below-reserve","reason":"Not 7100."}""", actor: Mill, stream: market) with
    {
        Type = "command-refused.v1",
    };

    private static async Task<long[]> Sealed(TestLog log)
    {
        var page = await log.Everything();
        var still = await log.Bids.Among(page, TestContext.Current.CancellationToken);
        return [.. page.Where(entry => still.Contains(entry.EventId)).Select(entry => entry.Sequence)];
    }
}
