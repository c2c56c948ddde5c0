using System.Collections.Immutable;
using CarbonMarket.Kernel;

namespace CarbonMarket.Trading.CallAuctions;

/// <summary>Units asked for or offered at one limit.</summary>
internal readonly record struct LimitQuantity(long Price, long Quantity);

/// <summary>What a call auction comes to at its price.</summary>
/// <param name="Volume">Units that trade.</param>
/// <param name="Surplus">Units bid at the price or better beyond those offered at it or better; below zero: the other way round.</param>
public readonly record struct CallPrice(Price Price, Quantity Volume, long Surplus);

/// <summary>
/// The price of a call auction (集合竞价): of all prices on the tick the one at which most units trade; among these the one
/// that leaves least unmatched; among these the one nearest the reference price; of two equally near, the higher where more
/// is asked for than offered, else the lower.
/// </summary>
internal static class Uncrossing
{
    /// <param name="bids">By falling price, each price once.</param>
    /// <param name="asks">By rising price, each price once.</param>
    /// <param name="reference">Null: there is none, and the lowest of the prices in question is taken as it.</param>
    /// <returns>Null: no bid reaches an offer.</returns>
    public static CallPrice? Of(
        IReadOnlyList<LimitQuantity> bids, IReadOnlyList<LimitQuantity> asks, long? reference, long tick)
    {
        if (bids.Count == 0 || asks.Count == 0 || bids[0].Price < asks[0].Price)
            return null;
        CallPrice? best = null;
        var near = reference ?? asks[0].Price;
        foreach (var candidate in Candidates(bids, asks, near, tick))
            if (best is not { } known || Better(candidate, known, near))
                best = candidate;
        return best;
    }

    /// <summary>
    /// Volume and surplus change at limits only, so beside the limits one price between each two neighbours is enough: the one
    /// nearest the reference.
    /// </summary>
    private static IEnumerable<CallPrice> Candidates(
        IReadOnlyList<LimitQuantity> bids, IReadOnlyList<LimitQuantity> asks, long near, long tick)
    {
        var (low, high) = (asks[0].Price, bids[0].Price);
        var limits = bids.Select(bid => bid.Price).Concat(asks.Select(ask => ask.Price))
            .Where(price => price >= low && price <= high).Distinct().Order().ToImmutableArray();
        // From the lowest price up: bids below the price leave the demand, offers up to it join the supply.
        var (demand, supply) = (Sum(bids), 0L);
        var (lastBid, nextAsk) = (bids.Count - 1, 0);
        for (var i = 0; i < limits.Length; i++)
        {
            for (; lastBid >= 0 && bids[lastBid].Price < limits[i]; lastBid--)
                demand -= bids[lastBid].Quantity;
            for (; nextAsk < asks.Count && asks[nextAsk].Price <= limits[i]; nextAsk++)
                supply += asks[nextAsk].Quantity;
            yield return At(limits[i], demand, supply);
            if (i + 1 == limits.Length || limits[i + 1] - limits[i] <= tick)
                continue;
            var beyond = lastBid >= 0 && bids[lastBid].Price == limits[i] ? bids[lastBid].Quantity : 0;
            yield return At(Between(limits[i] + tick, limits[i + 1] - tick, near, tick), demand - beyond, supply);
        }
    }

    private static long Between(long low, long high, long near, long tick)
    {
        if (near <= low)
            return low;
        if (near >= high)
            return high;
        var steps = near - low;
        var below = low + (steps / tick * tick);
        return near - below <= below + tick - near ? below : below + tick;
    }

    private static CallPrice At(long price, long demand, long supply) =>
        new(Price.OfMinor(price), Quantity.Of(Math.Min(demand, supply)), demand - supply);

    private static bool Better(in CallPrice candidate, in CallPrice known, long near)
    {
        if (candidate.Volume != known.Volume)
            return candidate.Volume > known.Volume;
        var (unmatched, knownUnmatched) = (Math.Abs(candidate.Surplus), Math.Abs(known.Surplus));
        if (unmatched != knownUnmatched)
            return unmatched < knownUnmatched;
        var (distance, knownDistance) = (Math.Abs(candidate.Price.MinorPerUnit - near), Math.Abs(known.Price.MinorPerUnit - near));
        if (distance != knownDistance)
            return distance < knownDistance;
        return known.Surplus > 0 && candidate.Price > known.Price;
    }

    private static long Sum(IReadOnlyList<LimitQuantity> levels)
    {
        var sum = 0L;
        foreach (var level in levels)
            sum = checked(sum + level.Quantity);
        return sum;
    }
}
