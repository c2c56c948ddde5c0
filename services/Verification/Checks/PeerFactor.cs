using System.Collections.Immutable;
using CarbonMarket.Calculation;
using CarbonMarket.Kernel;
using CarbonMarket.Verification.Calculations;
using CarbonMarket.Verification.Plans;
using Marten;

namespace CarbonMarket.Verification.Checks;

/// <summary>
/// What a stream of a filed year emitted for each unit of what it used: the same fuel by the same method gives others about as much, whatever
/// their size. Kept beside the reports, for others to be held against.
/// </summary>
/// <param name="Kind">Method and scope: only streams of one kind are compared.</param>
/// <param name="Factor">Tonnes of CO2 equivalent per unit of the method's quantity.</param>
public sealed record PeerFactor(Guid Id, string Market, Guid ParticipantId, int Year, string Stream, string Kind, decimal Factor)
{
    private const string Quantity = "quantity";

    /// <summary>Of each stream that used anything and whose method has a quantity.</summary>
    internal static ImmutableArray<PeerFactor> Of(QualityPlan plan, YearOfEvidence year)
    {
        var parts = year.Parts.ToLookup(part => part.Stream, part => part.Trace, StringComparer.Ordinal);
        return
        [
            .. from stream in plan.Content.Streams.OrderBy(stream => stream.Code, StringComparer.Ordinal)
               where parts[stream.Code].All(trace => Used(trace) is not null)
               let used = parts[stream.Code].Sum(trace => Used(trace) ?? 0)
               where used > 0
               select new PeerFactor(
                   DeterministicGuid.From(plan.ParticipantId, $"verification:peer-factor:{plan.Market}:{stream.Code}", plan.Year.Value), plan.Market, plan.ParticipantId,
                   plan.Year.Value, stream.Code, KindOf(stream), parts[stream.Code].Sum(trace => trace.Result) / used),
        ];
    }

    private static string KindOf(StreamPlan stream) => string.Join(' ', stream.Scope.Select(scope => $"{scope.Key}={scope.Value}").Prepend(stream.Method));

    private static decimal? Used(Trace trace) => trace.Inputs.FirstOrDefault(input => input.Name == Quantity)?.Entries[0].Value;
}

/// <summary>What lies in the middle of the peers' factors of a kind.</summary>
public sealed record Peers(string Kind, int Count, decimal Median);

internal static class PeerFactors
{
    /// <summary>With fewer nobody is compared: they would be told of each other.</summary>
    public const int Fewest = 5;

    /// <summary>So many are as good as all, and what a filing costs does not grow with the market.</summary>
    private const int Most = 101;

    /// <summary>The year's factors take the place of what an earlier version of the report left.</summary>
    public static void Keep(this IDocumentSession session, ComputedYear computed)
    {
        var (market, participant, year) = (computed.Plan.Market, computed.Plan.ParticipantId, computed.Plan.Year.Value);
        session.DeleteWhere<PeerFactor>(factor => factor.Market == market && factor.ParticipantId == participant && factor.Year == year);
        session.Store(PeerFactor.Of(computed.Plan, computed.Year).AsEnumerable());
    }

    /// <summary>Others of the same kinds, of this year and the one before.</summary>
    public static async Task<ImmutableArray<Peers>> PeersOf(this IQuerySession session, QualityPlan plan, YearOfEvidence computed, CancellationToken cancellationToken)
    {
        var (market, participant, year, before) = (plan.Market, plan.ParticipantId, plan.Year.Value, plan.Year.Value - 1);
        var batch = session.CreateBatchQuery();
        var asked = PeerFactor.Of(plan, computed).Select(own => own.Kind).Distinct(StringComparer.Ordinal).Select(kind => (Kind: kind, Found: batch.Query<PeerFactor>()
            .Where(peer => peer.Market == market && peer.Kind == kind && (peer.Year == year || peer.Year == before) && peer.ParticipantId != participant)
            .OrderByDescending(peer => peer.Year).ThenBy(peer => peer.Id).Take(Most).ToList())).ToList();
        if (asked.Count == 0)
            return [];
        await batch.Execute(cancellationToken);
        var peers = ImmutableArray.CreateBuilder<Peers>();
        foreach (var (kind, found) in asked)
        {
            // One of each participant, of the newer year: neither two years nor two boilers make two peers.
            var factors = (await found).DistinctBy(peer => peer.ParticipantId).Select(peer => peer.Factor).Order().ToList();
            if (factors.Count >= Fewest)
                peers.Add(new Peers(kind, factors.Count, factors[factors.Count / 2]));
        }

        return peers.DrainToImmutable();
    }
}
