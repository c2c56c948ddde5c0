using System.Text.RegularExpressions;

namespace CarbonMarket.Architecture.Rules;

/// <summary>
/// Audit keeps drafts of allocation plans from participants by the names under which Allocation stores them. It does not reference
/// Allocation, so that the two agree is asked here: a new fact about a plan is a draft's, or one that a participant may read.
/// </summary>
public sealed partial class DraftPlans
{
    private static readonly string[] Open = ["plan.approved.v1", "plan.published.v1", "plan.booking-noted.v1"];

    [Fact]
    public void Every_fact_about_a_plan_is_kept_from_participants_or_open_to_them() =>
        Violations(Read("services/Allocation/History.cs"), Read("services/Audit/History/DraftPlans.cs")).ShouldBeEmpty();

    [Fact]
    public void A_fact_that_is_neither_and_a_name_that_nothing_has_are_reported() =>
        Violations("""MapEventType<PlanRedrafted>("plan.redrafted.v1");""", "\"plan.sketched.v1\"").Count().ShouldBe(2);

    private static IEnumerable<string> Violations(string allocation, string audit)
    {
        var (stored, kept) = (Names(allocation), Names(audit));
        foreach (var name in stored.Except(kept, StringComparer.Ordinal).Except(Open, StringComparer.Ordinal))
            yield return $"{name} is neither kept from participants nor open to them";
        foreach (var name in kept.Except(stored, StringComparer.Ordinal))
            yield return $"{name} is no fact that Allocation stores";
    }

    private static HashSet<string> Names(string text) =>
        [.. Name().Matches(text).Select(match => match.Value)];

    private static string Read(string path) => File.ReadAllText(Path.Combine(Sources.Root, path));

    [GeneratedRegex(@"(?<="")plan\.[a-z-]+\.v\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
