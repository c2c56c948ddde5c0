namespace CarbonMarket.Architecture.Rules;

/// <summary>Who writes a refusal into the ledger's service writes the test that sees it: each code stands in a test of that service.</summary>
public sealed class SeenRefusals
{
    private const string Tests = "tests/Settlement.Tests/";

    private static readonly Lazy<string> Said = new(() => string.Concat(
        Sources.All("*.cs").Where(file => file.Path.StartsWith(Tests, StringComparison.Ordinal)).Select(file => file.Text)));

    [Fact]
    public void Every_code_of_Settlement_is_seen_by_one_of_its_tests() =>
        Unseen(GivenCodes.In(Code.Named("CarbonMarket.Settlement")), Said.Value).ShouldBeEmpty();

    [Fact]
    public void A_code_that_no_test_names_is_reported() =>
        Unseen(["insufficient-units", "never-seen"], "ThenRejected(\"insufficient-units\")").ShouldBe(["never-seen"]);

    private static IEnumerable<string> Unseen(IEnumerable<string> codes, string tests) =>
        codes.Where(code => !tests.Contains($"\"{code}\"", StringComparison.Ordinal));
}
