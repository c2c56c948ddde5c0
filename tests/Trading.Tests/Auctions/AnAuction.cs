using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Trading.Tests.TheMarket;

namespace CarbonMarket.Trading.Tests.Auctions;

/// <summary>
/// A market in which participants announce auctions an hour ahead, and what they say there: Cem sells or buys 100 by ten
/// o'clock to two, at a reserve price of 50.
/// </summary>
internal static class AnAuction
{
    public static readonly Guid ItsId = Id("auction");
    public static readonly DateTimeOffset Opening = At(10, 0);
    public static readonly DateTimeOffset Closing = At(14, 0);
    public static readonly AdvanceTime Close = new(Closing);

    public static readonly PolicyPack OpenPack = Pack with
    {
        Trading = Pack.Trading with { Auctions = new AuctionRules(ParticipantsMayAnnounce: true, ShortestNoticeMinutes: 60) },
    };

    public static readonly MarketModel OpenModel = new([OpenPack]);

    public static readonly Spec<MarketState, MarketCommand, MarketEvent> OpenSpec =
        new Spec<MarketState, MarketCommand, MarketEvent>(OpenModel.Initial, OpenModel.Decide, OpenModel.Evolve).WhereTheJournalAnswersRepeats();

    /// <summary>Cem has 100 units and 10,000, the others 1,000 units and 100,000 each.</summary>
    public static readonly MarketEvent[] Funded =
    [
        Units(Cem, 100), Cash(Cem, 10_000), Units(Ann, 1_000), Cash(Ann, 100_000), Units(Bob, 1_000), Cash(Bob, 100_000),
    ];

    public static AnnounceAuction Sells(AuctionTerms? terms = null, string instrument = Plain, long quantity = 100, long reserve = 50) =>
        new(ItsId, instrument, Quantity.Of(quantity), Price.OfMinor(reserve), Opening, Closing, Cem, At(9, 0)) { Terms = terms, OnOwnBehalf = true };

    public static AnnounceAuction Buys(AuctionTerms? terms = null, string instrument = Plain, long quantity = 100, long reserve = 50) =>
        new(ItsId, instrument, Quantity.Of(quantity), Price.OfMinor(reserve), Opening, Closing, null, At(9, 0))
        {
            BuyerParticipantId = Cem,
            Terms = (terms ?? AuctionTerms.Usual) with { Direction = AuctionDirection.Purchase },
            OnOwnBehalf = true,
        };

    public static PlaceBid Bid(Guid participant, string bid, long quantity, long price, DateTimeOffset? at = null, string? replaces = null) =>
        new(Id(bid), ItsId, participant, Quantity.Of(quantity), Price.OfMinor(price), at ?? Morning)
        {
            ReplacesBidId = replaces is null ? null : Id(replaces),
        };

    public static WithdrawBid Withdraw(Guid participant, string bid, DateTimeOffset? at = null) => new(Id(bid), ItsId, participant, at ?? Morning);

    public static AbortAuction Abort(Guid? participant, DateTimeOffset? at = null) => new(ItsId, participant, "Not now.", at ?? Morning);

    public static RescheduleAuction Reschedule(Guid? participant, DateTimeOffset opens, DateTimeOffset closes, DateTimeOffset? at = null) =>
        new(ItsId, participant, opens, closes, at ?? Morning);
}
