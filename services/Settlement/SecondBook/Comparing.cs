using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Postings;

namespace CarbonMarket.Settlement.SecondBook;

/// <summary>One asset and vintage of one account on which the two books do not agree.</summary>
/// <param name="AccountId">The account, as requests name it.</param>
/// <param name="ParticipantId">Its holder; the empty GUID for an account of the authority.</param>
/// <param name="Asset">An instrument, or cash.</param>
/// <param name="Vintage">Year of the units; null for cash.</param>
/// <param name="LedgerAmount">Units, or minor units of the currency, as the ledger has it.</param>
/// <param name="BookAmount">As the second book has it. The same as the ledger: it is the serials that differ.</param>
/// <param name="IsMisstated">The two may agree, but a balance stated with a posting was not the sum of what stood before it.</param>
public sealed record BookDifference(
    Guid AccountId, Guid ParticipantId, string Asset, ComplianceYear? Vintage, long LedgerAmount, long BookAmount, bool IsMisstated);

/// <summary>The ledger's own view at one of its versions, copied on the writer.</summary>
public sealed record LedgerCopy(
    long Version, ImmutableArray<LedgerCopy.AccountPart> Accounts)
{
    public sealed record AccountPart(Guid AccountId, Guid ParticipantId, Money Cash, ImmutableArray<(string Instrument, Block Block)> Blocks);

    public static LedgerCopy Of(LedgerState ledger) => new(ledger.Version, [.. ledger.Accounts.All.Select(Part)]);

    private static AccountPart Part(Account account) => new(account.Id, account.ParticipantId, account.Cash, [.. account.AllBlocks]);

    public Dictionary<Position, BookedHolding> Holdings()
    {
        var holdings = new Dictionary<Position, BookedHolding>();
        foreach (var account in Accounts)
        {
            if (!account.Cash.IsZero)
                holdings.Add(new Position(account.AccountId, Movement.Cash, null), new BookedHolding(account.Cash.Minor, []));
            foreach (var held in account.Blocks.GroupBy(lies => (lies.Instrument, lies.Block.Vintage), lies => new SerialRange(lies.Block.First, lies.Block.Last)))
                holdings.Add(new Position(account.AccountId, held.Key.Instrument, held.Key.Vintage),
                    new BookedHolding(held.Sum(range => range.Count), SerialRuns.Joined(held)));
        }
        return holdings;
    }
}

/// <summary>Holds the ledger against the second book.</summary>
public static class Comparing
{
    /// <param name="movements">Names the two accounts that stand for the world outside, which the ledger does not keep.</param>
    public static ImmutableArray<BookDifference> Differences(LedgerCopy copy, RecomputedBook book, Movements movements)
    {
        var (ledger, recomputed) = (copy.Holdings(), book.Holdings());
        var holders = copy.Accounts.ToDictionary(account => account.AccountId, account => account.ParticipantId);
        return
        [
            .. from position in ledger.Keys.Union(recomputed.Keys).Union(book.Misstated)
                   .OrderBy(position => position.AccountId).ThenBy(position => position.Asset, StringComparer.Ordinal).ThenBy(position => position.Vintage?.Value)
               where position.AccountId != movements.Issuance && position.AccountId != movements.Bank
               let one = ledger.GetValueOrDefault(position, BookedHolding.Nothing)
               let other = recomputed.GetValueOrDefault(position, BookedHolding.Nothing)
               let misstated = book.Misstated.Contains(position)
               where misstated || !one.Is(other)
               select new BookDifference(
                   position.AccountId, holders.GetValueOrDefault(position.AccountId), position.Asset, position.Vintage, one.Amount, other.Amount,
                   misstated && one.Is(other)),
        ];
    }
}
