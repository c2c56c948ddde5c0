using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;

namespace CarbonMarket.Trading.Blocks;

/// <summary>What must hold of a block's terms, in order of precedence. Null: nothing is wrong.</summary>
internal static class BlockRules
{
    /// <summary>Whether blocks of the instrument are traded now, by which rules, and until when.</summary>
    public static Refusal? Session(
        PolicyPack pack, string instrument, DateTimeOffset at, out Instrument rules, out DateTimeOffset ends)
    {
        ends = at;
        rules = pack.Instrument(instrument)!;
        if (rules is null)
            return new("unknown-instrument", $"{pack.Market} does not trade {instrument}.");
        if (rules.ListedBelowQuantity is null)
            return new("no-blocks", $"{instrument} is not traded in blocks: all of it trades in the book.");
        if (pack.SessionAt(at, rules, PolicyPacks.Session.Block) is not { } session)
            return new(OrderRules.OutsideSession, OrderRules.Hours(pack, rules, at, PolicyPacks.Session.Block));
        ends = pack.EndOf(session, pack.LegalDay(at));
        return null;
    }

    public static Refusal? Terms(
        PolicyPack pack, MarketState market, Instrument rules, Quantity quantity, Price price, DateTimeOffset expires, DateTimeOffset at,
        DateTimeOffset ends) =>
        OrderRules.Form(rules, quantity, price)
        ?? Size(rules, quantity)
        ?? Band(rules, market.ReferencePrice(rules), price)
        ?? Expiry(pack, expires, at, ends);

    /// <summary>Whether a side can pay or deliver; what it holds for the block already is not asked of it again.</summary>
    public static Refusal? Means(
        MarketState market, Instrument rules, Guid participantId, Side side, Quantity quantity, Price price, BasisPoints buyerFee)
    {
        var account = market.Accounts.GetValueOrDefault(participantId);
        if (side == Side.Buy)
            return OrderRules.Position(market, rules, participantId, quantity.Value)
                ?? OrderRules.Affordable(market, participantId, (quantity * price) + buyerFee.Of(quantity, price), buyerFee.Of(quantity, price));
        var units = account?.Held(rules.Id);
        return OrderRules.Deliverable(quantity.Value, units?.Free ?? 0, units?.BoughtToday ?? 0, rules.SameDayResaleBanned);
    }

    private static Refusal? Size(Instrument rules, Quantity quantity) => quantity.Value < rules.ListedBelowQuantity
        ? new("quantity-not-block", $"A block is of {rules.ListedBelowQuantity} or more; {quantity} trades in the book.")
        : null;

    private static Refusal? Band(Instrument rules, Price? reference, Price price) =>
        PriceBand.OfBlocks(rules, reference) is { } band && !band.Contains(price)
            ? new("price-outside-band", $"Today's prices of blocks lie in {band.LowMinor}-{band.HighMinor} minor units, not at {price.MinorPerUnit}.")
            : null;

    private static Refusal? Expiry(PolicyPack pack, DateTimeOffset expires, DateTimeOffset at, DateTimeOffset ends) => expires <= at || expires > ends
        ? new("block-expiry", $"Terms expire after now ({pack.Moment(at)}) and at the latest when the session of blocks ends ({pack.Moment(ends)}), not at {pack.Moment(expires)}.")
        : null;
}
