using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Journaling;
using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.Blocks;

/// <param name="Side">Whether who offers buys or sells.</param>
/// <param name="ExpiresAt">Null: when the block session ends.</param>
public sealed record OfferBlock(
    Guid BlockId, Guid ParticipantId, Guid CounterpartyParticipantId, string Instrument, Side Side, Quantity Quantity, Price Price,
    DateTimeOffset? ExpiresAt, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => BlockId;

    /// <inheritdoc cref="PlaceOrder.Representative"/>
    [JsonIgnore]
    public string? Representative { get; init; }
}

/// <param name="Version">Of the terms it answers.</param>
/// <param name="ExpiresAt">Null: when the block session ends.</param>
public sealed record CounterBlock(
    Guid BlockId, Guid ParticipantId, int Version, Quantity Quantity, Price Price, DateTimeOffset? ExpiresAt, DateTimeOffset At)
    : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => BlockId;

    /// <inheritdoc cref="PlaceOrder.Representative"/>
    [JsonIgnore]
    public string? Representative { get; init; }
}

/// <param name="Version">Of the terms that were seen.</param>
public sealed record AcceptBlock(Guid BlockId, Guid ParticipantId, int Version, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => BlockId;

    /// <inheritdoc cref="PlaceOrder.Representative"/>
    [JsonIgnore]
    public string? Representative { get; init; }
}

/// <summary>Who proposed the standing terms withdraws them; the other side declines. Either way it is over.</summary>
public sealed record EndBlock(Guid BlockId, Guid ParticipantId, DateTimeOffset At) : MarketCommand(At), ICommandAbout
{
    Guid ICommandAbout.About => BlockId;
}

/// <summary>A negotiation has begun; who offers holds the cash or the units it promises.</summary>
/// <param name="ProposedBy">The side that offers.</param>
public sealed record BlockOffered(
    Guid BlockId, string Instrument, Guid BuyerParticipantId, Guid SellerParticipantId, Side ProposedBy, Quantity Quantity, Price Price,
    DateTimeOffset ExpiresAt, DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>The subject that proposed these terms; null: none was known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Representative { get; init; }

    /// <summary>What the buyer pays of the trade these terms may lead to (手续费率), whatever the rules say later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BasisPoints BuyerFeeBasisPoints { get; init; }

    /// <summary>The same of the seller.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BasisPoints SellerFeeBasisPoints { get; init; }
}

/// <summary>The other side proposes in its turn: now it holds what it promises, and the first holds nothing.</summary>
/// <param name="Version">Of the terms that stand from now on.</param>
public sealed record BlockCountered(
    Guid BlockId, Guid BuyerParticipantId, Guid SellerParticipantId, int Version, Quantity Quantity, Price Price, DateTimeOffset ExpiresAt,
    DateTimeOffset At) : MarketEvent(At)
{
    /// <summary>The subject that proposed these terms; null: none was known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Representative { get; init; }

    /// <summary>What the buyer pays of the trade these terms may lead to (手续费率), whatever the rules say later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BasisPoints BuyerFeeBasisPoints { get; init; }

    /// <summary>The same of the seller.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BasisPoints SellerFeeBasisPoints { get; init; }
}

/// <summary>Over without a trade; what was held for it is released.</summary>
/// <param name="Reason">One of <see cref="BlockEnding"/>.</param>
public sealed record BlockEnded(
    Guid BlockId, Guid BuyerParticipantId, Guid SellerParticipantId, string Reason, DateTimeOffset At) : MarketEvent(At);

/// <summary>
/// Block trades (大宗协议交易): two participants negotiate quantity and price by themselves, within the size, the band and the
/// hours that the rules set for blocks. Whoever proposes holds what it promises for as long as its terms stand, so that an
/// acceptance always makes a trade. Blocks are traded beside the book and do not move the listed close.
/// </summary>
public static class Negotiating
{
    // Technical: they bound the market's memory. How many one participant may open is the pack's to say.

    public const int MostOpen = 1_000;

    /// <summary>Offer and counter-offers together.</summary>
    public const int MostTerms = 50;

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, OfferBlock offer, DateTimeOffset at)
    {
        if (market.Blocks.Find(offer.BlockId) is { } earlier)
            return Repeat(earlier, offer);
        if (market.Blocks.IsPast(offer.BlockId))
            return Reject("id-reused", $"Block {offer.BlockId} was negotiated before; another takes an id of its own.");
        if (market.Controls.Refuse(pack, offer.ParticipantId, offer.Representative, offer.Instrument) is { } stopped)
            return Reject(stopped.Code, stopped.Reason);
        if (BlockRules.Session(pack, offer.Instrument, at, out var rules, out var ends) is { } shut)
            return Reject(shut.Code, shut.Reason);
        var expires = offer.ExpiresAt ?? ends;
        var refusal = Parties(market, offer)
            ?? BlockRules.Terms(pack, market, rules, offer.Quantity, offer.Price, expires, at, ends)
            ?? Room(pack.Trading, market, offer.ParticipantId)
            ?? BlockRules.Means(market, rules, offer.ParticipantId, offer.Side, offer.Quantity, offer.Price, rules.FeeRate(buys: true));
        return refusal is not null
            ? Reject(refusal.Code, refusal.Reason)
            : Accept(new BlockOffered(
                offer.BlockId, offer.Instrument, Buyer(offer), Seller(offer), offer.Side, offer.Quantity, offer.Price, expires, at)
            {
                Representative = offer.Representative,
                BuyerFeeBasisPoints = rules.FeeRate(buys: true),
                SellerFeeBasisPoints = rules.FeeRate(buys: false),
            });
    }

    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, CounterBlock counter, DateTimeOffset at)
    {
        if (Answerable(market, counter.BlockId, counter.ParticipantId, counter.Version, out var block) is { } closed)
            return Reject(closed.Code, closed.Reason);
        if (market.Controls.Refuse(pack, counter.ParticipantId, counter.Representative, block.Instrument) is { } stopped)
            return Reject(stopped.Code, stopped.Reason);
        if (block.Terms.Length >= MostTerms)
            return Reject("too-many-counters", $"A negotiation has at most {MostTerms} terms; accept, decline or begin another.");
        if (BlockRules.Session(pack, block.Instrument, at, out var rules, out var ends) is { } shut)
            return Reject(shut.Code, shut.Reason);
        var expires = counter.ExpiresAt ?? ends;
        var refusal = BlockRules.Terms(pack, market, rules, counter.Quantity, counter.Price, expires, at, ends)
            ?? BlockRules.Means(market, rules, counter.ParticipantId, block.Answering, counter.Quantity, counter.Price, rules.FeeRate(buys: true));
        return refusal is not null
            ? Reject(refusal.Code, refusal.Reason)
            : Accept(new BlockCountered(
                block.BlockId, block.BuyerParticipantId, block.SellerParticipantId, block.Standing.Version + 1, counter.Quantity,
                counter.Price, expires, at)
            {
                Representative = counter.Representative,
                BuyerFeeBasisPoints = rules.FeeRate(buys: true),
                SellerFeeBasisPoints = rules.FeeRate(buys: false),
            });
    }

    /// <summary>
    /// Size, band and hours were asked of the terms when they were proposed, and terms expire before any of the three can
    /// change: what is left to ask is whether who accepts can pay or deliver.
    /// </summary>
    public static Decision<MarketEvent> Decide(PolicyPack pack, MarketState market, AcceptBlock acceptance, DateTimeOffset at)
    {
        if (market.Blocks.Find(acceptance.BlockId) is { Status: BlockStatus.Agreed } agreed
            && agreed.Standing.Version == acceptance.Version && agreed.Of(agreed.Answering) == acceptance.ParticipantId)
            return Accept();
        if (Answerable(market, acceptance.BlockId, acceptance.ParticipantId, acceptance.Version, out var block) is { } closed)
            return Reject(closed.Code, closed.Reason);
        if (market.Controls.Refuse(pack, acceptance.ParticipantId, acceptance.Representative, block.Instrument) is { } stopped)
            return Reject(stopped.Code, stopped.Reason);
        var (terms, rules) = (block.Standing, pack.Instrument(block.Instrument)!);
        if (BlockRules.Means(market, rules, acceptance.ParticipantId, block.Answering, terms.Quantity, terms.Price, terms.BuyerFee) is { } refusal)
            return Reject(refusal.Code, refusal.Reason);
        var sequence = market.LastTradeSequence + 1;
        var trade = new TradeExecuted(
            sequence, Trade.IdOf(block.BlockId, sequence), block.Instrument, block.BlockId, block.BlockId, block.BuyerParticipantId,
            block.SellerParticipantId, terms.Quantity, terms.Price, TradeMode.Block, market.OpenDay ?? pack.LegalDay(at), at)
        {
            BuyerFee = terms.BuyerFee.Of(terms.Quantity, terms.Price), SellerFee = terms.SellerFee.Of(terms.Quantity, terms.Price),
        };
        return market.OpenDay is null ? Accept(TradingDay.Open(pack, at), trade) : Accept(trade);
    }

    public static Decision<MarketEvent> Decide(MarketState market, EndBlock end, DateTimeOffset at) =>
        market.Blocks.Find(end.BlockId) is not { } block || block.SideOf(end.ParticipantId) is not { } side ? Unknown(end.BlockId)
        : block.Status == BlockStatus.Ended ? Accept()
        : block.Status == BlockStatus.Agreed ? Reject("block-finished", $"Block {end.BlockId} is agreed already; the trade stands.")
        : Accept(Ended(block, side == block.Standing.ProposedBy ? BlockEnding.Withdrawn : BlockEnding.Declined, at));

    /// <summary>All terms that expire at this moment.</summary>
    public static ImmutableArray<MarketEvent> Expire(MarketState market, DateTimeOffset due) =>
    [
        .. market.Blocks.Open.Values.Where(block => block.Standing.ExpiresAt == due).OrderBy(block => block.BlockId)
            .Select(block => Ended(block, BlockEnding.Expired, due)),
    ];

    /// <summary>
    /// The participant's terms of a kind that stand without cover are pulled, the newest first, until what is missing is free
    /// again.
    /// </summary>
    internal static IEnumerable<BlockEnded> Pull(
        MarketState market, TradingAccount account, Side side, string? instrument, long missing, string reason, DateTimeOffset at)
    {
        var standing = market.Blocks.Open.Values
            .Where(block => block.Proposer == account.ParticipantId && block.Standing.ProposedBy == side
                && (instrument is null || block.Instrument == instrument))
            .OrderByDescending(block => block.Standing.At).ThenBy(block => block.BlockId);
        foreach (var block in standing)
        {
            if (missing <= 0)
                yield break;
            missing -= Held(block);
            yield return Ended(block, reason, at);
        }
    }

    public static void Evolve(MarketState market, BlockOffered offered) => Stand(market, Block.Of(offered));

    public static void Evolve(MarketState market, BlockCountered countered)
    {
        var block = market.Blocks.Open[countered.BlockId];
        Release(market, block);
        Stand(market, block.Counter(countered));
    }

    public static void Evolve(MarketState market, BlockEnded ended)
    {
        var block = market.Blocks.Open[ended.BlockId];
        Release(market, block);
        market.Keep(block.End(ended.Reason));
    }

    /// <summary>What was held for the terms is what the trade costs, and free to be taken by it.</summary>
    internal static void Agree(MarketState market, TradeExecuted trade)
    {
        var block = market.Blocks.Open[trade.BuyOrderId];
        Release(market, block);
        market.Keep(block.Agree(trade.TradeId));
    }

    internal static BlockEnded Ended(Block block, string reason, DateTimeOffset at) =>
        new(block.BlockId, block.BuyerParticipantId, block.SellerParticipantId, reason, at);

    /// <summary>
    /// What the proposer holds for its terms: minor units of cash, or units. A block trades whole or not at all, so the buyer
    /// holds just what it will pay.
    /// </summary>
    public static long Held(Block block) => block.Standing is { ProposedBy: Side.Buy } terms
        ? ((terms.Quantity * terms.Price) + terms.BuyerFee.Of(terms.Quantity, terms.Price)).Minor
        : block.Standing.Quantity.Value;

    private static void Stand(MarketState market, Block block)
    {
        var account = market.AccountOf(block.Proposer);
        HeldOf(account, block).Reserve(Held(block));
        if (block.Standing.ProposedBy == Side.Buy)
            account.UnitsOf(block.Instrument).Order(block.Standing.Quantity.Value);
        market.Keep(block);
    }

    private static void Release(MarketState market, Block block)
    {
        var account = market.AccountOf(block.Proposer);
        HeldOf(account, block).Release(Held(block));
        if (block.Standing.ProposedBy == Side.Buy)
            account.UnitsOf(block.Instrument).Unorder(block.Standing.Quantity.Value);
    }

    private static Balance HeldOf(TradingAccount account, Block block) =>
        block.Standing.ProposedBy == Side.Buy ? account.Cash : account.UnitsOf(block.Instrument);

    private static Guid Buyer(OfferBlock offer) => offer.Side == Side.Buy ? offer.ParticipantId : offer.CounterpartyParticipantId;

    private static Guid Seller(OfferBlock offer) => offer.Side == Side.Buy ? offer.CounterpartyParticipantId : offer.ParticipantId;

    private static Decision<MarketEvent> Repeat(Block earlier, OfferBlock offer)
    {
        var first = earlier.Terms[0];
        return (earlier.BuyerParticipantId, earlier.SellerParticipantId, earlier.Instrument, first.ProposedBy, first.Quantity, first.Price)
                == (Buyer(offer), Seller(offer), offer.Instrument, offer.Side, offer.Quantity, offer.Price)
            && (offer.ExpiresAt ?? first.ExpiresAt) == first.ExpiresAt
            ? Accept()
            : Reject("id-reused", $"Block {offer.BlockId} exists with other content.");
    }

    private static Refusal? Parties(MarketState market, OfferBlock offer)
    {
        if (offer.ParticipantId == offer.CounterpartyParticipantId)
            return new("block-with-oneself", "Nobody trades a block with itself.");
        return market.Accounts.ContainsKey(offer.CounterpartyParticipantId)
            ? null
            : new("unknown-counterparty", $"{offer.CounterpartyParticipantId} has no trading account in this market.");
    }

    private static Refusal? Room(TradingRules rules, MarketState market, Guid participantId)
    {
        if (market.Blocks.Open.Count >= MostOpen)
            return new("too-many-blocks", $"At most {MostOpen} negotiations are open at a time.");
        return market.Blocks.Open.Values.Count(block => block.Opener == participantId) >= rules.MostOpenBlocks
            ? new("too-many-blocks", $"At most {rules.MostOpenBlocks} negotiations that one participant began are open at a time.")
            : null;
    }

    /// <summary>Null: these are the terms that stand, and they are the other side's to answer.</summary>
    private static Refusal? Answerable(MarketState market, Guid blockId, Guid participantId, int version, out Block block)
    {
        block = market.Blocks.Find(blockId)!;
        if (block?.SideOf(participantId) is not { } side)
            return new("unknown-block", $"There is no block {blockId} of yours.");
        if (!block.IsOpen)
            return new("block-finished", $"Block {blockId} is {block.EndedFor ?? "agreed"} already.");
        if (version != block.Standing.Version)
            return new("offer-changed", $"The terms are of version {block.Standing.Version} by now, not {version}.");
        return side == block.Standing.ProposedBy
            ? new("own-offer", $"The terms of version {version} are your own; the other side answers them.")
            : null;
    }

    private static Decision<MarketEvent> Unknown(Guid blockId) => Reject("unknown-block", $"There is no block {blockId} of yours.");
}
