using System.Text.RegularExpressions;

namespace CarbonMarket.Contracts;

public sealed partial class ProtoTests
{
    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Protos"), "*.proto").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_query_contract_is_the_one_that_was_approved(string file) =>
        Approval.Matches(file, Read(file));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_query_contract_is_versioned_in_its_package_and_its_file_name(string file)
    {
        var package = PackageLine().Match(Read(file)).Groups["name"].Value;
        $"carbonmarket.{Path.GetFileNameWithoutExtension(file)}".ShouldBe(package);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Protos", file));

    [GeneratedRegex(@"^package (?<name>[a-z0-9.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PackageLine();
}
