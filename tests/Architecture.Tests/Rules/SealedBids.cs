using System.Text.RegularExpressions;

namespace CarbonMarket.Architecture.Rules;

/// <summary>
/// Audit withholds sealed bids by the names under which Trading stores them. It does not reference Trading, so that the two
/// agree is asked here: a new fact about a bid must be sealed too.
/// </summary>
public sealed partial class SealedBids
{
    [Fact]
    public void Every_fact_about_a_bid_is_sealed_and_the_auctions_that_open_them_are_known() =>
        Violations(Read("services/Trading/Market/History.cs"), Read("services/Audit/History/SealedBids.cs")).ShouldBeEmpty();

    [Fact]
    public void A_fact_that_is_not_sealed_and_a_name_that_nothing_has_are_reported() =>
        Violations("""MapEventType<BidDoubled>("market.bid-doubled.v1");""", "\"market.bid-halved.v1\"").Count().ShouldBe(2);

    private static IEnumerable<string> Violations(string trading, string audit)
    {
        var (stored, known) = (Names(trading), Names(audit));
        foreach (var name in stored.Where(name => name.StartsWith("market.bid-", StringComparison.Ordinal)).Except(known, StringComparer.Ordinal))
            yield return $"{name} is not sealed by the audit log";
        foreach (var name in known.Except(stored, StringComparer.Ordinal))
            yield return $"{name} is no fact that Trading stores";
    }

    private static HashSet<string> Names(string text) =>
        [.. Name().Matches(text).Select(match => match.Value)];

    private static string Read(string path) => File.ReadAllText(Path.Combine(Sources.Root, path));

    [GeneratedRegex(@"market\.[a-z-]+\.v\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
