using System.Collections.Immutable;
using System.Globalization;
using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>What is watched for; each is one class, and its thresholds stand in the policy pack.</summary>
public enum AbusePattern
{
    /// <inheritdoc cref="WashTrades"/>
    WashTrade,

    /// <inheritdoc cref="RoundTrips"/>
    RoundTrip,

    /// <inheritdoc cref="Surveillance.Layering"/>
    Layering,

    /// <inheritdoc cref="ClosingTrades"/>
    MarkingTheClose,

    /// <inheritdoc cref="SplitBlocks"/>
    BlockSplitting,

    /// <inheritdoc cref="NewAccounts"/>
    Churn,
}

/// <summary>One number of a pattern: where the pack draws the line, and what was seen.</summary>
/// <param name="Of">What is counted, with its unit last: <c>window-seconds</c>, <c>share-percent</c>.</param>
/// <param name="Threshold">Where the policy pack in force that day draws the line, in the unit that the name ends with.</param>
/// <param name="Measured">What was seen, in the same unit.</param>
public sealed record Measurement(string Of, long Threshold, long Measured);

/// <summary>A fact of the market that proves an alert. Journal and version are those under which the audit log has it.</summary>
/// <param name="Version">Of the market's journal.</param>
/// <param name="OrderId">The order it is about; null for a trade.</param>
/// <param name="TradeId">The trade it is about; null for an order.</param>
public sealed record Proof(long Version, Guid? OrderId, Guid? TradeId)
{
    public static Proof OfOrder(long version, Guid orderId) => new(version, orderId, null);

    public static Proof OfTrade(long version, Guid tradeId) => new(version, null, tradeId);
}

/// <summary>
/// Trading looks abnormal (异常交易). An alert accuses nobody: officials look into it as a case. Its id is made of what it
/// says, so that the same journal read again raises nothing twice.
/// </summary>
/// <param name="CaseId">The case it belongs to: alerts of one pattern about the same participants on one legal day are one.</param>
/// <param name="Instrument">Null: what is looked at is more than one instrument's.</param>
/// <param name="ParticipantIds">
/// In order of id. Kept in a list that the audit log does not take for people concerned, who may read what concerns them.
/// </param>
/// <param name="Day">The legal day of <paramref name="At"/>.</param>
/// <param name="At">Legal time of the last of the facts that prove it.</param>
/// <param name="Proofs">In the order of the journal; of more than <see cref="MostProofs"/> the newest.</param>
public sealed record Alert(
    Guid AlertId, Guid CaseId, string Market, AbusePattern Pattern, string? Instrument, ImmutableArray<Guid> ParticipantIds, DateOnly Day,
    DateTimeOffset At, ImmutableArray<Measurement> Measurements, ImmutableArray<Proof> Proofs)
{
    internal const int MostProofs = 100;

    internal static Alert Of(
        string market, AbusePattern pattern, string? instrument, IEnumerable<Guid> participants, DateOnly day, DateTimeOffset at,
        ImmutableArray<Measurement> measurements, IEnumerable<Proof> proofs)
    {
        ImmutableArray<Guid> about = [.. participants.Distinct().Order()];
        ImmutableArray<Proof> proving = [.. proofs.OrderBy(proof => proof.Version).TakeLast(MostProofs)];
        var caseId = DeterministicGuid.From(
            Venues.StreamOf(market), $"surveillance:{pattern}:{day:O}:{string.Join(',', about)}");
        var said = string.Join(',', proving.Select(proof => proof.Version.ToString(CultureInfo.InvariantCulture)));
        return new Alert(
            DeterministicGuid.From(caseId, $"{instrument}:{said}"), caseId, market, pattern, instrument, about, day, at, measurements, proving);
    }
}
