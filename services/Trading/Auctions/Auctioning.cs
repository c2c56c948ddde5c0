using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Auctions;

/// <param name="SellerParticipantId">The initiator of a sale; null in a purchase.</param>
public sealed record AnnounceAuction(
    Guid AuctionId, string Instrument, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt, DateTimeOffset ClosesAt,
    Guid? SellerParticipantId, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => AuctionId;

    // Left out when they say nothing: a command's content is its JSON, and commands older than these had none.

    /// <summary>The initiator of a purchase; null in a sale.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? BuyerParticipantId { get; init; }

    /// <summary>Null: the usual ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AuctionTerms? Terms { get; init; }

    /// <summary>Announced by the initiator itself, and not by an official in its name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OnOwnBehalf { get; init; }

    /// <inheritdoc cref="PlaceOrder.Representative"/>
    [JsonIgnore]
    public string? Representative { get; init; }
}

/// <summary>The auction is announced, and the seller's units or the buyer's cash (quantity x reserve price, with the fees) are reserved for it.</summary>
/// <param name="SellerParticipantId">The initiator of a sale; null in a purchase.</param>
/// <param name="ReservePrice">Lowest price of a sale, highest of a purchase.</param>
public sealed record AuctionAnnounced(
    Guid AuctionId, string Instrument, Guid? SellerParticipantId, Quantity Quantity, Price ReservePrice, DateTimeOffset OpensAt,
    DateTimeOffset ClosesAt, DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>The initiator of a purchase; null in a sale.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? BuyerParticipantId { get; init; }

    /// <summary>Null: the usual ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AuctionTerms? Terms { get; init; }

    /// <summary>Announced by the initiator itself, and not by an official in its name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OnOwnBehalf { get; init; }

    /// <summary>The subject that announced it on the initiator's behalf; null: none was known, or an official did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Representative { get; init; }

    /// <summary>What the initiator pays of each of its trades (手续费率), whatever the rules say later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BasisPoints FeeBasisPoints { get; init; }
}

/// <summary>
/// How an auction comes to be. An official sells in a seller's name what was issued to be auctioned; a participant sells its
/// own units or buys with its own cash, where the market's rules let it. The auction closes by legal time, on a trading day
/// and before that day ends, so its trades are cleared with it.
/// </summary>
public static class Auctioning
{
    /// <summary>
    /// Technical: it bounds the market's memory. Officials' and participants' are counted apart, so that neither take the others'
    /// places; how many one participant may have is the pack's to say.
    /// </summary>
    public const int MostOpenAuctions = 100;

    /// <param name="pack">The rules in force.</param>
    /// <param name="then">The rules that will be in force when it closes: they say what day that is.</param>
    public static Decision<MarketEvent> Decide(
        PolicyPack pack, PolicyPack then, MarketState market, AnnounceAuction asked, DateTimeOffset at)
    {
        if (market.Auctions.TryGetValue(asked.AuctionId, out var earlier))
            return Repeat(earlier, asked);
        if (market.PastAuctions.Contains(asked.AuctionId))
            return Reject("id-reused", $"Auction {asked.AuctionId} is over; another takes an id of its own.");
        return Check(pack, then, market, asked, at) is { } refusal
            ? Reject(refusal.Code, refusal.Reason)
            : Accept(new AuctionAnnounced(
                asked.AuctionId, asked.Instrument, asked.SellerParticipantId, asked.Quantity, asked.ReservePrice, asked.OpensAt,
                asked.ClosesAt, at)
            {
                BuyerParticipantId = asked.BuyerParticipantId, Terms = asked.Terms, OnOwnBehalf = asked.OnOwnBehalf,
                Representative = asked.OnOwnBehalf ? asked.Representative : null,
                FeeBasisPoints = pack.Instrument(asked.Instrument)!.FeeRate(buys: asked.BuyerParticipantId is not null),
            });
    }

    public static void Evolve(MarketState market, AuctionAnnounced announced)
    {
        var auction = new Auction
        {
            AuctionId = announced.AuctionId,
            Instrument = announced.Instrument,
            SellerParticipantId = announced.SellerParticipantId,
            BuyerParticipantId = announced.BuyerParticipantId,
            Quantity = announced.Quantity,
            ReservePrice = announced.ReservePrice,
            AnnouncedToOpenAt = announced.OpensAt,
            AnnouncedToCloseAt = announced.ClosesAt,
            OpensAt = announced.OpensAt,
            ClosesAt = announced.ClosesAt,
            Terms = announced.Terms ?? AuctionTerms.Usual,
            OnOwnBehalf = announced.OnOwnBehalf,
            Representative = announced.Representative,
            FeeBasisPoints = announced.FeeBasisPoints,
        };
        var initiator = market.AccountOf(auction.InitiatorParticipantId);
        if (auction.IsPurchase)
        {
            initiator.Cash.Reserve(auction.FeeBasisPoints.Cover(auction.Quantity, auction.ReservePrice).Minor);
            initiator.UnitsOf(auction.Instrument).Order(auction.Quantity.Value);
        }
        else if (auction.OnOwnBehalf)
        {
            initiator.UnitsOf(auction.Instrument).Reserve(auction.Quantity.Value);
        }
        else
        {
            initiator.UnitsOf(auction.Instrument).Announce(auction.Quantity.Value);
        }
        market.Keep(auction);
    }

    /// <summary>Of an auction that is over and forgotten no more is known than that it was.</summary>
    internal static Decision<MarketEvent> Missing(MarketState market, Guid auctionId) => market.PastAuctions.Contains(auctionId)
        ? Reject("auction-closed", $"Auction {auctionId} is over.")
        : Reject("unknown-auction", $"There is no auction {auctionId}.");

    /// <summary>Why nothing can be done about an auction any more.</summary>
    internal static string Over(PolicyPack pack, Auction auction) => auction.Figures?.AbortReason is { } reason
        ? $"The auction was aborted ({reason})."
        : $"The auction was to close at {pack.Moment(auction.ClosesAt)} and is over.";

    /// <summary>When an auction may take place; asked again when it is rescheduled.</summary>
    /// <param name="pack">In force when it closes.</param>
    internal static Refusal? Times(PolicyPack pack, DateTimeOffset opens, DateTimeOffset closes, DateTimeOffset at)
    {
        if (opens >= closes || closes <= at)
            return new("auction-times", $"An auction opens before it closes and closes after now ({pack.Moment(at)}): {pack.Moment(opens)}, {pack.Moment(closes)}.");
        return TradingDay.Has(pack, closes)
            ? null
            : new("auction-outside-trading-day", $"An auction closes on a trading day and not after it ends; {pack.LegalDay(closes):O} does not allow {pack.Moment(closes)}.");
    }

    /// <summary>What a participant may offer of its units today.</summary>
    internal static Refusal? Deliverable(MarketState market, Instrument rules, Guid participantId, long offered, long spare = 0)
    {
        var account = market.Accounts.GetValueOrDefault(participantId);
        var sellable = (account?.Sellable(rules.Id, rules.SameDayResaleBanned) ?? 0) + spare;
        if (offered <= sellable)
            return null;
        return offered <= (account?.Sellable(rules.Id, sameDayResaleBanned: false) ?? 0) + spare
            ? new("same-day-resale", $"Units bought today are not sold today: {offered} offered, {Math.Max(0, sellable)} sellable.")
            : new("insufficient-units", $"{offered} offered, {Math.Max(0, sellable)} available.");
    }

    private static Decision<MarketEvent> Repeat(Auction earlier, AnnounceAuction asked) =>
        (earlier.Instrument, earlier.Quantity, earlier.ReservePrice, earlier.SellerParticipantId, earlier.BuyerParticipantId, earlier.OnOwnBehalf)
            == (asked.Instrument, asked.Quantity, asked.ReservePrice, asked.SellerParticipantId, asked.BuyerParticipantId, asked.OnOwnBehalf)
        && (earlier.AnnouncedToOpenAt, earlier.AnnouncedToCloseAt, earlier.Terms)
            == (asked.OpensAt, asked.ClosesAt, asked.Terms ?? AuctionTerms.Usual)
            ? Accept()
            : Reject("id-reused", $"Auction {asked.AuctionId} exists with other content.");

    private static Refusal? Check(PolicyPack pack, PolicyPack then, MarketState market, AnnounceAuction asked, DateTimeOffset at) =>
        pack.Instrument(asked.Instrument) is not { } rules
            ? new("unknown-instrument", $"{pack.Market} does not trade {asked.Instrument}.")
            : Permitted(pack, asked)
                ?? (asked.OnOwnBehalf ? market.Controls.Refuse(pack, (asked.BuyerParticipantId ?? asked.SellerParticipantId)!.Value, asked.Representative, rules.Id) : null)
                ?? OrderRules.Form(rules, asked.Quantity, asked.ReservePrice)
                ?? Biddable(rules, asked)
                ?? Times(then, asked.OpensAt, asked.ClosesAt, at)
                ?? Notice(pack, asked, at)
                ?? Room(pack.Trading, market, asked)
                ?? Covered(market, rules, asked);

    private static Refusal? Permitted(PolicyPack pack, AnnounceAuction asked) =>
        asked.OnOwnBehalf && pack.Trading.Auctions is not { ParticipantsMayAnnounce: true }
            ? new("auction-by-officials-only", $"In {pack.Market} only officials announce auctions, not participants on their own behalf.")
            : null;

    /// <summary>A share that comes to less than a lot would let nobody bid.</summary>
    private static Refusal? Biddable(Instrument rules, AnnounceAuction asked) =>
        asked.Terms is { } terms && Bidding.LargestShare(terms, asked.Quantity) is var most && most < rules.LotSize
            ? new("share-below-lot", $"The largest share of {asked.Quantity} comes to {most} and a bid to {rules.LotSize} or more.")
            : null;

    private static Refusal? Notice(PolicyPack pack, AnnounceAuction asked, DateTimeOffset at) =>
        pack.Trading.Auctions is { ShortestNoticeMinutes: { } least } && asked.OpensAt < at.AddMinutes(least)
            ? new("auction-notice-too-short", $"An auction is announced {least} minutes before it opens, not at {pack.Moment(at)} for {pack.Moment(asked.OpensAt)}.")
            : null;

    private static Refusal? Room(TradingRules rules, MarketState market, AnnounceAuction asked)
    {
        var initiator = asked.BuyerParticipantId ?? asked.SellerParticipantId;
        var open = market.OpenAuctions.Values.Where(auction => auction.OnOwnBehalf == asked.OnOwnBehalf).ToList();
        if (asked.OnOwnBehalf && open.Count(auction => auction.InitiatorParticipantId == initiator) >= rules.MostOwnAuctions)
            return new("too-many-own-auctions", $"At most {rules.MostOwnAuctions} auctions of one participant's own stand at a time.");
        return open.Count >= MostOpenAuctions
            ? new("too-many-auctions", $"At most {MostOpenAuctions} auctions stand at a time.")
            : null;
    }

    private static Refusal? Covered(MarketState market, Instrument rules, AnnounceAuction asked)
    {
        if (asked.BuyerParticipantId is { } buyer)
        {
            var cost = rules.FeeRate(buys: true).Cover(asked.Quantity, asked.ReservePrice);
            return OrderRules.Position(market, rules, buyer, asked.Quantity.Value)
                ?? OrderRules.Affordable(market, buyer, cost, cost - (asked.Quantity * asked.ReservePrice));
        }
        var seller = asked.SellerParticipantId!.Value;
        if (Deliverable(market, rules, seller, asked.Quantity.Value) is { } refusal)
            return refusal;
        // An official names the seller, and no seller is asked: only what two officials have issued for it may be named.
        var issued = market.Accounts[seller].Units[rules.Id].ForAuction;
        return !asked.OnOwnBehalf && asked.Quantity.Value > issued
            ? new("not-for-auction", $"{asked.Quantity} offered, {issued} were issued onto the seller's trading account to be auctioned.")
            : null;
    }
}
