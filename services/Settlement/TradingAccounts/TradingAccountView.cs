using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.TradingAccounts;

/// <summary>Units of one instrument, all vintages.</summary>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Quantity">Settled units, those bound to go out included.</param>
/// <param name="PendingIn">Bought and not yet delivered.</param>
/// <param name="PendingOut">Sold and not yet delivered.</param>
public sealed record TradingUnits(string Instrument, Quantity Quantity, Quantity PendingIn, Quantity PendingOut);

/// <summary>One trading account as Trading's mirror is compared with it.</summary>
/// <param name="ParticipantId">The account's holder.</param>
/// <param name="AccountId">Made by whoever opened it.</param>
/// <param name="CashMinor">Settled cash, what is bound to go out included.</param>
/// <param name="CashPendingInMinor">
/// To come by executed trades that are not settled yet, the seller's fees taken off; minor units of the currency.
/// </param>
/// <param name="CashPendingOutMinor">
/// To go by executed trades that are not settled yet, the buyer's fees included; minor units of the currency.
/// </param>
/// <param name="Units">By instrument, all vintages together.</param>
public sealed record TradingAccountView(
    Guid ParticipantId, Guid AccountId, Money CashMinor, Money CashPendingInMinor, Money CashPendingOutMinor, ImmutableArray<TradingUnits> Units)
{
    public static TradingAccountView Of(Account account) => new(
        account.ParticipantId, account.Id, account.Cash, account.CashPendingIn, account.CashPendingOut,
        [.. account.Instruments.Select(instrument => new TradingUnits(
            instrument, account.Total(instrument), account.Pending(instrument).In, account.Pending(instrument).Out))]);

    /// <summary>Trading accounts ordered by participant.</summary>
    public static IEnumerable<TradingAccountView> After(LedgerState ledger, Guid? participantId) =>
        ledger.Accounts.TradingAfter(participantId).Select(Of);
}
