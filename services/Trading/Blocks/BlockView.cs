using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Blocks;

/// <param name="Version">1 for the offer, one more for each counter-offer.</param>
/// <param name="ProposedBy">buy or sell: the side that proposed, and held what it promised.</param>
/// <param name="Quantity">Units; a block trades whole or not at all.</param>
/// <param name="PriceMinor">Minor units of the currency per unit, without fees.</param>
/// <param name="ExpiresAt">Legal time from which they cannot be accepted any more.</param>
/// <param name="ProposedAt">Legal time.</param>
/// <param name="BuyerFeeBasisPoints">What the buyer pays of the trade these terms may lead to (手续费率), in 0.01 %.</param>
/// <param name="SellerFeeBasisPoints">The same of the seller.</param>
public sealed record BlockTermsAnswer(
    int Version, Side ProposedBy, Quantity Quantity, Price PriceMinor, DateTimeOffset ExpiresAt, DateTimeOffset ProposedAt,
    BasisPoints BuyerFeeBasisPoints, BasisPoints SellerFeeBasisPoints);

/// <summary>The negotiation of a block (大宗协议交易) as it is told to its two sides and to those who supervise.</summary>
/// <param name="BlockId">Made by the side that offered first; names the negotiation.</param>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="BuyerParticipantId">The side that would buy, whoever offered first.</param>
/// <param name="SellerParticipantId">The side that would sell.</param>
/// <param name="Status">open, agreed or ended.</param>
/// <param name="EndedFor">
/// Why there was no trade: withdrawn, declined, expired, cover-lost, or the control that pulled the terms (kill-switch,
/// participant-suspended, frozen); null unless ended.
/// </param>
/// <param name="TradeId">The trade that was made; null unless agreed.</param>
/// <param name="Version">Of the newest terms: what an acceptance or a counter-offer names.</param>
/// <param name="Terms">All terms, oldest first; the newest stand, or stood last.</param>
public sealed record BlockAnswer(
    Guid BlockId, string Instrument, Guid BuyerParticipantId, Guid SellerParticipantId, BlockStatus Status, string? EndedFor,
    Guid? TradeId, int Version, ImmutableArray<BlockTermsAnswer> Terms)
{
    public bool IsOf(Guid participantId) => participantId == BuyerParticipantId || participantId == SellerParticipantId;

    public static BlockAnswer Of(Block block) => new(
        block.BlockId, block.Instrument, block.BuyerParticipantId, block.SellerParticipantId, block.Status, block.EndedFor, block.TradeId,
        block.Standing.Version,
        [
            .. block.Terms.Select(terms => new BlockTermsAnswer(
                terms.Version, terms.ProposedBy, terms.Quantity, terms.Price, terms.ExpiresAt, terms.At, terms.BuyerFee, terms.SellerFee)),
        ]);
}

/// <summary>A negotiation as a document, for when the market's memory has let go of it. Follows the journal with a short delay.</summary>
/// <param name="Id">See <see cref="MarketDocument"/>.</param>
/// <param name="Market">Id of the market's journal.</param>
public sealed record BlockView(Guid Id, Guid Market, Guid BuyerParticipantId, Guid SellerParticipantId, Block Block)
{
    public static BlockView Of(Block block, Guid market) => new(
        MarketDocument.IdOf(market, block.BlockId), market, block.BuyerParticipantId, block.SellerParticipantId, block);
}
