using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.DailyStatements;
using CarbonMarket.Settlement.Ledger;
using CarbonMarket.Settlement.Obligations;

namespace CarbonMarket.Settlement.Postings;

/// <summary>What a part of the journal comes to.</summary>
public sealed record BookedPart(PostingHead Head, IReadOnlyList<Posting> Postings, IReadOnlyList<Moment> Moments)
{
    /// <summary>Trading days whose clearing run ended in it.</summary>
    public required IReadOnlyList<DayEnd> Days { get; init; }

    public required IReadOnlyList<UndeliveredTrade> Undelivered { get; init; }

    public required IReadOnlyList<EntityFact> EntityFacts { get; init; }
}

/// <summary>Writes facts down as postings. Pure: the same facts after the same balances give the same postings.</summary>
public static class Bookkeeping
{
    /// <param name="head">How far the postings have come; the facts follow it without a gap.</param>
    /// <param name="balances">What every account that the facts touch has at the head; moved on.</param>
    public static BookedPart Book(Movements movements, PostingHead head, IEnumerable<JournalFact> facts, RunningBalances balances)
    {
        var (postings, moments) = (new List<Posting>(), new List<Moment>());
        var (days, undelivered) = (new List<DayEnd>(), new List<UndeliveredTrade>());
        var entityFacts = new List<EntityFact>();
        foreach (var fact in facts)
        {
            LedgerImbalanceException.Unless(fact.Version == head.Version + 1, $"Fact {fact.Version} follows fact {head.Version}: some are missing.");
            var moved = After(head, fact);
            if (moved.CountsFrom != head.CountsFrom || moved.RecordedAt != head.RecordedAt)
                moments.Add(new Moment(moved.Version, moved.CountsFrom, moved.RecordedAt));
            if (fact.Data is TradingDayCleared cleared)
                days.Add(new DayEnd(cleared.TradingDay, moved.Version, moved.CountsFrom));
            undelivered.AddRange(UndeliveredTrade.Of(fact));
            if (EntityFact.Of(fact) is { } ofEntity)
                entityFacts.Add(ofEntity);
            if (fact.Data is LedgerEvent known)
                postings.AddRange(Postings(movements.Of(known), moved, known.At, fact.RecordedAt, balances));
            head = moved;
        }
        return new BookedPart(head, postings, moments) { Days = days, Undelivered = undelivered, EntityFacts = entityFacts };
    }

    // Facts beside the ledger's own, such as refusals, have no legal time of their own.
    private static PostingHead After(PostingHead head, JournalFact fact) => new(
        fact.Version, head.LedgerVersion + (fact.Data is LedgerEvent ? 1 : 0),
        fact.Data is LedgerEvent known ? Later(head.CountsFrom, known.At) : head.CountsFrom, Later(head.RecordedAt, fact.RecordedAt));

    private static IEnumerable<Posting> Postings(
        IEnumerable<Movement> movements, PostingHead head, DateTimeOffset at, DateTimeOffset recordedAt, RunningBalances balances)
    {
        var line = 0;
        foreach (var movement in movements)
        {
            yield return Side(movement.FromAccountId, movement.ToAccountId, movement, -movement.Amount);
            yield return Side(movement.ToAccountId, movement.FromAccountId, movement, movement.Amount);
        }

        Posting Side(Guid account, Guid counter, Movement movement, long change)
        {
            var (ofVintage, ofAsset) = balances.Change(new Position(account, movement.Asset, movement.Vintage), change);
            return new Posting(
                head.Version, head.LedgerVersion, ++line, account, counter, movement.Asset, movement.Vintage, Math.Max(change, 0), Math.Max(-change, 0),
                ofVintage, ofAsset, movement.Serials, movement.Type, movement.TransactionId, at, recordedAt);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
