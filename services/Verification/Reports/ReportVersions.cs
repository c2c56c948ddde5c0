using System.Collections.Immutable;
using CarbonMarket.Kernel;
using static CarbonMarket.Verification.Reports.ReportEvent;

namespace CarbonMarket.Verification.Reports;

/// <summary>Who made a version.</summary>
public enum VersionAuthor
{
    Emitter,
    Regulator,
}

/// <param name="Fields">By name: each source, the total, and what was verified and accepted of it.</param>
/// <param name="Basis">The evidence it was computed from; null: its sources were given, or the regulator determined it.</param>
public sealed record ReportedVersion(
    long Number, VersionAuthor Author, DateTimeOffset At, ImmutableSortedDictionary<string, long> Fields, ImmutableArray<Explanation> Explanations,
    ReportBasis? Basis = null);

public enum FieldOutcome
{
    Same,
    Changed,
    Added,
    Removed,
}

/// <param name="Field">sources/ and the source's name, total, verified or accepted.</param>
/// <param name="Outcome">same, changed, added or removed.</param>
/// <param name="From">Tonnes of CO2 equivalent in the one version; null: it has no such field.</param>
/// <param name="To">Likewise in the other.</param>
/// <param name="Change">To minus from; what is missing counts as nothing.</param>
/// <param name="ChangePercent">Of from, rounded half up to 0.01; null where from is nothing.</param>
/// <param name="Reasons">Given by the emitter or the verifier for either version, or the regulator's ground.</param>
public sealed record FieldDifference(
    string Field, FieldOutcome Outcome, long? From, long? To, long Change, decimal? ChangePercent, ImmutableArray<Explanation> Reasons);

/// <summary>Every version of a report, read from its history, and what tells one from another, field by field.</summary>
public static class ReportVersions
{
    public const string Total = "total";
    public const string Verified = "verified";
    public const string Accepted = "accepted";
    private const string Source = "sources/";

    public static ImmutableArray<ReportedVersion> Of(IEnumerable<ReportEvent> history) =>
        history.Aggregate(ImmutableArray<ReportedVersion>.Empty, After);

    public static IEnumerable<string> Names(ImmutableArray<ReportSource> sources) =>
        [.. sources.Select(source => Source + source.Name), Total, Verified, Accepted];

    public static bool Names(ImmutableArray<ReportSource> sources, string field) => Names(sources).Contains(field, StringComparer.Ordinal);

    public static ImmutableArray<FieldDifference> Between(ReportedVersion from, ReportedVersion to) =>
    [
        .. from.Fields.Keys.Union(to.Fields.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(field => Between(
            field, from.Fields.TryGetValue(field, out var before) ? before : null, to.Fields.TryGetValue(field, out var after) ? after : null,
            [.. from.Explanations.Concat(to.Explanations).Where(reason => reason.Field == field).Distinct()])),
    ];

    private static FieldDifference Between(string field, long? from, long? to, ImmutableArray<Explanation> reasons)
    {
        var change = (to ?? 0) - (from ?? 0);
        return new FieldDifference(
            field,
            (from, to) switch
            {
                (null, _) => FieldOutcome.Added,
                (_, null) => FieldOutcome.Removed,
                _ => change == 0 ? FieldOutcome.Same : FieldOutcome.Changed,
            },
            from, to, change,
            from is > 0 and var before ? decimal.Round(100m * change / before, 2, MidpointRounding.AwayFromZero) : null, reasons);
    }

    private static ImmutableArray<ReportedVersion> After(ImmutableArray<ReportedVersion> versions, ReportEvent @event) => @event switch
    {
        ReportFiled e => versions.Add(new ReportedVersion(
            e.ReportVersion, VersionAuthor.Emitter, e.At,
            e.Sources.ToImmutableSortedDictionary(source => Source + source.Name, source => source.Tonnes.Value, StringComparer.Ordinal)
                .SetItem(Total, e.Total.Value),
            [], e.Basis)),
        StatementGiven e => With(versions, Verified, e.Verified),
        ReportAccepted e => With(versions, Accepted, e.Verified),
        ReportDetermined e => versions.Add(new ReportedVersion(
            e.ReportVersion, VersionAuthor.Regulator, e.At, versions[^1].Fields.SetItem(Accepted, e.Verified.Value),
            [new Explanation(Accepted, e.Ground, Guid.Empty)])),
        DifferenceExplained e => versions.SetItem(versions.Length - 1, versions[^1] with
        {
            Explanations = [.. versions[^1].Explanations.Where(known => known.Field != e.Field || known.ByParticipantId != e.ByParticipantId),
                new Explanation(e.Field, e.Reason, e.ByParticipantId)],
        }),
        _ => versions,
    };

    // Statements and decisions are on the version filed last.
    private static ImmutableArray<ReportedVersion> With(ImmutableArray<ReportedVersion> versions, string field, Tonnes figure) =>
        versions.SetItem(versions.Length - 1, versions[^1] with { Fields = versions[^1].Fields.SetItem(field, figure.Value) });
}
