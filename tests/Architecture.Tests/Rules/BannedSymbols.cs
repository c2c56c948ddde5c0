namespace CarbonMarket.Architecture.Rules;

/// <summary>
/// Clocks, chance and blocking waits are forbidden to the compiler (BannedSymbols.txt), in every project and without a
/// way around.
/// </summary>
public sealed class BannedSymbols
{
    private const string Props = "Directory.Build.props";

    private static readonly string[] AtLeast =
    [
        "P:System.DateTime.Now;", "P:System.DateTime.UtcNow;", "P:System.DateTimeOffset.Now;", "P:System.DateTimeOffset.UtcNow;",
        "M:System.Guid.NewGuid;", "P:System.Threading.Tasks.Task`1.Result;", "M:System.Threading.Thread.Sleep(System.Int32);",
    ];

    private static readonly string[] WaysAround =
        ["RS0030", "<AdditionalFiles Remove", "RunAnalyzers", "EnableNETAnalyzers>false", "Microsoft.CodeAnalysis.BannedApiAnalyzers\" Remove"];

    [Fact]
    public void The_ban_reaches_every_project_and_nobody_lifts_it() =>
        Violations([.. Sources.All("*.csproj"), .. Sources.All("*.props"), .. Sources.All("*.targets"), .. Sources.All(".editorconfig"), .. Sources.All(".globalconfig"), .. Code()])
            .ShouldBeEmpty();

    [Fact]
    public void The_ban_names_what_it_must() =>
        Missing(File.ReadAllText(Path.Combine(Sources.Root, "BannedSymbols.txt"))).ShouldBeEmpty();

    [Fact]
    public void A_ban_without_the_clock_is_reported() => Missing("M:System.Guid.NewGuid;no").ShouldContain("P:System.DateTime.UtcNow;");

    [Theory]
    [InlineData(Props, "<Project />")]
    [InlineData("services/Trading/Directory.Build.props", "<Project><PropertyGroup /></Project>")]
    [InlineData("services/Trading/Trading.csproj", "<Project><PropertyGroup><NoWarn>RS0030</NoWarn></PropertyGroup></Project>")]
    [InlineData("services/Trading/Trading.csproj", "<Project><PropertyGroup><RunAnalyzers>false</RunAnalyzers></PropertyGroup></Project>")]
    [InlineData("services/Trading/Trading.csproj", "<Project><ItemGroup><AdditionalFiles Remove=\"**\" /></ItemGroup></Project>")]
    [InlineData("services/Trading/.editorconfig", "dotnet_diagnostic.RS0030.severity = none")]
    [InlineData("services/Trading/Clock.cs", "#pragma warning disable RS0030")]
    public void A_way_around_the_ban_is_reported(string path, string text) =>
        Violations([new SourceFile(path, text)]).ShouldNotBeEmpty();

    private static IEnumerable<string> Violations(IEnumerable<SourceFile> files)
    {
        foreach (var file in files)
        {
            foreach (var way in WaysAround.Where(way => file.Text.Contains(way, StringComparison.Ordinal)))
                yield return $"{file.Path} says {way}";
            if (file.Path is Props && !(file.Text.Contains("BannedSymbols.txt", StringComparison.Ordinal)
                && file.Text.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", StringComparison.Ordinal)))
                yield return "the root's build properties do not bring the ban";
            if (file.Path is not Props && Path.GetFileName(file.Path) is Props
                && !file.Text.Contains("GetPathOfFileAbove('Directory.Build.props'", StringComparison.Ordinal))
                yield return $"{file.Path} hides the root's build properties";
        }
    }

    // This folder talks about the ways around in order to find them.
    private static IEnumerable<SourceFile> Code() =>
        Sources.All("*.cs").Where(file => !file.Path.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal));

    private static IEnumerable<string> Missing(string banned) =>
        AtLeast.Where(symbol => !banned.Contains(symbol, StringComparison.Ordinal));
}
