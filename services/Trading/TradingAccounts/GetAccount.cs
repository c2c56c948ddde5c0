using System.Collections.Immutable;
using CarbonMarket.ServiceDefaults.Security;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.TradingAccounts;

public static class GetAccount
{
    /// <summary>Cash of a trading account, in minor units of the currency.</summary>
    /// <param name="AvailableMinor">Buying power: settled + pendingIn - pendingOut - reserved - releasing - frozen, or nothing.</param>
    /// <param name="ReservedMinor">Held by open orders, bids, terms of blocks and own auctions to buy, with the fees.</param>
    /// <param name="PendingInMinor">To come from trades that are not cleared yet; may buy, may not be withdrawn.</param>
    /// <param name="PendingOutMinor">To go for trades that are not cleared yet.</param>
    /// <param name="SettledMinor">What the registry ledger says lies on the account; below zero while it has not told all.</param>
    /// <param name="ReleasingMinor">Let go by a withdrawal that Settlement has not moved yet.</param>
    /// <param name="WithdrawableMinor">What a withdrawal may take now.</param>
    /// <param name="FrozenMinor">Frozen by an authority (司法冻结); may be more than there is.</param>
    public sealed record CashHolding(
        long AvailableMinor, long ReservedMinor, long PendingInMinor, long PendingOutMinor, long SettledMinor, long ReleasingMinor,
        long WithdrawableMinor, long FrozenMinor)
    {
        public static CashHolding Of(Balance cash) => new(
            Math.Max(0, cash.Free), cash.Reserved, cash.PendingIn, cash.PendingOut, cash.Settled, cash.Releasing, cash.Withdrawable,
            cash.Frozen);
    }

    /// <summary>Units of one instrument on a trading account; the parts mean what they mean for cash.</summary>
    /// <param name="Instrument">As the policy pack names it.</param>
    /// <param name="Available">
    /// What may be offered: settled + pendingIn - pendingOut - reserved - releasing - frozen, or nothing; where the pack bans resale on
    /// the same day, units bought that day count but may not be sold.
    /// </param>
    /// <param name="Reserved">
    /// Held by open orders to sell, offers to auctions that buy, terms of blocks, and what own auctions and sales offer.
    /// </param>
    /// <param name="PendingIn">To come from trades that are not cleared yet.</param>
    /// <param name="PendingOut">To go for trades that are not cleared yet.</param>
    /// <param name="Settled">What the registry ledger says lies on the account; below zero while it has not told all.</param>
    /// <param name="Releasing">Let go by a withdrawal that Settlement has not moved yet.</param>
    /// <param name="Withdrawable">What a withdrawal may take now.</param>
    /// <param name="Frozen">Frozen by an authority (司法冻结) or held by the registry (登记冻结); may be more than there is.</param>
    public sealed record UnitHolding(
        string Instrument, long Available, long Reserved, long PendingIn, long PendingOut, long Settled, long Releasing,
        long Withdrawable, long Frozen)
    {
        public static UnitHolding Of(string instrument, Balance units) => new(
            instrument, Math.Max(0, units.Free), units.Reserved, units.PendingIn, units.PendingOut, units.Settled, units.Releasing,
            units.Withdrawable, units.Frozen);
    }

    /// <param name="ParticipantId">The caller's own participant.</param>
    /// <param name="Currency">ISO 4217.</param>
    /// <param name="Cash">In minor units of the currency.</param>
    /// <param name="Units">By instrument.</param>
    public sealed record AccountAnswer(Guid ParticipantId, string Currency, CashHolding Cash, ImmutableArray<UnitHolding> Units);

    public static void Map(RouteGroupBuilder market) => market.MapGet("/account", Handle)
        .RequireParticipant()
        .WithTags("Trading accounts")
        .WithName("get-trading-account")
        .WithSummary("The caller's own trading account (交易账户) as Trading sees it")
        .WithDescription("Settlement owns the account; this is the mirror that orders are reserved from. Empty until units or cash have arrived.")
        .Produces<AccountAnswer>();

    internal static async Task<IResult> Handle(
        string market, HttpContext context, Venues venues, CancellationToken cancellationToken)
    {
        var (venue, participant) = (venues[market], context.User.ParticipantId());
        return TypedResults.Ok(await venue.Read(state => Read(state, participant, venue.Packs[^1].Currency.Code), cancellationToken));
    }

    private static AccountAnswer Read(MarketState market, Guid participant, string currency)
    {
        var account = market.Accounts.GetValueOrDefault(participant);
        return new AccountAnswer(
            participant, currency, CashHolding.Of(account?.Cash ?? market.Balances.Nobodys),
            [.. account?.Units.Select(unit => UnitHolding.Of(unit.Key, unit.Value)) ?? []]);
    }
}
