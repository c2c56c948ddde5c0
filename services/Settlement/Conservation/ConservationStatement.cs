using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Conservation;

/// <param name="Instrument">As the policy pack names it.</param>
/// <param name="Vintage">Year the units were issued for.</param>
/// <param name="Issued">Serials given out.</param>
/// <param name="Held">Units on participants' accounts.</param>
/// <param name="Surrendered">Units on the surrender account.</param>
/// <param name="Cancelled">Units on the cancellation account.</param>
public sealed record InstrumentConservation(
    string Instrument, ComplianceYear Vintage, Quantity Issued, Quantity Held, Quantity Surrendered, Quantity Cancelled)
{
    /// <summary>Issued = held + surrendered + cancelled.</summary>
    public bool IsBalanced => Issued == Held + Surrendered + Cancelled;
}

/// <param name="DepositedMinor">Received by the settlement bank.</param>
/// <param name="HeldMinor">On participants' accounts.</param>
/// <param name="WithdrawnMinor">Paid out by the settlement bank.</param>
public sealed record CashConservation(Money DepositedMinor, Money HeldMinor, Money WithdrawnMinor)
{
    /// <summary>Deposited = held + withdrawn.</summary>
    public bool IsBalanced => DepositedMinor == HeldMinor + WithdrawnMinor;
}

/// <summary>
/// The proof that nothing was made or lost: issued = held + surrendered + cancelled for each instrument and vintage, every
/// serial on exactly one account, and cash likewise. Counted anew from the accounts each time.
/// </summary>
/// <param name="LedgerVersion">The ledger's version that it was counted at; counts the ledger's events, refusals left out.</param>
/// <param name="Balanced">Every instrument and the cash are balanced, and each serial ever issued lies on exactly one account.</param>
/// <param name="Instruments">By instrument and vintage, all that were ever issued.</param>
/// <param name="Cash">The market's cash, in minor units of the currency.</param>
public sealed record ConservationStatement(
    long LedgerVersion, bool Balanced, ImmutableArray<InstrumentConservation> Instruments, CashConservation Cash)
{
    public static ConservationStatement Of(LedgerState ledger) => Copied(ledger)();

    /// <summary>
    /// Copies on the writer what is to be counted; the counting itself, which takes the most of it, may be done anywhere.
    /// </summary>
    public static Func<ConservationStatement> Copied(LedgerState ledger)
    {
        var version = ledger.Version;
        var cash = new CashConservation(ledger.Bank.Deposited,
            ledger.Accounts.All.Aggregate(Money.Zero, (sum, account) => sum + account.Cash), ledger.Bank.Withdrawn);
        var serials = ledger.Serials.All.ToList();
        var held = ledger.Accounts.All.SelectMany(account => account.AllBlocks.Select(block => (block.Instrument, block.Block, Place: PlaceOf(account)))).ToList();
        return () => Of(version, cash, serials, held);
    }

    private static ConservationStatement Of(
        long version, CashConservation cash, List<(string Instrument, ComplianceYear Vintage, long Last)> everySerial,
        List<(string Instrument, Block Block, Place Place)> everyBlock)
    {
        var blocks = everyBlock.GroupBy(held => (held.Instrument, held.Block.Vintage), held => (held.Block, held.Place))
            .ToDictionary(group => group.Key, group => group.ToList());
        var instruments = (
            from serials in everySerial
            let held = blocks.GetValueOrDefault((serials.Instrument, serials.Vintage)) ?? []
            select new InstrumentConservation(serials.Instrument, serials.Vintage, Quantity.Of(serials.Last),
                Sum(held, Place.Participant), Sum(held, Place.Surrendered), Sum(held, Place.Cancelled))).ToImmutableArray();
        var everySerialOnce = blocks.Count == instruments.Length && instruments.All(issued =>
            CoverExactly(blocks[(issued.Instrument, issued.Vintage)].Select(held => held.Block), issued.Issued.Value));
        var balanced = everySerialOnce && cash.IsBalanced && instruments.All(instrument => instrument.IsBalanced);
        return new ConservationStatement(version, balanced, instruments, cash);
    }

    private enum Place
    {
        Participant,
        Surrendered,
        Cancelled,
    }

    private static Place PlaceOf(Account account) => account.Type switch
    {
        AccountTypes.Surrender => Place.Surrendered,
        AccountTypes.Cancellation => Place.Cancelled,
        _ => Place.Participant,
    };

    private static Quantity Sum(IEnumerable<(Block Block, Place Place)> blocks, Place place) => blocks
        .Where(held => held.Place == place)
        .Aggregate(Quantity.Zero, (sum, held) => sum + held.Block.Quantity);

    private static bool CoverExactly(IEnumerable<Block> blocks, long issued)
    {
        var next = 1L;
        foreach (var block in blocks.OrderBy(block => block.First))
        {
            if (block.First != next)
                return false;
            next = block.Last + 1;
        }
        return next == issued + 1;
    }
}
