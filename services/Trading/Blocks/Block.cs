using System.Collections.Immutable;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Blocks;

public enum BlockStatus
{
    /// <summary>The newest terms stand until somebody accepts or ends them, or they expire.</summary>
    Open,

    /// <summary>A trade was made.</summary>
    Agreed,

    /// <summary>Over without a trade.</summary>
    Ended,
}

/// <summary>What one side proposes to the other.</summary>
/// <param name="Version">1 for the offer, one more for each counter-offer.</param>
/// <param name="ProposedBy">The side that proposes, and that holds what it promises.</param>
/// <param name="ExpiresAt">Legal time from which they cannot be accepted any more.</param>
public sealed record BlockTerms(int Version, Side ProposedBy, Quantity Quantity, Price Price, DateTimeOffset ExpiresAt, DateTimeOffset At)
{
    /// <summary>The subject that proposed them; null: none was known.</summary>
    public string? Representative { get; init; }

    /// <inheritdoc cref="BlockOffered.BuyerFeeBasisPoints"/>
    public BasisPoints BuyerFee { get; init; }

    /// <inheritdoc cref="BlockOffered.SellerFeeBasisPoints"/>
    public BasisPoints SellerFee { get; init; }
}

/// <summary>
/// One negotiation between two participants about a block (大宗协议交易). It keeps its id through all its terms; only the
/// newest can be accepted.
/// </summary>
/// <param name="Terms">Oldest first, the offer and its counter-offers.</param>
/// <param name="EndedFor">One of <see cref="BlockEnding"/>; null unless it ended without a trade.</param>
/// <param name="TradeId">Null unless agreed.</param>
public sealed record Block(
    Guid BlockId, string Instrument, Guid BuyerParticipantId, Guid SellerParticipantId, ImmutableArray<BlockTerms> Terms,
    BlockStatus Status, string? EndedFor, Guid? TradeId)
{
    [JsonIgnore]
    public BlockTerms Standing => Terms[^1];

    /// <summary>The side that the standing terms are put to.</summary>
    [JsonIgnore]
    public Side Answering => Standing.ProposedBy == Side.Buy ? Side.Sell : Side.Buy;

    [JsonIgnore]
    public Guid Opener => Of(Terms[0].ProposedBy);

    [JsonIgnore]
    public Guid Proposer => Of(Standing.ProposedBy);

    [JsonIgnore]
    public bool IsOpen => Status == BlockStatus.Open;

    public Guid Of(Side side) => side == Side.Buy ? BuyerParticipantId : SellerParticipantId;

    /// <summary>The side a participant is on; null: it takes no part.</summary>
    public Side? SideOf(Guid participantId) =>
        participantId == BuyerParticipantId ? Side.Buy
        : participantId == SellerParticipantId ? Side.Sell
        : null;

    public static Block Of(BlockOffered offered) => new(
        offered.BlockId, offered.Instrument, offered.BuyerParticipantId, offered.SellerParticipantId,
        [
            new BlockTerms(1, offered.ProposedBy, offered.Quantity, offered.Price, offered.ExpiresAt, offered.At)
            {
                Representative = offered.Representative,
                BuyerFee = offered.BuyerFeeBasisPoints,
                SellerFee = offered.SellerFeeBasisPoints,
            },
        ],
        BlockStatus.Open, null, null);

    public Block Counter(BlockCountered countered) => this with
    {
        Terms = Terms.Add(new BlockTerms(
            countered.Version, Answering, countered.Quantity, countered.Price, countered.ExpiresAt, countered.At)
        {
            Representative = countered.Representative,
            BuyerFee = countered.BuyerFeeBasisPoints,
            SellerFee = countered.SellerFeeBasisPoints,
        }),
    };

    public Block Agree(Guid tradeId) => this with { Status = BlockStatus.Agreed, TradeId = tradeId };

    public Block End(string reason) => this with { Status = BlockStatus.Ended, EndedFor = reason };
}

/// <summary>Why a negotiation ended without a trade.</summary>
public static class BlockEnding
{
    /// <summary>By who proposed the terms that stood.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>By the other side.</summary>
    public const string Declined = "declined";

    public const string Expired = "expired";

    /// <summary>A trade that was to bring what the proposer promised failed in clearing.</summary>
    public const string CoverLost = "cover-lost";

    /// <summary>A control has pulled the terms that stood.</summary>
    public const string KillSwitch = CancelReason.KillSwitch;

    /// <inheritdoc cref="KillSwitch"/>
    public const string ParticipantSuspended = CancelReason.ParticipantSuspended;

    /// <summary>What they rested on was frozen.</summary>
    public const string Frozen = CancelReason.Frozen;
}
