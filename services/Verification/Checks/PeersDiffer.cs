using static CarbonMarket.Verification.Checks.CheckedYear;

namespace CarbonMarket.Verification.Checks;

/// <summary>
/// A stream emitted much more or much less for each unit it used than the same fuel does elsewhere (同行业离群值) [D]: a carbon content or calorific
/// value that is unlike all others, or a quantity in the wrong unit.
/// </summary>
internal sealed class PeersDiffer : ICheck
{
    private const int Digits = 6;

    public string Code => "peer-outlier";

    public Severity Severity => Severity.Warning;

    public IEnumerable<CheckResult> Of(CheckedYear year) =>
        from own in year.Computed is null ? [] : PeerFactor.Of(year.Plan, year.Computed)
        from peers in year.Peers ?? []
        where peers.Kind == own.Kind && peers.Median > 0 && (own.Factor > peers.Median * year.Limits.PeerFactor || own.Factor * year.Limits.PeerFactor < peers.Median)
        let factor = decimal.Round(own.Factor, Digits)
        let median = decimal.Round(peers.Median, Digits)
        select new CheckResult(
            Code, $"Stream {own.Stream} emitted {factor} t for each unit used; in the middle of {peers.Count} others it is {median} t.", Severity, $"streams/{own.Stream}",
            Values(("factor", factor), ("median", median), ("peers", peers.Count), ("limit", year.Limits.PeerFactor)));
}
