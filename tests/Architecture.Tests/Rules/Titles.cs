using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;
using CarbonMarket.Architecture.Violations;

namespace CarbonMarket.Architecture.Rules;

/// <summary>
/// Whoever is told a code is told what it means, in English and in Chinese. A code that one service alone uses is titled
/// by that service, one that several use by ServiceDefaults, and none twice.
/// </summary>
public sealed partial class Titles
{
    private const string Suffix = ".Titles.resources";

    private static readonly ImmutableArray<string> Shared = ["CarbonMarket.Kernel", "CarbonMarket.Journaling", "CarbonMarket.PolicyPacks", "CarbonMarket.ServiceDefaults"];

    public static TheoryData<string> Services =>
        [.. Code.Shipped.Select(assembly => assembly.Name.Name).Where(name => Code.Services.Contains(name["CarbonMarket.".Length..]))];

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_code_of_a_service_has_a_title_in_both_languages(string service)
    {
        Untitled(Codes(service), [.. Titled(service, "en"), .. SharedTitles("en")]).ShouldBeEmpty();
        Untitled(Codes(service), [.. Titled(service, "zh-CN"), .. SharedTitles("zh-CN")]).ShouldBeEmpty();
    }

    [Fact]
    public void Every_code_that_services_share_has_a_title_in_both_languages()
    {
        Untitled(SharedCodes(), SharedTitles("en")).ShouldBeEmpty();
        Untitled(SharedCodes(), SharedTitles("zh-CN")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void No_service_titles_a_code_it_does_not_use_or_that_is_shared(string service)
    {
        Titled(service, "en").Keys.Except(Codes(service).Except(SharedCodes())).ShouldBeEmpty();
        Titled(service, "zh-CN").Keys.ShouldBe(Titled(service, "en").Keys);
    }

    [Fact]
    public void No_shared_title_is_without_a_shared_code()
    {
        SharedTitles("en").Keys.Where(code => !OfAspNet().IsMatch(code)).Except(SharedCodes()).ShouldBeEmpty();
        SharedTitles("zh-CN").Keys.ShouldBe(SharedTitles("en").Keys);
    }

    [Fact]
    public void A_title_is_a_sentence_of_its_language()
    {
        Code.Shipped.SelectMany(assembly => Titled(assembly.Name.Name, "en")).Where(title => !English().IsMatch(title.Value)).ShouldBeEmpty();
        Code.Shipped.SelectMany(assembly => Titled(assembly.Name.Name, "zh-CN")).Where(title => !Chinese().IsMatch(title.Value)).ShouldBeEmpty();
    }

    [Fact]
    public void A_code_is_found_however_it_comes_to_its_answer() =>
        GivenCodes.In(Code.Violator(typeof(UntitledCodes)).SelectMany(type => CodeType.Parts(type.Definition))).ShouldBe(
            ["after-waiting", "by-condition", "by-condition-too", "by-method", "by-tuple", "by-tuple-too", "in-lambda", "inside"]);

    [Fact]
    public void A_code_without_a_title_is_reported() =>
        Untitled(["inside", "required"], SharedTitles("zh-CN")).ShouldBe(["inside"]);

    private static IEnumerable<string> Untitled(IEnumerable<string> codes, IEnumerable<KeyValuePair<string, string>> titles) =>
        codes.Except(titles.Select(title => title.Key), StringComparer.Ordinal);

    private static ImmutableSortedSet<string> Codes(string assembly) => GivenCodes.In(Code.Named(assembly));

    private static ImmutableSortedSet<string> SharedCodes() =>
    [
        .. Shared.SelectMany(Codes),
        .. Services.SelectMany(row => Codes(row.Data)).GroupBy(code => code, StringComparer.Ordinal).Where(uses => uses.Count() > 1).Select(uses => uses.Key),
    ];

    private static ImmutableSortedDictionary<string, string> SharedTitles(string language) => Titled("CarbonMarket.ServiceDefaults", language);

    /// <summary>As the running program finds them, satellite assemblies included, but without falling back from one language to another.</summary>
    private static ImmutableSortedDictionary<string, string> Titled(string assembly, string language)
    {
        var loaded = Assembly.Load(assembly);
        var culture = language is "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language);
        return loaded.GetManifestResourceNames()
            .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => new ResourceManager(name[..^".resources".Length], loaded).GetResourceSet(culture, createIfNotExists: true, tryParents: false))
            .SelectMany(titles => titles?.Cast<System.Collections.DictionaryEntry>() ?? [])
            .ToImmutableSortedDictionary(title => (string)title.Key, title => (string)title.Value!, StringComparer.Ordinal);
    }

    [GeneratedRegex("^http-[45][0-9]{2}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex OfAspNet();

    [GeneratedRegex(@"^[A-Z][\x20-\x7e]{9,70}\.$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex English();

    /// <summary>The one letter is that of K线.</summary>
    [GeneratedRegex(@"^[\u4e00-\u9fff，、；（）K]{4,30}。$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Chinese();
}
