using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Play;
using CarbonMarket.MainJob.Registry;

namespace CarbonMarket.MainJob.Results;

/// <summary>Each operator's status as the platform assessed it, beside the one the registry published.</summary>
public sealed class StatusComparison
{
    private readonly List<Compared> _compared = [];

    public StatusComparison(RegistryExtract extract, Cast cast, IEnumerable<ComplianceEntry> entries)
    {
        var ours = entries.ToDictionary(entry => entry.ParticipantId, entry => entry.Status);
        foreach (var row in extract.Operators)
        {
            var status = Letter(ours.GetValueOrDefault(cast.Operator(row.Id).ParticipantId, ""));
            OursByStatus[status] = OursByStatus.GetValueOrDefault(status) + 1;
            if (row.PublishedStatus is { } published)
                _compared.Add(new Compared(row.Id, status, published));
        }
    }

    public int Count => _compared.Count;

    public int Matching => _compared.Count(each => each.Matches);

    public IEnumerable<Compared> Differing => _compared.Where(each => !each.Matches);

    public Dictionary<string, int> OursByStatus { get; } = new(StringComparer.Ordinal);

    /// <summary>Every status that occurs, with how many operators have it here, there, and in both.</summary>
    public IEnumerable<(string Status, int Ours, int Published, int Both)> ByStatus() => _compared
        .SelectMany(each => new[] { each.Ours, each.Published }).Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Select(status => (status,
            _compared.Count(each => Is(each.Ours, status)),
            _compared.Count(each => Is(each.Published, status)),
            _compared.Count(each => each.Matches && Is(each.Ours, status))));

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    /// <summary>The registry writes NOT_APPLICABLE where the platform's JSON has not-applicable.</summary>
    private static string Letter(string status) =>
        status.Replace('-', '_').ToUpperInvariant() is var letter && letter is "NOTAPPLICABLE" ? "NOT_APPLICABLE" : letter;

    public sealed record Compared(string OperatorId, string Ours, string Published)
    {
        public bool Matches => Is(Ours, Published);
    }
}
