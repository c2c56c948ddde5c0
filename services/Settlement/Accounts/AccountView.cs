using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Accounts;

/// <summary>Units of one instrument and vintage.</summary>
/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Vintage">Null for units bound to come in: which vintage they will be is settled with the trade.</param>
/// <param name="Available">Settled units that no executed trade takes away.</param>
/// <param name="PendingIn">To come by executed trades that are not settled yet.</param>
/// <param name="PendingOut">To go by executed trades that are not settled yet; oldest vintages first.</param>
/// <param name="Held">Held where they are: by a transaction under way, a freeze or a pledge.</param>
public sealed record UnitsView(
    string Instrument, ComplianceYear? Vintage, Quantity Available, Quantity PendingIn, Quantity PendingOut, Quantity Held);

/// <summary>Minor units of the market's currency.</summary>
/// <param name="AvailableMinor">Settled cash that no executed trade takes away.</param>
/// <param name="PendingInMinor">To come by executed trades that are not settled yet, the seller's fees (手续费) taken off.</param>
/// <param name="PendingOutMinor">To go by executed trades that are not settled yet, the buyer's fees included.</param>
public sealed record CashView(Money AvailableMinor, Money PendingInMinor, Money PendingOutMinor);

/// <param name="AccountId">What requests name the account by; made by whoever opened it.</param>
/// <param name="Number">With two check digits by ISO 7064 MOD 97-10.</param>
/// <param name="ParticipantId">Its holder; the empty GUID for an account of the authority.</param>
/// <param name="Type">operator-holding or trading for participants; issuance, surrender, ... for the authority.</param>
/// <param name="Status">open, restricted, suspended, closing or closed.</param>
/// <param name="Units">By instrument and vintage; what trades are to bring stands in an entry without a vintage.</param>
/// <param name="Cash">What is free, and what executed trades are to bring and take.</param>
public sealed record AccountView(
    Guid AccountId, string Number, Guid ParticipantId, string Type, string Status, ImmutableArray<UnitsView> Units, CashView Cash)
{
    public static AccountView Of(Account account) => new(
        account.Id, account.Number, account.ParticipantId, account.Type, account.Status,
        [.. account.Instruments.SelectMany(instrument => UnitsOf(account, instrument))], CashOf(account));

    /// <summary>
    /// What is pending out leaves from the oldest vintages, as the clearing run will take it. What exceeds the settled
    /// units was bought and sold on before settlement and stands with what is pending in.
    /// </summary>
    private static IEnumerable<UnitsView> UnitsOf(Account account, string instrument)
    {
        var (pendingIn, pendingOut) = account.Pending(instrument);
        var vintages = account.Units.Vintages(instrument).Concat(account.Held.Vintages(instrument)).Select(lies => lies.Vintage).Distinct().Order();
        foreach (var vintage in vintages)
        {
            var free = account.Units.Of(instrument, vintage);
            var leaves = Quantity.Min(free, pendingOut);
            yield return new UnitsView(instrument, vintage, free - leaves, Quantity.Zero, leaves, account.Held.Of(instrument, vintage));
            pendingOut -= leaves;
        }
        if (!pendingIn.IsZero || !pendingOut.IsZero)
            yield return new UnitsView(instrument, null, Quantity.Zero, pendingIn, pendingOut, Quantity.Zero);
    }

    private static CashView CashOf(Account account) => new(
        account.CashPendingOut < account.Cash ? account.Cash - account.CashPendingOut : Money.Zero,
        account.CashPendingIn, account.CashPendingOut);
}
