using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Resources;

namespace CarbonMarket.ServiceDefaults.Problems;

/// <summary>
/// What each code means, as a sentence in the language of the request: the program's own (its Titles.resx), then those
/// that every service shares.
/// </summary>
public static class Titles
{
    private const string Resources = ".resources";

    private static readonly ImmutableArray<ResourceManager> Sources =
        [.. In(Assembly.GetEntryAssembly()), .. In(typeof(Titles).Assembly)];

    /// <summary>The code itself where nobody gave it a title.</summary>
    public static string Of(string code) => Find(code) ?? code;

    internal static string? Find(string code) =>
        Sources.Select(titles => titles.GetString(code, CultureInfo.CurrentUICulture)).FirstOrDefault(title => title is not null);

    private static IEnumerable<ResourceManager> In(Assembly? assembly) =>
        from name in assembly?.GetManifestResourceNames() ?? []
        where name.EndsWith($".{nameof(Titles)}{Resources}", StringComparison.Ordinal)
        select new ResourceManager(name[..^Resources.Length], assembly!);
}
